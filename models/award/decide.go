package award

import (
	"context"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
)

// ErrCap says that a rule's cap is reached, or leaves less than was asked for.
var ErrCap = &models.Error{Kind: models.Conflict, Code: "cap_reached", Say: "这一项已经记满，这次没有记分"}

func checkDay(day, today models.Date) error {
	if _, err := models.ParseDate(string(day)); err != nil || len(day) != 10 {
		return models.ErrInput.With("“日期”要像 2026-11-23 这样填；没有记分，请改好再交").At("act_date")
	}
	switch {
	case day > today:
		return models.ErrInput.With("日期还没到，没有记分，请核对").At("act_date")
	case day < today.AddDays(-TooLateFor):
		return models.ErrInput.With(fmt.Sprintf("这件事已经过去 %d 天以上，不能再记分，请核对日期", TooLateFor)).At("act_date")
	}
	return nil
}

func notInForce(err error, day models.Date) error {
	if errors.Is(err, scheme.ErrNoRules) {
		return scheme.ErrNoRules.With(day.Short() + "还没有执行中的积分细则，没有记分；请核对日期，或先在“规则”里导入细则").At("act_date")
	}
	return err
}

// ruleIn finds the rule in the version of the day: the rule itself, or that
// version's own copy of it when the page was drawn under another version.
func ruleIn(ctx context.Context, c db.Conn, b *scheme.Book, village, rule int64, day models.Date) (scheme.Rule, error) {
	if r, ok := b.Rule(rule); ok {
		return r, nil
	}
	other, err := scheme.BookOf(ctx, c, village, rule)
	if err != nil {
		return scheme.Rule{}, err
	}
	was, _ := other.Rule(rule)
	if r, ok := b.Counterpart(was.OriginID); ok {
		return r, nil
	}
	return scheme.Rule{}, scheme.ErrNoRules.With(fmt.Sprintf("“%s”在 %s 执行的细则里没有，没有记分；请核对日期，或换一条", was.Item, day.Short())).At("rule")
}

// decide values one ask under its rule, holds it to the caps and says in which
// state the award begins.
func (r *recording) decide(i int, a Ask, rule dated) (Award, error) {
	if err := r.homes[a.Household].takesPart(); err != nil {
		return Award{}, err
	}
	qty, value, band, err := r.value(a, rule)
	if err != nil {
		return Award{}, err
	}
	w := Award{ID: r.ids[i], Household: a.home(), Member: a.Member, Version: rule.VersionID, Rule: rule.ID, Category: rule.CategoryID,
		ActDate: rule.day, Quantity: qty, Private: rule.Private, Late: rule.day < r.tx.Now.Day().AddDays(-LateAfter), Note: a.Note,
		Recorder: r.by.Account, RecorderRole: r.role, RecordedAt: r.tx.Now, Op: r.tx.Op, Way: a.Way, Source: a.Source, Band: band,
		Item: rule.Item, Unit: rule.UnitName(), Direction: rule.Direction}
	if w.Note != "" {
		w.salt = ledger.Salt()
	}
	w.Points, w.Honour = move(rule.Direction, value, rule.book.Version.DeductFrom)
	w.State, w.DueAt = r.first(w, a, rule)
	if r.given != nil {
		r.given[a.Household] = append(r.given[a.Household], w)
	}
	return w, nil
}

// value is what an ask is worth, held to what was given before, and the band it
// was valued by.
func (r *recording) value(a Ask, rule dated) (qty models.Qty, value models.Points, band string, err error) {
	if a.Level != "" {
		p, ok := rule.Level(a.Level)
		if !ok {
			return 0, 0, "", models.ErrInput.With(fmt.Sprintf("“%s”没有“%s”这一档，没有记分，请重新选", rule.Item, a.Level)).At("level")
		}
		a.Points = p
	}
	if value, err = rule.Value(a.Quantity, a.Points); err != nil {
		return 0, 0, "", err
	}
	qty = a.Quantity
	if r.given != nil && rule.bounded() {
		best, err := r.sameAct(a, rule, value)
		if err != nil {
			return 0, 0, "", err
		}
		if qty, value, err = r.fit(a, rule, value); err != nil {
			return 0, 0, "", err
		}
		if value < best {
			return 0, 0, "", ErrSameAct.With(fmt.Sprintf("同一件事只记最高的一项：“%s”按上限只剩 %s 分，比已记的 %s 分低，没有记", rule.Item, value, best))
		}
	}
	return qty, value, bandOf(a, rule.Rule, qty), nil
}

// bandOf names the line of the rule's table that settled the points.
func bandOf(a Ask, rule scheme.Rule, qty models.Qty) string {
	if b, ok := rule.Band(qty); ok {
		return "满 " + b.At.String() + " " + rule.UnitName()
	}
	if a.Level != "" || rule.BandBy != scheme.ByLevel {
		return a.Level
	}
	for _, b := range rule.Bands {
		if b.Points == a.Points {
			return b.Name
		}
	}
	return ""
}

// move is what a value does to balance and honour.
func move(direction string, value models.Points, deductFrom string) (points, honour models.Points) {
	switch direction {
	case scheme.Minus:
		if deductFrom == scheme.FromSpend {
			return -value, -value
		}
		return 0, -value
	case scheme.Base:
		return 0, value
	case scheme.Gift:
		return value, 0
	}
	return value, value
}

// naming says in a batch which household a refusal is about.
func (r *recording) naming(a Ask, err error) error {
	var e *models.Error
	if h := r.homes[a.Household]; len(r.asks) > 1 && h != nil && errors.As(err, &e) {
		return e.With(fmt.Sprintf("%s %s：%s（这一批都没有记）", h.head, models.Mark(h.group, h.number), e.Say))
	}
	return err
}
