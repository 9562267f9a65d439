package scheme

import (
	"slices"
	"strings"

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
	{Key: "level", Title: "级别", Aliases: []string{"等级", "档次", "等次", "层级", "奖项级别", "表彰级别", "数量档次"}, Help: "国家级、省级，或 4 小时、10 小时；同一项目几行合成一条"},
	{Key: "full", Title: "满分", Aliases: []string{"满分值", "项目满分"}, Help: "打分扣分的表才有"},
	{Key: "faults", Title: "扣分点", Aliases: []string{"扣分情形", "扣分项", "扣分细则"}, Help: "门前有垃圾扣1；杂物乱堆扣0.5"},
	{Key: "group", Title: "共用上限", Aliases: []string{"合计上限", "合并计分"}, Help: "写一样的几行共用一个上限"},
	{Key: "once", Title: "同一件事", Aliases: []string{"同一事项", "就高不就低", "只记最高"}, Help: "写一样的几行，同一件事只记最高的一条"},
	{Key: "categorycap", Title: "类别上限", Aliases: []string{"本类上限", "大类上限", "类别封顶", "分类上限"}, Help: "整个类别合起来最多多少"},
	{Key: "parent", Title: "上级类别", Aliases: []string{"所属大类", "上级分类"}, Help: "类别再分大小时才有"},
	{Key: "recorders", Title: "谁来记", Aliases: []string{"记录人", "采集人", "登记人", "谁可以记"}, Help: "村委、网格员、农户自己报；不写就都可以"},
	{Key: "public", Title: "是否公开", Aliases: []string{"公开", "是否公示", "公示"}, Help: "不公开的只计数，不上榜"},
	{Key: "evidence", Title: "证据", Aliases: []string{"佐证", "证明材料", "佐证材料", "认定方式", "认定依据", "依据", "凭据"}, Help: "凭什么认定"},
	{Key: "note", Title: "备注", Aliases: []string{"说明", "notes", "其他说明", "备注说明"}},
}

// matchColumns finds the columns. Where 项目 stands beside 内容, the first is the
// category and the second what is done.
func matchColumns(t *sheet.Table, chosen map[string]int) sheet.Mapping {
	m := t.Match(Wants, deepest(*t, chosen))
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
	if m.Has("minus") || m.Has("full") {
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

// deepest chooses the columns of a table whose headings go three levels down:
// the third is what is done.
func deepest(t sheet.Table, chosen map[string]int) map[string]int {
	at := map[string]int{}
	for _, c := range t.Columns {
		for i, word := range []string{"一级", "二级", "三级"} {
			if strings.HasPrefix(c.Title, word) && len(chosen) == 0 {
				at[[]string{"parent", "category", "item"}[i]] = c.Index
			}
		}
	}
	if len(at) == 3 {
		return at
	}
	return chosen
}
