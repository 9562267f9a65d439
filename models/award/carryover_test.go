package award_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
	"pointstore/models/sheet"
)

func table(t testing.TB, text string) sheet.Table {
	t.Helper()
	tb, err := sheet.Read("旧账.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return tb
}

func (w *world) carry(text string) (award.Carried, error) {
	return award.CarryOver(w.t.Context(), w.d, db.NewOpID(), w.he, w.village, award.CarryAsk{Table: table(w.t, text), Resolution: "2026年第3号", AsOf: "2026-10-31"})
}

const oldBalances = "青石村2026年积分结余\n户号,户主,剩余积分,累计积分\n001,马少明,120.5,300\n002,李桂兰,０,88\n003,王建国,0,0\n合计,,120.5,388\n"

func TestCarryOverPostsOldBalancesOnceAsNoConduct(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 4)
		op, ask := db.NewOpID(), award.CarryAsk{Table: table(t, oldBalances), Resolution: "2026年第3号", AsOf: "2026-10-31"}
		done, err := award.CarryOver(t.Context(), d, op, w.he, w.village, ask)
		w.must(err)
		if done.Households != 2 || done.Points != 12050 || done.Honour != 38800 {
			t.Errorf("%+v", done)
		}
		again, err := award.CarryOver(t.Context(), d, op, w.he, w.village, ask)
		if err != nil || again != done {
			t.Errorf("the same operation again: %v %+v", err, again)
		}
		w.wantBook(0, 12050, 30000)
		w.wantBook(1, 0, 8800)
		e, err := ledger.GetEntry(t.Context(), d, w.homes[0], 1)
		if err != nil || e.Kind != ledger.Opening || e.ActDate != "2026-10-31" || e.Cause != done.ID {
			t.Errorf("%v: %+v", err, e)
		}
		var acts int
		w.must(d.Stmts(t.Context()).Row("SELECT COUNT(*) FROM household_months WHERE village_id = ?", w.village).Scan(&acts))
		if acts != 0 {
			t.Error("old balances count as conduct")
		}
		if _, err := w.carry(oldBalances); !errors.Is(err, db.ErrImported) {
			t.Errorf("the same file: %v", err)
		}
		if _, err := w.carry("户号,积分\n001,5\n004,7\n"); models.KindOf(err) != models.Input {
			t.Errorf("a second balance for a household: %v", err)
		}
		w.wantBook(3, 0, 0)
		w.must(award.Correct(t.Context(), d, db.NewOpID(), w.he, w.homes[0], 1, "算错了"))
		if _, err := w.carry("户号,积分\n001,5\n004,7\n"); err != nil {
			t.Errorf("after the first was corrected: %s", say(err))
		}
		w.wantBook(0, 500, 500)
		w.wantBook(3, 700, 700)
		w.wantSound()
	})
}

func TestTwoCarryOversAtOnceGiveAHouseholdOneBalance(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		w := newWorld(t, d, 3)
		var all sync.WaitGroup
		for _, text := range []string{"户号,积分\n001,5\n002,6\n", "户号,积分\n002,6\n001,5\n", "户号,积分\n003,1\n001,5\n"} {
			all.Go(func() { w.carry(text) })
		}
		all.Wait()
		lines, err := ledger.Statement(t.Context(), d, w.homes[0], 0, 10)
		if err != nil || len(lines) != 1 {
			t.Errorf("%v: %d lines", err, len(lines))
		}
		w.wantSound()
	})
}

func TestPreviewBalancesNamesEveryRowThatIsWrong(t *testing.T) {
	d, clock := modelstest.Open(t)
	w := newWorld(t, d, 8)
	w.set(3, "left_at", int64(clock.Now()))
	w.set(5, "joining", "out")
	p, err := award.PreviewBalances(t.Context(), d, w.village, table(t, "户号,户主,可兑积分\n001,马少明,5\n099,谁,5\n002,马少明,5\n003,王建国,-5\n004,丁力,5\n006,李桂兰,5\n001,马少明,6\n,丁力,5\n007,王建国,很多\n"), nil, nil)
	w.must(err)
	var got []string
	for _, problem := range p.Problems {
		got = append(got, problem.String())
	}
	for _, want := range []string{"第 3 行“户号”“099”在农户名册里没有", "第 4 行“户主”写的是“马少明”，名册上 002 号的户主是“李桂兰”", "第 5 行", "第 6 行“户号”这一户已经不在村里",
		"第 7 行“户号”这一户暂不参加", "第 8 行“户号”和第 2 行是同一户", "第 9 行“户主”有几户的户主都叫“丁力”", "第 10 行“可兑积分”"} {
		if !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("nothing says %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	if len(p.Problems) != 8 || len(p.Rows) != 1 || p.Rows[0].Understood != "马少明 1组001：可兑 5 分，荣誉 5 分" {
		t.Errorf("%d problems, rows %+v", len(p.Problems), p.Rows)
	}
	if p.Ready() == nil {
		t.Error("ready all the same")
	}
}

func TestBalancesBookHasRoomForSignatures(t *testing.T) {
	d, _ := modelstest.Open(t)
	w := newWorld(t, d, 3)
	p, err := award.PreviewBalances(t.Context(), d, w.village, table(t, oldBalances), nil, nil)
	w.must(err)
	var b bytes.Buffer
	w.must(sheet.Write(&b, award.BalancesBook("青石村", "2026-10-31", p)))
	back, err := sheet.Read("核对表.xlsx", b.Bytes())
	w.must(err)
	var titles []string
	for _, c := range back.Columns {
		titles = append(titles, c.Title)
	}
	if s := strings.Join(titles, ","); !strings.Contains(s, "户主,可兑积分,荣誉积分,核对签名(按印)") {
		t.Errorf("columns %s", s)
	}
	if len(back.Rows) != 2 || back.Rows[0].Cell(2) != "李桂兰" && back.Rows[0].Cell(2) != "马少明" {
		t.Errorf("rows %+v", back.Rows)
	}
}
