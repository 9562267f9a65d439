package award_test

import (
	"sync/atomic"
	"testing"

	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
)

func benchWorld(b *testing.B, posting string, homes int) (*world, *modelstest.Clock) {
	b.Helper()
	d, clock := modelstest.Open(b)
	w := newWorld(b, d, homes)
	w.adopt(scheme.Adoption{Posting: posting}, rule("庭院整洁", "+", 5), rule("开会", "+", 2, scheme.Cap{Times: 1_000_000, Period: "year"}))
	return w, clock
}

// benchOne records single awards from 64 people at once; households take turns.
func benchOne(b *testing.B, posting, item string) {
	w, _ := benchWorld(b, posting, 1200)
	var n atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := award.Record(b.Context(), w.d, db.NewOpID(), w.he, w.ask(int(n.Add(1))%1200, item, "")); err != nil {
				b.Error(say(err))
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "awards/s")
}

func BenchmarkRecordOne(b *testing.B)       { benchOne(b, scheme.PostNow, "庭院整洁") }
func BenchmarkRecordOneNotice(b *testing.B) { benchOne(b, scheme.PostNotice, "庭院整洁") }
func BenchmarkRecordOneCapped(b *testing.B) { benchOne(b, scheme.PostNow, "开会") }

func benchHundred(b *testing.B, posting string) {
	w, _ := benchWorld(b, posting, 1200)
	var n atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			from := int(n.Add(1)) * 100 % 1200
			ask := award.Ask{Village: w.village, Rule: w.rules["庭院整洁"].ID}
			for _, h := range w.homes[from : from+100] {
				ask.Households = append(ask.Households, h.ID)
			}
			if _, err := award.Record(b.Context(), w.d, db.NewOpID(), w.he, ask); err != nil {
				b.Error(say(err))
			}
		}
	})
	b.ReportMetric(100*float64(b.N)/b.Elapsed().Seconds(), "awards/s")
}

func BenchmarkRecordHundred(b *testing.B)       { benchHundred(b, scheme.PostNow) }
func BenchmarkRecordHundredNotice(b *testing.B) { benchHundred(b, scheme.PostNotice) }

func BenchmarkEndNotice(b *testing.B) {
	const awards = 3000
	w, clock := benchWorld(b, scheme.PostNotice, 1000)
	for b.Loop() {
		b.StopTimer()
		n := w.hangAll("庭院整洁", awards/1000)
		clock.Set(n.EndsAt)
		b.StartTimer()
		if k, err := award.EndNotices(b.Context(), w.d); k != awards || err != nil {
			b.Fatal(k, err)
		}
	}
	b.ReportMetric(awards*float64(b.N)/b.Elapsed().Seconds(), "awards/s")
}

func BenchmarkBoard(b *testing.B) {
	w, _ := benchWorld(b, scheme.PostNotice, 300)
	w.hangAll("庭院整洁", 1)
	for b.Loop() {
		if all, err := award.Board(b.Context(), w.d, w.village); err != nil || len(all) != 1 {
			b.Fatal(err)
		}
	}
}

// BenchmarkReview is a meeting that decides 200 claims of as many households in
// one stroke: a quarter refused, the rest passed.
func BenchmarkReview(b *testing.B) {
	const claims = 200
	w, _ := benchWorld(b, scheme.PostNotice, claims)
	for b.Loop() {
		b.StopTimer()
		var verdicts []award.Verdict
		for i, h := range w.homes {
			ask := w.ask(i, "庭院整洁", "")
			ask.Way, ask.Note = award.WayPaper, "扫了巷子"
			a, err := award.Record(b.Context(), w.d, db.NewOpID(), w.he, ask)
			if err != nil || a[0].State != award.Checked {
				b.Fatal(h, err)
			}
			v := pass(a[0])
			if i%4 == 0 {
				v = refuse(a[0], "没有人看见")
			}
			verdicts = append(verdicts, v)
		}
		m := w.meet(w.tian(), tianHere, rep)
		b.StartTimer()
		if err := w.decide(w.tian(), m, verdicts...); err != nil {
			b.Fatal(say(err))
		}
	}
	b.ReportMetric(claims*float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

func BenchmarkAgenda(b *testing.B) {
	const claims = 200
	w, _ := benchWorld(b, scheme.PostNotice, claims)
	for i := range w.homes {
		ask := w.ask(i, "庭院整洁", "")
		ask.Way, ask.Note = award.WayPaper, "扫了巷子"
		w.give(ask)
	}
	m := w.meet(w.tian(), tianHere, rep)
	for b.Loop() {
		g, err := award.GetAgenda(b.Context(), w.d, w.village, m.ID, w.tian())
		if err != nil || g.Waiting != claims {
			b.Fatal(g.Waiting, err)
		}
	}
}
