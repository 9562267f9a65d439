package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sys/unix"
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
		if err := unix.Fdatasync(int(f.Fd())); err != nil {
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

// residentMB is the memory a process of ours holds, in MB, as the kernel counts.
func residentMB(pid int) float64 {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "statm"))
	if err != nil {
		return 0
	}
	var total, resident int64
	if _, err := fmt.Sscan(string(b), &total, &resident); err != nil {
		return 0
	}
	return float64(resident) * float64(os.Getpagesize()) / 1e6
}
