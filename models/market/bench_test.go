package market_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/modelstest"
)

// BenchmarkRedeemOneHotItem redeems one item for many households from 64
// goroutines, as a counter's rush would.
func BenchmarkRedeemOneHotItem(b *testing.B) {
	each(b, func(b *testing.B, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(b, d, clock)
		carts := make([]market.Cart, 200)
		for i := range carts {
			h := w.home("王家")
			w.give(h, models.PointsMax)
			carts[i] = w.cart(h, one(w.haircut))
			carts[i].Lines, carts[i].Seen = []market.Line{one(w.soap)}, 2000
		}
		for range 20 {
			w.receive(w.soap, 100_000)
		}
		var n atomic.Int64
		b.SetParallelism(32) // times two cores
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := market.Redeem(w.ctx, d, db.NewOpID(), w.clerk, carts[n.Add(1)%int64(len(carts))]); err != nil {
					b.Error(err)
					return
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "redeem/s")
	})
}

// BenchmarkVoucherRace shows one voucher at twenty tills at once: one receipt,
// nineteen refusals.
func BenchmarkVoucherRace(b *testing.B) {
	each(b, func(b *testing.B, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(b, d, clock)
		w.give(w.wang, models.PointsMax)
		w.receive(w.soap, 100_000)
		for b.Loop() {
			v := w.voucher(w.wang, one(w.soap))
			w.oneWinner(race(20, func(int) error { _, err := w.redeem(w.clerk, v.Cart()); return err }), market.ErrVoucherGone)
		}
	})
}

// BenchmarkShelf reads the list that a counter's page and the public one show.
func BenchmarkShelf(b *testing.B) {
	each(b, func(b *testing.B, d *db.DB, clock *modelstest.Clock) {
		w := newWorld(b, d, clock)
		day := clock.Now().Day()
		for b.Loop() {
			if items, err := market.Shelf(w.ctx, d, w.village, w.counter, day); err != nil || len(items) != 3 {
				b.Fatal(errors.Join(err, errors.New("not three items")))
			}
		}
	})
}

// each is modelstest.Each for benchmarks.
func each(b *testing.B, bench func(b *testing.B, d *db.DB, clock *modelstest.Clock)) {
	b.Run("sqlite", func(b *testing.B) {
		d, clock := modelstest.Open(b)
		bench(b, d, clock)
	})
	b.Run("mariadb", func(b *testing.B) {
		d, clock := modelstest.OpenMariaDB(b)
		bench(b, d, clock)
	})
}
