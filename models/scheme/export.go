package scheme

import (
	"context"
	"fmt"
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
	names := map[int64]string{}
	for _, k := range categories {
		names[k.ID] = k.Name
	}
	s := sheet.Sheet{Name: "积分细则", TitleRow: "积分细则 " + b.Version.Title(), Freeze: true}
	for _, head := range []string{"类别", "项目", "分值", "单位", "上限", "周期", "方向", "共用上限", "是否公开", "证据", "备注"} {
		s.Columns = append(s.Columns, sheet.Col{Head: head})
	}
	for _, r := range b.Rules {
		s.Rows = append(s.Rows, []any{names[r.CategoryID], r.Item, r.pointsCell(), r.Unit, r.capCell(), r.periodCell(),
			directionNames[r.Direction], r.CapGroup, map[bool]string{true: "不公开", false: "公开"}[r.Private], r.Evidence, r.Note})
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

func (r Rule) pointsCell() any {
	switch {
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
