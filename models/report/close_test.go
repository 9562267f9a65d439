package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
	"pointstore/models/report"
	"pointstore/models/sheet"
)

func (w *world) close(by models.Actor, village int64, q models.Quarter) (report.Return, error) {
	return report.Close(w.ctx, w.d, db.NewOpID(), by, village, q, ledger.CloseMonth)
}

// lived is a world in which the first village had a third quarter.
func lived(f failer, d *db.DB, clock *modelstest.Clock) (w *world, village, home int64) {
	w = newWorld(f, d, clock)
	village = w.village[0]
	clock.Set(at("2026-08-10 09:00:00.000"))
	home = w.home(village, "resident")
	w.home(village, "away")
	w.rules(village, "2026-07-01")
	w.price(village, "2026-07-01")
	w.notice(village, at("2026-08-12 10:00:00.000"))
	w.award(village, home, 1250, 0, "2026-08-09")
	w.award(village, home, 300, 1, "2026-08-10")
	_, err := w.redeem(village, home, 500)
	w.must(err)
	clock.Set(at("2026-10-05 09:00:00.000"))
	return w, village, home
}

func TestCloseKeepsEveryByteWhateverIsPostedLater(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w, v, home := lived(t, d, clock)
		r, err := w.close(mayIn(models.Committee, v), v, 20263)
		w.must(err)
		text, kept, err := report.Kept(w.ctx, d, v, 20263)
		w.must(err)
		if kept != r {
			t.Fatalf("kept %+v, closed %+v", kept, r)
		}
		before := w.everything(v)

		clock.Add(48 * time.Hour)
		late := w.award(v, home, 9900, 0, "2026-09-30")
		w.must(w.reverse(v, home, 1))
		_, err = w.redeem(v, home, 100)
		w.must(err)
		w.home(v, "resident")
		w.exec("UPDATE households SET residence = 'empty', left_at = ? WHERE village_id = ? AND id = ?", int64(clock.Now()), v, home)
		w.exec("UPDATE villages SET point_rate = 77, rhythm_months = 12 WHERE village_id = ?", v)
		w.exec("DELETE FROM notices WHERE village_id = ?", v)

		if late.Month != 202610 || !late.Late {
			t.Errorf("an act of a closed month was posted to %s, late %v", late.Month, late.Late)
		}
		if again, _, _ := report.Kept(w.ctx, d, v, 20263); again != text {
			t.Error("the kept text changed")
		}
		if after := w.everything(v); !bytes.Equal(before, after) {
			t.Errorf("the closed quarter changed:\n%s\n%s", before, after)
		}
		township, err := report.Quarterly(w.ctx, d, w.town[0], 20263)
		w.must(err)
		if township.Sum.Acts != 2 || township.Sum.Earned != 1550 || township.Sum.Returned != 1 || township.Closed {
			t.Errorf("the township above says %+v", township.Sum)
		}
		open, err := report.Quarterly(w.ctx, d, v, 20264)
		w.must(err)
		if open.Sum.Acts != 0 || open.Sum.Late != 1 || open.Sum.Earned != 9900-1250 {
			t.Errorf("the open quarter should hold the late act and the correction: %+v", open.Sum)
		}
	})
}

// everything is what the world can see of a closed quarter: sheet and workbook.
func (w *world) everything(v int64) []byte {
	s, err := report.Detailed(w.ctx, w.d, v, 20263)
	w.must(err)
	b, err := json.Marshal(s)
	w.must(err)
	out := bytes.NewBuffer(b)
	w.must(sheet.Write(out, report.Workbook(s, report.Sheet{}, report.Cover{Code: s.Code, Author: "马主任", MadeAt: 1})))
	return out.Bytes()
}

