package web

import (
	"hash/maphash"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
)

// ErrTooFast refuses somebody who asks faster than people do.
var ErrTooFast = &models.Error{Kind: models.TooMany, Code: "too_fast", Say: "操作太快，请 30 秒后再试"}

// A guessable address may be missed this often in a row; half a minute later
// as often again.
const (
	guessBurst = 25
	guessRate  = guessBurst / 30.0
)

// A seldom thing may be done this often in a row from one address, by people who
// are not signed in; a whole village may share the address. Five minutes later
// once again.
const (
	seldomBurst = 12
	seldomRate  = 1.0 / 300
)

var errSeldom = ErrTooFast.With("这个网络上刚才交得太多了，请过几分钟再试；急的话请直接找村监督员或组长说")

// limiter counts by key: each has a bucket that holds burst and refills at rate
// a second.
type limiter struct {
	rate, burst float64
	shards      [16]struct {
		sync.Mutex
		buckets map[uint64]bucket
	}
}

type bucket struct {
	left float64
	at   time.Time
}

// bucketsMost bounds a shard's memory; beyond it the full buckets go.
const bucketsMost = 8192

func newLimiter(rate, burst float64) *limiter {
	l := &limiter{rate: rate, burst: burst}
	for i := range l.shards {
		l.shards[i].buckets = map[uint64]bucket{}
	}
	return l
}

// take answers whether the key has one left, and takes it.
func (l *limiter) take(key uint64, now time.Time) bool { return l.ask(key, now, 1) }

// has answers whether the key has one left.
func (l *limiter) has(key uint64, now time.Time) bool { return l.ask(key, now, 0) }

func (l *limiter) ask(key uint64, now time.Time, n float64) bool {
	s := &l.shards[key%uint64(len(l.shards))]
	s.Lock()
	defer s.Unlock()
	b, ok := s.buckets[key]
	if !ok {
		if len(s.buckets) >= bucketsMost {
			l.sweep(s.buckets, now)
		}
		b = bucket{l.burst, now}
	}
	b = l.refill(b, now)
	if b.left < 1 {
		s.buckets[key] = b
		return false
	}
	b.left -= n
	if n > 0 {
		s.buckets[key] = b
	}
	return true
}

func (l *limiter) refill(b bucket, now time.Time) bucket {
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.left, b.at = min(l.burst, b.left+passed*l.rate), now
	}
	return b
}

func (l *limiter) sweep(buckets map[uint64]bucket, now time.Time) {
	for k, b := range buckets {
		if l.refill(b, now).left >= l.burst {
			delete(buckets, k)
		}
	}
	if len(buckets) >= bucketsMost {
		clear(buckets)
	}
}

// slow refuses a person who is too fast, and an address that has missed too
// often. Staff who look for cards are not guessing.
func (q *request) slow() error {
	a := q.actor()
	id := a.Account + a.Household.ID
	if id != 0 && !q.web.account.take(uint64(id), q.begun) {
		return ErrTooFast
	}
	if q.route.guessable && a.Account == 0 && !q.web.guesses.has(q.who, q.begun) {
		return ErrTooFast
	}
	if q.route.seldom && id == 0 && !q.web.seldom.has(q.who, q.begun) {
		return errSeldom
	}
	return nil
}

// did counts a seldom thing that somebody unknown got done.
func (q *request) did(status int) {
	if q.route != nil && q.route.seldom && q.signed == nil && status < fiber.StatusBadRequest {
		q.web.seldom.take(q.who, q.begun)
	}
}

// missed counts a reply that tells somebody who is trying out addresses, codes
// or passwords that this one was wrong.
func (q *request) missed(status int) {
	if q.route == nil || !q.route.guessable || q.actor().Account != 0 {
		return
	}
	switch status {
	case fiber.StatusNotFound, fiber.StatusGone, fiber.StatusUnauthorized, fiber.StatusLocked:
		q.web.guesses.take(q.who, q.begun)
	}
}

var addrSeed = maphash.MakeSeed()

func hashAddr(a netip.Addr) uint64 {
	b := a.As16()
	return maphash.Bytes(addrSeed, b[:])
}

// Addr is where the request came from. Only a configured proxy may speak for
// somebody else, and of what it forwards only the last address is its own word.
func Addr(c *fiber.Ctx) string { return of(c).web.addr(c).String() }

func (w *Web) addr(c *fiber.Ctx) netip.Addr {
	a, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	if len(w.Proxies) == 0 || !c.IsProxyTrusted() {
		return a.Unmap()
	}
	forwarded := c.Get(fiber.HeaderXForwardedFor)
	if last, err := netip.ParseAddr(strings.TrimSpace(forwarded[strings.LastIndexByte(forwarded, ',')+1:])); err == nil {
		a = last
	}
	return a.Unmap()
}
