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

// decide values one ask under its rule and holds it to the cap.
func (r *recording) decide(i int, a Ask, rule dated) (Award, error) {
	if err := r.homes[a.Household].takesPart(); err != nil {
		return Award{}, err
	}
	value, err := rule.Value(a.Quantity, a.Points)
	if err != nil {
		return Award{}, err
	}
	if rule.Capped() {
		if a.Quantity, value, err = r.fit(a, rule, value); err != nil {
			return Award{}, err
		}
	}
	w := Award{ID: r.ids[i], Household: a.home(), Member: a.Member, Version: rule.VersionID, Rule: rule.ID, Category: rule.CategoryID,
		ActDate: rule.day, Quantity: a.Quantity, State: Noticed, Private: rule.Private, Late: rule.day < r.tx.Now.Day().AddDays(-LateAfter), Note: a.Note,
		Recorder: r.by.Account, RecorderRole: r.role, RecordedAt: r.tx.Now, Op: r.tx.Op, Way: a.Way, Source: a.Source, DueAt: a.Due, Band: a.Level, Item: rule.Item, Unit: rule.UnitName(), Direction: rule.Direction}
	if w.Note != "" {
		w.salt = ledger.Salt()
	}
	w.Points, w.Honour = move(rule.Direction, value, rule.book.Version.DeductFrom)
	if r.given != nil {
		r.given[a.Household] = append(r.given[a.Household], w)
	}
	return w, nil
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
