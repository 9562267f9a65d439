package scheme

import (
	"slices"

	"pointstore/models"
	"pointstore/models/sheet"
)

// Choice is what the reader of the preview decided.
type Choice struct {
	Columns map[string]int    // key of a want → column, -1 for none
	Skip    []int             // numbers of rows to leave out
	Settled map[int]Cap       // row → the cap settled by hand
	Private map[int]bool      // row → whether it is private
	County  map[string]string // category → county key
}

// RuleRow is how one row of the table was understood.
type RuleRow struct {
	Row        int
	Draft      Draft
	Understood string   // 每次 5 分，每户每年最多 40 分
	Unclear    []string // limits nobody could read; they stay in the note
	Warnings   []string // the law guard
}

// CategoryRow is one category of the table and where the county counts it.
type CategoryRow struct {
	Name, CountyKey string
	Parent          string // the category above; may be empty
	Cap             Cap    // over the whole category; zero for none
	Rules           int
}

// RulePreview shows how a table of rules was understood.
type RulePreview struct {
	Mapping    sheet.Mapping
	Columns    []sheet.Column // all that may be chosen from
	Rows       []RuleRow
	Categories []CategoryRow
	Caps       []CategoryDraft // of whole categories
	Problems   []sheet.Problem
	Left       []sheet.LeftOut // rows that are no rules
	Dropped    []sheet.Column  // columns that must not be kept
	Summary    string
}

// Ready is nil when the table can go in as it is.
func (p RulePreview) Ready() error {
	switch {
	case len(p.Mapping.Missing) > 0:
		return bad("columns", "表里没有找到“%s”这一列，一行都没有导入；请指出是哪一列", p.Mapping.Missing[0].Title)
	case len(p.Problems) > 0:
		return models.ErrInput.With(p.Summary)
	case len(p.Rows) == 0:
		return models.ErrInput.With("表里没有一条细则，没有导入；请核对选的是不是这一份")
	}
	return nil
}

// Unclear counts the rows with a limit that somebody should settle by hand.
func (p RulePreview) Unclear() int {
	n := 0
	for _, r := range p.Rows {
		if len(r.Unclear) > 0 {
			n++
		}
	}
	return n
}

// PreviewRules reads a village's table of rules and says how it understood each
// row. It changes nothing.
func PreviewRules(t sheet.Table, choice Choice) (RulePreview, error) {
	m := matchColumns(&t, choice.Columns)
	p := RulePreview{Mapping: m, Columns: t.Columns, Left: t.Left, Dropped: t.Dropped}
	if len(m.Missing) > 0 {
		return p, nil
	}
	for _, key := range []string{"parent", "category"} {
		if m.Has(key) {
			t.FillDown(m.Columns[key])
		}
	}
	if m.Has("level") {
		t.FillDown(m.Columns["item"])
	}
	p.Problems = badCells(t, m, choice.Skip)
	capTitle := columnTitle(t, m, "cap")
	var all []*reading
	var caps headingCaps
	for _, row := range t.Rows {
		if slices.Contains(choice.Skip, row.Number) {
			continue
		}
		r := &reading{m: m, row: row, remark: m.Get(row, "note")}
		r.d.Item = r.written("item")
		r.category(&caps)
		if problem := r.read(capTitle, append([]string{t.Sheet}, t.Titles...)); problem != nil {
			p.Problems = append(p.Problems, *problem)
			continue
		}
		all = append(all, r)
	}
	all = levels(all)
	share(all, &caps)
	once(all)
	p.Caps = caps.list
	p.finish(all, choice)
	p.Summary = sheet.Summary(len(t.Rows), p.Problems)
	return p, nil
}

// badCells are the spoiled cells that matter: in a column that is used.
func badCells(t sheet.Table, m sheet.Mapping, skip []int) []sheet.Problem {
	used := map[string]bool{}
	for _, w := range Wants {
		used[columnTitle(t, m, w.Key)] = true
	}
	return slices.DeleteFunc(slices.Clone(t.Problems), func(p sheet.Problem) bool {
		return !used[p.Column] || slices.Contains(skip, p.Row)
	})
}

// read understands the row as far as that goes without its neighbours.
func (r *reading) read(capTitle string, titles []string) *sheet.Problem {
	if r.d.Item == "" {
		p := r.m.Wrong(r.row, "item", "没有写，请写明做什么事")
		return &p
	}
	if p := r.points(); p != nil {
		return p
	}
	if p := r.direction(titles); p != nil {
		return p
	}
	r.faultless()
	r.caps(capTitle)
	r.notes()
	r.recorders()
	r.d.CapGroup = r.m.Get(r.row, "group")
	switch text := r.m.Get(r.row, "public"); {
	case text == "":
		r.d.Private = PrivateByDefault(r.d.Direction, r.d.Category, r.d.Item)
	default:
		r.d.Private = contains(text, "不 否 非 保密") != ""
	}
	r.d.tidy()
	if err := r.d.check(); err != nil {
		return wrong(r.m, r.row, "item", err)
	}
	return nil
}

// finish takes in what was settled by hand and puts the rows into words.
func (p *RulePreview) finish(all []*reading, choice Choice) {
	at := map[string]int{}
	for _, r := range all {
		if c, ok := choice.Settled[r.row.Number]; ok {
			r.d.setCap(c)
			r.unclear = nil
			r.d.tidy()
			if err := r.d.check(); err != nil {
				p.Problems = append(p.Problems, *wrong(r.m, r.row, "cap", err))
			}
		}
		if private, ok := choice.Private[r.row.Number]; ok {
			r.d.Private = private
		}
		text := r.d.Text()
		if r.d.OnceGroup != "" {
			text += "；“" + r.d.OnceGroup + "”等几条同一件事只记最高的"
		}
		if who := r.d.RecordersText(); who != "" {
			text += "；" + who + "记"
		}
		if r.d.Private {
			text += "；只计数，不公开明细"
		}
		p.Rows = append(p.Rows, RuleRow{Row: r.row.Number, Draft: r.d, Understood: text, Unclear: r.unclear, Warnings: r.d.Warnings()})
		i, ok := at[r.d.Category]
		if !ok {
			i = len(p.Categories)
			at[r.d.Category] = i
			p.Categories = append(p.Categories, CategoryRow{Name: r.d.Category, Parent: r.d.Parent, CountyKey: GuessCounty(r.d.Category), Cap: p.capOf(r.d.Category)})
		}
		p.Categories[i].Rules++
	}
	for i, c := range p.Categories {
		if key, ok := choice.County[c.Name]; ok {
			p.Categories[i].CountyKey = key
		}
	}
	p.checkTable()
}

func (p *RulePreview) capOf(category string) Cap {
	for _, c := range p.Caps {
		if c.Category == category {
			return c.Cap
		}
	}
	return Cap{}
}

// checkTable finds what is wrong only when rows are seen together.
func (p *RulePreview) checkTable() {
	if len(p.Problems) > 0 || len(p.Rows) == 0 {
		return
	}
	drafts := make([]Draft, len(p.Rows))
	for i, r := range p.Rows {
		drafts[i] = r.Draft
	}
	if err := checkAll(drafts); err != nil {
		p.Problems = append(p.Problems, sheet.Problem{Text: sayOf(err)})
	}
}
