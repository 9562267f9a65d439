package market_test

import (
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
	"pointstore/models/photo"
)

func TestPictureIsReplacedAndDropped(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		set := func(by models.Actor, body string) error {
			return market.SetPicture(w.ctx, d, db.NewOpID(), by, w.village, w.soap, photo.Prepared{Width: 1, Height: 1, Body: []byte(body), Hash: []byte(body)})
		}
		want := func(body string) {
			t.Helper()
			got, err := market.Picture(w.ctx, d, w.village, w.soap)
			if body == "" && !errors.Is(err, models.ErrNotFound) || body != "" && string(got) != body {
				t.Fatalf("got %q %v, want %q", got, err, body)
			}
			kept, err := photo.Of(w.ctx, d, w.village, w.soap)
			w.must(err)
			if body == "" && len(kept) != 0 || body != "" && len(kept) != 1 {
				t.Fatalf("%d photos are kept", len(kept))
			}
		}
		want("")
		w.must(set(w.chen, "first"))
		want("first")
		w.must(set(w.clerk, "second"))
		want("second")
		w.must(set(w.clerk, "second")) // the same one again
		want("second")
		if err := set(models.Actor{Account: 1}, "third"); !errors.Is(err, models.ErrForbidden) {
			t.Fatalf("a stranger: %v", err)
		}
		w.must(market.DropPicture(w.ctx, d, db.NewOpID(), w.chen, w.village, w.soap))
		want("")
	})
}
