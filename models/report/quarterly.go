package report

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"pointstore/models"
	"pointstore/models/db"
)

// Quarterly is an area's quarter: closed villages as they closed it, the others
// from the sums that the ledger keeps, so the history behind does not matter.
// An area that is not there is ErrNotFound.
func Quarterly(ctx context.Context, c db.Conn, area int64, q models.Quarter) (Sheet, error) {
	s, below, err := outline(ctx, c, area)
	if err != nil {
		return Sheet{}, err
	}
	s.Quarter, s.AsOf = q, now(c)
	if err := readReturns(ctx, c, &s); err != nil {
		return Sheet{}, err
	}
	if err := readOpen(ctx, c, &s); err != nil {
		return Sheet{}, err
	}
	s.addUp(below)
	return s, nil
}

// Detailed is Quarterly with the households per category, which are counted
// from the entries themselves: for workbooks and for closing.
func Detailed(ctx context.Context, c db.Conn, area int64, q models.Quarter) (Sheet, error) {
	s, err := Quarterly(ctx, c, area, q)
	if err == nil {
		err = s.CountHouseholds(ctx, c)
	}
	return s, err
}

// Previous is the same area one quarter earlier, to compare with.
func Previous(ctx context.Context, c db.Conn, s Sheet) (Sheet, error) {
	return Quarterly(ctx, c, s.Area, s.Quarter.Add(-1))
}

type areaRow struct {
	id, city, county, township int64
	level, name                string
}

const areaColumns = "a.id, a.level, a.name, a.city_id, a.county_id, a.township_id"

// outline finds the area, its villages and the names of what lies between.
func outline(ctx context.Context, c db.Conn, area int64) (Sheet, map[int64]string, error) {
	s := Sheet{}
	names := map[int64]string{}
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var a areaRow
		var v VillageRow
		err := row.Scan(&a.id, &a.level, &a.name, &a.city, &a.county, &a.township, &v.ID, &v.Class, &v.Sponsor, &v.SponsorUnit, &v.Rate, &v.Rhythm)
		names[a.id] = a.name
		if a.id == area {
			s.Area, s.Level, s.Name = a.id, a.level, a.name
			s.Place = placeOf(a)
		}
		if v.ID != 0 {
			v.Name, v.Township, v.County, v.City = a.name, a.township, a.county, a.city
			s.Villages = append(s.Villages, v)
		}
		return err
	}, "SELECT "+areaColumns+`, COALESCE(v.village_id, 0), COALESCE(v.class, ''), COALESCE(v.sponsor, ''), COALESCE(v.sponsor_unit, ''),
		COALESCE(v.point_rate, 0), COALESCE(v.rhythm_months, 1)
		FROM areas a LEFT JOIN villages v ON v.village_id = a.id AND a.level = 'village'
		WHERE a.id = ? OR a.township_id = ? OR a.county_id = ? OR a.city_id = ? ORDER BY a.id`, area, area, area, area)
	if err != nil {
		return s, nil, err
	}
	if s.Area == 0 {
		return s, nil, models.ErrNotFound.With("没有找到这个地方，请从季报首页重新进入")
	}
	if err := readAncestors(ctx, c, s.Place, names); err != nil {
		return s, nil, err
	}
	for i := range s.Villages {
		v := &s.Villages[i]
		v.TownshipName, v.CountyName = names[v.Township], names[v.County]
	}
	return s, names, nil
}

func placeOf(a areaRow) models.Place {
	p := models.Place{City: a.city, County: a.county, Township: a.township}
	switch a.level {
	case "city":
		p.City = a.id
	case "county":
		p.County = a.id
	case "township":
		p.Township = a.id
	case "village":
		p.Village = a.id
	}
	return p
}

func readAncestors(ctx context.Context, c db.Conn, p models.Place, names map[int64]string) error {
	return c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id int64
		var name string
		err := row.Scan(&id, &name)
		names[id] = name
		return err
	}, "SELECT id, name FROM areas WHERE id IN (?, ?, ?)", p.City, p.County, p.Township)
}

// kept is a village's row as a closed return keeps it. Format grows when its
// meaning changes.
type kept struct {
	Format  int            `json:"format"`
	Quarter models.Quarter `json:"quarter"`
	Row     VillageRow     `json:"village"`
}

const keptFormat = 1

// readReturns puts the rows of closed villages in as they were closed. Where a
// village lies and who looks after it stay as they are today, so that every
// village is in the sum of the area it is shown under.
func readReturns(ctx context.Context, c db.Conn, s *Sheet) error {
	if len(s.Villages) == 0 {
		return nil
	}
	args := []any{int64(s.Quarter)}
	for _, v := range s.Villages {
		args = append(args, v.ID)
	}
	return c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id int64
		var sheet, code string
		if err := row.Scan(&id, &sheet, &code); err != nil {
			return err
		}
		var k kept
		if err := json.Unmarshal([]byte(sheet), &k); err != nil {
			return err
		}
		for i := range s.Villages {
			if v := &s.Villages[i]; v.ID == id {
				today := *v
				*v = k.Row
				v.Township, v.TownshipName, v.County, v.CountyName, v.City = today.Township, today.TownshipName, today.County, today.CountyName, today.City
				v.Closed, v.Code = true, code
			}
		}
		return nil
	}, "SELECT village_id, sheet, code FROM returns WHERE quarter = ? AND state = 'closed' AND village_id IN ("+db.Holes(len(s.Villages))+")", args...)
}

// chunkSize is how many villages one statement reads: few enough that grouping
// their households stays in the processor's cache.
const chunkSize = 8

// readOpen reads the villages that have not closed, chunk by chunk, several at
// once where the connection allows it: a transaction is one conversation.
func readOpen(ctx context.Context, c db.Conn, s *Sheet) error {
	var open []*VillageRow
	for i := range s.Villages {
		if !s.Villages[i].Closed {
			s.Villages[i].AsOf = s.AsOf
			open = append(open, &s.Villages[i])
		}
	}
	workers := 1
	if _, alone := c.(*db.Tx); !alone {
		workers = min(runtime.GOMAXPROCS(0), 4)
	}
	chunks := slices.Collect(slices.Chunk(open, chunkSize))
	errs := make([]error, len(chunks))
	var wait sync.WaitGroup
	for w := range min(workers, len(chunks)) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := w; i < len(chunks); i += workers {
				errs[i] = readChunk(ctx, c, s, chunks[i])
			}
		}()
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// readChunk reads a few villages. A panic becomes an error: in a goroutine of
// its own it would end the program.
func readChunk(ctx context.Context, c db.Conn, s *Sheet, villages []*VillageRow) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a report: %v", p)
		}
	}()
	return newReader(ctx, c, s, villages).read()
}
