package sheet

import (
	"regexp"
	"slices"
	"strings"

	"pointstore/models"
)

const (
	whyTotal   = "合计行"
	whyNote    = "说明文字"
	whySection = "分段标题"
	whyHeader  = "重复的表头"
	whyNumber  = "只有序号的空行"
)

var (
	totalWord = regexp.MustCompile(`^(本页|全村|全组|总)?(合计|总计|小计|共计)([:：\d(].*)?$`)
	noteWord  = regexp.MustCompile(`^(备注|附注|附|注|说明|填表说明|填报说明|温馨提示|特别说明)(\d*[:：、.]|\d+[^\d])`)
	signWord  = regexp.MustCompile(`^(填表|制表|审核|填报|复核|监督|经办|单位|村)?(人|单位|负责人|盖章|签字|时间|日期)[^:：]{0,6}[:：]`)
	ordinal   = regexp.MustCompile(`^([一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|第[一二三四五六七八九十\d]+[类章节部篇])`)
)

// readBody sorts the lines below the header into data and what is left out.
func (t *Table) readBody(start int) {
	t.Rows, t.Left = nil, slices.DeleteFunc(t.Left, func(l LeftOut) bool { return !strings.Contains(l.Why, "身份证号") })
	rows := t.grid.fill(start)
	last := t.lastData(rows)
	section := ""
	for i, r := range rows {
		switch why := t.leftOut(r, i > last); why {
		case "":
			r.Section = section
			t.Rows = append(t.Rows, r)
		default:
			if why == whySection {
				section = strings.Join(line{cells: r.Cells}.filled(), "")
			}
			t.Left = append(t.Left, LeftOut{r.Number, why})
		}
	}
}

// lastData is the place of the last row with more than one filled cell that is
// no total: lone texts below it are remarks.
func (t *Table) lastData(rows []Row) int {
	for i := len(rows) - 1; i >= 0; i-- {
		if n := len(line{cells: rows[i].Cells}.filled()); n > 1 && !isTotal(rows[i]) {
			return i
		}
	}
	return len(rows)
}

// leftOut says why a row is not data; empty when it is.
func (t *Table) leftOut(r Row, after bool) string {
	texts := line{cells: r.Cells}.filled()
	wide := t.grid.width > 2
	if len(texts) == 0 {
		return "空行" // all it held must not be kept
	}
	first := models.Normal(texts[0])
	switch {
	case isTotal(r):
		return whyTotal
	case len(texts) == 1 && noteWord.MatchString(first):
		return whyNote
	case wide && len(texts)*2 <= t.grid.width+1 && signWord.MatchString(first) && !hasNumber(texts):
		return whyNote
	case t.repeatsHeader(r):
		return whyHeader
	case len(texts) == 1 && t.grid.width == 2 && !blank(r.Cell(0)) && t.Header > 0 && ordinal.MatchString(first):
		return whySection
	case len(texts) > 1 || !wide:
		return ""
	case t.onlyNumber(r):
		return whyNumber
	case ordinal.MatchString(first) || !after && t.spans(r):
		return whySection
	case after && (t.spans(r) || len([]rune(first)) > 12):
		return whyNote
	}
	return ""
}

func hasNumber(texts []string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return numeric.MatchString(models.Normal(s)) })
}

func isTotal(r Row) bool {
	for i, s := range (line{cells: r.Cells}).filled() {
		if s = strings.ReplaceAll(models.Normal(s), " ", ""); totalWord.MatchString(s) {
			return true
		}
		if i == 2 {
			break
		}
	}
	return false
}

func (t *Table) repeatsHeader(r Row) bool {
	for _, i := range t.head {
		same, head := 0, t.grid.lines[i]
		for col, s := range r.Cells {
			if blank(s) {
				continue
			}
			if s != head.cell(col) {
				same = 0
				break
			}
			same++
		}
		if same > 1 {
			return true
		}
	}
	return false
}

// onlyNumber recognises the numbered empty rows that forms come with.
func (t *Table) onlyNumber(r Row) bool {
	if len(t.head) == 0 {
		return false
	}
	for col, s := range r.Cells {
		if !blank(s) {
			return numeric.MatchString(models.Normal(s)) && title(t.grid.lines[t.head[0]].cell(col)) == "序号"
		}
	}
	return false
}

// spans says that the row's only text lies over half the table or more.
func (t *Table) spans(r Row) bool {
	for _, m := range t.grid.from(r.Number) {
		if (m.right-m.left+1)*2 >= t.grid.width {
			return true
		}
	}
	return false
}

// fill makes rows of the lines from start on and writes vertically merged cells
// into every row they cover.
func (g *grid) fill(start int) []Row {
	if start >= len(g.lines) {
		return nil
	}
	rows := make([]Row, 0, len(g.lines)-start)
	for _, l := range g.lines[start:] {
		rows = append(rows, Row{Number: l.number, Cells: l.cells})
	}
	for _, m := range g.merges {
		if m.bottom == m.top {
			continue
		}
		i, ok := slices.BinarySearchFunc(rows, m.top, func(r Row, n int) int { return r.Number - n })
		if !ok || blank(rows[i].Cell(m.left)) {
			continue
		}
		text := rows[i].Cells[m.left]
		for ; i < len(rows) && rows[i].Number <= m.bottom; i++ {
			rows[i].put(m.left, text)
			if rows[i].Merged == nil {
				rows[i].Merged = map[int]int{}
			}
			rows[i].Merged[m.left] = m.top
		}
	}
	return rows
}

// put leaves the grid's own cells, which the row shares, as they were uploaded.
func (r *Row) put(col int, s string) {
	r.Cells = slices.Clone(r.Cells)
	for len(r.Cells) <= col {
		r.Cells = append(r.Cells, "")
	}
	r.Cells[col] = s
}

// FillDown gives blank cells of a column the value above them, as text files
// that were merged tables need it. Only the caller knows which columns mean
// that: a blank phone number is nobody else's. A new section starts afresh.
func (t *Table) FillDown(col int) {
	last, section := "", ""
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Section != section {
			last, section = "", r.Section
		}
		if s := r.Cell(col); !blank(s) {
			last = s
		} else if last != "" && col >= 0 {
			r.put(col, last)
		}
	}
}
