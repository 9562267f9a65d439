package pages

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
)

var rulesImport = importKind{
	Key: "rules", Title: "导入积分细则", Noun: "积分细则", Next: "goods", Wants: scheme.Wants,
	Lead:   "村里现在用的积分表原样导入：做什么事、多少分，有类别、上限、备注的一起读。50-100、200/300/500、每月限2次这样的写法都认得。",
	sample: rulesSample, read: readRules, run: runRules, start: startRules, check: checkRules,
}

func rulesSample() sheet.Sheet {
	s := sheet.Sheet{Name: "积分细则", Columns: []sheet.Col{{Head: "类别"}, {Head: "项目"}, {Head: "分值"}, {Head: "单位"}, {Head: "上限"}, {Head: "周期"}, {Head: "方向"}, {Head: "备注"}}}
	s.Rows = [][]any{
		{"美丽庭院", "庭院整洁", "5", "次", "最多2次", "每月", "加分", ""},
		{"志愿服务", "参加志愿服务", "每小时1分", "小时", "最多40分", "每年", "加分", ""},
		{"移风易俗", "婚事新办、零彩礼", "200/300/500", "次", "", "", "加分", "由评议会定档"},
		{"扣分项目", "乱倒垃圾经教育不改", "10", "次", "", "", "扣分", ""},
	}
	return s
}

// startRules begins with what the last version had, or with the defaults.
func startRules(ctx context.Context, p *Pages, _ db.OpID, _ models.Actor, v web.Area, f *importForm) error {
	before, err := scheme.Versions(ctx, p.db, v.ID)
	f.adoptionForm = adoptionOf(v, before, p.db.Now().Day())
	return err
}

// rules is what was decided about the rows.
func (f importForm) rules() (scheme.Choice, error) {
	choice := scheme.Choice{Columns: f.chosen(), Settled: map[int]scheme.Cap{}, Private: map[int]bool{}, County: map[string]string{}}
	for _, s := range f.Skip {
		if n, ok := wholeNumber(s); ok {
			choice.Skip = append(choice.Skip, n)
		}
	}
	for s := range f.Shown {
		if n, ok := wholeNumber(s); ok {
			choice.Private[n] = slices.Contains(f.Private, s)
		}
	}
	for at, key := range f.Counties {
		if name := f.Names[at]; name != "" {
			choice.County[name] = countyKey(key)
		}
	}
	for s := range f.Period {
		row, ok := wholeNumber(s)
		if !ok {
			continue
		}
		limit, said, err := f.cap(s, "第 "+s+" 行")
		if err != nil {
			return choice, err
		}
		if said {
			choice.Settled[row] = limit
		}
	}
	return choice, nil
}

// noCap is the answer that a row has no limit after all.
const noCap = "none"

// cap reads the limit that was settled by hand for a row; said is false when
// nothing was filled in.
func (f importForm) cap(row, called string) (limit scheme.Cap, said bool, err error) {
	period, times, most := f.Period[row], models.Normal(f.Times[row]), models.Normal(f.Most[row])
	if period == "" && times == "" && most == "" {
		return limit, false, nil
	}
	if period == noCap {
		return limit, true, nil
	}
	limit = scheme.Cap{Period: period, Per: f.Per[row]}
	if times != "" {
		n, ok := wholeNumber(times)
		if !ok || n < 0 {
			return limit, false, models.ErrInput.With(called + "的“最多几次”要填数字，没有保存；您填的是“" + times + "”").At("times." + row)
		}
		limit.Times = n
	}
	if most != "" {
		if limit.Points, err = models.ParsePoints(most); err != nil {
			return limit, false, models.ErrInput.With(called + "的“最多几分”要填数字，没有保存；您填的是“" + most + "”").At("most." + row)
		}
	}
	if period == "" {
		return limit, false, models.ErrInput.With(called + "的上限还没有选是每月、每年还是别的；没有保存").At("period." + row)
	}
	if limit.Times == 0 && limit.Points == 0 {
		return limit, false, models.ErrInput.With(called + "的上限还没有填最多几次或者几分；没有保存").At("times." + row)
	}
	return limit, true, nil
}

func checkRules(f importForm) error {
	if _, err := f.rules(); err != nil {
		return err
	}
	_, err := f.adoption()
	return err
}

