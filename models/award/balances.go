package award

import (
	"context"
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

// BalanceWants are the columns of a table of old balances.
var BalanceWants = []sheet.Want{
	{Key: "number", Title: "户号", Aliases: []string{"编号", "门牌号", "户编号", "household", "number"}, Help: "和农户名册一样的户号"},
	{Key: "head", Title: "户主", Aliases: []string{"户主姓名", "姓名", "户名", "head", "name"}, Help: "没有户号时按户主姓名找"},
	{Key: "points", Title: "可兑积分", Aliases: []string{"积分", "可用积分", "剩余积分", "积分余额", "余额", "结余", "结余积分", "points"}, Required: true, Help: "现在还能换的分"},
	{Key: "honour", Title: "荣誉积分", Aliases: []string{"累计积分", "总积分", "总得分", "历史积分", "honour"}, Help: "一共得过的分；没有这一列就和可兑积分一样"},
}

// BalanceRow is how one row of the table was understood.
type BalanceRow struct {
	Row        int
	Home       village.Home
	Points     models.Points
	Honour     models.Points
	Understood string
}

// BalancePreview shows how a table of old balances was understood.
type BalancePreview struct {
	Mapping  sheet.Mapping
	Columns  []sheet.Column
	Rows     []BalanceRow
	Problems []sheet.Problem
	Left     []sheet.LeftOut
	Dropped  []sheet.Column
	Points   models.Points
	Honour   models.Points
	Summary  string
}

// Ready is nil when the table can go in as it is.
func (p BalancePreview) Ready() error {
	switch {
	case len(p.Mapping.Missing) > 0:
		return models.ErrInput.With("表里没有找到“" + p.Mapping.Missing[0].Title + "”这一列，一行都没有导入；请指出是哪一列").At("columns")
	case !p.Mapping.Has("number") && !p.Mapping.Has("head"):
		return models.ErrInput.With("表里没有户号，也没有户主姓名，不知道是谁家的，一行都没有导入；请指出是哪一列").At("columns")
	case len(p.Problems) > 0:
		return models.ErrInput.With(p.Summary)
	case len(p.Rows) == 0:
		return models.ErrInput.With("表里没有一户有积分要结转，没有导入；请核对选的是不是这一份")
	}
	return nil
}

// balances is a table being read.
type balances struct {
	m        sheet.Mapping
	byNumber map[string]village.Home
	byHead   map[string][]village.Home
	carried  map[int64]bool
	taken    map[int64]int // household → row
}

// PreviewBalances reads a table of old balances against the village's roll and
// says how it understood each row. It changes nothing. chosen are the columns
// the reader settled by hand; rows in skip are left out.
func PreviewBalances(ctx context.Context, c db.Conn, v int64, t sheet.Table, chosen map[string]int, skip []int) (BalancePreview, error) {
	m := t.Match(BalanceWants, chosen)
	p := BalancePreview{Mapping: m, Columns: t.Columns, Left: t.Left, Dropped: t.Dropped}
	if len(m.Missing) > 0 || !m.Has("number") && !m.Has("head") {
		return p, nil
	}
	b := balances{m: m, byNumber: map[string]village.Home{}, byHead: map[string][]village.Home{}, taken: map[int64]int{}}
	homes, err := village.Homes(ctx, c, v, village.Filter{IncludeLeft: true})
	if err != nil {
		return p, err
	}
	for _, h := range homes {
		b.byNumber[h.Number] = h
		b.byHead[h.Head] = append(b.byHead[h.Head], h)
	}
	if b.carried, err = carried(ctx, c, v); err != nil {
		return p, err
	}
	for _, row := range t.Rows {
		if slices.Contains(skip, row.Number) {
			continue
		}
		r, problem := b.read(row)
		switch {
		case problem != nil:
			p.Problems = append(p.Problems, *problem)
		case r.Points != 0 || r.Honour != 0:
			p.Rows = append(p.Rows, r)
			p.Points, p.Honour = p.Points+r.Points, p.Honour+r.Honour
		default:
			p.Left = append(p.Left, sheet.LeftOut{Row: row.Number, Why: r.Home.Label() + "是 0 分，不用结转"})
		}
	}
	p.Summary = sheet.Summary(len(t.Rows), p.Problems)
	return p, nil
}

func (b *balances) read(row sheet.Row) (BalanceRow, *sheet.Problem) {
	r := BalanceRow{Row: row.Number}
	wrong := func(key, text string) (BalanceRow, *sheet.Problem) {
		p := b.m.Wrong(row, key, text)
		return r, &p
	}
	var why, key string
	if r.Home, key, why = b.find(row); why != "" {
		return wrong(key, why)
	}
	if at, twice := b.taken[r.Home.ID]; twice {
		return wrong(key, fmt.Sprintf("和第 %d 行是同一户", at))
	}
	b.taken[r.Home.ID] = row.Number
	switch {
	case r.Home.Left():
		return wrong(key, "这一户已经不在村里")
	case r.Home.Joining == "out":
		return wrong(key, "这一户暂不参加积分")
	case b.carried[r.Home.ID]:
		return wrong(key, "这一户的旧账已经结转过")
	}
	var problem *sheet.Problem
	if r.Points, problem = b.m.Points(row, "points"); problem != nil {
		return r, problem
	}
	r.Honour = r.Points
	if b.m.Get(row, "honour") != "" {
		if r.Honour, problem = b.m.Points(row, "honour"); problem != nil {
			return r, problem
		}
	}
	if r.Points < 0 || r.Honour < 0 {
		return wrong("points", "不能是负数；欠的分请在村里议定后再处理")
	}
	r.Understood = fmt.Sprintf("%s：可兑 %s 分，荣誉 %s 分", r.Home.Label(), r.Points, r.Honour)
	return r, nil
}

// find finds the household a row is about: by number, checked against the name
// when there is one; or by the head's name when only one is called so.
func (b *balances) find(row sheet.Row) (home village.Home, key, why string) {
	number, head := b.m.Get(row, "number"), village.CleanName(b.m.Get(row, "head"))
	if number != "" {
		h, ok := b.byNumber[number]
		switch {
		case !ok:
			return h, "number", "“" + number + "”在农户名册里没有"
		case head != "" && head != h.Head:
			return h, "head", fmt.Sprintf("写的是“%s”，名册上 %s 号的户主是“%s”，请核对", head, number, h.Head)
		}
		return h, "number", ""
	}
	if head == "" {
		return home, "number", "没有写户号，也没有写户主"
	}
	switch all := b.byHead[head]; len(all) {
	case 0:
		return home, "head", "“" + head + "”在农户名册里没有"
	case 1:
		return all[0], "head", ""
	}
	return home, "head", "有几户的户主都叫“" + head + "”，请写户号"
}

// carried finds the households whose old balance is in their passbook already.
// One that was corrected away may be carried over again.
func carried(ctx context.Context, c db.Conn, v int64) (map[int64]bool, error) {
	times, err := openings(ctx, c, v)
	all := map[int64]bool{}
	for h, n := range times {
		all[h] = n > 0
	}
	return all, err
}

// openings counts, by household, the carried balances that were not corrected.
func openings(ctx context.Context, c db.Conn, v int64) (map[int64]int, error) {
	times := map[int64]int{}
	f := ledger.Filter{Kinds: []ledger.Kind{ledger.Opening}, Limit: 1000}
	for {
		page, err := ledger.EntriesOf(ctx, c, v, f)
		if err != nil {
			return nil, err
		}
		for _, e := range page {
			times[e.Household.ID]++
		}
		if len(page) < f.Limit {
			break
		}
		last := page[len(page)-1]
		f.After = ledger.Key{Household: last.Household.ID, Seq: last.Seq}
	}
	return times, c.Stmts(ctx).Each(func(row db.Scanner) error {
		var h int64
		err := row.Scan(&h)
		times[h]--
		return err
	}, "SELECT e.household_id FROM reversals r JOIN entries e ON e.village_id = r.village_id AND e.household_id = r.household_id AND e.seq = r.seq WHERE r.village_id = ? AND e.kind = ?",
		v, int64(ledger.Opening))
}
