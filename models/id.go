package models

import (
	"sync"
	"time"
)

// idEpoch is 2024-01-01 UTC: 41 bits of milliseconds from here last until 2093.
const idEpoch = 1704067200000

var ids struct {
	sync.Mutex
	last     int64 // milliseconds since idEpoch
	count    int64
	instance int64
}

// SetInstance tells this program apart from its neighbours in a cluster; 0 to 63.
func SetInstance(n int) {
	ids.Lock()
	ids.instance = int64(n & 63)
	ids.Unlock()
}

// Instance is this program's number in a cluster.
func Instance() int64 {
	ids.Lock()
	defer ids.Unlock()
	return ids.instance
}

// NewID mints a time-ordered identifier that no database hands out: 41 bits of
// milliseconds, 6 of instance, 16 of counter. It never goes back within a
// process, even when the clock does.
func NewID() int64 { return NewIDs(1) }

// NewIDs mints n identifiers in a row, at most 64 of them, and returns the first:
// the lines of a paper follow the paper.
func NewIDs(n int64) int64 {
	ids.Lock()
	defer ids.Unlock()
	now := time.Now().UnixMilli() - idEpoch
	if now > ids.last {
		ids.last, ids.count = now, 0
	} else if ids.count++; ids.count+n-1 > 0xFFFF {
		ids.last, ids.count = ids.last+1, 0
	}
	first := ids.last<<22 | ids.instance<<16 | ids.count
	ids.count += n - 1
	return first
}

const base32 = "0123456789abcdefghjkmnpqrstvwxyz"

// ID32 writes an identifier for addresses, in Crockford's base32.
func ID32(id int64) string {
	var b [13]byte
	i := len(b)
	for u := uint64(id); ; u >>= 5 {
		i--
		b[i] = base32[u&31]
		if u < 32 {
			return string(b[i:])
		}
	}
}

// ParseID32 reads ID32 back; anything else is simply not found.
func ParseID32(s string) (int64, error) {
	if s == "" || len(s) > 13 {
		return 0, ErrNotFound
	}
	var u uint64
	for _, c := range []byte(s) {
		v := decode32[c]
		if v < 0 || u>>58 != 0 {
			return 0, ErrNotFound
		}
		u = u<<5 | uint64(v)
	}
	return int64(u), nil
}

var decode32 = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i, c := range []byte(base32) {
		t[c] = int8(i)
	}
	return
}()
