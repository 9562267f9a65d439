package report

import (
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// facts lists what a village's openness was judged by: rules, notices, prices,
// exchanges, periods, days.
func (o *opener) facts() error {
	v := *o.v
	r := newReader(o.ctx, o.c, &o.d.Sheet, []*VillageRow{&v})
	for _, step := range []func() error{r.readRoll, r.readRules, r.readPrices, r.readNotices, r.readExchanges, r.readOpenings, r.readSeals} {
		if err := step(); err != nil {
			return err
		}
	}
	f := r.facts[v.ID]
	r.judge(&v, f)
	one := o.d.Indicator.part(v.Tally)
	switch o.d.Indicator.Key {
	case "posted_on_time":
		o.periods(r, f)
	case "seal":
		return o.sealedDays(f)
	case "returned":
		o.fact(v.Name, o.returned(), "", o.d.Cell)
	case "coverage_rules":
		o.fact("现行细则", rulesWords(f), f.rules, one)
	case "coverage_notice":
		o.fact("公示上墙", noticeWords(o.d.Sheet.Quarter, f), "", one)
	case "coverage_prices":
		o.fact("兑换价目", priceWords(v.Tally), "", one)
	case "coverage_exchange":
		o.fact("按期兑换", exchangeWords(&v, f), "", one)
	default:
		words := []string{"细则：" + rulesWords(f), "公示：" + noticeWords(o.d.Sheet.Quarter, f), "价目：" + priceWords(v.Tally), "兑换：" + exchangeWords(&v, f)}
		o.fact(v.Name, strings.Join(words, "；"), "", one)
	}
	return nil
}

func rulesWords(f *facts) string {
	if f.rules == "" {
		return "还没有执行的细则"
	}
	return string(f.rules) + " 起有细则执行"
}

func noticeWords(q models.Quarter, f *facts) string {
	n := 0
	for _, at := range f.hung {
		if at >= q.Start().Start() && at < q.End().Start() {
			n++
		}
	}
	if n == 0 {
		return "本期没有公示上墙"
	}
	return fmt.Sprintf("本期上墙 %d 张", n)
}

func priceWords(t Tally) string {
	if t.WithPrices == 0 {
		return "还没有定价的商品"
	}
	return "有定价的商品"
}

func exchangeWords(v *VillageRow, f *facts) string {
	state := "没有按时兑换"
	if v.Tally.WithExchange == 1 {
		state = "按时"
	}
	return fmt.Sprintf("约定每 %d 个月一次，近期有 %d 个月兑换或开过门，%s", clampRhythm(v.Rhythm), len(f.exchanges), state)
}

func (o *opener) returned() string {
	if o.v.Closed {
		return o.v.AsOf.String() + " 封账，防伪码 " + o.v.Code
	}
	return "还没有封账"
}

// periods lists the periods that were judged, one row each.
func (o *opener) periods(r *reader, f *facts) {
	o.d.Of = OfFacts
	for _, p := range postings(o.v.Rhythm, r.q, r.at, f.rules, f.hung) {
		if p.hung != 0 {
			o.fact(p.String(), p.hung.Day().Short()+"上墙", p.hung.Day(), Part{1, 1})
		} else {
			o.fact(p.String(), "到"+p.due().Day().AddDays(-1).Short()+"还没有公示上墙", "", Part{0, 1})
		}
	}
}

// sealedDays lists the days, one row each; a quarter has at most 92.
func (o *opener) sealedDays(f *facts) error {
	from, to := sealSpan(o.d.Sheet.Quarter, o.d.Sheet.AsOf, f.rollFrom)
	sealed := map[models.Date]bool{}
	err := o.c.Stmts(o.ctx).Each(func(row db.Scanner) error {
		var day models.Date
		err := row.Scan(&day)
		sealed[day] = true
		return err
	}, "SELECT day FROM seals WHERE village_id = ? AND day >= ? AND day < ?", o.v.ID, string(from), string(to))
	o.d.Of = OfFacts
	for day := from; day < to; day = day.AddDays(1) {
		if sealed[day] {
			o.fact(string(day), "已封存校验", day, Part{1, 1})
		} else {
			o.fact(string(day), "还没有封存", day, Part{0, 1})
		}
	}
	return err
}
