package ledger_test

import (
	"sync/atomic"
	"testing"

	"pointstore/models"
	"pointstore/models/ledger"
	"pointstore/models/modelstest"
)

// BenchmarkPostOne is one award per operation by many callers at once: cold
// households, each met rarely.
func BenchmarkPostOne(b *testing.B) {
	d, _ := modelstest.Open(b)
	var n atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := post(b, d, gain(n.Add(1)%2000+1, 100)); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkPostHot is the same with one household everybody posts to.
func BenchmarkPostHot(b *testing.B) {
	d, _ := modelstest.Open(b)
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := post(b, d, gain(1, 100)); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkPostBatch is an event with 200 volunteers in one operation; it
// reports entries per second.
func BenchmarkPostBatch(b *testing.B) {
	d, _ := modelstest.Open(b)
	many := make([]ledger.Entry, 200)
	for b.Loop() {
		for i := range many {
			many[i] = gain(int64(i+1), 100)
		}
		if _, err := post(b, d, many...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*200/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkStatement reads the newest page of a long passbook.
func BenchmarkStatement(b *testing.B) {
	d, _ := modelstest.Open(b)
	for range 500 {
		post(b, d, gain(1, 100))
	}
	for b.Loop() {
		if _, err := ledger.Statement(b.Context(), d, models.Household{Village: village, ID: 1}, 0, 20); err != nil {
			b.Fatal(err)
		}
	}
}
