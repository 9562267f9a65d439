package pages

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

// routesSample are the checks of redemptions: the monitor draws and asks, the
// committee does not.
func (p *Pages) routesSample(r Routes) {
	watch := web.Staff(models.WatchRecords)
	r.Get("/committee/checks", watch, p.Samples)
	r.Post("/committee/checks", watch, p.DrawSample)
	r.Get("/committee/checks/:check", watch, p.Sample)
	r.Post("/committee/checks/:check", watch, p.AnswerSample)
	r.Get("/committee/checks/:check/sheet", watch, p.SampleSheet)
	r.Get("/committee/checks/:check/order", watch, p.SampleOrder)
	r.Post("/committee/checks/:check/close", watch, p.CloseSample)
	r.Post("/committee/checks/:check/object", watch, p.ObjectSample)
}

// samplesPage draws a check and lists those there were.
type samplesPage struct {
	committeeAt
	Today  models.Date
	Most   int
	Past   []sampleLine
	Typed  map[string]string
	Errors map[string]string
}

// sampleLine is a check with what came of it.
type sampleLine struct {
	market.Check
	Href, By              string
	Yes, No, Unsure, Open int
}

// View implements web.Page.
func (samplesPage) View() (name, title string) { return "committee/samples", "抽查兑换" }

// Frame keeps the bar on its entry.
func (samplesPage) Frame(f *web.Frame) { f.Active = "watch" }

// sampleUsual is how many are drawn when nobody says.
const sampleUsual = 20

// Samples answers GET /committee/checks.
func (p *Pages) Samples(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.WatchRecords)
	if err != nil {
		return p.committeeAstray(c, err, models.WatchRecords)
	}
	page, err := p.samplesPage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) samplesPage(c *fiber.Ctx, at committeeAt) (page samplesPage, err error) {
	ctx, today := c.UserContext(), p.db.Now().Day()
	page = samplesPage{committeeAt: at, Today: today, Most: market.ChecksMost,
		Typed: map[string]string{"from": string(today.AddDays(-30)), "last": string(today), "size": strconv.Itoa(sampleUsual)}}
	all, err := market.Checks(ctx, p.db, at.Area.ID)
	if err != nil {
		return page, err
	}
	counts, err := market.CheckCounts(ctx, p.db, at.Area.ID)
	if err != nil {
		return page, err
	}
	var who []int64
	for _, k := range all {
		who = append(who, k.MadeBy)
	}
	names, err := p.lifeNames(ctx, who)
	for _, k := range all {
		page.Past = append(page.Past, sampleOf(at, k, counts[k.ID], names[k.MadeBy]))
	}
	return page, err
}

func sampleOf(at committeeAt, k market.Check, n map[string]int, by string) sampleLine {
	return sampleLine{Check: k, Href: at.Href(samplePath(k)), By: by, Yes: n[market.CheckYes], No: n[market.CheckNo], Unsure: n[market.CheckUnsure], Open: n[""]}
}

func samplePath(k market.Check) string { return "/committee/checks/" + models.ID32(k.ID) }

type drawForm struct {
	From models.Date `form:"from,required" label:"从哪一天"`
	Last models.Date `form:"last,required" label:"到哪一天"`
	Size int         `form:"size,required" label:"抽几笔" min:"1" max:"200"`
	Seed int         `form:"seed" label:"种子" min:"0" max:"999999"`
}

// DrawSample answers POST /committee/checks.
func (p *Pages) DrawSample(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.WatchRecords)
	if err != nil {
		return err
	}
	var f drawForm
	op, refused := web.Bind(c, &f)
	var k market.Check
	if refused == nil {
		k, refused = market.DrawCheck(c.UserContext(), p.db, op, at.Actor, market.CheckAsk{Village: at.Area.ID, From: f.From, Last: f.Last, Size: f.Size, Seed: int64(f.Seed)})
	}
	if refused != nil {
		page, err := p.samplesPage(c, at)
		if err != nil {
			return err
		}
		for name := range map[string]bool{"from": true, "last": true, "size": true, "seed": true} {
			page.Typed[name] = c.FormValue(name)
		}
		page.Errors = web.Errors(refused)
		return web.Again(c, page, refused)
	}
	web.Flash(c, "ok", "从 "+strconv.FormatInt(k.Population, 10)+" 笔里抽了 "+strconv.FormatInt(k.Size, 10)+" 笔", "种子 "+strconv.FormatInt(k.Seed, 10)+"。打印问询单，一户一户去问。")
	return web.See(c, at.Href(samplePath(k)))
}

