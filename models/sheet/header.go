package sheet

import (
	"regexp"
	"strings"
	"unicode"

	"pointstore/models"
)

// headerSpan is how far down a header is looked for, in lines that hold text.
const headerSpan = 10

// headerWords are what village tables call their columns. One-character words
// count only as a whole heading.
var headerWords = strings.Fields(`姓名 户主 户号 户 编号 序号 电话 手机 联系 村民组 小组 组 组别 网格 类别 分类 类型 项目 事项 内容 细则 指标
	分值 积分 分数 得分 加分 扣分 标准 单位 上限 封顶 周期 频次 频率 次数 备注 说明 方向 商品 物品 品名 名称 规格 价格 单价 库存 数量
	余额 结余 结存 可用 荣誉 日期 时间 关系 性别 年龄 地址 住址 签名 签字 认定 依据 证据 佐证 村 街道 乡镇 角色 职务 身份证 民族
	category item points unit cap period direction notes name phone household group member balance honour date price stock`)

var headerExact = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range headerWords {
		m[w] = true
	}
	return m
}()

var numeric = regexp.MustCompile(`^[¥￥]?[+-]?[\d,]*\.?\d+(E\+?\d+)?[分元%]?$`)

// guessHeader is the place of the line that looks most like headings, -1 when
// none does.
func (g *grid) guessHeader() int {
	best, most := -1, 0
	for i, l := range g.lines[:min(len(g.lines), headerSpan)] {
		if !g.headingLike(i) {
			continue
		}
		known := 0
		for _, s := range l.filled() {
			if knownHeading(s) {
				known += 3
			}
		}
		if score := known + len(l.filled()); known > 0 && score > most {
			best, most = i, score
		}
	}
	if best >= 0 {
		return best
	}
	// Headings in unknown words still differ from the data: text above numbers.
	for i := range g.lines[:min(len(g.lines)-1, headerSpan)] {
		if g.headingLike(i) && g.aboveNumbers(i) {
			return i
		}
	}
	return -1
}

// headingLike says that a line could hold headings: several short texts, none
// of them a number. A single text in a wider table is a title.
func (g *grid) headingLike(i int) bool {
	cells := g.lines[i].filled()
	if len(cells) < 2 && g.width > 1 {
		return false
	}
	known := 0
	for _, s := range cells {
		n := models.Normal(s)
		if knownHeading(n) {
			known++
		}
		if _, err := models.ParseDate(n); err == nil || numeric.MatchString(n) {
			return false
		}
		if len([]rune(n)) > 40 {
			return false
		}
	}
	return len(cells)*2 >= g.usual() || known*2 > len(cells)
}

// usual is how many cells a line of this table mostly fills, from its start.
func (g *grid) usual() int {
	most := 0
	for _, l := range g.lines[:min(len(g.lines), 2*headerSpan)] {
		most = max(most, len(l.filled()))
	}
	return most
}

func (g *grid) aboveNumbers(i int) bool {
	next := g.lines[i+1]
	for col, s := range next.cells {
		if numeric.MatchString(models.Normal(s)) && !blank(g.lines[i].cell(col)) {
			return true
		}
	}
	return false
}

func knownHeading(s string) bool {
	if _, answer, ok := strings.Cut(models.Normal(s), ":"); ok && !blank(answer) {
		return false // "单位：青石村" stands above a table
	}
	s = fold(bare(s))
	if headerExact[s] {
		return true
	}
	n := len([]rune(s))
	if n > 8 {
		return false
	}
	for _, w := range headerWords {
		if w[0] >= 0x80 && len(w) > 3 && strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// headerRows lists the lines that the header beginning at a line consists of:
// more than one when cells are merged downwards, or span columns that the next
// line names one by one.
func (g *grid) headerRows(header int) []int {
	if header < 0 {
		return nil
	}
	rows := []int{header}
	top := g.lines[header].number
	last := top
	for _, m := range g.from(top) {
		if m.bottom > top {
			last = max(last, min(m.bottom, top+2))
		} else if m.right > m.left && g.names(header+1, m) {
			last = max(last, top+1)
		}
	}
	if len(g.merges) == 0 && g.split(header) {
		last = top + 1
	}
	for i := header + 1; i < len(g.lines) && g.lines[i].number <= last; i++ {
		rows = append(rows, i)
	}
	return rows
}

// names says that a line gives every column under a wide heading its own name.
func (g *grid) names(i int, m merge) bool {
	if i >= len(g.lines) || g.lines[i].number != m.top+1 {
		return false
	}
	for col := m.left; col <= m.right; col++ {
		if s := models.Normal(g.lines[i].cell(col)); s == "" || numeric.MatchString(s) || len([]rune(s)) > 12 {
			return false
		}
	}
	return true
}

// split recognises a two-line header in a text file, where merges are lost: the
// second line names the columns that the first leaves open and leaves open most
// that the first names.
func (g *grid) split(header int) bool {
	if header+1 >= len(g.lines) {
		return false
	}
	top, sub := g.lines[header], g.lines[header+1]
	if sub.number != top.number+1 {
		return false
	}
	open, both, above := 0, 0, 0
	for col := range max(len(top.cells), len(sub.cells)) {
		t, s := models.Normal(top.cell(col)), models.Normal(sub.cell(col))
		if s != "" && (numeric.MatchString(s) || len([]rune(s)) > 8) {
			return false
		}
		switch {
		case t == "" && s == "", t == "" && col == 0:
			return false
		case t == "":
			open++
		case s == "":
			above++
		default:
			both++
		}
	}
	return open > 0 && above > 0 && both <= open
}

// headings joins the header's lines column by column: 成员/姓名.
func (g *grid) headings(head []int) []string {
	out := make([]string, g.width)
	for n, i := range head {
		l := g.lines[i]
		texts := make([]string, len(out))
		copy(texts, l.cells)
		if n < len(head)-1 {
			g.spread(texts, l, g.lines[head[n+1]])
		}
		for col, s := range texts {
			if s = title(s); s == "" || s == out[col] {
				continue
			}
			if out[col] != "" {
				s = out[col] + "/" + s
			}
			out[col] = s
		}
	}
	return out
}

// spread writes a heading over all columns it spans.
func (g *grid) spread(texts []string, l, below line) {
	for _, m := range g.from(l.number) {
		for col := m.left + 1; col <= m.right && col < len(texts); col++ {
			texts[col] = l.cell(m.left)
		}
	}
	if len(g.merges) > 0 {
		return
	}
	for col := 1; col < len(texts); col++ {
		if blank(texts[col]) && !blank(below.cell(col)) && !blank(below.cell(col-1)) {
			texts[col] = texts[col-1]
		}
	}
}

// title is a heading on one line; blanks inside Chinese words ("姓  名") go.
func title(s string) string {
	s = strings.Join(strings.Fields(models.Normal(s)), " ")
	if strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0 {
		s = strings.ReplaceAll(s, " ", "")
	}
	return s
}
