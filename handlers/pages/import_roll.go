package pages

import (
	"context"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

var rollImport = importKind{
	Key: village.RollKind, Title: "导入户和成员", Noun: "花名册", Next: "rules", Wants: village.RollColumns(),
	Lead:   "村里现成的花名册就行：一户一行，或者一人一行。有户号、组、户主、成员就够；再传新的一份，会更新有变化的户，不会重复。",
	sample: rollSample, read: readRoll, run: runRoll,
}

func rollSample() sheet.Sheet {
	return sheet.Sheet{Name: "花名册",
		Columns: []sheet.Col{{Head: "户号"}, {Head: "组"}, {Head: "户主"}, {Head: "成员"}, {Head: "联系电话"}, {Head: "居住情况"}, {Head: "14岁以下人数", Kind: sheet.AsNumber}},
		Rows: [][]any{
			{"3012", "3组", "马少明", "王秀英、马小龙", "", "常住", 1},
			{"3013", "3组", "李桂兰", "", "", "常住", 0},
			{"3014", "3组", "马·阿卜杜拉", "马·法蒂玛", "", "常年外出", 0},
		}}
}

// roll is the waiting file with what was chosen, as village reads it.
func (f importForm) roll(u db.Upload) db.Upload {
	u.Choice = village.RollChoice{Sheet: f.worksheet() + 1, Columns: f.chosen()}.String()
	return u
}

func readRoll(ctx context.Context, p *Pages, v int64, u db.Upload, f importForm) (importReading, error) {
	t, choice, err := village.ReadRoll(f.roll(u))
	if err != nil {
		return importReading{}, err
	}
	pre, err := village.PreviewRoll(ctx, p.db, p.keys, v, t, choice)
	if err != nil {
		return importReading{}, err
	}
	r := importReading{Table: pre.Table, Mapping: pre.Mapping, Problems: pre.Problems, Before: pre.Before}
	r.Fine = len(pre.Problems) == 0 && len(pre.Homes) > 0 && pre.Before == nil
	people := 0
	for _, h := range pre.Homes {
		people += 1 + len(h.Members)
		r.Rows = append(r.Rows, rollRow(h))
	}
	if len(pre.Homes) > 0 {
		r.Totals = append(r.Totals, fmt.Sprintf("%d 户、%d 人", len(pre.Homes), people), fmt.Sprintf("新增 %d 户", pre.Added))
	}
	if pre.Changed > 0 || pre.Same > 0 {
		r.Totals = append(r.Totals, fmt.Sprintf("更新 %d 户", pre.Changed), fmt.Sprintf("不变 %d 户", pre.Same))
	}
	if pre.Absent > 0 {
		r.Totals = append(r.Totals, fmt.Sprintf("村里另有 %d 户表里没有，照旧不动", pre.Absent))
	}
	r.Says = pre.Says
	if len(pre.Grids) > 0 {
		r.Says = append(r.Says, "会新建网格："+strings.Join(pre.Grids, "、"))
	}
	return r, nil
}

func rollRow(h village.RollHome) importRow {
	row := importRow{Title: h.Head + " " + models.Mark(h.Group, h.Number), Tag: h.State, Kind: changeKinds[h.State]}
	if len(h.Rows) > 0 {
		row.Number = h.Rows[0]
	}
	says := []string{"户号 " + h.Number}
	if len(h.Members) > 0 {
		names := make([]string, len(h.Members))
		for i, m := range h.Members {
			names[i] = m.Name
			if m.Relation != "" {
				names[i] += "（" + m.Relation + "）"
			}
		}
		says = append(says, "成员 "+strings.Join(names, "、"))
	}
	if h.Under14 > 0 {
		says = append(says, fmt.Sprintf("14 岁以下 %d 人", h.Under14))
	}
	if h.HasPhone {
		says = append(says, "有电话（加密保存）")
	}
	row.Text = strings.Join(says, "，")
	if len(h.Changes) > 0 {
		row.Text += "。改动：" + strings.Join(h.Changes, "；")
	}
	return row
}

func runRoll(ctx context.Context, p *Pages, op db.OpID, by models.Actor, v int64, u db.Upload, f importForm, step func(done, total int)) (importResult, error) {
	n, err := village.ImportRoll(ctx, p.db, op, by, p.keys, v, f.roll(u), step)
	return importResult{
		Text:   "花名册导好了：" + strings.Join(counted("新增 %d 户", n.Added, "更新 %d 户", n.Changed, "不变 %d 户", n.Same), "，"),
		Detail: []string{"每户都有了一张卡号，可以打印户卡"},
	}, err
}
