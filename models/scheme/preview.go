package scheme

import (
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/sheet"
)

// Wants are the columns of a table of rules.
var Wants = []sheet.Want{
	{Key: "category", Title: "类别", Aliases: []string{"类型", "一级指标", "大类", "分类", "板块", "模块", "项目类别", "积分类别", "指标类别", "维度"}, Help: "美丽庭院、移风易俗 …；没有这一列也可以"},
	{Key: "item", Title: "项目", Required: true, Aliases: []string{"内容", "事项", "指标", "二级指标", "三级指标", "积分项目", "积分内容", "积分事项", "具体内容", "评分内容", "考核内容", "评分项目", "行为", "细则", "具体事项"}, Help: "做什么事"},
	{Key: "points", Title: "分值", Required: true, Aliases: []string{"积分", "得分标准", "分数", "赋分", "计分标准", "积分标准", "评分标准", "积分值", "标准分", "得分", "加分", "加分标准", "加分值"}, Help: "5、0.5、50-100、200/300/500 都可以"},
	{Key: "minus", Title: "扣分值", Aliases: []string{"扣分", "扣分标准", "减分", "减分标准"}, Help: "加分、扣分分两列写的表才有"},
	{Key: "unit", Title: "单位", Aliases: []string{"计分单位", "计量单位"}, Help: "次、人次、小时 …"},
	{Key: "cap", Title: "上限", Aliases: []string{"封顶", "积分上限", "年度上限", "上限分值", "最高分", "限额", "限次", "次数上限", "封顶分", "每年上限"}, Help: "每年最多 40 分、每月限 2 次 …"},
	{Key: "period", Title: "周期", Aliases: []string{"频次", "频率", "计分周期", "次数限制", "限制", "时限"}, Help: "每天、每月、每年 …"},
	{Key: "direction", Title: "方向", Aliases: []string{"加减", "加/减", "加减分", "加扣分", "正负", "性质", "奖惩"}, Help: "加分、扣分、基础分、赠送"},
	{Key: "group", Title: "共用上限", Aliases: []string{"合计上限", "合并计分"}, Help: "写一样的几行共用一个上限"},
	{Key: "public", Title: "是否公开", Aliases: []string{"公开", "是否公示", "公示"}, Help: "不公开的只计数，不上榜"},
	{Key: "evidence", Title: "证据", Aliases: []string{"佐证", "证明材料", "佐证材料", "认定方式", "认定依据", "依据", "凭据"}, Help: "凭什么认定"},
	{Key: "note", Title: "备注", Aliases: []string{"说明", "notes", "其他说明", "备注说明"}},
}

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
	if m.Has("category") {
		t.FillDown(m.Columns["category"])
	}
	p.Problems = badCells(t, m, choice.Skip)
	capTitle := columnTitle(t, m, "cap")
	var all []*reading
	for _, row := range t.Rows {
		if slices.Contains(choice.Skip, row.Number) {
			continue
		}
		r := &reading{m: m, row: row}
		r.d.Category, r.d.Item = categoryOf(m, row), r.written("item")
		if problem := r.read(capTitle, append([]string{t.Sheet}, t.Titles...)); problem != nil {
			p.Problems = append(p.Problems, *problem)
			continue
		}
		all = append(all, r)
	}
	share(all)
	p.finish(all, choice)
	p.Summary = sheet.Summary(len(t.Rows), p.Problems)
	return p, nil
}

// matchColumns finds the columns. Where 项目 stands beside 内容, the first is the
// category and the second what is done.
func matchColumns(t *sheet.Table, chosen map[string]int) sheet.Mapping {
	m := t.Match(Wants, chosen)
	_, decided := chosen["item"]
	if item := m.Columns["item"]; item >= 0 && !m.Has("category") && !decided && strings.Contains(columnTitle(*t, m, "item"), "项目") {
		for _, c := range m.Unused {
			if contains(c.Title, "内容 事项 细则 指标 行为") != "" {
				again := map[string]int{"category": item, "item": c.Index}
				for k, v := range chosen {
					again[k] = v
				}
				m = t.Match(Wants, again)
				break
			}
		}
	}
	if m.Has("minus") {
		m.Missing = slices.DeleteFunc(m.Missing, func(w sheet.Want) bool { return w.Key == "points" })
	}
	return m
}

func columnTitle(t sheet.Table, m sheet.Mapping, key string) string {
	for _, c := range t.Columns {
		if m.Has(key) && c.Index == m.Columns[key] {
			return c.Title
		}
	}
	return ""
}

func categoryOf(m sheet.Mapping, row sheet.Row) string {
	if name := sectionName(m.Get(row, "category")); name != "" {
		return name
	}
	return sectionName(row.Section)
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
	r.caps(capTitle)
	r.notes()
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
		if r.d.Private {
			text += "；只计数，不公开明细"
		}
		p.Rows = append(p.Rows, RuleRow{Row: r.row.Number, Draft: r.d, Understood: text, Unclear: r.unclear, Warnings: Warn(r.d.Item, r.d.Note+" "+r.d.Evidence)})
		i, ok := at[r.d.Category]
		if !ok {
			i = len(p.Categories)
			at[r.d.Category] = i
			p.Categories = append(p.Categories, CategoryRow{Name: r.d.Category, CountyKey: GuessCounty(r.d.Category)})
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
