package report_test

import (
	"context"
	"testing"

	"pointstore/models"
	"pointstore/models/modelstest"
	"pointstore/models/report"
)

// bigCity fills a city of 50 villages × 400 households with the sums of 24
// months, as the ledger would keep them.
func bigCity(b *testing.B) (touch func(), read func(area int64, q models.Quarter) report.Sheet) {
	d, clock := modelstest.Open(b)
	clock.Set(at("2026-12-20 09:00:00.000"))
	for _, q := range []string{
		`INSERT INTO areas (id, level, name) VALUES (1, 'city', '银川市')`,
		`WITH RECURSIVE v(x) AS (SELECT 101 UNION ALL SELECT x+1 FROM v WHERE x < 150) INSERT INTO areas (id, level, name, city_id, county_id, township_id) SELECT x, 'village', '村' || x, 1, 2 + x % 3, 10 + x % 10 FROM v`,
		`INSERT INTO villages (village_id) SELECT id FROM areas WHERE level = 'village'`,
		`WITH RECURSIVE h(y) AS (SELECT 1 UNION ALL SELECT y+1 FROM h WHERE y < 400) INSERT INTO households (village_id, id, number, head_name, search, residence, created_at, pin, phone_sealed)
			SELECT v.village_id, 1000000 + y, y, '马少明', '马少明 mashaoming msm', CASE WHEN y % 10 < 3 THEN 'away' ELSE 'resident' END, 1, randomblob(32), randomblob(40) FROM villages v, h`,
		`INSERT INTO passbooks (village_id, household_id, balance, seq, first_month, head) SELECT village_id, id, 1000, 50, 202501, randomblob(32) FROM households`,
		`WITH RECURSIVE m(z) AS (SELECT 0 UNION ALL SELECT z+1 FROM m WHERE z < 23) INSERT INTO household_months (village_id, month, household_id, earned, deducted, spent, acts, visits)
			SELECT village_id, 202501 + z/12*100 + z%12, id, 500, 0, 300, (id + z) % 3, (id + z) % 2 FROM households, m`,
		`WITH RECURSIVE c(k) AS (SELECT 1 UNION ALL SELECT k+1 FROM c WHERE k < 8) INSERT INTO categories (village_id, id, name, county_key) SELECT village_id, k, '类' || k, 'law' FROM villages, c`,
		`WITH RECURSIVE m(z) AS (SELECT 0 UNION ALL SELECT z+1 FROM m WHERE z < 23) INSERT INTO village_months (village_id, month, category_id, slot, earned, deducted, acts, late, earned_fen, spent, spent_fen, visits)
			SELECT village_id, 202501 + z/12*100 + z%12, id, 0, 25000, 0, 50, 1, 25000, 0, 0, 0 FROM categories, m`,
		`WITH RECURSIVE n(z) AS (SELECT 0 UNION ALL SELECT z+1 FROM n WHERE z < 103) INSERT INTO notices (village_id, id, number, year, title, days, state, made_at, hung_at)
			SELECT village_id, z, z, 2025 + z/52, '公示', 3, 'closed', 1, 1735689600000 + z * 604800000 FROM villages, n`,
		`WITH RECURSIVE s(z) AS (SELECT 0 UNION ALL SELECT z+1 FROM s WHERE z < 700) INSERT INTO seals (village_id, day, hash, operations, entries, sealed_at)
			SELECT village_id, date('2025-01-01', '+' || z || ' days'), x'00', 1, 1, 1 FROM villages, s`,
		`INSERT INTO versions (village_id, id, scheme_id, number, adopted_on, in_force_from, created_at) SELECT village_id, 1, 1, 1, '2025-01-01', '2025-01-01', 1 FROM villages`,
	} {
		if _, err := d.SQL().Exec(q); err != nil {
			b.Fatal(err)
		}
	}
	read = func(area int64, q models.Quarter) report.Sheet {
		s, err := report.Quarterly(context.Background(), d, area, q)
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	s := read(1, 20264)
	if s.Sum.Roll != 20000 || s.Sum.Participants == 0 {
		b.Fatalf("%+v", s.Sum)
	}
	return func() {
		if _, err := d.SQL().Exec("UPDATE passbooks SET seq = seq + 1 WHERE household_id = 1000001"); err != nil {
			b.Fatal(err)
		}
	}, read
}

// BenchmarkCityQuarter reads the open quarter of a city of 50 villages in which
// nothing was posted since somebody looked last.
func BenchmarkCityQuarter(b *testing.B) {
	_, read := bigCity(b)
	for b.Loop() {
		read(1, 20264)
	}
}

// BenchmarkCityQuarterAfterPostings reads it after something was posted in every
// one of them.
func BenchmarkCityQuarterAfterPostings(b *testing.B) {
	touch, read := bigCity(b)
	for b.Loop() {
		b.StopTimer()
		touch()
		b.StartTimer()
		read(1, 20264)
	}
}

// BenchmarkVillageQuarter reads the open quarter of one of them.
func BenchmarkVillageQuarter(b *testing.B) {
	_, read := bigCity(b)
	for b.Loop() {
		read(101, 20264)
	}
}
