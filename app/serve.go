package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/assets"
	"pointstore/handlers"
	"pointstore/models/account"
	"pointstore/models/keys"
)

// serveCommand serves until it is told to stop.
type serveCommand struct{}

// Run opens the data directory and serves it.
func (serveCommand) Run(ctx context.Context, out io.Writer, s settings) error {
	o, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer o.Close()
	return serve(ctx, out, s, o, nil)
}

// drain is how long requests in hand may take to finish when the program stops.
const drain = 10 * time.Second

// serve listens, prints where, runs the clock's errands, and stops gracefully
// when ctx ends. people are shown on the sign-in page of a demonstration.
func serve(ctx context.Context, out io.Writer, s settings, o *opened, people *cast) error {
	base, err := s.base()
	if err != nil {
		return err
	}
	if warning := o.db.Durable(ctx); warning != "" {
		slog.Warn(warning)
	}
	code, err := setupCode(ctx, o)
	if err != nil {
		return err
	}
	app, err := handlers.New(handlers.Deps{
		DB: o.db, Keys: o.keys, Base: base, Assets: assetFiles(), Proxies: s.Proxy, Rate: s.Rate,
		SetupCode: code, Demo: people.forPages(),
	})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("%w (is another program using %s? choose another address with --addr)", err, s.Addr)
	}
	greet(out, "http://"+l.Addr().String(), base, code)
	return listen(ctx, app, l, o)
}

// listen serves until ctx ends, then lets the requests in hand finish before
// the database closes.
func listen(ctx context.Context, app *fiber.App, l net.Listener, o *opened) error {
	jobs, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { runErrands(jobs, o.db) })
	defer wg.Wait()
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	slog.Info("stopping")
	if err := app.ShutdownWithTimeout(drain); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// setupCode makes the one-time code that opens the set-up pages, while there is
// no administrator. Whoever can read the terminal may set the program up.
func setupCode(ctx context.Context, o *opened) (string, error) {
	has, err := account.HasAdmin(ctx, o.db)
	if err != nil || has {
		return "", err
	}
	return keys.NewSetupCode(), nil
}

func greet(out io.Writer, local, base, code string) {
	fmt.Fprintf(out, "\n积分超市已启动 / The points store is running: %s\n", local)
	if base != local {
		fmt.Fprintf(out, "二维码地址 / Codes carry: %s\n", base)
	}
	if code != "" {
		fmt.Fprintf(out, "\n第一次使用：打开 %s/setup ，输入设置码 %s\nFirst run: open %s/setup and enter the set-up code %s\n", local, code, local, code)
	}
	fmt.Fprintf(out, "按 Ctrl+C 停止 / Ctrl+C stops it.\n\n")
}

// assetFiles is the folder named by POINTSTORE_ASSETS while developing, else
// what is inside the binary.
func assetFiles() fs.FS { return assets.FS(os.Getenv("POINTSTORE_ASSETS")) }
