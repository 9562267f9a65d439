package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"time"
)

// startMariaDB starts a server of our own on a socket below dir and makes an
// empty database in it, so that the load command can measure MariaDB on a
// machine where only its packages are installed. stop ends the server.
func startMariaDB(ctx context.Context, dir string) (dsn string, stop func(), err error) {
	server, err := program("mariadbd")
	if err != nil {
		return "", nil, errors.New("mariadbd is not installed; name a server with --db, or install mariadb-server")
	}
	install, err := program("mariadb-install-db")
	if err != nil {
		return "", nil, err
	}
	data := filepath.Join(dir, "mariadb")
	if err := os.MkdirAll(data, 0o755); err != nil {
		return "", nil, err
	}
	as, err := mariadbUser(dir, data)
	if err != nil {
		return "", nil, err
	}
	out, err := exec.CommandContext(ctx, install, append([]string{"--no-defaults", "--auth-root-authentication-method=normal", "--datadir=" + data}, as...)...).CombinedOutput()
	if err != nil {
		return "", nil, fmt.Errorf("mariadb-install-db: %w\n%s", err, out)
	}
	socket := filepath.Join(data, "s")
	c := exec.Command(server, append([]string{"--no-defaults", "--skip-networking", "--socket=" + socket, "--datadir=" + data,
		"--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=256M", "--log-error=" + filepath.Join(data, "log")}, as...)...)
	if err := c.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		c.Process.Signal(os.Interrupt)
		c.Process.Signal(os.Kill)
		c.Wait()
	}
	root := "root@unix(" + socket + ")/"
	for range 300 {
		if err = createDatabase(ctx, root); err == nil {
			return root + "points", stop, nil
		}
		time.Sleep(100 * time.Millisecond) // the server says nowhere that it is ready
	}
	stop()
	return "", nil, fmt.Errorf("mariadbd did not answer within 30 seconds: %w", err)
}

func createDatabase(ctx context.Context, root string) error {
	c, err := sql.Open("mysql", root)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.ExecContext(ctx, "CREATE DATABASE points")
	return err
}

// program finds a server program, also where only root's PATH would look.
func program(name string) (string, error) {
	if p, err := exec.LookPath(name); err == nil {
		return p, nil
	}
	return exec.LookPath("/usr/sbin/" + name)
}

// mariadbUser is how the server wants to be told not to run as root, with the
// directories made enterable for that user.
func mariadbUser(dirs ...string) ([]string, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("mysql")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	for _, d := range dirs {
		if err := errors.Join(os.Chmod(d, 0o755), os.Chown(d, uid, gid)); err != nil {
			return nil, err
		}
	}
	return []string{"--user=mysql"}, nil
}
