package report

import (
	"strconv"

	"pointstore/models"
)

// Shape is how an indicator's value is read.
type Shape int

// The shapes.
const (
	Count  Shape = iota // a number of things
	Rate                // numerator over denominator, as a share
	Mean                // numerator over denominator, as a number
	Points              // hundredths of points
	Money               // fen
)

// Indicator is one row of the list: what it is called, how it is worked out,
// and which way is better. Of gives numerator and denominator; the denominator
// of a plain number is 0 and means nothing.
type Indicator struct {
	Key     string
	Name    string
	Group   string
	Formula string
	Unit    string // of the numerator
	Shape   Shape
	Better  int // 1 more, -1 less, 0 neither
	// InPoints says that numerator and denominator are hundredths of points.
	InPoints bool
	Of       func(Tally) (num, den int64)
}

// The groups, in the order of the sheet.
const (
	Participation = "参与"
	Conduct       = "行为"
	Exchange      = "兑换"
	Openness      = "公开"
	Soundness     = "真实"
)

// RawPoints is the remark beside every sum of points above the village.
const RawPoints = "各村分值不同，不宜比较"

// Indicators is the whole list, in the order of the sheet. Another indicator is
// a row here and a method of Tally below.
var Indicators = []Indicator{
	{Key: "coverage", Name: "积分超市覆盖率", Group: Participation, Unit: "村", Shape: Rate, Better: 1, Of: Tally.coverage,
		Formula: "细则、公示、价目、兑换四项齐全的村 ÷ 全部村"},
	{Key: "coverage_rules", Name: "其中：有现行细则", Group: Participation, Unit: "村", Shape: Rate, Better: 1, Of: Tally.withRules,
		Formula: "期末有现行积分细则的村 ÷ 全部村"},
	{Key: "coverage_notice", Name: "其中：有公示上墙", Group: Participation, Unit: "村", Shape: Rate, Better: 1, Of: Tally.withNotice,
		Formula: "本期至少有一张公示上墙的村 ÷ 全部村"},
	{Key: "coverage_prices", Name: "其中：有兑换价目", Group: Participation, Unit: "村", Shape: Rate, Better: 1, Of: Tally.withPrices,
		Formula: "有在架商品价目的村 ÷ 全部村"},
	{Key: "coverage_exchange", Name: "其中：按期兑换", Group: Participation, Unit: "村", Shape: Rate, Better: 1, Of: Tally.withExchange,
		Formula: "按本村约定的间隔开过门或兑换过的村 ÷ 全部村"},
	{Key: "participation", Name: "户参与率", Group: Participation, Unit: "户", Shape: Rate, Better: 1, Of: Tally.participation,
		Formula: "期末在册户中本期至少有一件加分入账的户 ÷ 期末在册户（常住、外出、空户都算）"},
	{Key: "resident_participation", Name: "常住户参与率", Group: Participation, Unit: "户", Shape: Rate, Better: 1, Of: Tally.residentParticipation,
		Formula: "常住户中本期至少有一件加分入账的户 ÷ 期末常住户"},
	{Key: "active", Name: "有加分的户", Group: Participation, Unit: "户", Shape: Count, Better: 1, Of: Tally.active,
		Formula: "本期至少有一件加分入账的户（含期末前离开的）"},
	{Key: "new_households", Name: "新参与户", Group: Participation, Unit: "户", Shape: Count, Better: 1, Of: Tally.newHouseholds,
		Formula: "第一件加分就在本期的户"},
	{Key: "breadth", Name: "户均件次", Group: Participation, Unit: "件", Shape: Mean, Better: 1, Of: Tally.breadth,
		Formula: "加分件次 ÷ 有加分的户"},
	{Key: "acts", Name: "加分件次", Group: Conduct, Unit: "件", Shape: Count, Better: 1, Of: Tally.acts,
		Formula: "本期入账的加分件数，更正的减去；旧账结转、基础分、赠送不算"},
	{Key: "earned", Name: "加分", Group: Conduct, Unit: "分", Shape: Points, InPoints: true, Of: Tally.earned,
		Formula: "本期入账的可兑积分，更正的减去"},
	{Key: "earned_yuan", Name: "加分折合", Group: Conduct, Unit: "元", Shape: Money, Of: Tally.earnedYuan,
		Formula: "每一笔加分按入账时本村一分值多少元折合"},
	{Key: "deducted", Name: "扣分", Group: Conduct, Unit: "分", Shape: Points, InPoints: true, Of: Tally.deducted,
		Formula: "本期入账的扣分，更正的减去"},
	{Key: "redemption_visits", Name: "兑换户次", Group: Exchange, Unit: "户次", Shape: Count, Better: 1, Of: Tally.visits,
		Formula: "本期兑换的笔数，作废的减去"},
	{Key: "redeemers", Name: "兑换户数", Group: Exchange, Unit: "户", Shape: Count, Better: 1, Of: Tally.redeemers,
		Formula: "本期兑换过的户，一户算一次"},
	{Key: "spent", Name: "兑换积分", Group: Exchange, Unit: "分", Shape: Points, InPoints: true, Of: Tally.spent,
		Formula: "本期兑换用去的积分，作废的减去"},
	{Key: "spent_yuan", Name: "兑换折合", Group: Exchange, Unit: "元", Shape: Money, Of: Tally.spentYuan,
		Formula: "兑换的积分按当时一分值多少元折合"},
	{Key: "redemption_rate", Name: "兑换率", Group: Exchange, Unit: "分", Shape: Rate, Better: 1, InPoints: true, Of: Tally.redemptionRate,
		Formula: "本期兑换的积分 ÷ 本期入账的可兑积分（旧账结转、赠送、基础分不算）"},
	{Key: "unspent", Name: "未兑积分", Group: Exchange, Unit: "分", Shape: Points, InPoints: true, Of: Tally.unspent,
		Formula: "期末各户存折上还能换的分"},
	{Key: "unspent_yuan", Name: "未兑积分折合", Group: Exchange, Unit: "元", Shape: Money, Of: Tally.unspentYuan,
		Formula: "未兑积分 × 本村一分值多少元"},
	{Key: "posted_on_time", Name: "按时公示率", Group: Openness, Unit: "期", Shape: Rate, Better: 1, Of: Tally.postedOnTime,
		Formula: "次月10日前公示上墙的期数 ÷ 应公示的期数（按本村约定的间隔，有细则后起算）"},
	{Key: "returned", Name: "已封账的村", Group: Openness, Unit: "村", Shape: Rate, Better: 1, Of: Tally.returns,
		Formula: "本季度已经封账的村 ÷ 全部村"},
	{Key: "late_entries", Name: "补录占比", Group: Soundness, Unit: "件", Shape: Rate, Better: -1, Of: Tally.lateEntries,
		Formula: "补录的加分件次 ÷ 加分件次"},
	{Key: "seal", Name: "账本校验", Group: Soundness, Unit: "天", Shape: Rate, Better: 1, Of: Tally.seals,
		Formula: "已经封存校验的天数 ÷ 已过去的天数（有户册后起算）"},
}