func readRules(_ context.Context, _ *Pages, _ int64, u db.Upload, f importForm) (importReading, error) {
	t, err := sheet.ReadSheet(u.Name, u.Body, f.worksheet())
	if err != nil {
		return importReading{}, err
	}
	choice, err := f.rules()
	if err != nil {
		choice.Settled = map[int]scheme.Cap{} // shown again as it was typed, with the refusal
	}
	pre, err := scheme.PreviewRules(t, choice)
	if err != nil {
		return importReading{}, err
	}
	t.Columns, t.Left, t.Dropped = pre.Columns, pre.Left, pre.Dropped
	r := importReading{Table: t, Mapping: pre.Mapping, Problems: pre.Problems, Fine: pre.Ready() == nil}
	warned := 0
	for _, row := range pre.Rows {
		one := importRow{Number: row.Row, Title: row.Draft.Item, Text: row.Draft.Category + "：" + row.Understood, Tag: scheme.DirectionName(row.Draft.Direction), Rule: f.rule(row)}
		if row.Draft.Direction != scheme.Plus {
			one.Kind = "wait"
		}
		for _, s := range row.Unclear {
			one.Notes = append(one.Notes, "看不懂的限制："+s+"。请在下面定下来；不定就只留在备注里，以后也能定")
		}
		if len(row.Warnings) > 0 {
			warned++
			one.Notes = append(one.Notes, row.Warnings...)
		}
		r.Rows = append(r.Rows, one)
	}
	for _, c := range pre.Categories {
		r.Categories = append(r.Categories, importCategory{c.Name, c.Rules, countyOptions(c.CountyKey)})
	}
	if len(pre.Rows) > 0 {
		r.Totals = append(r.Totals, fmt.Sprintf("%d 条细则，%d 个类别", len(pre.Rows), len(pre.Categories)))
	}
	for _, c := range pre.Caps {
		r.Says = append(r.Says, "“"+c.Category+"”整类"+c.Text())
	}
	if n := pre.Unclear(); n > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d 条有看不懂的限制，请定下来", n))
	}
	if warned > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d 条可能和国家规定不合，请看提醒；不要的勾“不要这行”", warned))
	}
	return r, nil
}

// rule is what stands in the form for a row.
func (f importForm) rule(row scheme.RuleRow) *importRule {
	n := strconv.Itoa(row.Row)
	_, settled := f.Period[n]
	return &importRule{Unclear: len(row.Unclear) > 0 || settled, Private: row.Draft.Private,
		Times: f.Times[n], Most: f.Most[n], Period: f.Period[n], Per: f.Per[n]}
}

func runRules(ctx context.Context, p *Pages, op db.OpID, by models.Actor, v int64, u db.Upload, f importForm, _ func(done, total int)) (importResult, error) {
	t, err := sheet.ReadSheet(u.Name, u.Body, f.worksheet())
	if err != nil {
		return importResult{}, err
	}
	choice, err := f.rules()
	if err != nil {
		return importResult{}, err
	}
	adopted, err := f.adoption()
	if err != nil {
		return importResult{}, err
	}
	if adopted.Caps, err = p.capsKept(ctx, v, t, choice); err != nil {
		return importResult{}, err
	}
	version, err := scheme.ImportRules(ctx, p.db, op, by, v, scheme.ImportAsk{Adoption: adopted, Table: t, Choice: choice})
	if err != nil {
		return importResult{}, err
	}
	rules, err := scheme.Rules(ctx, p.db, v, version.ID)
	return importResult{
		Text:   fmt.Sprintf("细则导好了：第 %d 版，%d 条", version.Number, len(rules)),
		Detail: []string{string(version.InForceFrom) + " 起执行", strings.TrimSpace(version.Meeting + " " + string(version.AdoptedOn) + " 通过")},
	}, err
}

// capsKept are the caps of whole categories that the version before had, for a
// table that says nothing about them.
func (p *Pages) capsKept(ctx context.Context, v int64, t sheet.Table, choice scheme.Choice) ([]scheme.CategoryDraft, error) {
	pre, err := scheme.PreviewRules(t, choice)
	if err != nil || len(pre.Caps) > 0 {
		return nil, err
	}
	b, err := p.newestRules(ctx, v)
	if errors.Is(err, scheme.ErrNoRules) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return capsOf(b), nil
}
