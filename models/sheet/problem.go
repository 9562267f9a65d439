package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Problem is what is wrong with one cell. Text goes on after the column's name.
type Problem struct {
	Row          int
	Column, Text string
}

// String is the whole sentence: 第 7 行“手机号”被表格改成 1.38E+10，请把该列设为文本.
func (p Problem) String() string {
	var b strings.Builder
	if p.Row > 0 {
		fmt.Fprintf(&b, "第 %d 行", p.Row)
	}
	if p.Column != "" {
		b.WriteString("“" + p.Column + "”")
	}
	return b.String() + p.Text
}

// Summary says how many of the rows are wrong and which, and that nothing has
// been imported: imports are all or nothing.
func Summary(total int, problems []Problem) string {
	if len(problems) == 0 {
		return fmt.Sprintf("共 %d 行，没有发现错误", total)
	}
	var rows []int
	for _, p := range problems {
		if p.Row > 0 {
			rows = append(rows, p.Row)
		}
	}
	slices.Sort(rows)
	rows = slices.Compact(rows)
	if len(rows) == 0 {
		return fmt.Sprintf("共 %d 行，%s，一行都没有导入", total, problems[0])
	}
	var names []string
	for _, r := range rows[:min(len(rows), 10)] {
		names = append(names, strconv.Itoa(r))
	}
	unit := "行"
	if len(rows) > 10 {
		unit = "等行"
	}
	return fmt.Sprintf("共 %d 行，%d 行有误（第 %s %s），一行都没有导入", total, len(rows), strings.Join(names, "、"), unit)
}
