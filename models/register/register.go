// Package register keeps what a village says about a household besides its
// points: honours suspended for a time, and the red and black lists on the board.
// A suspension touches honours only, never points or rights; nobody stands on the
// red list without consent, on any list for ever, or on a list at all who asked
// not to be shown. Nothing is deleted: a list ends by its dates.
package register

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// mayFor asks for a decision about one household of the village, and reads it.
func mayFor(tx *db.Tx, by models.Actor, act models.Action, h models.Household) (village.Home, error) {
	ctx := tx.Statement.Context
	at, err := village.PlaceOf(ctx, tx, h.Village)
	if err != nil {
		return village.Home{}, err
	}
	if err := by.MayFor(act, at, h); err != nil {
		return village.Home{}, err
	}
	return village.GetHome(ctx, tx, h)
}

// words are a text that somebody writes for others to read.
type words struct {
	field, title string
	text         *string
	most         int
}

// written brings texts into their one form and refuses empty and long ones.
func written(list ...words) error {
	for _, w := range list {
		// Normal would turn Chinese punctuation into Latin, in sentences that hang on a wall.
		*w.text = strings.Join(strings.Fields(*w.text), " ")
		if n := utf8.RuneCountInString(*w.text); n == 0 || n > w.most {
			return models.ErrInput.With("“" + w.title + "”要填 1 到 " + strconv.Itoa(w.most) + " 个字，没有登记").At(w.field)
		}
	}
	return nil
}

// day refuses what is no day at all.
func day(field, title string, d *models.Date) error {
	n, err := models.ParseDate(string(*d))
	if err != nil {
		return models.ErrInput.With("“" + title + "”要像 2026-11-23 这样填，没有登记").At(field)
	}
	*d = n
	return nil
}

// lawful refuses words that must not stand against anybody: faith, ethnicity,
// health, benefits, procedures.
func lawful(field, text string) error {
	if why := scheme.Warn(text, text); len(why) > 0 {
		return wrong(field, why[0])
	}
	return nil
}

func wrong(field, say string) error {
	return models.ErrInput.With(say + "，没有登记，请改好再交").At(field)
}

// today is the county's day, as the connection knows it.
func today(c db.Conn) models.Date {
	if tx, ok := c.(*db.Tx); ok {
		return tx.Now.Day()
	}
	return c.Handle().Now().Day()
}

// named fills in whose a row is, for a list of rows.
func named[T any](ctx context.Context, c db.Conn, v int64, list []T, of func(*T) (int64, *village.Home)) error {
	ids := make([]int64, len(list))
	for i := range list {
		ids[i], _ = of(&list[i])
	}
	homes, err := village.HomesByID(ctx, c, v, ids)
	for i := range list {
		id, home := of(&list[i])
		*home = homes[id]
	}
	return err
}
