package pages

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/market"
	"pointstore/models/report"
	"pointstore/models/village"
)

func (p *Pages) routesCover(r Routes) {
	read := web.Staff(models.ReadReport)
	r.Get("/committee/cover", read, p.Cover)
	r.Get("/committee/cover/print", read, p.CoverSheet)
	r.Post("/committee/cover/cap", web.Staff(models.SetUpVillage), p.SetIssueCap)
}

// coverPage is one question: do money and goods cover what villagers may still
// come for, and how long.
type coverPage struct {
	committeeAt
	report.Covered
	Now       string
	Says      string
	SaysKind  string
	Dry       string
	Hand      string // in whole yuan, for the large figures
	Owed      string
	PaceSays  string
	Against   web.StackedChart
	Ahead     web.BarChart
	Table     web.Table
	CapTyped  string
	Print     bool
	PrintHref string
	Errors    map[string]string
}

// View implements web.Page.
func (p coverPage) View() (name, title string) {
	if p.Print {
		return "committee/coverprint", "资金、库存和没换的分"
	}
	return "committee/cover", "钱和货够不够换"
}

// Frame gives the tables room.
func (coverPage) Frame(f *web.Frame) { f.Posture, f.Active = "desk", "cover" }

// coverMonths is how many months the picture looks ahead.
const coverMonths = 8

func (p *Pages) coverPage(c *fiber.Ctx, at committeeAt) (page coverPage, err error) {
	page = coverPage{committeeAt: at, PrintHref: at.Href("/committee/cover/print")}
	if page.Covered, err = report.CoverOf(c.UserContext(), p.db, at.Area.ID); err != nil {
		return page, err
	}
	k := page.Covered
	page.Now, page.CapTyped = k.AsOf.String(), k.Cap.Plain()
	page.Says, page.SaysKind = coverSays(k)
	page.Hand, page.Owed = wholeYuan(k.InHand()), wholeYuan(k.UnspentFen)
	switch {
	case k.Pace == 0:
		page.Dry, page.PaceSays = "还看不出", "还没有人换过东西，看不出每月要多少"
	case k.DryMonth() == 0:
		page.Dry = "两年以后"
	default:
		page.Dry = k.DryMonth().String()
	}
	if k.Pace > 0 {
		page.PaceSays = fmt.Sprintf("照最近 %d 个整月的快慢，每月换走 %s 元", k.PaceMonths, k.Pace)
		if k.PaceMonths == 0 {
			page.PaceSays = fmt.Sprintf("照这个月到今天的快慢，每月约换走 %s 元", k.Pace)
		}
	}
	page.charts()
	page.tables()
	return page, nil
}

// wholeYuan rounds to the yuan; the table below says the fen.
func wholeYuan(f models.Fen) string { return ((f + 50) / 100 * 100).String() }

// coverSays is the finding in one sentence.
func coverSays(k report.Covered) (text, kind string) {
	switch {
	case k.OverCap() && k.Short() > 0:
		return fmt.Sprintf("没换的分值 %s 元，超过村里定的上限 %s 元，钱和货也差 %s 元", k.UnspentFen, k.Cap, k.Short()), "bad"
	case k.OverCap():
		return fmt.Sprintf("没换的分值 %s 元，超过村里定的上限 %s 元", k.UnspentFen, k.Cap), "bad"
	case k.Short() > 0:
		return fmt.Sprintf("没换的分值 %s 元，钱和货只有 %s 元，还差 %s 元", k.UnspentFen, k.InHand(), k.Short()), "wait"
	}
	return fmt.Sprintf("没换的分值 %s 元，钱和货有 %s 元，够换", k.UnspentFen, k.InHand()), "ok"
}