func TestCloseGoesInOrderAndOnlyOnce(t *testing.T) {
	w := openWorld(t)
	w, v, _ := lived(t, w.d, w.clock)
	committee := mayIn(models.Committee, v)
	refused := func(err error, code, says string) {
		t.Helper()
		var e *models.Error
		if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Say, says) {
			t.Errorf("got %v (%+v), want %s saying %q", err, e, code, says)
		}
	}
	_, err := w.close(committee, v, 20264)
	refused(err, "quarter_running", "还没过完")
	_, err = w.close(mayIn(models.Publicity, w.city), v, 20263)
	refused(err, "forbidden", "没有权限")
	_, err = w.close(mayIn(models.Committee, w.village[1]), v, 20263)
	refused(err, "forbidden", "没有权限")
	_, err = w.close(mayIn(models.Committee, w.city), w.town[0], 20263)
	refused(err, "not_found", "只有村能封账")

	w.clock.Set(at("2027-04-01 00:01:00.000"))
	_, err = w.close(committee, v, 20264)
	refused(err, "quarter_order", "2026年第三季度还没有封账")
	first, err := w.close(committee, v, 20263)
	w.must(err)
	_, err = w.close(committee, v, 20263)
	refused(err, "quarter_closed", "已经封账")
	_, err = w.close(committee, v, 20271)
	refused(err, "quarter_order", "2026年第四季度还没有封账")
	_, err = w.close(committee, v, 20264)
	w.must(err)
	_, kept, err := report.Kept(w.ctx, w.d, v, 20263)
	if err != nil || kept != first {
		t.Errorf("the refusals left %+v, %v", kept, err)
	}
}

func TestCloseTwiceWithOneOperationClosesOnce(t *testing.T) {
	w := openWorld(t)
	w, v, _ := lived(t, w.d, w.clock)
	op, by := db.NewOpID(), mayIn(models.Committee, v)
	first, err := report.Close(w.ctx, w.d, op, by, v, 20263, ledger.CloseMonth)
	w.must(err)
	w.clock.Add(time.Hour)
	again, err := report.Close(w.ctx, w.d, op, by, v, 20263, ledger.CloseMonth)
	if err != nil || again != first {
		t.Errorf("the replay says %+v, %v; the first time %+v", again, err, first)
	}
}

func TestCloseComesAMinuteAfterTheQuarter(t *testing.T) {
	w := openWorld(t)
	w, v, _ := lived(t, w.d, w.clock)
	for _, early := range []string{"2026-09-30 23:59:59.999", "2026-10-01 00:00:59.999"} {
		w.clock.Set(at(early))
		if _, err := w.close(mayIn(models.Committee, v), v, 20263); models.KindOf(err) != models.Conflict {
			t.Fatalf("closed at %s, when something of the quarter could still arrive: %v", early, err)
		}
	}
	w.clock.Set(at("2026-10-01 00:01:00.000"))
	if _, err := w.close(mayIn(models.Committee, v), v, 20263); err != nil {
		t.Fatalf("a quarter that is over was refused: %v", err)
	}
}

func TestQuarterlyIsTheSameWhereverTheHostStands(t *testing.T) {
	was := time.Local
	defer func() { time.Local = was }()
	var first []byte
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, clock)
	v := w.village[0]
	clock.Set(at("2026-06-30 23:59:59.998"))
	home := w.home(v, "resident")
	for _, edge := range []string{"2026-06-30 23:59:59.999", "2026-07-01 00:00:00.000", "2026-09-30 23:59:59.999", "2026-10-01 00:00:00.000"} {
		clock.Set(at(edge))
		w.award(v, home, 100, 0, clock.Now().Day())
		w.notice(v, clock.Now())
		w.opening(v, clock.Now())
	}
	for _, zone := range []string{"UTC", "America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"} {
		loc, err := time.LoadLocation(zone)
		w.must(err)
		time.Local = loc
		var all []byte
		for q, want := range map[models.Quarter]int64{20262: 1, 20263: 2, 20264: 1} {
			s, err := report.Quarterly(w.ctx, d, v, q)
			w.must(err)
			if s.Sum.Acts != want {
				t.Errorf("%s, %s: %d acts, want %d", zone, q, s.Sum.Acts, want)
			}
		}
		s, err := report.Quarterly(w.ctx, d, v, 20263)
		w.must(err)
		all, err = json.Marshal(s)
		w.must(err)
		if first == nil {
			first = all
		}
		if !bytes.Equal(first, all) {
			t.Errorf("%s changes the sheet:\n%s\n%s", zone, first, all)
		}
	}
}
