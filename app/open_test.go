package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"pointstore/models/modelstest"
)

func TestMySQLIsMigratedByCommandAndThenOpens(t *testing.T) {
	ctx := context.Background()
	s := settings{Data: t.TempDir(), DB: modelstest.MariaDB(t)}

	if o, err := open(ctx, s); err == nil || !strings.Contains(err.Error(), "app migrate --db") {
		t.Errorf("empty tables were opened, or without naming the command: %v", err)
		if err == nil {
			o.Close()
		}
	}
	for range 2 { // doing it again is harmless
		if err := (migrateCommand{}).Run(ctx, io.Discard, s); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the first start makes keys, the second finds them
		o, err := open(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		o.Close()
	}
}

func TestLostKeysAreNotMadeAnew(t *testing.T) {
	ctx := context.Background()
	s := settings{Data: t.TempDir(), DB: modelstest.MariaDB(t)}
	if err := (migrateCommand{}).Run(ctx, io.Discard, s); err != nil {
		t.Fatal(err)
	}
	o, err := open(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	o.Close()
	s.Data = t.TempDir() // the same books, another machine's directory
	if o, err := open(ctx, s); err == nil {
		o.Close()
		t.Error("cards and PINs made with the lost keys would silently stop working")
	}
}
