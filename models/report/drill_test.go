package report_test

import (
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
	"pointstore/models/report"
)

func TestOpenPagesThroughEveryEntryOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(t, d, clock)
		v := w.village[0]
		clock.Set(at("2026-08-10 09:00:00.000"))
		var batch []ledger.Entry
		for range 130 {
			h := models.Household{Village: v, ID: w.home(v, "resident")}
			for range 2 {
				batch = append(batch, ledger.Entry{Household: h, Kind: ledger.Award, Points: 100, Honour: 100, Category: w.kinds[v][0], ActDate: "2026-08-09"})
			}
		}
		w.must(d.InTx(w.ctx, db.Op{ID: db.NewOpID(), Village: v, Kind: "test"}, func(tx *db.Tx) error {
			_, err := ledger.Post(tx, 10000, batch...)
			return err
		}))
		for key, want := range map[string]int{"acts": 260, "participation": 130} {
			seen := map[[2]int64]bool{}
			pages, after := 0, ""
			for {
				drill, err := report.Open(w.ctx, d, v, 20263, key, report.Filter{}, after)
				w.must(err)
				if drill.Total != drill.Cell || drill.Cell.Num != int64(want) {
					t.Fatalf("%s: total %v, cell %v, want %d", key, drill.Total, drill.Cell, want)
				}
				for _, r := range drill.Rows {
					seen[[2]int64{r.Household, r.Seq}] = true
				}
				pages++
				if after = drill.Next; after == "" {
					break
				}
			}
			if len(seen) != want || pages < 2 {
				t.Errorf("%s: %d different rows on %d pages, want %d", key, len(seen), pages, want)
			}
		}
		for _, wrong := range []string{"x!", "1", "1.2.3.4", strings.Repeat("9", 99)} {
			if _, err := report.Open(w.ctx, d, v, 20263, "acts", report.Filter{}, wrong); models.KindOf(err) != models.NotFound {
				t.Errorf("page %q: %v", wrong, err)
			}
		}
	})
}

func TestOpenShowsNobodysNameAndNoPrivateMatter(t *testing.T) {
	w := openWorld(t)
	v := w.village[0]
	w.clock.Set(at("2026-08-10 09:00:00.000"))
	plain, hidden := w.home(v, "resident"), w.home(v, "away")
	w.exec("UPDATE households SET number = '0012', group_no = 3, hidden = 0, head_name = '马·阿卜杜拉' WHERE village_id = ? AND id = ?", v, plain)
	w.exec("UPDATE households SET number = '0013', group_no = 3, hidden = 1, head_name = '丁玉兰' WHERE village_id = ? AND id = ?", v, hidden)
	record := func(home int64, item string, private int) {
		rule, award := models.NewID(), models.NewID()
		w.exec("INSERT INTO rules (village_id, id, version_id, category_id, position, item, direction, points_min, points_max) VALUES (?, ?, 1, 1, 1, ?, '+', 100, 100)", v, rule, item)
		w.exec(`INSERT INTO awards (village_id, id, household_id, version_id, rule_id, category_id, act_date, points, honour, state, private, recorded_at, op_id)
			VALUES (?, ?, ?, 1, ?, 1, '2026-08-09', 100, 100, 'posted', ?, 1, ?)`, v, award, home, rule, private, []byte{1})
		_, err := w.post(v, ledger.Entry{Household: models.Household{ID: home}, Kind: ledger.Award, Points: 100, Category: w.kinds[v][0], ActDate: "2026-08-09", Cause: award})
		w.must(err)
	}
	record(plain, "打扫门前卫生", 0)
	record(hidden, "调解邻里纠纷", 1)
	w.must(w.reverse(v, plain, 1))
	all := ""
	for _, i := range report.Indicators {
		d, err := report.Open(w.ctx, w.d, v, 20263, i.Key, report.Filter{}, "")
		w.must(err)
		for _, r := range d.Rows {
			all += r.Name + "·" + r.Detail + "\n"
		}
	}
	for _, want := range []string{"马·阿*拉 3组012·打扫门前卫生\n", "马·阿*拉 3组012·更正：打扫门前卫生\n", "（不公开姓名）3组013·不公示的事项\n", "（不公开姓名）3组013·1 件，常年外出\n"} {
		if !strings.Contains(all, want) {
			t.Errorf("no row says %q in\n%s", want, all)
		}
	}
	for _, never := range []string{"阿卜杜拉", "玉兰", "丁", "纠纷"} {
		if strings.Contains(all, never) {
			t.Errorf("the rows tell %q", never)
		}
	}
}

func TestOpenNarrowsByGroupAndCategory(t *testing.T) {
	w := busy(t)
	s, err := report.Detailed(w.ctx, w.d, w.city, 20263)
	w.must(err)
	for _, g := range s.Groups {
		d := w.walk(w.city, 20263, "participation", report.Filter{By: g.By, Key: g.Key})
		if want := (report.Part{Num: g.Tally.Participants, Den: g.Tally.Roll}); d.Cell != want || d.Total != want || len(d.Rows) != int(g.Tally.Villages) {
			t.Errorf("%s %s: cell %v, total %v, %d rows; the group says %v of %d villages", g.By, g.Name, d.Cell, d.Total, len(d.Rows), want, g.Tally.Villages)
		}
		for _, c := range g.Categories {
			d := w.walk(w.city, 20263, "active", report.Filter{By: g.By, Key: g.Key, Category: c.Filter()})
			if d.Total != d.Cell || d.Cell.Num != c.Households {
				t.Errorf("%s %s, %s: cell %v, total %v, want %d households", g.By, g.Name, c.Name, d.Cell, d.Total, c.Households)
			}
		}
	}
	if _, err := report.Open(w.ctx, w.d, w.city, 20263, "seal", report.Filter{Category: "c:law"}, ""); models.KindOf(err) != models.Input {
		t.Errorf("a number without categories: %v", err)
	}
	for _, area := range []int64{0, 42} {
		if _, err := report.Open(w.ctx, w.d, area, 20263, "acts", report.Filter{}, ""); models.KindOf(err) != models.NotFound {
			t.Errorf("area %d: %v", area, err)
		}
	}
}
