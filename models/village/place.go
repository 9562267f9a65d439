package village

import (
	"context"
	"sync"

	"pointstore/models"
	"pointstore/models/db"
)

// places remembers where villages lie. An area never moves under another one,
// so what was once read stays true for the life of the process.
var places sync.Map // placeKey → models.Place

type placeKey struct {
	of      *db.DB
	village int64
}

// PlaceOf says in which four areas a village lies; ErrNotFound when there is no
// such village. After the first time it costs no query.
func PlaceOf(ctx context.Context, c db.Conn, village int64) (models.Place, error) {
	key := placeKey{c.Handle(), village}
	if p, ok := places.Load(key); ok {
		return p.(models.Place), nil
	}
	a, err := GetArea(ctx, c, village)
	if err == nil && a.Level != Hamlet {
		err = models.ErrNotFound
	}
	if err != nil {
		return models.Place{}, err
	}
	places.Store(key, a.Place())
	return a.Place(), nil
}

// may asks the permission table about an act in a village.
func may(tx *db.Tx, by models.Actor, act models.Action, village int64) error {
	at, err := PlaceOf(tx.Statement.Context, tx, village)
	if err != nil {
		return err
	}
	return by.May(act, at)
}

// mayFor is may for a decision about one household.
func mayFor(tx *db.Tx, by models.Actor, act models.Action, h models.Household) error {
	at, err := PlaceOf(tx.Statement.Context, tx, h.Village)
	if err != nil {
		return err
	}
	return by.MayFor(act, at, h)
}
