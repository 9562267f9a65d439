package report_test

import (
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/report"
)

func TestFindDocumentVerifiesWhatWasPublished(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w, v, _ := lived(t, d, clock)
		s, err := report.Quarterly(w.ctx, d, w.county[0], 20263)
		w.must(err)
		op, by := db.NewOpID(), mayIn(models.Publicity, w.county[0])
		code, err := report.Publish(w.ctx, d, op, by, s)
		w.must(err)
		if again, err := report.Publish(w.ctx, d, op, by, s); err != nil || again != code {
			t.Errorf("the same operation gave %s, %v, then %s", code, err, again)
		}
		if _, err := report.Publish(w.ctx, d, db.NewOpID(), mayIn(models.Publicity, w.county[1]), s); models.KindOf(err) != models.Forbidden {
			t.Errorf("the neighbouring county may publish it: %v", err)
		}
		typed := " " + strings.NewReplacer("0", "o", "1", "l", "-", "").Replace(strings.ToLower(code))
		p, err := report.FindDocument(w.ctx, d, typed)
		w.must(err)
		if p.Area != w.county[0] || p.Title != "永宁县 2026年第三季度 积分超市季报" || !strings.Contains(p.Summary, "户参与率：50.0%（1 / 2 户）") {
			t.Errorf("found %+v", p)
		}
		for _, wrong := range []string{"", "7K2M", "7K2M-Q9XF", "七七七七七七七七", strings.Repeat("A", 5000)} {
			if _, err := report.FindDocument(w.ctx, d, wrong); models.KindOf(err) != models.NotFound {
				t.Errorf("%.20q: %v", wrong, err)
			}
		}
		w.exec("UPDATE documents SET summary = REPLACE(summary, '50.0%', '90.0%') WHERE code = ?", code)
		if _, err := report.FindDocument(w.ctx, d, code); models.KindOf(err) != models.Unhealthy {
			t.Errorf("a changed registration was taken for true: %v", err)
		}
		_ = v
	})
}

func TestVerifyReturnsFindsWhatWasChanged(t *testing.T) {
	for _, change := range []string{
		"UPDATE returns SET sheet = REPLACE(sheet, '\"acts\":2', '\"acts\":3')",
		"UPDATE documents SET summary = REPLACE(summary, 'SHA-256', 'SHA256')",
		"UPDATE documents SET code = '0000-0000'",
		"DELETE FROM documents",
	} {
		w := openWorld(t)
		w, v, _ := lived(t, w.d, w.clock)
		r, err := w.close(mayIn(models.Committee, v), v, 20263)
		w.must(err)
		if p, err := report.FindDocument(w.ctx, w.d, r.Code); err != nil || p.Kind != report.PaperReturn || p.Area != v {
			t.Errorf("the closed quarter's own code finds %+v, %v", p, err)
		}
		if faults, err := report.VerifyReturns(w.ctx, w.d, v); err != nil || len(faults) != 0 {
			t.Fatalf("an untouched return: %v, %v", faults, err)
		}
		w.exec(change)
		if faults, err := report.VerifyReturns(w.ctx, w.d, v); err != nil || len(faults) != 1 {
			t.Errorf("%s: %v, %v", change, faults, err)
		}
	}
}

func TestWarningsNameWhatWouldMissTheQuarter(t *testing.T) {
	w := openWorld(t)
	w, v, home := lived(t, w.d, w.clock)
	add := func(state string, notice int64, act string) {
		w.exec(`INSERT INTO awards (village_id, id, household_id, version_id, rule_id, category_id, act_date, points, honour, state, recorded_at, notice_id, op_id)
			VALUES (?, ?, ?, 1, 1, 1, ?, 100, 100, ?, 1, ?, ?)`, v, models.NewID(), home, act, state, notice, []byte{1})
	}
	if list, err := report.Warnings(w.ctx, w.d, v, 20263); err != nil || len(list) != 0 {
		t.Fatalf("nothing waits: %v, %v", list, err)
	}
	notice := w.numbers("SELECT id FROM notices WHERE village_id = ?", v)[0]
	add("noticed", 0, "2026-09-30")
	add("noticed", 0, "2026-10-01")
	add("noticed", notice, "2026-09-01")
	add("noticed", notice, "2026-09-02")
	add("posted", notice, "2026-09-02")
	add("frozen", notice, "2026-07-01")
	list, err := report.Warnings(w.ctx, w.d, v, 20263)
	w.must(err)
	got := strings.Join(list, "\n")
	want := "有 1 件还没有公示上墙，现在封账就记到下个季度（补录）\n有 2 件公示还没到期，现在封账就记到下个季度（补录）\n有 1 件有人提意见、还没答复，现在封账就记到下个季度（补录）"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