// samplePage is a check: what was drawn, what was said, what came of it.
type samplePage struct {
	committeeAt
	Sample sampleLine
	Lines  []sampleReceipt
	Chart  web.BarChart
	Say    bool // something did not agree and is no objection yet
	Errors map[string]string
}

// sampleReceipt is a drawn redemption.
type sampleReceipt struct {
	market.CheckLine
	Key  string // the id, in names of fields
	Kin  bool   // the asker's own family: a colleague asks
	Said string // the objection that came of it
}

// Answers are the choices, with this receipt's.
func (l sampleReceipt) Answers() []web.Option {
	var list []web.Option
	for _, o := range []web.Option{{Value: market.CheckYes, Text: "对"}, {Value: market.CheckNo, Text: "不对"}, {Value: market.CheckUnsure, Text: "记不清"}} {
		o.Selected = o.Value == l.Answer
		list = append(list, o)
	}
	return list
}

// Goods is what was handed over: 洗衣液×2、大米.
func (l sampleReceipt) Goods() string {
	text := ""
	for _, g := range l.Lines {
		if text != "" {
			text += "、"
		}
		if text += g.Name; g.Qty != models.One {
			text += "×" + g.Qty.String()
		}
	}
	return text
}

// View implements web.Page.
func (p samplePage) View() (name, title string) { return "committee/sample", "抽查兑换" }

// Frame gives the table room and keeps the bar on its entry.
func (samplePage) Frame(f *web.Frame) { f.Posture, f.Active = "desk", "watch" }

// sampleIn is the village and the check in hand.
func (p *Pages) sampleIn(c *fiber.Ctx) (at committeeAt, k market.Check, err error) {
	if at, err = committeeFor(c, models.WatchRecords); err != nil {
		return at, k, err
	}
	id, err := web.ID(c, "check")
	if err != nil {
		return at, k, err
	}
	k, err = market.GetCheck(c.UserContext(), p.db, at.Area.ID, id)
	return at, k, err
}

// Sample answers GET /committee/checks/:check.
func (p *Pages) Sample(c *fiber.Ctx) error {
	at, k, err := p.sampleIn(c)
	if err != nil {
		return err
	}
	page, err := p.samplePage(c, at, k)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) samplePage(c *fiber.Ctx, at committeeAt, k market.Check) (page samplePage, err error) {
	ctx := c.UserContext()
	lines, err := market.CheckLines(ctx, p.db, k)
	if err != nil {
		return page, err
	}
	names, err := p.lifeNames(ctx, []int64{k.MadeBy})
	n := map[string]int{}
	page.committeeAt = at
	for _, l := range lines {
		n[l.Answer]++
		r := sampleReceipt{CheckLine: l, Key: models.ID32(l.ID), Kin: at.Kin(l.Household)}
		if l.Objection != 0 {
			r.Said = at.Href("/committee/objections/" + models.ID32(l.Objection))
		}
		page.Say = page.Say || l.Answer == market.CheckNo && l.Objection == 0
		page.Lines = append(page.Lines, r)
	}
	page.Sample = sampleOf(at, k, n, names[k.MadeBy])
	page.Chart = sampleChart(page.Sample)
	return page, err
}

// sampleChart says the finding, and how many said what.
func sampleChart(s sampleLine) web.BarChart {
	title := countOf(s.No) + " 笔对不上"
	if s.No == 0 {
		title = "问过的没有对不上的"
		if s.Yes+s.Unsure == 0 {
			title = "还没有问"
		}
	}
	var bars []web.Bar
	for _, b := range []struct {
		label string
		n     int
	}{{"对", s.Yes}, {"不对", s.No}, {"记不清", s.Unsure}, {"还没问到", s.Open}} {
		bars = append(bars, web.Bar{Label: b.label, Value: float64(b.n), Text: countOf(b.n) + " 笔", Strong: b.label == "不对" && b.n > 0})
	}
	return web.Bars(title, float64(s.Size), bars)
}

// sampleErrand is the operation of an objection that comes of a receipt: the same
// for everybody, so that two who press at once make one.
func sampleErrand(k market.Check, redemption int64) db.OpID {
	return db.ErrandID("check_object", k.Village, redemption, k.ID)
}