func (page *coverPage) charts() {
	k := page.Covered
	yuan := func(f models.Fen) float64 { return float64(f) / 100 }
	title := "村民手里的分，钱和货都换得起"
	if k.Short() > 0 {
		title = "村民手里的分，比钱和货多出 " + k.Short().String() + " 元"
	}
	page.Against = web.Stacked(title, "元", []string{"资金", "库存（按进价）", "没换的分"}, []web.Stack{
		{Label: "手里有的", Values: []float64{yuan(k.FundFen), yuan(k.StockFen), 0}, Text: k.InHand().String() + " 元"},
		{Label: "村民的分", Values: []float64{0, 0, yuan(k.UnspentFen)}, Text: k.UnspentFen.String() + " 元"},
	})
	if k.Pace == 0 {
		return
	}
	var bars []web.Bar
	for i, left := range k.Forecast(coverMonths) {
		m := k.AsOf.Month().Add(i)
		bars = append(bars, web.Bar{Label: m.String(), Value: yuan(left), Text: left.String() + " 元", Strong: left == 0})
	}
	title = "照现在的快慢，" + page.Dry + "用完"
	if k.DryMonth() == 0 {
		title = "照现在的快慢，两年以内用不完"
	}
	page.Ahead = web.Bars(title, 0, bars)
}

func (page *coverPage) tables() {
	k := page.Covered
	t := web.Table{Heads: []web.Head{{Text: "项目"}, {Text: "元", Num: true}}}
	row := func(text string, fen models.Fen) {
		t.Rows = append(t.Rows, []web.Cell{{Text: text}, {Text: fen.String()}})
	}
	for _, s := range market.FundSources {
		var sum models.Fen
		found := false
		for _, f := range k.Funds {
			if f.Source == s.Key {
				sum, found = sum+f.Fen, true
			}
		}
		if found {
			row("资金 · "+s.Title, sum)
		}
	}
	row("资金合计", k.FundFen)
	row("库存（按进价，不算过期的）", k.StockFen)
	row("手里一共有", k.InHand())
	row("没换的分 "+k.Unspent.String()+" 分，值", k.UnspentFen)
	if k.Short() > 0 {
		row("还差", k.Short())
	} else {
		row("换完还余", k.InHand()-k.UnspentFen)
	}
	if k.Cap > 0 {
		row("村里定的上限", k.Cap)
	}
	page.Table = t
}

// Cover answers GET /committee/cover.
func (p *Pages) Cover(c *fiber.Ctx) error { return p.showCover(c, false) }

// CoverSheet answers GET /committee/cover/print.
func (p *Pages) CoverSheet(c *fiber.Ctx) error { return p.showCover(c, true) }

func (p *Pages) showCover(c *fiber.Ctx, print bool) error {
	at, err := committeeFor(c, models.ReadReport)
	if err != nil {
		return p.committeeAstray(c, err, models.ReadReport)
	}
	page, err := p.coverPage(c, at)
	if err != nil {
		return err
	}
	page.Print = print
	return web.Show(c, page)
}

// SetIssueCap answers POST /committee/cover/cap.
func (p *Pages) SetIssueCap(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f struct {
		Cap models.Fen `form:"cap" label:"上限"`
	}
	op, err := web.Bind(c, &f)
	if err == nil {
		err = village.SetIssueCap(c.UserContext(), p.db, op, web.Actor(c), at.Area.ID, f.Cap)
	}
	if err != nil {
		page, lost := p.coverPage(c, at)
		if lost != nil {
			return lost
		}
		page.CapTyped, page.Errors = c.FormValue("cap"), web.Errors(err)
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", "上限已保存", "超过了会在这一页和村委“今天”里提醒。")
	return web.See(c, at.Href("/committee/cover"))
}

// todayCover warns the committee when it has promised more than it allows itself,
// or more than it has and will run dry soon.
func (p *Pages) todayCover(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !at.Can(models.SetUpVillage) {
		return nil, nil
	}
	k, err := report.CoverOf(c.UserContext(), p.db, at.Area.ID)
	if err != nil {
		return nil, err
	}
	item := todayItem{Href: at.Href("/committee/cover"), Late: true}
	dry := k.DryMonth()
	switch {
	case k.OverCap():
		item.Text, item.Note = "没换的分超过了村里定的上限", k.UnspentFen.String()+" 元，上限 "+k.Cap.String()+" 元"
	case dry != 0 && dry <= k.AsOf.Month().Add(1) && len(k.Funds) > 0:
		item.Text, item.Note = "钱和货快不够换了", "照现在的快慢，"+dry.String()+"用完"
	default:
		return nil, nil
	}
	return []todayItem{item}, nil
}
