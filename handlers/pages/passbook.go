package pages

import (
	"context"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// passLine is one line of a passbook as the family reads it.
type passLine struct {
	Seq     int64
	Award   string // the award behind it, for an objection; empty for none
	Number  string // 012-57
	What    string // 庭院整洁; 换了 大米 5公斤
	Shown   string // +5; 总得分 −2 when the spendable balance did not move
	Day     models.Date
	By      string // 马小军 · 村委记
	Note    string
	Points  models.Points
	Honour  models.Points
	Balance models.Points
	Code    string
	Receipt string // its address under /me; empty for what is no redemption
	Late    bool
	Void    bool   // taken back by Fix
	Fix     string // 11月25日 更正：记重了（012-60，−5）
}

// When is the line below the reason.
func (l passLine) When() string {
	return dotted(l.Day.Short(), l.Note, l.By)
}

// dotted joins what is there with middle dots.
func dotted(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, " · ")
}

// passLines tells a household's entries in words: which rule, which goods, whose
// correction, from the packages that keep them.
func passLines(ctx context.Context, c db.Conn, home village.Home, entries []ledger.Entry) ([]passLine, error) {
	t, err := newTeller(ctx, c, home, entries)
	if err != nil {
		return nil, err
	}
	lines := make([]passLine, len(entries))
	for i, e := range entries {
		if lines[i], err = t.line(e); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// teller knows what lies behind a page of entries.
type teller struct {
	ctx      context.Context
	c        db.Conn
	home     village.Home
	awards   map[int64]award.Award
	receipts map[int64]market.Receipt
	fixed    map[int64]ledger.Correction // by the line taken back
	fixing   map[int64]ledger.Correction // by the line that takes back
	people   map[int64]string
}

func newTeller(ctx context.Context, c db.Conn, home village.Home, entries []ledger.Entry) (*teller, error) {
	t := &teller{ctx: ctx, c: c, home: home, fixing: map[int64]ledger.Correction{}, people: map[int64]string{}}
	var awards, sales []int64
	for _, e := range entries {
		switch e.Kind {
		case ledger.Award, ledger.Deduct, ledger.Base, ledger.Gift:
			awards = append(awards, e.Cause)
		case ledger.Redeem:
			sales = append(sales, e.Cause)
		}
	}
	var err error
	if t.awards, err = award.ByID(ctx, c, home.Village, awards); err != nil {
		return nil, err
	}
	if t.receipts, err = market.ReceiptsByID(ctx, c, home.Village, sales); err != nil {
		return nil, err
	}
	t.fixed, err = ledger.Corrections(ctx, c, home.Household)
	for _, f := range t.fixed {
		t.fixing[f.By] = f
	}
	return t, err
}

func (t *teller) line(e ledger.Entry) (passLine, error) {
	l := passLine{Seq: e.Seq, Number: e.Number(t.home.Number), What: e.Kind.String(), Shown: shownPoints(e.Points, e.Honour), Day: e.ActDate,
		Points: e.Points, Honour: e.Honour, Balance: e.Balance, Code: e.CheckCode(), Late: e.Late}
	var err error
	switch e.Kind {
	case ledger.Redeem:
		t.sale(&l, e)
	case ledger.Reversal:
		l.What, l.Day = t.fixes(e), e.PostedAt.Day()
	case ledger.Opening:
		err = t.opening(&l, e)
	case ledger.Clear:
		err = t.cleared(&l, e)
	default:
		err = t.conduct(&l, e)
	}
	if err == nil {
		err = t.takenBack(&l)
	}
	return l, err
}

// shownPoints is what a line did, in one figure: to what can be spent, or, where
// that did not move, to the honour score.
func shownPoints(points, honour models.Points) string {
	if points == 0 && honour != 0 {
		return "总得分 " + honour.Signed()
	}
	return points.Signed()
}

func (t *teller) conduct(l *passLine, e ledger.Entry) error {
	a, ok := t.awards[e.Cause]
	if !ok {
		return nil
	}
	who, err := t.member(a.Member)
	l.Award = models.ID32(a.ID)
	l.What, l.Note, l.By = actText(a), a.Note, dotted(who, recordedBy(a))
	return err
}

// actText is what was done, with how much of it: 清扫巷道 × 2 小时.
func actText(a award.Award) string {
	if a.Quantity == models.One || a.Quantity == 0 {
		return a.Item
	}
	return a.Item + " × " + a.Quantity.String() + " " + a.Unit
}

func recordedBy(a award.Award) string {
	if title := a.RecorderRole.Title(); title != "" {
		return title + "记"
	}
	return ""
}

func (t *teller) member(id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	if name, ok := t.people[id]; ok {
		return name, nil
	}
	m, err := village.GetMember(t.ctx, t.c, t.home.Village, id)
	t.people[id] = m.Name
	return m.Name, err
}

func (t *teller) sale(l *passLine, e ledger.Entry) {
	r, ok := t.receipts[e.Cause]
	if !ok {
		return
	}
	l.What, l.By, l.Receipt = "换了 "+goodsText(r.Lines), "小票 "+r.Number, "/me/receipts/"+models.ID32(r.ID)
	if r.Proxy != "" {
		l.What += "，" + r.Proxy + "替领"
	}
}

// goodsText names what a receipt or a voucher holds: 大米 5公斤、洗衣液 × 2.
func goodsText(lines []market.ReceiptLine) string {
	var all []string
	for _, g := range lines {
		name := g.Name
		if g.Qty != models.One {
			name += " × " + g.Qty.String()
		}
		all = append(all, name)
	}
	return strings.Join(all, "、")
}

func (t *teller) fixes(e ledger.Entry) string {
	f := t.fixing[e.Seq]
	return "更正 " + ledger.Entry{Seq: f.Seq}.Number(t.home.Number) + "：" + f.Reason
}

func (t *teller) opening(l *passLine, e ledger.Entry) error {
	k, err := award.GetCarryOver(t.ctx, t.c, t.home.Village, e.Cause)
	l.What, l.By = "旧账结转", k.Resolution
	return err
}

// cleared tells which resolution took the points.
func (t *teller) cleared(l *passLine, e ledger.Entry) error {
	k, err := award.GetClearing(t.ctx, t.c, t.home.Village, e.Cause)
	l.What, l.By = "清零："+k.Resolution, "清 "+k.AsOf.Short()+" 为止得的分，总得分不减"
	return err
}

// takenBack notes beside a line the later one that corrects it.
func (t *teller) takenBack(l *passLine) error {
	f, ok := t.fixed[l.Seq]
	if !ok {
		return nil
	}
	e, err := ledger.GetEntry(t.ctx, t.c, t.home.Household, f.By)
	l.Void = true
	l.Fix = e.PostedAt.Day().Short() + " 更正：" + f.Reason + "（" + e.Number(t.home.Number) + "，" + shownPoints(e.Points, e.Honour) + "）"
	return err
}

// comingLine is an award that is not in the passbook yet.
type comingLine struct {
	What, Shown, When string
	Tag               string // 已贴榜; 等贴榜; 有人提意见，正在核实
	Note              string
	Award             string // for an objection
}

// comingLines tells what a household may expect; points is the sum of what hangs
// on the wall, and until when it hangs.
func comingLines(ctx context.Context, c db.Conn, home village.Home) (lines []comingLine, points models.Points, until models.Millis, err error) {
	all, err := award.Provisional(ctx, c, home.Household)
	for _, a := range all.Awards {
		l := comingLine{Award: models.ID32(a.Award.ID), What: actText(a.Award), Shown: shownPoints(a.Points, a.Honour), When: dotted(a.ActDate.Short(), recordedBy(a.Award)), Tag: "已记，等贴榜", Note: a.Note}
		switch {
		case a.State == award.Frozen:
			l.Tag = "有人提意见，正在核实"
		case a.HungAt != 0:
			l.Tag, l.When = "已贴榜", dotted(l.When, a.EndsAt.Day().Short()+"到账")
			until = max(until, a.EndsAt)
			if a.Direction != scheme.Minus {
				points += max(a.Points, 0)
			}
		}
		lines = append(lines, l)
	}
	return lines, points, until, err
}
