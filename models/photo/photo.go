// Package photo keeps the photos that people attach to what they write down. A
// photo is drawn anew before it is kept, so that nothing the camera knew, where
// and when and with what, comes along; and a village's photos never weigh more
// than its share. Nobody needs a photo for anything.
package photo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
)

// The kinds of what a photo belongs to. They decide who may see it.
const (
	Award     = "award"
	Meeting   = "meeting"
	Notice    = "notice"
	Round     = "round"
	Version   = "version"
	Objection = "objection"
	Paper     = "paper"   // a stock document: its invoice, what broke
	Opening   = "opening" // the signed register of a counter's opening
)

// Share is how many bytes a village's photos may weigh together; Most is how
// many one subject takes.
const (
	Share = 300 << 20
	Most  = 9
)

// ErrFull refuses what would exceed the village's share, ErrMany what would
// exceed a subject's.
var (
	ErrFull = &models.Error{Kind: models.Conflict, Code: "photos_full", Field: "photo", Say: "村里的照片已经存满 300 MB，这几张没有存；请先删掉不要的照片"}
	ErrMany = &models.Error{Kind: models.Conflict, Code: "photos_many", Field: "photo", Say: fmt.Sprintf("一处最多存 %d 张照片，这几张没有存；请少选几张", Most)}
)

// Photo is a kept photo without its picture.
type Photo struct {
	Village, ID   int64
	Kind          string
	Subject       int64 // the award, meeting … it belongs to
	Width, Height int
	Size          int // bytes
	MadeBy        int64
	MadeAt        models.Millis
}

// Save keeps photos of one subject, inside the caller's transaction and after
// the subject's own row. The caller has asked permission. A photo that the
// subject has already is not kept twice.
func Save(tx *db.Tx, village int64, kind string, subject int64, by models.Actor, photos ...Prepared) ([]int64, error) {
	have, err := hashes(tx, village, subject)
	if err != nil {
		return nil, err
	}
	var ids []int64
	size, fresh := 0, 0
	for _, p := range photos {
		if id, ok := have[string(p.Hash)]; ok {
			ids = append(ids, id)
			continue
		}
		if len(have) == Most {
			return nil, ErrMany
		}
		id := models.NewID()
		_, err := tx.SQL.Exec("INSERT INTO photos (village_id, id, kind, subject_id, width, height, size, file_hash, body, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			village, id, kind, subject, p.Width, p.Height, len(p.Body), p.Hash, p.Body, by.Account, int64(tx.Now))
		if err != nil {
			return nil, err
		}
		have[string(p.Hash)] = id
		ids, size, fresh = append(ids, id), size+len(p.Body), fresh+1
	}
	return ids, weigh(tx, village, size, fresh)
}

// hashes reads which photos a subject has, by what they look like.
func hashes(tx *db.Tx, village, subject int64) (map[string]int64, error) {
	have := map[string]int64{}
	err := tx.SQL.Each(func(row db.Scanner) error {
		var id int64
		var hash []byte
		err := row.Scan(&id, &hash)
		have[string(hash)] = id
		return err
	}, "SELECT id, file_hash FROM photos WHERE village_id = ? AND subject_id = ?", village, subject)
	return have, err
}

// weigh adds to the village's sum under its share: one statement, so that two
// who save at once do not pass it together.
func weigh(tx *db.Tx, village int64, size, photos int) error {
	if photos == 0 {
		return nil
	}
	if _, err := tx.SQL.Exec(tx.Ignore("photo_sums", "village_id, size, photos", "?, 0, 0"), village); err != nil {
		return err
	}
	return tx.SQL.Must(1, ErrFull, "UPDATE photo_sums SET size = size + ?, photos = photos + ? WHERE village_id = ? AND size + ? <= ?", size, photos, village, size, int64(Share))
}

// Remove takes a photo away for good: a family may ask for it at any time. The
// caller has asked permission.
func Remove(tx *db.Tx, village, id int64) error {
	p, err := Get(tx.Statement.Context, tx, village, id)
	if err != nil {
		return err
	}
	if err := tx.SQL.Must(1, db.ErrLost, "DELETE FROM photos WHERE village_id = ? AND id = ?", village, id); err != nil {
		return err
	}
	return tx.SQL.Must(1, db.ErrLost, "UPDATE photo_sums SET size = size - ?, photos = photos - 1 WHERE village_id = ?", p.Size, village)
}

const columns = "village_id, id, kind, subject_id, width, height, size, made_by, made_at"

func scan(row db.Scanner, more ...any) (p Photo, err error) {
	err = row.Scan(append([]any{&p.Village, &p.ID, &p.Kind, &p.Subject, &p.Width, &p.Height, &p.Size, &p.MadeBy, &p.MadeAt}, more...)...)
	return p, err
}

// Get reads what is known of a photo; ErrNotFound when the village has none of
// that id.
func Get(ctx context.Context, c db.Conn, village, id int64) (Photo, error) {
	p, err := scan(c.Stmts(ctx).Row("SELECT "+columns+" FROM photos WHERE village_id = ? AND id = ?", village, id))
	return p, missing(err)
}

// Body reads the picture, a JPEG. Who may see it is the caller's question.
func Body(ctx context.Context, c db.Conn, village, id int64) (body []byte, err error) {
	err = c.Stmts(ctx).Row("SELECT body FROM photos WHERE village_id = ? AND id = ?", village, id).Scan(&body)
	return body, missing(err)
}

func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return models.ErrNotFound.With("没有找到这张照片，可能已经删掉了")
	}
	return err
}

// Of lists a subject's photos, oldest first.
func Of(ctx context.Context, c db.Conn, village, subject int64) ([]Photo, error) {
	var all []Photo
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		p, err := scan(row)
		all = append(all, p)
		return err
	}, "SELECT "+columns+" FROM photos WHERE village_id = ? AND subject_id = ? ORDER BY id", village, subject)
	return all, err
}

// OfMany lists the photos of many subjects, oldest first, by subject.
func OfMany(ctx context.Context, c db.Conn, village int64, subjects []int64) (map[int64][]Photo, error) {
	all := map[int64][]Photo{}
	const atOnce = 200
	for len(subjects) > 0 {
		some := subjects[:min(atOnce, len(subjects))]
		subjects = subjects[len(some):]
		args := []any{village}
		for _, s := range some {
			args = append(args, s)
		}
		err := c.Stmts(ctx).Each(func(row db.Scanner) error {
			p, err := scan(row)
			all[p.Subject] = append(all[p.Subject], p)
			return err
		}, "SELECT "+columns+" FROM photos WHERE village_id = ? AND subject_id IN ("+db.Holes(len(some))+") ORDER BY id", args...)
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Held is what a village's photos weigh.
type Held struct {
	Photos int
	Bytes  int64
}

// HeldBy reads what a village's photos weigh together.
func HeldBy(ctx context.Context, c db.Conn, village int64) (h Held, err error) {
	err = c.Stmts(ctx).Row("SELECT photos, size FROM photo_sums WHERE village_id = ?", village).Scan(&h.Photos, &h.Bytes)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return h, err
}
