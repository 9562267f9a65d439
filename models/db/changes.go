package db

import (
	"sync"
	"sync/atomic"
)

// marks count the operations that this process has committed, so that what was
// drawn from the database can be kept until the next one.
type marks struct {
	all   atomic.Uint64
	areas sync.Map // village or area → *atomic.Uint64
}

// Changes counts the operations this process has committed. It moves before the
// one who asked for an operation hears that it succeeded, so whoever reads the
// count, then the database, and keeps both, never shows anybody less than they
// already know. On SQLite this process is the only one that writes; elsewhere
// other instances change things unseen.
func (d *DB) Changes() uint64 { return d.marks.all.Load() }

// ChangesIn is Changes for the operations of one village, or of one area's own
// trail. Sign-ins and lockouts are no operations and do not count.
func (d *DB) ChangesIn(area int64) uint64 {
	if n, ok := d.marks.areas.Load(area); ok {
		return n.(*atomic.Uint64).Load()
	}
	return 0
}

func (d *DB) changed(area int64) {
	n, ok := d.marks.areas.Load(area)
	if !ok {
		n, _ = d.marks.areas.LoadOrStore(area, new(atomic.Uint64))
	}
	n.(*atomic.Uint64).Add(1)
	d.marks.all.Add(1)
}
