package report

import (
	"fmt"

	"pointstore/models"
	"pointstore/models/sheet"
)

// Cover is what the workbook says about itself.
type Cover struct {
	Code   string        // check code from Publish; a closed village's own code
	Verify string        // address at which the code can be checked; may be empty
	Author string        // who made it
	MadeAt models.Millis // when
}

// Workbook lays a quarter out for spreadsheets: numbers as numbers, numerator
// and denominator beside every rate. The sheet should come from Detailed, so
// that households per category are in. before is the same area one quarter
// earlier.
func Workbook(s, before Sheet, cover Cover) sheet.Book {
	b := sheet.Book{Title: s.Title()}
	b.Sheets = append(b.Sheets, s.aboutPage(before, cover), s.sumPage(before), s.villagePage("各村", allColumns), s.categoryPage(), s.detailPage(),
		s.villagePage("兑换", exchangeColumns), s.villagePage("公开", opennessColumns))
	for i := range b.Sheets {
		p := &b.Sheets[i]
		p.TitleRow = s.Title() + " · " + p.Name
		p.Freeze = true
		p.Foot = officialFoot
		p.Notes = append(p.Notes, "数据截至 "+s.AsOf.String()+"；防伪码 "+cover.Code)
	}
	return b
}

// officialFoot ends every sheet that is handed up.
var officialFoot = []string{
	"填报单位（盖章）：                         负责人：                    审核人：",
	"填报人：                    电话：                    填报日期：        年    月    日",
}

// aboutPage says what the workbook is, when it was made and how every number
// was worked out.
func (s Sheet) aboutPage(before Sheet, cover Cover) sheet.Sheet {
	p := sheet.Sheet{Name: "说明", Columns: []sheet.Col{{Head: "项目", Width: 22}, {Head: "内容", Width: 90}}}
	say := func(name, text string) { p.Rows = append(p.Rows, []any{name, text}) }
	say("范围", fmt.Sprintf("%s，%d 个村，其中已封账 %d 个", s.Name, s.Sum.Villages, s.Sum.Returned))
	say("时间", fmt.Sprintf("%s（%s 至 %s）", s.Quarter, s.Quarter.Start(), s.Quarter.End().AddDays(-1)))
	say("数据截至", s.AsOf.String()+"；已封账的村以封账时为准")
	say("制表", cover.MadeAt.String()+"，"+cover.Author)
	verify := "在本系统“验真”页输入防伪码，核对登记的数字"
	if cover.Verify != "" {
		verify = "打开 " + cover.Verify + " 输入防伪码，核对登记的数字"
	}
	say("防伪码", cover.Code+"；"+verify)
	for i, text := range Findings(s, before) {
		say([]string{"好转", "变差", "缺项"}[i], text)
	}
	say("口径", "加分只算居民做的事；旧账结转、基础分、赠送不算件次、不算参与，只算进未兑积分")
	say("口径", "各级数字都是下级分子、分母相加，不是比率的平均")
	say("口径", "原始分值："+RawPoints+"；跨村比较请看件次、户数、折合元")
	say("口径", "更正、作废记在更正当天所在的季度；已封账的季度不再变动")
	for _, i := range Indicators {
		say(i.Name, i.Formula)
	}
	return p
}

// typed gives a numerator or denominator its type, so that points, yuan and
// counts are written each as their own number.
func (i Indicator) typed(n int64) any {
	switch {
	case i.InPoints:
		return models.Points(n)
	case i.Shape == Money:
		return models.Fen(n)
	}
	return n
}

// share is the rate or mean to write; a dash where there is nothing to divide.
func (i Indicator) share(t Tally) any {
	if v, ok := i.Value(t); ok {
		return v
	}
	return "—"
}

