package pages

import (
	"context"
	"errors"
	"fmt"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/market"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// checkItem is one thing a village needs before it can work.
type checkItem struct {
	Key, Title string
	Text       string // what is there, or what is missing
	Done       bool
	Optional   bool
	Href, Link string // the main way on
	More       []web.Link
}

// checklist says what a village has and what it still lacks.
type checklist struct {
	Items []checkItem
	Next  *checkItem // the first needed thing that is missing; nil when nothing is
	Homes int
	Rules int
	Goods int
	Staff int
}

// Lacks names what is missing, in a few words.
func (l checklist) Lacks() []string {
	var out []string
	for _, i := range l.Items {
		if !i.Done && !i.Optional {
			out = append(out, i.Title)
		}
	}
	return out
}

// Steps draws the list as the steps of the first run.
func (l checklist) Steps() []web.Step {
	steps := []web.Step{{Text: "县乡村", State: "done"}}
	for _, i := range l.Items {
		s := web.Step{Text: i.Title, Href: i.Href, State: "todo"}
		if i.Done {
			s.State = "done"
		} else if l.Next != nil && l.Next.Key == i.Key {
			s.State = "now"
		}
		steps = append(steps, s)
	}
	return steps
}

// checkVillage looks at what a village has.
func (p *Pages) checkVillage(ctx context.Context, v int64) (checklist, error) {
	var l checklist
	for _, look := range []func(context.Context, int64, *checklist) error{p.checkHomes, p.checkRules, p.checkGoods, p.checkPeople} {
		if err := look(ctx, v, &l); err != nil {
			return l, err
		}
	}
	for i := range l.Items {
		if !l.Items[i].Done && !l.Items[i].Optional {
			l.Next = &l.Items[i]
			break
		}
	}
	return l, nil
}

func (p *Pages) checkHomes(ctx context.Context, v int64, l *checklist) error {
	n, err := village.Count(ctx, p.db, v)
	if err != nil {
		return err
	}
	l.Homes = n.Homes
	homes := checkItem{Key: "roll", Title: "各户", Href: importPath(v, "roll"), Link: "导入户和成员", Text: "还没有户。把村里的花名册（Excel 或 CSV）导进来，格式不用改。"}
	if n.Homes > 0 {
		homes.Done, homes.Link = true, "再导入一份"
		homes.Text = fmt.Sprintf("%d 户、%d 人。", n.Homes, n.Members)
		homes.More = []web.Link{{Href: villageQuery("/committee/households", v), Text: "看名册"}}
	}
	l.Items = append(l.Items, homes)
	return nil
}

func (p *Pages) checkRules(ctx context.Context, v int64, l *checklist) error {
	item := checkItem{Key: "rules", Title: "细则", Href: importPath(v, "rules"), Link: "导入积分细则", Text: "还没有细则。把村民会议通过的积分表导进来。",
		More: []web.Link{{Href: adminPath(v, "rules"), Text: "细则和归类"}}}
	versions, err := scheme.Versions(ctx, p.db, v)
	if err != nil {
		return err
	}
	if len(versions) > 0 {
		current := versions[0]
		if now, err := scheme.Current(ctx, p.db, v, p.db.Now().Day()); err == nil {
			current = now
		} else if !errors.Is(err, scheme.ErrNoRules) {
			return err
		}
		rules, err := scheme.Rules(ctx, p.db, v, current.ID)
		if err != nil {
			return err
		}
		l.Rules, item.Done, item.Link = len(rules), true, "导入新的一版"
		item.Text = fmt.Sprintf("第 %d 版，%d 条，%s起执行。", current.Number, len(rules), current.InForceFrom)
	}
	l.Items = append(l.Items, item)
	return nil
}

func (p *Pages) checkGoods(ctx context.Context, v int64, l *checklist) error {
	item := checkItem{Key: "goods", Title: "商品", Href: importPath(v, "goods"), Link: "导入商品和库存", Text: "还没有商品。把价目表导进来，有库存数的一起进。"}
	items, err := market.Shelf(ctx, p.db, v, 0, p.db.Now().Day())
	if err != nil {
		return err
	}
	if len(items) > 0 {
		out := 0
		for _, i := range items {
			if i.SoldOut {
				out++
			}
		}
		l.Goods, item.Done, item.Link = len(items), true, "再导入一份"
		item.Text = fmt.Sprintf("架上 %d 种", len(items))
		if out > 0 {
			item.Text += fmt.Sprintf("，%d 种没有库存", out)
		}
		item.Text += "。"
		item.More = []web.Link{{Href: villageQuery("/counter/stock", v), Text: "进货、改价"}}
	}
	l.Items = append(l.Items, item)
	return nil
}

func (p *Pages) checkPeople(ctx context.Context, v int64, l *checklist) error {
	people, err := account.List(ctx, p.db, v)
	if err != nil {
		return err
	}
	today, held := p.db.Now().Day(), map[models.Role]int{}
	for _, a := range people {
		for _, g := range a.Grants {
			if g.Area == v && a.DisabledAt == 0 && g.Holds(today) {
				held[g.Role]++
			}
		}
		if a.DisabledAt == 0 {
			l.Staff++
		}
	}
	balances := checkItem{Key: "balances", Title: "旧账", Optional: true, Href: importPath(v, "balances"), Link: "旧账结转",
		Text: "以前记过分的，把每户剩的分结转过来；没有就跳过。"}
	carried, err := p.carriedOver(ctx, v)
	if err != nil {
		return err
	}
	if carried != "" {
		balances.Done, balances.Text = true, carried
	}
	staff := checkItem{Key: "people", Title: "人员", Href: newPersonPath(v), Link: "添加人员"}
	staff.More = []web.Link{{Href: peoplePath(v), Text: "看全部人员"}}
	staff.Done = held[models.Committee] > 0 && held[models.Clerk] > 0
	staff.Text = staffText(held)
	cards := checkItem{Key: "cards", Title: "打印卡", Optional: true, Href: villageQuery("/committee/cards", v), Link: "打印户卡和签收表",
		Text: "每户一张卡（二维码、条码、户号）。打印后剪开，照签收表发到户。"}
	n, err := village.Count(ctx, p.db, v)
	if err != nil {
		return err
	}
	if n.PINs > 0 {
		cards.Done, cards.Text = true, fmt.Sprintf("%d 户有取货密码。", n.PINs)
	}
	l.Items = append(l.Items, balances, staff, cards)
	return nil
}

// staffText says who works in the village and who is missing.
func staffText(held map[models.Role]int) string {
	text := ""
	for _, r := range models.Roles {
		if n := held[r]; n > 0 {
			if text != "" {
				text += "，"
			}
			text += fmt.Sprintf("%s %d 人", r.Title(), n)
		}
	}
	if text != "" {
		text += "。"
	}
	switch {
	case held[models.Committee] == 0 && held[models.Clerk] == 0:
		return text + "还差村委（记分、公示）和兑换点管理员（收卡、给东西）。"
	case held[models.Committee] == 0:
		return text + "还差村委（记分、公示）。"
	case held[models.Clerk] == 0:
		return text + "还差兑换点管理员（收卡、给东西）。"
	}
	return text
}

// adminPath is an address of a village's administration.
func adminPath(v int64, rest ...string) string {
	path := "/admin/" + models.ID32(v)
	for _, r := range rest {
		path += "/" + r
	}
	return path
}

func importPath(v int64, kind string) string { return adminPath(v, "import", kind) }

// villageQuery names the village to a page that takes it from the query.
func villageQuery(path string, v int64) string { return path + "?village=" + models.ID32(v) }

func peoplePath(area int64) string { return "/admin/people?area=" + models.ID32(area) }

func newPersonPath(area int64) string { return "/admin/people/new?area=" + models.ID32(area) }

// stepsAt draws the list as steps with one of them under way.
func (l checklist) stepsAt(key string) []web.Step {
	steps := l.Steps()
	for i, item := range l.Items {
		s := &steps[i+1]
		if s.State == "now" {
			s.State = "todo"
		}
		if item.Key == key {
			s.State, s.Href = "now", ""
		}
	}
	return steps
}
