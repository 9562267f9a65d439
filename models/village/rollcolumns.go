package village

import (
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/sheet"
)

// rollWants are the columns a roll of households may have. None is required by
// itself: a head may stand under 户主 or under 姓名.
var rollWants = []sheet.Want{
	{Key: "number", Title: "户号", Aliases: []string{"户编号", "家庭编号", "编号", "门牌号", "门牌号码", "户序号"}, Help: "村里给每户的编号；没有就由系统编"},
	{Key: "group", Title: "组", Aliases: []string{"村民小组", "小组", "组别", "社", "队", "所在组", "组号", "生产队"}, Help: "填 3、3组、三组都行"},
	{Key: "head", Title: "户主", Aliases: []string{"户主姓名", "户主名字", "户主名称"}, Help: "每户一个"},
	{Key: "name", Title: "姓名", Aliases: []string{"成员姓名", "名字", "家庭成员姓名"}, Help: "一人一行的名册用"},
	{Key: "relation", Title: "与户主关系", Aliases: []string{"关系", "家庭关系", "与户主的关系", "和户主关系", "户主关系"}, Help: "户主那一行填户主或本人"},
	{Key: "members", Title: "成员", Aliases: []string{"家庭成员", "家庭成员名单", "其他成员", "成员名单", "共同生活成员"}, Help: "一格里写几个人时用顿号隔开"},
	{Key: "phone", Title: "联系电话", Aliases: []string{"手机", "手机号", "手机号码", "电话", "电话号码", "联系方式"}, Help: "可以不填；加密保存"},
	{Key: "residence", Title: "居住情况", Aliases: []string{"居住状况", "居住状态", "常住情况", "是否常住", "在家情况"}, Help: "常住、常年外出、空户"},
	{Key: "origin", Title: "户籍", Aliases: []string{"户籍情况", "户籍状况", "户籍性质", "户籍类型", "户籍是否在村"}, Help: "户籍在村、自主迁徙"},
	{Key: "joining", Title: "参加情况", Aliases: []string{"是否参加", "参加", "是否参与", "参与情况"}, Help: "参加、暂不参加"},
	{Key: "grid", Title: "网格", Aliases: []string{"所属网格", "网格名称", "所在网格", "网格号"}},
	{Key: "lane", Title: "巷道", Aliases: []string{"巷", "巷子", "巷名", "巷号", "街巷"}},
	{Key: "lane_order", Title: "门序", Aliases: []string{"巷内序号", "户序", "走访顺序"}},
	{Key: "party", Title: "党员户", Aliases: []string{"是否党员户", "是否党员家庭", "党员家庭"}},
	{Key: "under14", Title: "14岁以下人数", Aliases: []string{"14周岁以下人数", "十四岁以下人数", "14岁以下", "儿童人数", "未满14岁人数", "14岁以下儿童数"}},
	{Key: "age", Title: "年龄", Aliases: []string{"周岁", "岁数", "出生日期", "出生年月", "出生年月日", "出生年份", "生日"}, Help: "只用来数 14 岁以下的人数，不保存"},
	{Key: "size", Title: "家庭人口", Aliases: []string{"人口", "人口数", "家庭人口数", "人数", "家庭人数", "成员数", "家庭成员数", "成员人数", "户人口数", "总人口"}, Help: "不用，按成员数"},
}

// RollColumns lists what a roll's columns may mean, for the page where a reader
// chooses.
func RollColumns() []sheet.Want { return slices.Clone(rollWants) }

// matched is a table whose columns have their meanings.
type matched struct {
	*sheet.Table
	m     sheet.Mapping
	extra []int // further columns of members: 成员1, 成员2 …
}

// notMeant are words in a heading that make it something else than it looks
// like: 网格员 is no 网格.
var notMeant = map[string][]string{
	"grid": {"员", "长"}, "origin": {"址", "所在地", "户口"}, "lane": {"址"}, "number": {"电话", "人"},
	"name": {"网格", "干部", "联系人", "组长"}, "head": {"电话", "关系"}, "group": {"长"},
}