func (t Tally) coverage() (num, den int64)      { return t.Covered, t.Villages }
func (t Tally) withRules() (num, den int64)     { return t.WithRules, t.Villages }
func (t Tally) withNotice() (num, den int64)    { return t.WithNotice, t.Villages }
func (t Tally) withPrices() (num, den int64)    { return t.WithPrices, t.Villages }
func (t Tally) withExchange() (num, den int64)  { return t.WithExchange, t.Villages }
func (t Tally) participation() (num, den int64) { return t.Participants, t.Roll }
func (t Tally) residentParticipation() (num, den int64) {
	return t.ResidentParticipants, t.Resident
}
func (t Tally) active() (num, den int64)         { return t.Active, 0 }
func (t Tally) newHouseholds() (num, den int64)  { return t.New, 0 }
func (t Tally) breadth() (num, den int64)        { return t.Acts, t.Active }
func (t Tally) acts() (num, den int64)           { return t.Acts, 0 }
func (t Tally) earned() (num, den int64)         { return int64(t.Earned), 0 }
func (t Tally) earnedYuan() (num, den int64)     { return int64(t.EarnedFen), 0 }
func (t Tally) deducted() (num, den int64)       { return int64(t.Deducted), 0 }
func (t Tally) visits() (num, den int64)         { return t.Visits, 0 }
func (t Tally) redeemers() (num, den int64)      { return t.Redeemers, 0 }
func (t Tally) spent() (num, den int64)          { return int64(t.Spent), 0 }
func (t Tally) spentYuan() (num, den int64)      { return int64(t.SpentFen), 0 }
func (t Tally) redemptionRate() (num, den int64) { return int64(t.Spent), int64(t.Earned) }
func (t Tally) unspent() (num, den int64)        { return int64(t.Outstanding), 0 }
func (t Tally) unspentYuan() (num, den int64)    { return int64(t.OutstandingFen), 0 }
func (t Tally) postedOnTime() (num, den int64)   { return t.OnTime, t.Periods }
func (t Tally) returns() (num, den int64)        { return t.Returned, t.Villages }
func (t Tally) lateEntries() (num, den int64)    { return t.Late, t.Acts }
func (t Tally) seals() (num, den int64)          { return t.Sealed, t.Days }

