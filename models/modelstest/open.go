// Package modelstest makes worlds for tests: real databases, a village with a
// standing cast, and golden files. Only tests import it.
package modelstest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pointstore/migrations"
	"pointstore/models"
	"pointstore/models/db"
)

// Start is where the tests' clock stands: Monday 23 November 2026, nine in the
// morning in Yinchuan.
var Start = models.MillisOf(time.Date(2026, 11, 23, 9, 0, 0, 0, models.China))

// Clock is a clock that a test moves.
type Clock struct{ now atomic.Int64 }

// Now reads it.
func (c *Clock) Now() models.Millis { return models.Millis(c.now.Load()) }

// Set moves it.
func (c *Clock) Set(m models.Millis) { c.now.Store(int64(m)) }

// Add moves it on.
func (c *Clock) Add(d time.Duration) { c.now.Add(d.Milliseconds()) }

// Open opens a migrated database of its own for the test: SQLite.
func Open(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	return ready(t, filepath.Join(t.TempDir(), "points.db"), "")
}

// Each runs the story on SQLite and, where mariadbd is installed, on MariaDB
// started in a temporary directory. In CI a missing MariaDB is a failure.
func Each(t *testing.T, story func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Run("sqlite", func(t *testing.T) {
		d, c := Open(t)
		story(t, d, c)
	})
	t.Run("mariadb", func(t *testing.T) {
		d, c := OpenMariaDB(t)
		story(t, d, c)
	})
}

// OpenMariaDB is Open on MariaDB, under the same conditions as Each.
func OpenMariaDB(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	return ready(t, "", MariaDB(t))
}

func ready(t testing.TB, path, dsn string) (*db.DB, *Clock) {
	t.Helper()
	d, err := db.Open(context.Background(), path, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := migrations.Up(context.Background(), d.SQL(), d.Dialect.String()); err != nil {
		t.Fatal(err)
	}
	if err := d.Ready(context.Background()); err != nil {
		t.Fatal(err)
	}
	c := &Clock{}
	c.Set(Start)
	d.Clock = c.Now
	return d, c
}

var maria struct {
	sync.Once
	socket string
	err    error
	n      atomic.Int64
}

// MariaDB returns the address of a fresh, empty database on a server that this
// test process started itself, on a socket in a temporary directory. It is
// skipped, saying so, where mariadbd is missing; in CI (CI=true) it fails.
func MariaDB(t testing.TB) string {
	t.Helper()
	if _, err := find("mariadbd"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("mariadbd is missing: in CI the MariaDB half of the tests must run")
		}
		t.Skip("SKIPPED: mariadbd is not installed, so the MariaDB half did not run")
	}
	maria.Do(func() { maria.socket, maria.err = startMariaDB() })
	if maria.err != nil {
		t.Fatal(maria.err)
	}
	name := fmt.Sprintf("t%d", maria.n.Add(1))
	root, err := sql.Open("mysql", "root@unix("+maria.socket+")/")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := root.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if root, err := sql.Open("mysql", "root@unix("+maria.socket+")/"); err == nil {
			root.Exec("DROP DATABASE " + name)
			root.Close()
		}
	})
	return "root@unix(" + maria.socket + ")/" + name
}

func find(program string) (string, error) {
	if p, err := exec.LookPath(program); err == nil {
		return p, nil
	}
	for _, dir := range []string{"/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"} {
		if p := filepath.Join(dir, program); exists(p) {
			return p, nil
		}
	}
	return "", exec.ErrNotFound
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// startMariaDB makes a data directory and starts a server that ends with this
// process: a small shell watches our pid, since a test binary gets no chance to
// clean up after a panic.
func startMariaDB() (socket string, err error) {
	dir, err := os.MkdirTemp("", "points-mariadb")
	if err != nil {
		return "", err
	}
	install, err := find("mariadb-install-db")
	if err != nil {
		return "", err
	}
	server, err := find("mariadbd")
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(data, 0o755); err != nil {
		return "", err
	}
	// A server that starts sweeps leftover tables from its directory for temporary
	// files: in a shared one it takes those of its neighbour.
	as := []string{"--tmpdir=" + dir}
	if os.Getuid() == 0 { // as root the server wants another user, and directories that user may enter
		as = append(as, "--user=mysql")
		u, err := user.Lookup("mysql")
		if err != nil {
			return "", err
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		os.Chmod(dir, 0o755)
		for _, p := range []string{dir, data} {
			if err := os.Chown(p, uid, gid); err != nil {
				return "", err
			}
		}
	}
	out, err := exec.Command(install, append([]string{"--no-defaults", "--auth-root-authentication-method=normal", "--datadir=" + data}, as...)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("mariadb-install-db: %v\n%s", err, out)
	}
	socket = filepath.Join(dir, "s")
	args := append([]string{server, "--no-defaults", "--skip-networking", "--socket=" + socket, "--datadir=" + data,
		"--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=48M", "--max-connections=300", "--log-error=" + filepath.Join(dir, "log")}, as...)
	watch := exec.Command("sh", "-c", `"$@" & child=$!; while kill -0 `+strconv.Itoa(os.Getpid())+` 2>/dev/null; do sleep 1; done; kill $child; wait $child; rm -rf `+dir, "sh")
	watch.Args = append(watch.Args, args...)
	if err := watch.Start(); err != nil {
		return "", err
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		c, err := sql.Open("mysql", "root@unix("+socket+")/")
		if err == nil {
			err = c.Ping()
			c.Close()
			if err == nil {
				return socket, nil
			}
		}
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	return "", fmt.Errorf("mariadbd did not answer within 30 seconds:\n%s", strings.TrimSpace(string(log)))
}
