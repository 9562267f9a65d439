package photo_test

import (
	"bytes"
	"errors"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/photo"
)

const village = 4100

var he = models.Actor{Account: 7, Name: "何主任"}

func in(t testing.TB, d *db.DB, f func(tx *db.Tx) error) error {
	t.Helper()
	return d.InTx(t.Context(), db.Op{ID: db.NewOpID(), Village: village, Kind: "test", By: he}, f)
}

func prepared(t testing.TB, w int) photo.Prepared {
	t.Helper()
	p, err := photo.Prepare(t.Context(), jpegOf(t, scene(w, 40)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSaveKeepsWhatAVillageHasRoomFor(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		one, two := prepared(t, 60), prepared(t, 61)
		var ids []int64
		save := func(subject int64, photos ...photo.Prepared) error {
			return in(t, d, func(tx *db.Tx) (err error) {
				ids, err = photo.Save(tx, village, photo.Meeting, subject, he, photos...)
				return err
			})
		}
		if err := save(11, one, two, one); err != nil || len(ids) != 3 || ids[0] != ids[2] {
			t.Fatalf("%v: %v", err, ids)
		}
		first := ids[0]
		body, err := photo.Body(t.Context(), d, village, ids[1])
		if err != nil || !bytes.Equal(body, two.Body) {
			t.Fatalf("%v: %d bytes came back", err, len(body))
		}
		if _, err := photo.Body(t.Context(), d, village+1, ids[1]); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("seen from next door: %v", err)
		}
		held, err := photo.HeldBy(t.Context(), d, village)
		if err != nil || held.Photos != 2 || held.Bytes != int64(len(one.Body)+len(two.Body)) {
			t.Errorf("%v: %+v", err, held)
		}
		list, err := photo.OfMany(t.Context(), d, village, []int64{10, 11})
		if err != nil || len(list[11]) != 2 || list[11][0].Size != len(one.Body) || list[11][0].MadeBy != 7 {
			t.Errorf("%v: %+v", err, list)
		}

		// Full up to the last byte.
		if _, err := d.SQL().Exec("UPDATE photo_sums SET size = ? WHERE village_id = ?", photo.Share-len(one.Body)+1, village); err != nil {
			t.Fatal(err)
		}
		if err := save(12, one); !errors.Is(err, photo.ErrFull) {
			t.Errorf("beyond the village's share: %v", err)
		}
		if list, _ := photo.Of(t.Context(), d, village, 12); len(list) != 0 {
			t.Error("a refused photo was kept")
		}
		if err := in(t, d, func(tx *db.Tx) error { return photo.Remove(tx, village, first) }); err != nil {
			t.Fatal(err)
		}
		if err := save(12, one); err != nil {
			t.Errorf("no room although one was removed: %v", err)
		}
	})
}

func TestSaveTakesOnlySoManyOfOneSubject(t *testing.T) {
	d, _ := modelstest.Open(t)
	var many []photo.Prepared
	for i := range photo.Most + 1 {
		many = append(many, prepared(t, 60+i))
	}
	err := in(t, d, func(tx *db.Tx) error {
		_, err := photo.Save(tx, village, photo.Award, 5, he, many...)
		return err
	})
	if !errors.Is(err, photo.ErrMany) {
		t.Errorf("%d photos: %v", len(many), err)
	}
}
