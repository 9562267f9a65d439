package market

import (
	"context"
	"time"

	"pointstore/models"
	"pointstore/models/db"
)

// The periods a limit is counted over.
const (
	EachDay     = "day"
	EachWeek    = "week" // from Monday
	EachMonth   = "month"
	EachQuarter = "quarter"
	EachYear    = "year"
	ForLife     = "life"
)

// Whom a limit counts for.
const (
	PerHousehold = "household"
	PerMember    = "member" // what a family may take is the limit times its members
)

// Periods are the periods in the order of the forms.
var Periods = []string{EachDay, EachWeek, EachMonth, EachQuarter, EachYear, ForLife}

var periodTitles = map[string]string{EachDay: "每天", EachWeek: "每周", EachMonth: "每月", EachQuarter: "每季度", EachYear: "每年", ForLife: "一共"}
var periodNow = map[string]string{EachDay: "今天", EachWeek: "这周", EachMonth: "这个月", EachQuarter: "这个季度", EachYear: "今年", ForLife: "以前"}

// PeriodTitle is a period in the village's words.
func PeriodTitle(period string) string { return periodTitles[period] }

// Limit bounds who may take an item, and how much of it.
type Limit struct {
	MinBalance models.Points // what a passbook must hold before; 0 for anybody
	LimitQty   models.Qty    // 0 for no limit
	Period     string        // one of Periods; empty without a limit
	Per        string        // PerHousehold or PerMember
}

// The refusals of limits. Nothing has been taken in either case.
var (
	ErrMinBalance = &models.Error{Kind: models.Conflict, Code: "min_balance", Say: "存折里的积分还没有到可以换这件商品的数，没有扣分"}
	ErrLimit      = &models.Error{Kind: models.Conflict, Code: "goods_limit", Field: "qty", Say: "这件商品已经换到限额，没有扣分"}
)

func (l Limit) tidy() (Limit, error) {
	if l.Per == "" {
		l.Per = PerHousehold
	}
	if l.LimitQty == 0 {
		l.Period, l.Per = "", PerHousehold
	}
	switch {
	case l.MinBalance < 0 || l.MinBalance > models.PointsMax:
		return l, models.ErrInput.With("“存折最少要有”要填 0 或更大的数字，没有保存").At("min_balance")
	case l.LimitQty < 0 || l.LimitQty > maxQty:
		return l, models.ErrInput.With("“限兑数量”要填大于 0 的数字，不限就空着，没有保存").At("limit_qty")
	case l.LimitQty > 0 && periodTitles[l.Period] == "":
		return l, models.ErrInput.With("“限兑周期”还没有选：每天、每月还是别的；没有保存").At("limit_period")
	case l.Per != PerHousehold && l.Per != PerMember:
		return l, models.ErrInput.With("“限兑对象”要选每户或每人，没有保存").At("limit_per")
	}
	return l, nil
}

// Says is the limit in one plain sentence, empty without one: 每户每月限 2 瓶.
func (l Limit) Says(unit string) string {
	text := ""
	if l.LimitQty > 0 {
		who := "每户"
		if l.Per == PerMember {
			who = "每人"
		}
		text = who + periodTitles[l.Period] + "限 " + l.LimitQty.String() + " " + orPiece(unit)
	}
	if l.MinBalance > 0 {
		if text != "" {
			text += "，"
		}
		text += "存折满 " + l.MinBalance.String() + " 分才能换"
	}
	return text
}

func orPiece(unit string) string {
	if unit == "" {
		return "件"
	}
	return unit
}

// since is when the period that holds this instant began.
func since(period string, now models.Millis) models.Millis {
	day := now.Day()
	switch period {
	case EachDay:
		return day.Start()
	case EachWeek:
		return day.AddDays(-(int(now.Time().Weekday()-time.Monday) + 7) % 7).Start()
	case EachMonth:
		return day.Month().First().Start()
	case EachQuarter:
		return day.Month().Quarter().Start().Start()
	case EachYear:
		return models.Date(string(day)[:4] + "-01-01").Start()
	}
	return 0
}

// enough refuses items that want a fuller passbook than this one was before.
func (s *sale) enough(balance models.Points) error {
	for _, w := range s.wares {
		if balance < w.MinBalance {
			return ErrMinBalance.With("“" + w.name + "”要存折满 " + w.MinBalance.String() + " 分才能换，现在有 " + balance.String() + " 分，没有扣分；请选别的")
		}
	}
	return nil
}

// withinLimits bounds what a household takes of an item in a period. It counts
// behind the charge, like withinDay; with is what this cart adds to what is
// written already.
func (s *sale) withinLimits(ctx context.Context, c db.Conn, now models.Millis, with bool) error {
	for _, w := range s.wares {
		if w.LimitQty == 0 {
			continue
		}
		taken, err := takenSince(ctx, c, s.household(), w.Goods, since(w.Period, now))
		if err != nil {
			return err
		}
		if with {
			taken += w.Qty
		}
		most, heads := w.LimitQty, 1
		if w.Per == PerMember {
			if heads, err = membersOf(ctx, c, s.household()); err != nil {
				return err
			}
			most *= models.Qty(heads)
		}
		if taken > most {
			return ErrLimit.With(s.overLimit(w, taken-w.Qty, most)).At("qty")
		}
	}
	return nil
}

func (s *sale) overLimit(w ware, before, most models.Qty) string {
	unit := orPiece(w.unit)
	text := "“" + w.name + "”" + (Limit{LimitQty: w.LimitQty, Period: w.Period, Per: w.Per}).Says(w.unit)
	if w.Per == PerMember {
		text += "，这一户合 " + most.String() + " " + unit
	}
	if before > 0 {
		text += "，" + periodNow[w.Period] + "已换 " + before.String() + " " + unit
	}
	if left := most - before; left > 0 {
		return text + "，还能换 " + left.String() + " " + unit + "，没有扣分；请改数量"
	}
	return text + "，没有扣分；请选别的"
}

// takenSince adds up what a household has taken of an item, void receipts left
// out. The movements of a redemption are found by their ids, which follow it.
func takenSince(ctx context.Context, c db.Conn, h models.Household, goods int64, from models.Millis) (models.Qty, error) {
	var qty models.Qty
	err := c.Stmts(ctx).Row(`SELECT COALESCE(-SUM(m.qty), 0) FROM redemptions r
		JOIN movements m ON m.village_id = r.village_id AND m.id > r.id AND m.id <= r.id + ? AND m.redemption_id = r.id
		WHERE r.village_id = ? AND r.household_id = ? AND r.at >= ? AND r.undone_op IS NULL AND m.goods_id = ?`,
		maxMoves, h.Village, h.ID, int64(from), goods).Scan(&qty)
	return qty, err
}

// membersOf counts a household's members, one at least.
func membersOf(ctx context.Context, c db.Conn, h models.Household) (n int, err error) {
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM members WHERE village_id = ? AND household_id = ? AND left_at = 0", h.Village, h.ID).Scan(&n)
	return max(n, 1), err
}
