package scheme

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// FieldChange is one thing that reads differently in two versions.
type FieldChange struct{ Name, Old, New string }

// Difference is what two versions say differently about one rule. Both are nil
// for what the meeting settled beside the rules, which comes first.
type Difference struct {
	Rule     string // the item as the newer version calls it
	Was, Now *Draft // nil: not there
	Fields   []FieldChange
}

// Diff tells what changed from one version of a village to another: settings and
// caps of categories, then rules in the newer table's order, then those that
// went.
func Diff(ctx context.Context, c db.Conn, village, older, newer int64) ([]Difference, error) {
	was, err := Load(ctx, c, village, older)
	if err != nil {
		return nil, err
	}
	now, err := Load(ctx, c, village, newer)
	if err != nil {
		return nil, err
	}
	before, err := draftsOf(ctx, c, village, &was.Version)
	if err != nil {
		return nil, err
	}
	after, err := draftsOf(ctx, c, village, &now.Version)
	if err != nil {
		return nil, err
	}
	var list []Difference
	if fields := changed(append(was.terms(), was.capTerms(now)...), append(now.terms(), now.capTerms(was)...)); len(fields) > 0 {
		list = append(list, Difference{Rule: "细则以外的约定", Fields: fields})
	}
	return append(list, differences(before, after)...), nil
}

// differences compares two tables rule by rule, by their origin.
func differences(before, after []Draft) []Difference {
	old := map[int64]*Draft{}
	for i := range before {
		old[before[i].OriginID] = &before[i]
	}
	var list []Difference
	for i := range after {
		now := &after[i]
		was := old[now.OriginID]
		delete(old, now.OriginID)
		d := Difference{Rule: now.Item, Was: was, Now: now}
		if was != nil {
			d.Fields = changed(was.fields(), now.fields())
		}
		if was == nil || len(d.Fields) > 0 {
			list = append(list, d)
		}
	}
	for i := range before {
		if was := &before[i]; old[was.OriginID] == was {
			list = append(list, Difference{Rule: was.Item, Was: was})
		}
	}
	return list
}

type field struct{ name, text string }

// changed compares two lists with the same fields.
func changed(was, now []field) []FieldChange {
	var list []FieldChange
	for i := range now {
		if was[i].text != now[i].text {
			list = append(list, FieldChange{now[i].name, was[i].text, now[i].text})
		}
	}
	return list
}

// fields is what a rule says, in the words of the table.
func (d Draft) fields() []field {
	return []field{
		{"类别", d.Category}, {"项目", d.Item}, {"方向", DirectionName(d.Direction)}, {"分值", d.pointsText()}, {"扣分点", strings.TrimSuffix(d.faultsCell(), "；")}, {"单位", d.UnitName()},
		{"上限", d.CapText()}, {"同一件事只记最高", d.OnceGroup}, {"谁来记", d.RecordersText()},
		{"是否公开", publicNames[d.Private]}, {"证据", d.Evidence}, {"备注", d.Note},
	}
}

var publicNames = map[bool]string{true: "不公开", false: "公开"}

// terms is what the meeting settled besides the rules.
func (b *Book) terms() []field {
	v := b.Version
	second := []string{}
	if v.SecondOver > 0 {
		second = append(second, "超过 "+v.SecondOver.String()+" 分的")
	}
	if v.SecondLate {
		second = append(second, "补记的")
	}
	origin := "本村自定"
	if v.TemplateID != 0 {
		origin = fmt.Sprintf("县里统一的细则（%s）", models.ID32(v.TemplateID))
	}
	return []field{
		{"1 分折合", fmt.Sprintf("%s 元", v.PointRate.Fen(models.Points(models.One)))}, {"到账", postingText(v)}, {"扣分", map[string]string{FromHonour: "只减总得分", FromSpend: "也减能换的分"}[v.DeductFrom]},
		{"评议", ReviewName(v.Review)}, {"要第二人批准", strings.Join(second, "、")},
		{"提意见后几天内答复", strconv.Itoa(v.ObjectionDays)}, {"不服再提的天数", strconv.Itoa(v.AppealDays)}, {"再议日期", string(v.RenewOn)},
		{"细则来源", origin}, {"村里可自加", ownText(v)},
	}
}

func ownText(v Version) string {
	switch {
	case v.OwnMost == 0:
		return ""
	case v.OwnPoints == 0:
		return fmt.Sprintf("最多 %d 条", v.OwnMost)
	}
	return fmt.Sprintf("最多 %d 条，每条最多 %s 分", v.OwnMost, v.OwnPoints)
}

// ReviewName is what goes to the review meeting, in the village's words.
func ReviewName(review string) string {
	if review == ReviewAll {
		return "记的分都要评议"
	}
	return "各户报的才评议"
}

// capTerms is the caps of all categories that either version caps, in one order
// for both.
func (b *Book) capTerms(other *Book) []field {
	first, second := b, other
	if other.Version.Number < b.Version.Number {
		first, second = other, b
	}
	var list []field
	seen := map[int64]bool{}
	for _, c := range append(first.Caps(), second.caps...) {
		if seen[c.Category] {
			continue
		}
		seen[c.Category] = true
		f := field{name: "类别上限：" + c.Name}
		for _, own := range b.caps {
			if own.Category == c.Category {
				f.text = own.Text()
			}
		}
		list = append(list, f)
	}
	return list
}
