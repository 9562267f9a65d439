package main

import (
	"net"
	"os"
	"time"

	"github.com/gofiber/fiber/v2"
)

// fdatasyncRate appends 4 KB and synchronises it, one after the other, for the
// time given: how many commits a second this disk could acknowledge, now. The
// figures of a machine drift; ratios against this minute's rate do not.
func fdatasyncRate(dir string, lasts time.Duration) (float64, error) {
	f, err := os.CreateTemp(dir, "fdatasync")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 4096)
	n, begun := 0, time.Now()
	for time.Since(begun) < lasts {
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := syncData(f); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(begun).Seconds(), nil
}

// bareHandler serves an empty answer with the same framework, to compare with.
func bareHandler() (addr string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString("ok") })
	go app.Listener(l)
	return l.Addr().String(), func() { app.Shutdown() }, nil
}
