package db_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
)

func TestImportedTellsTheDayOfTheFirstTime(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		ctx, by := t.Context(), models.Actor{Account: 7}
		hash := [32]byte{1, 2, 3}
		put := func(village int64, kind string) error {
			return d.InTx(ctx, db.Op{ID: db.NewOpID(), Village: village, Kind: "import"}, func(tx *db.Tx) error {
				return db.Imported(tx, village, kind, hash, strings.Repeat("名", 200), 3, by)
			})
		}
		if err := db.WasImported(ctx, d, 5, "roll", hash); err != nil {
			t.Fatal("a new file:", err)
		}
		clock.Set(models.Date("2026-11-02").Start())
		if err := put(5, "roll"); err != nil {
			t.Fatal(err)
		}
		clock.Add(30 * time.Hour)
		err := put(5, "roll")
		if !errors.Is(err, db.ErrImported) || !strings.Contains(err.(*models.Error).Say, "11 月 2 日已导入过") {
			t.Errorf("second time: %v", err)
		}
		if err := db.WasImported(ctx, d, 5, "roll", hash); !errors.Is(err, db.ErrImported) {
			t.Errorf("preview of the second time: %v", err)
		}
		if put(5, "goods") != nil || put(6, "roll") != nil {
			t.Error("another kind and another village may have the same file")
		}
	})
}

func TestUploadWaitsADayInItsVillage(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		ctx := t.Context()
		body := bytes.Repeat([]byte("户号,户主\r\n\x00\xff'\\"), 10_000)
		id, err := db.SaveUpload(ctx, d, 5, "roll", "名册.csv", body, models.Actor{Account: 7})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.ChooseUpload(ctx, d, 5, id, `{"head":2}`); err != nil {
			t.Fatal(err)
		}
		u, err := db.GetUpload(ctx, d, 5, id)
		if err != nil || !bytes.Equal(u.Body, body) || u.Choice != `{"head":2}` || u.Name != "名册.csv" || u.MadeBy != 7 {
			t.Fatalf("%v, %d bytes, %q", err, len(u.Body), u.Choice)
		}
		if _, err := db.GetUpload(ctx, d, 6, id); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("another village: %v", err)
		}
		clock.Add(25 * time.Hour)
		if _, err := db.GetUpload(ctx, d, 5, id); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("the day after: %v", err)
		}
		if _, err := db.SaveUpload(ctx, d, 9, "roll", "b", body, models.Actor{}); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := d.Stmts(ctx).Row("SELECT COUNT(*) FROM uploads WHERE id = ?", id).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d left unswept, %v", left, err)
		}
	})
}

func TestNoteKeepsOldAndNewBesideTheOperation(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		op := db.Op{ID: db.NewOpID(), Village: 5, Kind: "save", Notes: []db.Note{{Field: "a", Old: "1", New: "2"}}}
		if err := d.InTx(t.Context(), op, func(tx *db.Tx) error {
			return tx.Note(5, db.Note{Field: "b", Old: "x", New: "y"}, db.Note{Field: "same", Old: "z", New: "z"}, db.Note{Field: "c", New: "n"})
		}); err != nil {
			t.Fatal(err)
		}
		var got []string
		err := d.Stmts(t.Context()).Each(func(s db.Scanner) error {
			var f, o, n string
			defer func() { got = append(got, f+o+n) }()
			return s.Scan(&f, &o, &n)
		}, "SELECT field, old_value, new_value FROM operation_notes WHERE village_id = 5 ORDER BY n")
		if err != nil || strings.Join(got, " ") != "a12 bxy cn" {
			t.Errorf("%v %v", got, err)
		}
	})
}
