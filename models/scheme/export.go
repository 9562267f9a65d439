package scheme

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/sheet"
)

// RulesBook is a version as a workbook in the form that PreviewRules reads: what
// goes out comes back in as the same rules.
func RulesBook(ctx context.Context, c db.Conn, village, version int64) (sheet.Book, error) {
	b, err := Load(ctx, c, village, version)
	if err != nil {
		return sheet.Book{}, err
	}
	categories, err := Categories(ctx, c, village)
	if err != nil {
		return sheet.Book{}, err
	}
	out := exporting{book: b, categories: categories}
	s := sheet.Sheet{Name: "积分细则", TitleRow: "积分细则 " + b.Version.Title(), Freeze: true}
	columns := out.columns()
	for _, c := range columns {
		s.Columns = append(s.Columns, sheet.Col{Head: c.head})
	}
	for _, r := range b.Rules {
		cells := make([]any, len(columns))
		for i, c := range columns {
			cells[i] = c.cell(r)
		}
		s.Rows = append(s.Rows, cells)
	}
	v := b.Version
	s.Notes = []string{fmt.Sprintf("%s 起执行；1 分折合 %s 元；%s。", v.InForceFrom, v.PointRate.Fen(models.Points(models.One)), postingText(v))}
	return sheet.Book{Title: "积分细则", Sheets: []sheet.Sheet{s}}, nil
}

var directionNames = map[string]string{Plus: "加分", Minus: "扣分", Base: "基础分", Gift: "赠送"}

// DirectionName is the direction in the village's words.
func DirectionName(direction string) string { return directionNames[direction] }

func postingText(v Version) string {
	if v.Posting == PostNow {
		return "加分马上到账"
	}
	return fmt.Sprintf("公示 %d 天后到账", v.NoticeDays)
}

// exporting writes a version's rules in the columns that PreviewRules reads.
type exporting struct {
	book       *Book
	categories []Category
}

type exportColumn struct {
	head string
	cell func(Rule) any
}

// columns are those that every table has, and the others where a rule needs
// them.
func (x exporting) columns() []exportColumn {
	text := func(of func(Rule) string) func(Rule) any { return func(r Rule) any { return of(r) } }
	all := []struct {
		always bool
		exportColumn
	}{
		{false, exportColumn{"上级类别", text(x.parent)}},
		{true, exportColumn{"类别", text(x.category)}},
		{true, exportColumn{"项目", text(func(r Rule) string { return r.Item })}},
		{true, exportColumn{"分值", Rule.pointsCell}},
		{false, exportColumn{"扣分点", text(Rule.faultsCell)}},
		{true, exportColumn{"单位", text(func(r Rule) string { return r.Unit })}},
		{true, exportColumn{"上限", text(Rule.capCell)}},
		{true, exportColumn{"周期", text(Rule.periodCell)}},
		{true, exportColumn{"方向", text(func(r Rule) string { return directionNames[r.Direction] })}},
		{true, exportColumn{"共用上限", text(func(r Rule) string { return r.CapGroup })}},
		{false, exportColumn{"类别上限", text(x.categoryCap)}},
		{false, exportColumn{"同一件事", text(func(r Rule) string { return r.OnceGroup })}},
		{false, exportColumn{"谁来记", text(Rule.RecordersText)}},
		{true, exportColumn{"是否公开", text(func(r Rule) string { return publicNames[r.Private] })}},
		{true, exportColumn{"证据", text(func(r Rule) string { return r.Evidence })}},
		{true, exportColumn{"备注", text(func(r Rule) string { return r.Note })}},
	}
	var kept []exportColumn
	for _, c := range all {
		if c.always || slices.ContainsFunc(x.book.Rules, func(r Rule) bool { return c.cell(r) != "" }) {
			kept = append(kept, c.exportColumn)
		}
	}
	return kept
}

func (x exporting) find(id int64) Category {
	i := slices.IndexFunc(x.categories, func(c Category) bool { return c.ID == id })
	if i < 0 {
		return Category{}
	}
	return x.categories[i]
}

func (x exporting) category(r Rule) string { return x.find(r.CategoryID).Name }

// parent is the category above, with its cap behind its name: it has no row of
// its own that could hold it.
func (x exporting) parent(r Rule) string {
	p := x.find(x.find(r.CategoryID).Parent)
	if c := x.capText(p.ID); c != "" {
		return p.Name + "（" + c + "）"
	}
	return p.Name
}

func (x exporting) categoryCap(r Rule) string { return x.capText(r.CategoryID) }

func (x exporting) capText(category int64) string {
	for _, c := range x.book.caps {
		if c.Category == category {
			var r Rule
			r.setCap(c.Cap)
			return r.periodCell() + r.capCell()
		}
	}
	return ""
}

func (r Rule) pointsCell() any {
	switch {
	case len(r.Bands) > 0:
		return r.bandsCell()
	case r.Marked() && r.FaultPoints > 0:
		return "满分" + r.FullPoints.Plain() + "，每处扣" + r.FaultPoints.Plain()
	case r.Marked():
		return "满分" + r.FullPoints.Plain()
	case len(r.Choices) > 0:
		texts := make([]string, len(r.Choices))
		for i, p := range r.Choices {
			texts[i] = p.Plain()
		}
		return strings.Join(texts, "、")
	case r.PointsMin == r.PointsMax:
		return r.PointsMin
	case r.PointsMin == 0:
		return "不超过" + r.PointsMax.Plain()
	}
	return r.PointsMin.Plain() + "～" + r.PointsMax.Plain()
}

// bandsCell is the bands as sheet.Steps reads them; the unit is said where it is
// one that Steps knows.
func (r Rule) bandsCell() string {
	write := func(unit string) string {
		texts := make([]string, len(r.Bands))
		for i, b := range r.Bands {
			at := b.Name
			switch {
			case r.BandBy == ByMonth:
				at = "当月满" + models.Points(b.At).Plain() + "分"
			case r.BandBy == ByAmount && b.At <= sheet.Least:
				at = "起步"
			case r.BandBy == ByAmount:
				at = "满" + models.Points(b.At).Plain() + unit
			}
			texts[i] = at + "：" + b.Points.Plain()
		}
		return strings.Join(texts, "；")
	}
	cell := write(r.Unit)
	if steps, _, ok := sheet.Steps(cell); !ok || len(steps) != len(r.Bands) || r.stepped() != (steps[0].Name == "") {
		return write("")
	}
	return cell
}

// faultsCell is the faults as sheet.FaultsIn reads them.
func (r Rule) faultsCell() string {
	texts := make([]string, len(r.Faults))
	for i, f := range r.Faults {
		if texts[i] = f.Name; f.Points > 0 {
			texts[i] += "扣" + f.Points.Plain()
		}
	}
	if len(texts) == 1 {
		return texts[0] + "；" // a name may hold a comma
	}
	return strings.Join(texts, "；")
}

func (r Rule) capCell() string {
	var most []string
	if r.CapTimes > 0 {
		most = append(most, fmt.Sprintf("最多%d次", r.CapTimes))
	}
	if r.CapPoints > 0 {
		most = append(most, "最多"+r.CapPoints.Plain()+"分")
	}
	return strings.Join(most, "，")
}

func (r Rule) periodCell() string {
	if !r.Capped() {
		return ""
	}
	period := periodNames[r.CapPeriod]
	if r.CapPeriod == "life" {
		period = "终身"
	}
	if r.CapPer == "member" {
		return "每人" + period
	}
	return period
}
