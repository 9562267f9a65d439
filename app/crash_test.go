package main

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"pointstore/models/db"
)

// deed is one operation a phone wants done, until somebody acknowledges it.
type deed struct {
	op    db.OpID
	fill  func(r *fasthttp.Request)
	acked bool
}

// The real program is killed fifteen times while sixteen phones award and
// redeem. Whatever was acknowledged is there, whatever was retried under its id
// is there once, and everything adds up.
func TestKillNineLosesAndDoublesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: starts and kills the program for half a minute")
	}
	s := settings{Data: t.TempDir() + "/data", LogLevel: "error"}
	world, err := buildLoadWorld(t.Context(), s, 64)
	if err != nil {
		t.Fatal(err)
	}
	addr, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	phones := make([]*crashPhone, 16)
	for i := range phones {
		phones[i] = &crashPhone{world: world, phone: i, rand: rand.New(rand.NewPCG(seed, uint64(i+1)))}
	}
	for range 15 {
		server, err := startServer(t.Context(), s, addr)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for _, p := range phones {
			wg.Go(func() { p.press(ctx, t, addr) })
		}
		time.Sleep(time.Duration(150+r.IntN(400)) * time.Millisecond) // the kill comes at any moment
		kill(server)
		cancel()
		wg.Wait()
	}
	settle(t, s, addr, phones)
	countEffects(t, s, phones)
}

// crashPhone is somebody who repeats what was not acknowledged, as a person
// would, before doing the next thing.
type crashPhone struct {
	world *loadWorld
	phone int
	n     int
	rand  *rand.Rand
	deeds []*deed
}

func (p *crashPhone) press(ctx context.Context, t *testing.T, addr string) {
	client := &fasthttp.HostClient{Addr: addr, MaxIdemponentCallAttempts: 1, ReadTimeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		d := p.next()
		if err := d.send(client, addr); err != nil {
			var refused refusal
			if errors.As(err, &refused) {
				t.Errorf("phone %d: %v", p.phone, err)
				return
			}
			time.Sleep(5 * time.Millisecond) // the server is being killed; nothing to wait on
		}
	}
}

// next is the last deed again while it is not acknowledged, else a new one.
func (p *crashPhone) next() *deed {
	if n := len(p.deeds); n > 0 && !p.deeds[n-1].acked {
		return p.deeds[n-1]
	}
	d := &deed{op: db.NewOpID()}
	work := p.world.work()
	w, n := work[2*p.rand.IntN(2)], p.n // award or redeem
	p.n++
	d.fill = func(r *fasthttp.Request) {
		w.fill(p.phone, n, r)
		r.PostArgs().Set("op", d.op.String())
	}
	p.deeds = append(p.deeds, d)
	return d
}

type refusal struct{ error }

func (d *deed) send(client *fasthttp.HostClient, addr string) error {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	d.fill(req)
	req.SetHost(addr)
	if err := client.Do(req, res); err != nil {
		return err
	}
	if isDone(res) {
		d.acked = true
		return nil
	}
	if res.StatusCode() == fasthttp.StatusServiceUnavailable {
		return errors.New("busy")
	}
	return refusal{errors.New(firstWords(res))}
}

// settle starts the program once more and repeats what is still open.
func settle(t *testing.T, s settings, addr string, phones []*crashPhone) {
	t.Helper()
	server, err := startServer(t.Context(), s, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer stopServer(server)
	client := &fasthttp.HostClient{Addr: addr}
	for _, p := range phones {
		for _, d := range p.deeds {
			if !d.acked {
				if err := d.send(client, addr); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// countEffects looks for every acknowledged deed in the books, exactly once.
func countEffects(t *testing.T, s settings, phones []*crashPhone) {
	t.Helper()
	o, err := open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	effects := map[string]int{}
	err = o.db.Stmts(t.Context()).Each(func(row db.Scanner) error {
		var id []byte
		err := row.Scan(&id)
		effects[string(id)]++
		return err
	}, "SELECT op_id FROM entries")
	if err != nil {
		t.Fatal(err)
	}
	deeds := 0
	for _, p := range phones {
		for _, d := range p.deeds {
			deeds++
			if n := effects[string(d.op[:])]; n != 1 {
				t.Errorf("operation %s had %d effects", d.op, n)
			}
		}
	}
	t.Logf("%d operations acknowledged through 15 kills", deeds)
	if deeds < 300 {
		t.Errorf("only %d operations: too few to prove anything", deeds)
	}
	var said bytes.Buffer
	if err := verify(t.Context(), &said, o.db); err != nil {
		t.Errorf("%v\n%s", err, strings.TrimSpace(said.String()))
	}
}

func kill(c *exec.Cmd) {
	c.Process.Kill()
	c.Wait()
}
