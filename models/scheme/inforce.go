package scheme

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"pointstore/models"
	"pointstore/models/db"
)

// InForce is the id of the version in force on the day; ErrNoRules when there
// is none. Asked of the database it costs no query most of the time; within a
// transaction it reads what that transaction sees.
func InForce(ctx context.Context, c db.Conn, village int64, day models.Date) (int64, error) {
	if d, ok := c.(*db.DB); ok {
		return inForceKept(ctx, d, village, day)
	}
	var id int64
	err := c.Stmts(ctx).Row("SELECT id FROM versions WHERE village_id = ? AND in_force_from <= ? ORDER BY in_force_from DESC, number DESC LIMIT 1",
		village, string(day)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNoRules
	}
	return id, err
}

// keptFor is how long the list of a village's versions is believed. A version
// made in this process drops it at once; one made by a neighbour is seen after
// this time, as if it had been adopted that much later.
const keptFor = time.Second

type timeline struct {
	read     time.Time
	versions []Version // newest first
}

var timelines sync.Map // bookKey without id → timeline

func inForceKept(ctx context.Context, d *db.DB, village int64, day models.Date) (int64, error) {
	key := bookKey{of: d, village: village}
	kept, _ := timelines.Load(key)
	t, ok := kept.(timeline)
	if !ok || time.Since(t.read) > keptFor {
		t.read = time.Now()
		var err error
		if t.versions, err = Versions(ctx, d, village); err != nil {
			return 0, err
		}
		timelines.Store(key, t)
	}
	for _, v := range t.versions { // a later number never comes into force before an earlier one
		if v.InForceFrom <= day {
			return v.ID, nil
		}
	}
	return 0, ErrNoRules
}

// forget drops the list when a version has been written.
func forget(d *db.DB, village int64) { timelines.Delete(bookKey{of: d, village: village}) }
