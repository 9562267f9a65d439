package village

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
)

// HasBlackList reports whether the village switched a black list on.
func HasBlackList(ctx context.Context, c db.Conn, village int64) (bool, error) {
	v, err := Get(ctx, c, village)
	return v.BlackList, err
}

// SetBlackList switches the village's black list on or off. Resolution says which
// meeting resolved it; it is wanted for switching on only.
func SetBlackList(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, on bool, resolution string) error {
	resolution = strings.Join(strings.Fields(resolution), " ")
	if n := utf8.RuneCountInString(resolution); on && n == 0 || n > 100 {
		return models.ErrInput.With("请写明是哪次会议、怎样定的（最多 100 个字），没有改动").At("resolution")
	}
	return d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "black_list", Asked: []any{on, resolution}, By: by, Subject: village}, func(tx *db.Tx) error {
		if err := may(tx, by, models.ReviewAwards, village); err != nil {
			return err
		}
		was, err := HasBlackList(ctx, tx, village)
		if err != nil {
			return err
		}
		if err := tx.Note(village, db.Note{Field: "black_list", Old: strconv.FormatBool(was), New: strconv.FormatBool(on)}, db.Note{Field: "resolution", New: resolution}); err != nil {
			return err
		}
		_, err = tx.SQL.Exec("UPDATE villages SET black_list = ? WHERE village_id = ?", flag(on), village)
		return err
	})
}
