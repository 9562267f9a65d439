package award

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

// CarryAsk is a table of old balances that goes into the passbooks.
type CarryAsk struct {
	Table      sheet.Table
	Columns    map[string]int
	Skip       []int
	Resolution string      // the number under which the village resolved it
	AsOf       models.Date // the day the balances stood so
}

// Carried is one batch of old balances, as posted.
type Carried struct {
	Village, ID int64
	Resolution  string
	AsOf        models.Date
	Households  int
	Points      models.Points
	Honour      models.Points
	PostedAt    models.Millis
}

// ErrCarried refuses a second carry-over for a household.
var ErrCarried = &models.Error{Kind: models.Conflict, Code: "already_carried", Say: "有的户旧账已经结转过，这一批都没有结转；请重新打开预览核对"}

// CarryOver posts old balances as one batch: all rows or none. They count as no
// conduct. The same file, or a second batch for a household, is refused.
func CarryOver(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, ask CarryAsk) (Carried, error) {
	ask.Resolution = models.Normal(ask.Resolution)
	if ask.Resolution == "" || utf8.RuneCountInString(ask.Resolution) > 64 {
		return Carried{}, models.ErrInput.With("请写明决议编号（最多 64 个字），没有结转").At("resolution")
	}
	if err := may(ctx, d, by, models.SetUpVillage, v); err != nil {
		return Carried{}, err
	}
	done := Carried{Village: v, ID: models.NewID()}
	id := done.ID
	asked := struct {
		File       [32]byte
		Columns    map[string]int
		Skip       []int
		Resolution string
		AsOf       models.Date
	}{ask.Table.Hash, ask.Columns, ask.Skip, ask.Resolution, ask.AsOf}
	again := func(tx *db.Tx, id int64) (err error) {
		done, err = GetCarryOver(ctx, tx, v, id)
		return err
	}
	err := d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "carry-over", Asked: asked, By: by, Subject: id, Again: again}, func(tx *db.Tx) (err error) {
		done, err = carry(ctx, tx, by, v, id, ask)
		return err
	})
	return done, err
}

func carry(ctx context.Context, tx *db.Tx, by models.Actor, v, id int64, ask CarryAsk) (Carried, error) {
	done := Carried{Village: v, ID: id, Resolution: ask.Resolution, AsOf: ask.AsOf, PostedAt: tx.Now}
	if done.AsOf == "" {
		done.AsOf = tx.Now.Day()
	}
	if _, err := models.ParseDate(string(done.AsOf)); err != nil || done.AsOf > tx.Now.Day() {
		return done, models.ErrInput.With("结转的日期要像 2026-11-23 这样填，不能晚于今天；没有结转").At("as_of")
	}
	if err := db.Imported(tx, v, "balances", ask.Table.Hash, ask.Table.Name, len(ask.Table.Rows), by); err != nil {
		return done, err
	}
	p, err := PreviewBalances(ctx, tx, v, ask.Table, ask.Columns, ask.Skip)
	if err != nil {
		return done, err
	}
	if err := p.Ready(); err != nil {
		return done, err
	}
	done.Households, done.Points, done.Honour = len(p.Rows), p.Points, p.Honour
	entries := make([]ledger.Entry, len(p.Rows))
	for i, r := range p.Rows {
		entries[i] = ledger.Entry{Household: r.Home.Household, Kind: ledger.Opening, Points: r.Points, Honour: r.Honour, ActDate: done.AsOf, Cause: id}
	}
	_, err = tx.SQL.Exec("INSERT INTO carryovers (village_id, id, resolution, as_of, households, points, honour, posted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		v, id, done.Resolution, string(done.AsOf), done.Households, int64(done.Points), int64(done.Honour), int64(tx.Now))
	if err != nil {
		return done, err
	}
	rate, err := rateOf(ctx, tx, v)
	if err != nil {
		return done, err
	}
	if _, err := ledger.Post(tx, rate, entries...); err != nil {
		return done, err
	}
	// Counted again behind the passbooks' guard: of two batches at once, the
	// second now sees the first.
	times, err := openings(ctx, tx, v)
	for _, n := range times {
		if n > 1 {
			return done, ErrCarried
		}
	}
	return done, err
}

// rateOf is today's value of a point; a village without rules yet counts one
// yuan.
func rateOf(ctx context.Context, tx *db.Tx, v int64) (models.Rate, error) {
	rules, err := scheme.Current(ctx, tx, v, tx.Now.Day())
	if errors.Is(err, scheme.ErrNoRules) {
		return 10000, nil
	}
	return rules.PointRate, err
}

const carryColumns = "village_id, id, resolution, as_of, households, points, honour, posted_at"

func scanCarry(row db.Scanner) (c Carried, err error) {
	err = row.Scan(&c.Village, &c.ID, &c.Resolution, &c.AsOf, &c.Households, &c.Points, &c.Honour, &c.PostedAt)
	return c, err
}

// GetCarryOver reads one batch.
func GetCarryOver(ctx context.Context, c db.Conn, v, id int64) (Carried, error) {
	return scanCarry(c.Stmts(ctx).Row("SELECT "+carryColumns+" FROM carryovers WHERE village_id = ? AND id = ?", v, id))
}

// CarryOvers lists the village's batches, newest first.
func CarryOvers(ctx context.Context, c db.Conn, v int64) ([]Carried, error) {
	var all []Carried
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		k, err := scanCarry(row)
		all = append(all, k)
		return err
	}, "SELECT "+carryColumns+" FROM carryovers WHERE village_id = ? ORDER BY id DESC", v)
	return all, err
}

// BalancesBook is the 旧积分核对表 that is printed and signed before anything is
// posted: every household with its full name, its old balance, and room for a
// signature or thumbprint.
func BalancesBook(villageName string, asOf models.Date, p BalancePreview) sheet.Book {
	s := sheet.Sheet{Name: "旧积分核对表", TitleRow: villageName + "旧积分核对表", Freeze: true, Columns: []sheet.Col{
		{Head: "户号", Width: 10}, {Head: "组", Width: 6, Kind: sheet.AsNumber}, {Head: "户主", Width: 14}, {Head: "可兑积分", Width: 12, Kind: sheet.AsPoints},
		{Head: "荣誉积分", Width: 12, Kind: sheet.AsPoints}, {Head: "核对签名（按印）", Width: 22}, {Head: "备注", Width: 16},
	}}
	rows := slices.Clone(p.Rows)
	slices.SortStableFunc(rows, func(a, b BalanceRow) int {
		if a.Home.Group != b.Home.Group {
			return a.Home.Group - b.Home.Group
		}
		if len(a.Home.Number) != len(b.Home.Number) {
			return len(a.Home.Number) - len(b.Home.Number)
		}
		return strings.Compare(a.Home.Number, b.Home.Number)
	})
	for _, r := range rows {
		s.Rows = append(s.Rows, []any{r.Home.Number, r.Home.Group, r.Home.Head, r.Points, r.Honour, "", ""})
	}
	s.Totals = []any{"合计", nil, fmt.Sprintf("%d 户", len(rows)), p.Points, p.Honour, "", ""}
	s.Notes = []string{fmt.Sprintf("截至 %s。请各户核对自己的旧积分，对的签名或按手印；不对的当场说明，改好再结转。", asOf)}
	s.Foot = []string{"填报单位（盖章）：", "负责人：", "审核人：", "填报人：", "电话：", "日期："}
	return sheet.Book{Title: "旧积分核对表", Sheets: []sheet.Sheet{s}}
}
