package report

import (
	"context"
	"database/sql"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/sheet"
)

// MonthRow is what an area's villages posted for one month: acts, points and
// exchange. The tally's other numbers are zero, because no single month has them.
type MonthRow struct {
	Month models.Month
	Tally Tally
}

const villagesUnder = "(SELECT a.id FROM areas a WHERE a.level = 'village' AND (a.id = ? OR a.township_id = ? OR a.county_id = ? OR a.city_id = ?))"

// Span is the first and the last month for which an area's villages have
// anything posted; both are 0 where there is nothing yet.
func Span(ctx context.Context, c db.Conn, area int64) (first, last models.Month, err error) {
	var from, to sql.NullInt64
	err = c.Stmts(ctx).Row(`SELECT MIN(x.f), MAX(x.l) FROM (SELECT (SELECT MIN(m.month) FROM village_months m WHERE m.village_id = v.village_id) AS f,
		(SELECT MAX(m.month) FROM village_months m WHERE m.village_id = v.village_id) AS l
		FROM villages v WHERE v.village_id IN `+villagesUnder+`) x`, area, area, area, area).Scan(&from, &to)
	return models.Month(from.Int64), models.Month(to.Int64), err
}

// Months lists an area's months from the first to the last, those without
// anything posted too.
func Months(ctx context.Context, c db.Conn, area int64, from, to models.Month) ([]MonthRow, error) {
	var list []MonthRow
	at, args := map[models.Month]int{}, []any{}
	for m := from; m <= to; m = m.Add(1) {
		at[m] = len(list)
		list = append(list, MonthRow{Month: m})
		args = append(args, int64(m))
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list, c.Stmts(ctx).Each(func(row db.Scanner) error {
		var m models.Month
		var t Tally
		err := row.Scan(&m, &t.Acts, &t.Late, &t.Earned, &t.EarnedFen, &t.Deducted, &t.Visits, &t.Spent, &t.SpentFen)
		if i, ok := at[m]; ok {
			list[i].Tally = t
		}
		return err
	}, `SELECT m.month, SUM(m.acts), SUM(m.late), SUM(m.earned), SUM(m.earned_fen), SUM(m.deducted), SUM(m.visits), SUM(m.spent), SUM(m.spent_fen)
		FROM village_months m WHERE m.month IN (`+db.Holes(len(list))+`) AND m.village_id IN `+villagesUnder+` GROUP BY m.month`,
		append(args, area, area, area, area)...)
}

// VillageTable is the table of villages as the workbook has it, to be written
// on its own.
func (s Sheet) VillageTable() sheet.Sheet { return s.villagePage("各村", allColumns) }
