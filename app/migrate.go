package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pointstore/migrations"
	"pointstore/models/db"
)

// migrateCommand brings a MySQL schema up. The embedded database migrates when
// the program starts.
type migrateCommand struct{}

// Run takes the pending steps and says how many.
func (migrateCommand) Run(ctx context.Context, out io.Writer, s settings) error {
	if s.DB == "" {
		return errors.New("the embedded database migrates by itself; --db names a MySQL database")
	}
	d, err := db.Open(ctx, "", s.DB)
	if err != nil {
		return err
	}
	defer d.Close()
	n, err := migrations.Up(ctx, d.SQL(), "mysql")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d steps taken; the tables are at the newest step.\n", n)
	return nil
}
