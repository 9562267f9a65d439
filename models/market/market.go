// Package market is the shop itself: goods and their prices, counters and their
// stock, vouchers and the till. It keeps three promises. One redemption is its
// points, its goods and its receipt, all or none, and is undone at most once.
// The stock of an item is the sum of its movements and never below zero. What a
// price was when somebody agreed to it is what is charged.
package market

import (
	"context"
	"strconv"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// may asks whether the actor may do this in the village; what is not theirs
// to enter is refused before anything is read from it.
func may(ctx context.Context, c db.Conn, by models.Actor, act models.Action, v int64) error {
	at, err := village.PlaceOf(ctx, c, v)
	if err != nil {
		return err
	}
	return by.May(act, at)
}

// fits bounds a text by characters, never by bytes.
func fits(field, title, text string, most int) error {
	if n := utf8.RuneCountInString(text); n > most {
		return models.ErrInput.With("“" + title + "”太长，最多 " + strconv.Itoa(most) + " 个字，没有保存").At(field)
	}
	return nil
}
