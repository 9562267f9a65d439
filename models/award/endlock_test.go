package award_test

import (
	"testing"
	"time"

	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

// On MariaDB somebody can freeze an award while its notice is being posted. The
// posting waits for them, sees it and leaves that award out.
func TestNoticePostsNoAwardThatIsFrozenMeanwhile(t *testing.T) {
	d, clock := modelstest.OpenMariaDB(t)
	w := newWorld(t, d, 3)
	w.adopt(scheme.Adoption{}, rule("庭院整洁", "+", 5))
	n := w.hangAll("庭院整洁", 1)
	clock.Set(n.EndsAt)

	done := make(chan error, 1)
	w.must(d.Aside(t.Context(), func(tx *db.Tx) error {
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = 'frozen' WHERE village_id = ? AND household_id = ?", w.village, w.homes[1].ID); err != nil {
			return err
		}
		go func() {
			_, err := award.EndNotice(t.Context(), d, n)
			done <- err
		}()
		for range 60 { // until the posting stands before the row held here; the table is refreshed ten times a second
			var waiting int
			if err := d.SQL().QueryRow("SELECT COUNT(*) FROM information_schema.innodb_lock_waits").Scan(&waiting); err != nil || waiting > 0 {
				return err
			}
			time.Sleep(150 * time.Millisecond)
		}
		t.Error("the posting never came to the frozen award")
		return nil
	}))
	w.must(<-done)

	w.wantBook(0, 500, 500)
	w.wantBook(1, 0, 0)
	w.wantBook(2, 500, 500)
	w.wantSound()
}
