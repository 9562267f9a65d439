package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// loadCommand measures a server that it starts itself, on loopback, and checks
// afterwards that everything still adds up.
type loadCommand struct {
	Engine  string `help:"Database to measure: sqlite or mysql (with --db, or a MariaDB started for it)." enum:"sqlite,mysql" default:"sqlite"`
	Seconds int    `help:"Seconds per row." default:"3"`
	Only    string `help:"Measure only the row of this name: award, award-batch, redeem, passbook, board, quarter."`
	JSON    string `name:"json" help:"Write the rows to this file as JSON." placeholder:"FILE"`
}

// loadRow is one measurement. PerS counts requests, but for award-batch it
// counts entries, of which a request posts a hundred.
type loadRow struct {
	Name     string  `json:"name"`
	Engine   string  `json:"engine"`
	Conns    int     `json:"conns"`
	PerS     float64 `json:"per_s"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	Fdata    float64 `json:"fdatasync_per_s"`
	Bare     float64 `json:"bare_per_s"`
	Resident float64 `json:"rss_mb"`
}

// loadConns are how many phones press at once.
var loadConns = []int{1, 16, 64}

// Run measures and prints a table. It fails when an answer was not what a
// signed-in person would expect, or when the books do not add up at the end.
func (c loadCommand) Run(ctx context.Context, out io.Writer, s settings) error {
	dir, err := os.MkdirTemp("", "points-load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s.Data, s.Clock = filepath.Join(dir, "data"), ""
	if c.Engine == "mysql" && s.DB == "" {
		dsn, stop, err := startMariaDB(ctx, dir)
		if err != nil {
			return err
		}
		defer stop()
		s.DB = dsn
	}
	if c.Engine == "sqlite" {
		s.DB = ""
	} else if err := (migrateCommand{}).Run(ctx, io.Discard, s); err != nil {
		return err
	}
	world, err := buildLoadWorld(ctx, s, loadHomes)
	if err != nil {
		return err
	}
	rows, err := c.measure(ctx, out, s, world, dir)
	if err != nil {
		return err
	}
	if c.JSON != "" {
		b, err := json.MarshalIndent(rows, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.JSON, b, 0o644); err != nil {
			return err
		}
	}
	return verifyCommand{}.Run(ctx, out, s)
}

// measure starts the server, drives it, and stops it.
func (c loadCommand) measure(ctx context.Context, out io.Writer, s settings, world *loadWorld, dir string) ([]loadRow, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	server, err := startServer(ctx, s, addr)
	if err != nil {
		return nil, err
	}
	defer stopServer(server)
	bare, stop, err := bareHandler()
	if err != nil {
		return nil, err
	}
	defer stop()
	lasts := time.Duration(c.Seconds) * time.Second
	fmt.Fprintf(out, "| row | conns | per s | p50 ms | p99 ms | fdatasync/s | bare/s | ÷ fdatasync | ÷ bare | MB |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	var rows []loadRow
	for _, w := range world.work() {
		if c.Only != "" && c.Only != w.name {
			continue
		}
		for _, conns := range loadConns {
			row := loadRow{Name: w.name, Engine: c.Engine, Conns: conns}
			if row.Fdata, err = fdatasyncRate(dir, time.Second/2); err != nil {
				return nil, err
			}
			b, err := drive(ctx, bare, bareWork, conns, time.Second/2)
			if err != nil {
				return nil, err
			}
			row.Bare = b.perSecond
			f, err := drive(ctx, addr, w, conns, lasts)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", w.name, err)
			}
			row.PerS, row.P50, row.P99, row.Resident = f.perSecond*w.worth(), f.p50, f.p99, residentMB(server.Process.Pid)
			rows = append(rows, row)
			fmt.Fprintf(out, "| %s | %d | %.0f | %.2f | %.2f | %.0f | %.0f | %.2f | %.3f | %.0f |\n", row.Name, row.Conns, row.PerS, row.P50, row.P99, row.Fdata, row.Bare, row.PerS/row.Fdata, row.PerS/row.Bare, row.Resident)
		}
	}
	if len(rows) == 0 {
		return nil, errors.New("no row is called " + c.Only)
	}
	return rows, nil
}

// work is one kind of request. fill writes the n-th request of one phone; ok
// says whether an answer is what that person would expect.
type work struct {
	name string
	fill func(phone, n int, r *fasthttp.Request)
	ok   func(r *fasthttp.Response) bool
	each int // entries a request stands for; 0 is 1
}

func (w work) worth() float64 { return float64(max(w.each, 1)) }

var bareWork = work{name: "bare", fill: func(_, _ int, r *fasthttp.Request) { r.SetRequestURI("/") }, ok: isPage}

func isPage(r *fasthttp.Response) bool { return r.StatusCode() == fasthttp.StatusOK }

// isDone recognises the redirect after a deed that was done. A refusal is a
// page with another status.
func isDone(r *fasthttp.Response) bool { return r.StatusCode() == fasthttp.StatusSeeOther }

type figures struct{ perSecond, p50, p99 float64 }

// drive lets conns phones press as fast as they are answered, for a while.
func drive(ctx context.Context, addr string, w work, conns int, lasts time.Duration) (figures, error) {
	client := &fasthttp.HostClient{Addr: addr, MaxConns: conns, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	times := make([][]time.Duration, conns)
	failed := make(chan error, conns)
	begun := time.Now()
	for phone := range conns {
		go func() {
			var err error
			times[phone], err = press(ctx, client, addr, w, phone, begun.Add(lasts))
			failed <- err
		}()
	}
	var err error
	for range conns {
		err = errors.Join(err, <-failed)
	}
	took := time.Since(begun).Seconds()
	all := slices.Concat(times...)
	if err != nil || len(all) == 0 {
		return figures{}, err
	}
	slices.Sort(all)
	ms := func(q float64) float64 { return float64(all[int(q*float64(len(all)-1))].Microseconds()) / 1000 }
	return figures{float64(len(all)) / took, ms(0.5), ms(0.99)}, nil
}

func press(ctx context.Context, client *fasthttp.HostClient, addr string, w work, phone int, until time.Time) ([]time.Duration, error) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	var times []time.Duration
	for n := 0; time.Now().Before(until) && ctx.Err() == nil; n++ {
		req.Reset()
		w.fill(phone, n, req)
		req.SetHost(addr)
		begun := time.Now()
		if err := again(client, req, res); err != nil {
			return nil, err
		}
		times = append(times, time.Since(begun))
		if !w.ok(res) {
			return nil, fmt.Errorf("answered %d: %s", res.StatusCode(), firstWords(res))
		}
	}
	return times, nil
}

// again presses once more, as the page asks, while the database is too busy to
// have done it; the operation id makes that harmless, and the time counts.
func again(client *fasthttp.HostClient, req *fasthttp.Request, res *fasthttp.Response) error {
	for range 20 {
		res.Reset()
		if err := client.Do(req, res); err != nil || res.StatusCode() != fasthttp.StatusServiceUnavailable {
			return err
		}
	}
	return nil
}

// firstWords finds the sentence in a refusal, for the error message.
func firstWords(res *fasthttp.Response) string {
	body, _ := res.BodyUncompressed()
	text := string(body)
	if i := strings.Index(text, `role="alert"`); i >= 0 {
		text = text[i:]
	}
	return text[:min(len(text), 300)]
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// startServer runs this same program on the data directory and waits until it
// answers.
func startServer(ctx context.Context, s settings, addr string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.Command(self, "serve", "--data", s.Data, "--db", s.DB, "--addr", addr, "--log", "warn", "--rate", "1e9")
	c.Stdout, c.Stderr = io.Discard, os.Stderr
	c.SysProcAttr = orphanless()
	if err := c.Start(); err != nil {
		return nil, err
	}
	for range 200 {
		status, _, err := fasthttp.GetTimeout(nil, "http://"+addr+"/healthz", time.Second)
		if err == nil && status == fasthttp.StatusOK {
			return c, nil
		}
		time.Sleep(50 * time.Millisecond) // it says that it is ready only by answering
	}
	stopServer(c)
	return nil, errors.New("the server did not answer within ten seconds")
}

func stopServer(c *exec.Cmd) {
	if c.Process.Signal(syscall.SIGTERM) != nil {
		c.Process.Kill() // where a process cannot be asked
	}
	c.Wait()
}
