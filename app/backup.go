package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"pointstore/models/db"
)

// backupCommand copies the embedded database. A running SQLite file must never
// be copied as a file: its newest commits stand in the -wal beside it.
type backupCommand struct {
	File string `arg:"" help:"Where the copy goes; must not exist." type:"path"`
}

// Run writes the copy and checks it. The key file is named, not copied: copy
// and keys kept in one place are a stolen county.
func (b backupCommand) Run(ctx context.Context, out io.Writer, s settings) error {
	if s.DB != "" {
		return errors.New("for MySQL use: mariadb-dump --single-transaction --hex-blob DATABASE (see docs/operations.md)")
	}
	from := filepath.Join(s.dataDir(), "points.db")
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("no database in %s: %w", s.dataDir(), err)
	}
	if _, err := os.Stat(b.File); err == nil {
		return fmt.Errorf("%s exists; choose another name", b.File)
	}
	d, err := db.Open(ctx, from, "")
	if err != nil {
		return err
	}
	defer d.Close()
	part := b.File + ".part"
	os.Remove(part)
	if _, err := d.SQL().ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		os.Remove(part)
		return err
	}
	if err := checkCopy(ctx, part); err != nil {
		os.Remove(part)
		return err
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return err
	}
	if err := os.Rename(part, b.File); err != nil {
		return err
	}
	info, err := os.Stat(b.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %.1f MB, checked.\nKeep %s too, in another place: without it no card and no PIN works.\n",
		b.File, float64(info.Size())/1e6, filepath.Join(s.dataDir(), "keys"))
	return nil
}

func checkCopy(ctx context.Context, file string) error {
	c, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return err
	}
	defer c.Close()
	var said string
	if err := c.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&said); err != nil {
		return err
	}
	if said != "ok" {
		return fmt.Errorf("the copy is damaged: %s", said)
	}
	return nil
}