func match(t *sheet.Table, choice RollChoice) matched {
	chosen := map[string]int{}
	for _, c := range t.Columns { // a column that says 户号 is it, whatever other numbers there are
		if models.Normal(c.Title) == "户号" {
			chosen["number"] = c.Index
		}
	}
	for key, col := range choice.Columns {
		chosen[key] = col
	}
	r := matched{Table: t, m: t.Match(rollWants, chosen)}
	r.m.Unused = slices.DeleteFunc(slices.Clone(r.m.Unused), func(c sheet.Column) bool {
		more := memberColumn(c.Title)
		if more {
			r.extra = append(r.extra, c.Index)
		}
		return more
	})
	for _, c := range t.Columns {
		for key, col := range r.m.Columns {
			if _, decided := choice.Columns[key]; col == c.Index && !decided && holds(c.Title, notMeant[key]...) {
				r.drop(key, c)
			}
		}
	}
	r.dropGibberish(choice)
	r.dropPersonNumbers(choice)
	return r
}

// drop takes the meaning away from a column.
func (r *matched) drop(key string, c sheet.Column) {
	r.m.Columns[key] = -1
	r.m.Unused = append(r.m.Unused, c)
}

// dropGibberish takes the meaning away from columns whose cells mostly say
// something else, unless somebody chose them: 户籍 may hold an address.
func (r *matched) dropGibberish(choice RollChoice) {
	for key, word := range words {
		if _, decided := choice.Columns[key]; decided || !r.has(key) {
			continue
		}
		known, unknown := 0, 0
		for _, row := range r.Rows {
			if s := r.m.Get(row, key); s == "" {
				continue
			} else if _, ok := word(s); ok {
				known++
			} else {
				unknown++
			}
		}
		if unknown > known {
			i := slices.IndexFunc(r.Columns, func(c sheet.Column) bool { return c.Index == r.m.Columns[key] })
			r.drop(key, r.Columns[i])
		}
	}
}

// dropPersonNumbers takes the number from households when it counts persons:
// most of those who are no heads have one to themselves.
func (r *matched) dropPersonNumbers(choice RollChoice) {
	if _, decided := choice.Columns["number"]; decided || !r.has("number") || !r.has("relation") {
		return
	}
	rows := map[string]int{}
	for _, row := range r.Rows {
		rows[r.m.Get(row, "number")]++
	}
	alone, others := 0, 0
	for _, row := range r.Rows {
		if n, relation := r.m.Get(row, "number"), r.m.Get(row, "relation"); relation != "" && !isHead(relation) {
			others++
			if n != "" && rows[n] == 1 {
				alone++
			}
		}
	}
	if alone*2 > others {
		i := slices.IndexFunc(r.Columns, func(c sheet.Column) bool { return c.Index == r.m.Columns["number"] })
		r.drop("number", r.Columns[i])
	}
}

// memberColumn recognises one of several columns of members.
func memberColumn(title string) bool {
	title = strings.ReplaceAll(models.Normal(title), " ", "")
	for _, prefix := range []string{"家庭成员", "成员"} {
		if rest, found := strings.CutPrefix(title, prefix); found {
			rest = strings.Trim(rest, "姓名()（）")
			return rest == "" || strings.Trim(rest, "0123456789一二三四五六七八九十") == ""
		}
	}
	return false
}

func (r matched) has(key string) bool { return r.m.Has(key) }

// continues reports whether a cell belongs to a merge that began further up.
func (r matched) continues(row sheet.Row, key string) bool {
	if !r.has(key) {
		return false
	}
	begin, merged := row.Merged[r.m.Columns[key]]
	return merged && begin < row.Number
}

// broken lists the cells without a usable value in columns that are used.
func (r matched) broken() (out []sheet.Problem) {
	used := map[string]bool{}
	for _, c := range r.Columns {
		for key, col := range r.m.Columns {
			if col == c.Index && key != "size" && key != "age" {
				used[c.Title] = true
			}
		}
	}
	for _, p := range r.Problems {
		if used[p.Column] {
			out = append(out, p)
		}
	}
	return out
}
