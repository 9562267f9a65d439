package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"pointstore/models"
)

// ErrImported refuses the same file a second time.
var ErrImported = &models.Error{Kind: models.Conflict, Code: "file_imported", Say: "这个文件已导入过，没有重复导入"}

// Imported notes that a file of one kind ("roll", "rules", "goods" …) goes in
// with this transaction, or refuses with ErrImported and the day of the first
// time. Call it first: the row's key makes a second import of the same file
// wait for this one.
func Imported(tx *Tx, village int64, kind string, hash [32]byte, name string, rows int, by models.Actor) error {
	n, err := tx.SQL.Exec(tx.Ignore("imports", "village_id, kind, file_hash, name, row_count, made_by, made_at, op_id", Holes(8)),
		village, kind, hash[:], shorten(name), rows, by.Account, int64(tx.Now), tx.Op[:])
	if err != nil || n == 1 {
		return err
	}
	if err := importedOn(tx.SQL, tx.Now, village, kind, hash); err != nil {
		return err
	}
	return ErrLost // the other import rolled back meanwhile
}

// WasImported is Imported's question alone, for previews: nil, or ErrImported.
func WasImported(ctx context.Context, c Conn, village int64, kind string, hash [32]byte) error {
	return importedOn(c.Stmts(ctx), c.Handle().Now(), village, kind, hash)
}

func importedOn(s *Statements, now models.Millis, village int64, kind string, hash [32]byte) error {
	var at models.Millis
	err := s.Row("SELECT made_at FROM imports WHERE village_id = ? AND kind = ? AND file_hash = ?", village, kind, hash[:]).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	t := at.Time()
	day := fmt.Sprintf("%d 月 %d 日", t.Month(), t.Day())
	if t.Year() != now.Time().Year() {
		day = fmt.Sprintf("%d 年 ", t.Year()) + day
	}
	return ErrImported.With("这个文件 " + day + "已导入过，没有重复导入")
}

// Upload is a file that waits for its reader to say how the columns are meant.
type Upload struct {
	ID      int64
	Village int64
	Kind    string
	Name    string
	Hash    [32]byte // SHA-256 of Body
	Body    []byte
	Choice  string // what the reader chose so far, in the importer's own JSON
	MadeBy  int64
	MadeAt  models.Millis
}

// uploadsLast is how long a file waits.
const uploadsLast = 24 * time.Hour

// SaveUpload keeps a file for a day and returns its id. Files that have waited
// longer are swept away on the way.
func SaveUpload(ctx context.Context, d *DB, village int64, kind, name string, body []byte, by models.Actor) (int64, error) {
	id, hash := models.NewID(), sha256.Sum256(body)
	err := d.Aside(ctx, func(tx *Tx) error {
		if _, err := tx.SQL.Exec("DELETE FROM uploads WHERE made_at < ?", int64(tx.Now.Add(-uploadsLast))); err != nil {
			return err
		}
		_, err := tx.SQL.Exec("INSERT INTO uploads (village_id, id, kind, name, file_hash, body, choice, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, '', ?, ?)",
			village, id, kind, shorten(name), hash[:], body, by.Account, int64(tx.Now))
		return err
	})
	return id, err
}

// GetUpload reads a waiting file; ErrNotFound when it is another village's or
// has been swept away.
func GetUpload(ctx context.Context, c Conn, village, id int64) (Upload, error) {
	u := Upload{ID: id, Village: village}
	var hash []byte
	err := c.Stmts(ctx).Row("SELECT kind, name, file_hash, body, choice, made_by, made_at FROM uploads WHERE village_id = ? AND id = ? AND made_at >= ?",
		village, id, int64(c.Handle().Now().Add(-uploadsLast))).
		Scan(&u.Kind, &u.Name, &hash, &u.Body, &u.Choice, &u.MadeBy, &u.MadeAt)
	if errors.Is(err, sql.ErrNoRows) {
		return u, models.ErrNotFound.With("这个文件放太久了，已经清掉，没有导入；请重新选择文件")
	}
	copy(u.Hash[:], hash)
	return u, err
}

// ChooseUpload keeps what the reader chose for a waiting file.
func ChooseUpload(ctx context.Context, d *DB, village, id int64, choice string) error {
	return d.Aside(ctx, func(tx *Tx) error {
		return tx.SQL.Must(1, models.ErrNotFound.With("这个文件放太久了，已经清掉，没有导入；请重新选择文件"),
			"UPDATE uploads SET choice = ? WHERE village_id = ? AND id = ?", choice, village, id)
	})
}

// DropUpload forgets a file, imported or not; a missing one is no error.
func DropUpload(ctx context.Context, d *DB, village, id int64) error {
	return d.Aside(ctx, func(tx *Tx) error {
		_, err := tx.SQL.Exec("DELETE FROM uploads WHERE village_id = ? AND id = ?", village, id)
		return err
	})
}

// shorten cuts a file's name to what the column holds: 120 characters.
func shorten(name string) string {
	if r := []rune(name); len(r) > 120 {
		return string(r[:120])
	}
	return name
}