// Find is the indicator with that key; ErrNotFound for another.
func Find(key string) (Indicator, error) {
	for _, i := range Indicators {
		if i.Key == key {
			return i, nil
		}
	}
	return Indicator{}, models.ErrNotFound.With("没有这项指标，请从季报里点开")
}

// Num is the numerator, or the number itself.
func (i Indicator) Num(t Tally) int64 { n, _ := i.Of(t); return n }

// Den is the denominator; 0 for a plain number.
func (i Indicator) Den(t Tally) int64 { _, d := i.Of(t); return d }

// Divided reports whether the indicator has a denominator.
func (i Indicator) Divided() bool { return i.Shape == Rate || i.Shape == Mean }

// Value is the number to draw or compare: a share between 0 and 1 for a rate,
// points and yuan as decimals. It is not there when the denominator is not
// above zero.
func (i Indicator) Value(t Tally) (float64, bool) {
	num, den := i.Of(t)
	switch {
	case i.Divided() && den <= 0:
		return 0, false
	case i.Divided():
		return float64(num) / float64(den), true
	case i.Shape == Points || i.Shape == Money:
		return float64(num) / 100, true
	}
	return float64(num), true
}

// Text is the value as people read it: 66.8%, 3.4, 1,280; a dash where there is
// nothing to divide by.
func (i Indicator) Text(t Tally) string {
	v, ok := i.Value(t)
	switch {
	case !ok:
		return "—"
	case i.Shape == Rate:
		return percent(v)
	case i.Shape == Mean:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case i.Shape == Points:
		return models.Points(i.Num(t)).String()
	case i.Shape == Money:
		return models.Fen(i.Num(t)).String()
	}
	return whole(i.Num(t))
}

// Fraction shows what a rate was worked out from: 14,902 / 22,310 户; for a
// plain number the value with its unit.
func (i Indicator) Fraction(t Tally) string {
	if !i.Divided() {
		return i.Text(t) + " " + i.Unit
	}
	num, den := i.Of(t)
	return i.Amount(num) + " / " + i.Amount(den) + " " + i.Unit
}

// Amount prints one numerator or denominator in its own unit.
func (i Indicator) Amount(n int64) string {
	switch {
	case i.InPoints:
		return models.Points(n).String()
	case i.Shape == Money:
		return models.Fen(n).String()
	}
	return whole(n)
}

// Change is how far the value moved since before: percentage points for a rate,
// else the plain difference. It is not there when either value is missing.
func (i Indicator) Change(now, before Tally) (float64, bool) {
	a, ok := i.Value(now)
	b, ok2 := i.Value(before)
	if i.Shape == Rate {
		a, b = a*100, b*100
	}
	return a - b, ok && ok2
}

func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + "%" }

// whole prints a count with its thousands separated.
func whole(n int64) string { return models.Points(n * 100).String() }
