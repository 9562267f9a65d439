package main

import (
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/valyala/fasthttp"

	"pointstore/models/db"
)

// A receipt is asked for a thousand times under one id from 32 connections, one
// time in twenty with something else in the cart: one receipt, the same for
// everybody, and the forgeries refused.
func TestRetryStormHasOneEffect(t *testing.T) {
	s := settings{Data: filepath.Join(t.TempDir(), "data"), LogLevel: "error"}
	world, err := buildLoadWorld(t.Context(), s, 64)
	if err != nil {
		t.Fatal(err)
	}
	addr, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	server, err := startServer(t.Context(), s, addr)
	if err != nil {
		t.Fatal(err)
	}
	works := map[string]work{}
	for _, w := range world.work() {
		works[w.name] = w
	}
	var want int
	for _, name := range []string{"award", "redeem"} {
		storm(t, addr, works[name])
		want++
	}
	stopServer(server)
	o, err := open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	var entries, receipts int
	if err := o.db.SQL().QueryRow("SELECT (SELECT COUNT(*) FROM entries WHERE kind IN (1, 3)), (SELECT COUNT(*) FROM redemptions)").Scan(&entries, &receipts); err != nil {
		t.Fatal(err)
	}
	if entries != want || receipts != 1 {
		t.Errorf("%d entries and %d receipts, want %d and 1", entries, receipts, want)
	}
	var said strings.Builder
	if err := verify(t.Context(), &said, o.db); err != nil {
		t.Errorf("%v\n%s", err, said.String())
	}
}

// storm sends one operation a thousand times. The true one goes first, so that
// the id is its own.
func storm(t *testing.T, addr string, w work) {
	t.Helper()
	op := db.NewOpID().String()
	client := &fasthttp.HostClient{Addr: addr, MaxConns: 32}
	defer client.CloseIdleConnections()
	send := func(other bool) (int, string) {
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		defer fasthttp.ReleaseRequest(req)
		defer fasthttp.ReleaseResponse(res)
		w.fill(0, 0, req)
		req.PostArgs().Set("op", op)
		if other && w.name == "redeem" {
			req.PostArgs().Set("proxy", "别人")
		} else if other {
			req.PostArgs().Set("note", "别的事")
		}
		req.SetHost(addr)
		if err := client.Do(req, res); err != nil {
			t.Errorf("%s: %v", w.name, err)
		}
		return res.StatusCode(), string(res.Header.Peek("Location"))
	}
	code, first := send(false)
	if code != fasthttp.StatusSeeOther || first == "" {
		t.Fatalf("%s: the first answer was %d %s", w.name, code, first)
	}
	var wg sync.WaitGroup
	var next, forged atomic.Int32
	for range 32 {
		wg.Go(func() {
			for n := next.Add(1); n < 1000; n = next.Add(1) {
				other := n%20 == 0
				code, to := send(other)
				if other {
					forged.Add(1)
				}
				switch {
				case other && code != fasthttp.StatusUnprocessableEntity:
					t.Errorf("%s: other content under the same id got %d %s", w.name, code, to)
				case !other && (code != fasthttp.StatusSeeOther || to != first):
					t.Errorf("%s: a repetition got %d %s, the first %s", w.name, code, to, first)
				}
			}
		})
	}
	wg.Wait()
	if forged.Load() < 40 {
		t.Errorf("only %d forgeries were tried", forged.Load())
	}
}
