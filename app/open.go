package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pointstore/migrations"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// opened is a data directory in use: database and keys.
type opened struct {
	db   *db.DB
	keys *keys.Keys
	dir  string
}

// open opens the data directory, makes it and its keys on first use, and brings
// the embedded database's tables up. With MySQL it refuses an old schema and
// names the command that migrates: a province's tables are not changed in
// passing.
func open(ctx context.Context, s settings) (*opened, error) {
	clock, err := s.clock()
	if err != nil {
		return nil, err
	}
	o := &opened{dir: s.dataDir()}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return nil, err
	}
	file := filepath.Join(o.dir, "points.db")
	_, missing := os.Stat(file)
	if o.db, err = db.Open(ctx, file, s.DB); err != nil {
		return nil, err
	}
	o.db.Clock = clock
	if err := o.prepare(ctx, s, s.DB == "" && errors.Is(missing, os.ErrNotExist)); err != nil {
		o.db.Close()
		return nil, err
	}
	return o, nil
}

func (o *opened) prepare(ctx context.Context, s settings, fresh bool) error {
	if err := o.migrate(ctx); err != nil {
		return err
	}
	if err := o.db.Ready(ctx); err != nil {
		return err
	}
	if err := o.checkClock(ctx, s.Clock != ""); err != nil {
		return err
	}
	known, err := db.Setting(ctx, o.db, "keys")
	if err != nil {
		return err
	}
	// A missing key file is made only where no keys were ever used: cards and
	// PINs made with lost keys would silently stop working.
	if o.keys, err = keys.Open(filepath.Join(o.dir, "keys"), known == ""); err != nil {
		return err
	}
	if known != "" {
		return o.keys.Match(known)
	}
	return o.db.Aside(ctx, func(tx *db.Tx) error { return db.SetSetting(tx, "keys", o.keys.Fingerprint()) })
}

func (o *opened) migrate(ctx context.Context) error {
	if o.db.Dialect == db.SQLite {
		_, err := migrations.Up(ctx, o.db.SQL(), "sqlite")
		return err
	}
	n, err := migrations.Pending(ctx, o.db.SQL(), "mysql")
	if err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("the database's tables lack %d steps; run: go run ./app migrate --db … (make a backup first)", n)
	}
	return nil
}

// checkClock keeps a chosen clock and the real one from writing the same books:
// entries would carry times that nobody can explain.
func (o *opened) checkClock(ctx context.Context, chosen bool) error {
	was, err := db.Setting(ctx, o.db, "clock")
	if err != nil {
		return err
	}
	kind := "real"
	if chosen {
		kind = "chosen"
	}
	switch {
	case was == "" && chosen:
		used, err := db.Setting(ctx, o.db, "keys")
		if err != nil {
			return err
		}
		if used != "" {
			return errChosenClock
		}
	case was == kind:
		return nil
	case was == "real":
		return errChosenClock
	case was == "chosen":
		return errors.New("this data directory was made with --clock; start it with --clock again")
	}
	return o.db.Aside(ctx, func(tx *db.Tx) error { return db.SetSetting(tx, "clock", kind) })
}

var errChosenClock = errors.New("--clock is only for a data directory that was made with it; this one keeps real time")

// Close closes the database.
func (o *opened) Close() error { return o.db.Close() }