// sumPage lists every indicator of the whole area with the quarter before.
func (s Sheet) sumPage(before Sheet) sheet.Sheet {
	p := sheet.Sheet{Name: "汇总", Columns: []sheet.Col{
		{Head: "类别"}, {Head: "指标"}, {Head: "单位"},
		{Head: "本季数量（分子）", Kind: sheet.AsNumber}, {Head: "本季分母", Kind: sheet.AsNumber}, {Head: "本季比率", Kind: sheet.AsPercent}, {Head: "本季平均", Kind: sheet.AsNumber},
		{Head: "上季数量（分子）", Kind: sheet.AsNumber}, {Head: "上季分母", Kind: sheet.AsNumber}, {Head: "上季比率", Kind: sheet.AsPercent}, {Head: "上季平均", Kind: sheet.AsNumber},
		{Head: "比上季（百分点或数量）", Kind: sheet.AsNumber},
	}}
	for _, i := range Indicators {
		row := []any{i.Group, i.Name, i.Unit}
		for _, t := range []Tally{s.Sum, before.Sum} {
			num, den := i.Of(t)
			cells := []any{i.typed(num), nil, nil, nil}
			if i.Divided() {
				cells[1] = i.typed(den)
			}
			if i.Shape == Rate {
				cells[2] = i.share(t)
			}
			if i.Shape == Mean {
				cells[3] = i.share(t)
			}
			row = append(row, cells...)
		}
		change, ok := i.Change(s.Sum, before.Sum)
		if ok {
			row = append(row, rounded(change))
		} else {
			row = append(row, "—")
		}
		p.Rows = append(p.Rows, row)
	}
	if s.Level != "village" {
		p.Notes = append(p.Notes, "加分、扣分、兑换积分、未兑积分："+RawPoints)
	}
	return p
}

// rounded keeps one decimal.
func rounded(v float64) float64 {
	if v < 0 {
		return -rounded(-v)
	}
	return float64(int64(v*10+0.5)) / 10
}

// categoryPage lists the categories of the whole area.
func (s Sheet) categoryPage() sheet.Sheet {
	p := sheet.Sheet{Name: "分类", Columns: []sheet.Col{{Head: "类别", Width: 24}}}
	if s.Level == "village" {
		p.Columns = append(p.Columns, sheet.Col{Head: "归入县级类别", Width: 16})
	}
	p.Columns = append(p.Columns, categoryColumns...)
	for _, c := range s.Categories {
		row := []any{c.Name}
		if s.Level == "village" {
			row = append(row, countyCategories[countyIndex(c.Key)].name)
		}
		p.Rows = append(p.Rows, append(row, s.categoryCells(c)...))
	}
	total := []any{"合计"}
	if s.Level == "village" {
		total = append(total, nil)
	}
	t := s.Sum
	p.Totals = append(total, s.categoryCells(Category{Acts: t.Acts, Late: t.Late, Earned: t.Earned, EarnedFen: t.EarnedFen, Deducted: t.Deducted, Households: t.Active})...)
	p.Notes = s.categoryNotes()
	return p
}

var categoryColumns = []sheet.Col{{Head: "加分件次", Kind: sheet.AsNumber}, {Head: "户数", Kind: sheet.AsNumber}, {Head: "其中补录", Kind: sheet.AsNumber},
	{Head: "加分折合（元）", Kind: sheet.AsMoney}, {Head: "加分", Kind: sheet.AsPoints}, {Head: "扣分", Kind: sheet.AsPoints}}

func (s Sheet) categoryCells(c Category) []any {
	households := any(c.Households)
	if !s.Counted {
		households = "—"
	}
	return []any{c.Acts, households, c.Late, c.EarnedFen, c.Earned, c.Deducted}
}

func (s Sheet) categoryNotes() []string {
	notes := []string{"一户在几类都有加分时，每类各算一户，合计只算一户"}
	if s.Level != "village" {
		notes = append(notes, "加分、扣分："+RawPoints)
	}
	return notes
}

// detailPage lists the categories village by village.
func (s Sheet) detailPage() sheet.Sheet {
	p := sheet.Sheet{Name: "各村分类", Columns: append([]sheet.Col{{Head: "县区"}, {Head: "乡镇"}, {Head: "村"}, {Head: "县级类别"}}, categoryColumns...)}
	for _, v := range s.Villages {
		for _, c := range v.Gathered {
			p.Rows = append(p.Rows, append([]any{v.CountyName, v.TownshipName, v.Name, c.Name}, s.categoryCells(c)...))
		}
	}
	p.Notes = s.categoryNotes()
	return p
}
