package scheme

import (
	"strings"

	"pointstore/models"
	"pointstore/models/sheet"
)

// bands reads a points cell that holds a table of its own.
func (r *reading) bands() bool {
	steps, month, ok := sheet.Steps(r.m.Get(r.row, "points"))
	if !ok {
		return false
	}
	by := ByLevel
	if steps[0].Name == "" {
		by = ByAmount
		r.amount.Unit = steps[0].Unit
	}
	if month || by == ByAmount && steps[0].Unit == "分" && strings.Contains(r.d.Category+r.d.Item+r.m.Get(r.row, "unit"), "月") {
		by = ByMonth
		r.amount.Unit = ""
	}
	r.d.BandBy = by
	for _, s := range steps {
		r.d.Bands = append(r.d.Bands, Band{At: s.At, Name: s.Name, Points: s.Points})
	}
	return true
}

// marks reads a full mark less faults, from wherever people write its parts: the
// points, columns of its own, the remark, brackets behind the item. read says
// that the row is one; what is left of the remark comes back.
func (r *reading) marks() (read bool, note string) {
	note = r.m.Get(r.row, "note")
	points := sheet.MarksIn(r.m.Get(r.row, "points"))
	faults := sheet.FaultsIn(r.m.Get(r.row, "faults"))
	minus := sheet.MarksIn(r.m.Get(r.row, "minus"))
	remark, item := sheet.MarksIn(note), sheet.MarksIn(r.m.Get(r.row, "item"))
	all := []sheet.Marks{points, faults, minus, remark, item}
	if r.m.Has("full") {
		if a, err := sheet.Number(r.row.Cell(r.m.Columns["full"])); err == nil && a.Single() {
			r.d.FullPoints = a.Max
		}
	}
	for _, m := range all {
		r.d.FullPoints = or(r.d.FullPoints, m.Full)
	}
	if r.d.FullPoints == 0 && (minus.Each > 0 || len(minus.Faults) > 0 || len(faults.Faults) > 0 || points.Each > 0 || untilNothing(note)) {
		if a, err := sheet.Number(r.m.Get(r.row, "points")); err == nil && a.Single() && a.Sign >= 0 && a.Unit == "" {
			r.d.FullPoints = a.Max
		}
	}
	if r.d.FullPoints == 0 {
		return false, note
	}
	for _, m := range all {
		r.d.FaultPoints = or(r.d.FaultPoints, m.Each)
		if len(r.d.Faults) == 0 {
			for _, f := range m.Faults {
				r.d.Faults = append(r.d.Faults, Fault{f.Name, f.Points})
			}
		}
	}
	if r.d.FaultPoints == 0 { // a column of its own may hold the bare number
		if a, err := sheet.Number(r.m.Get(r.row, "minus")); err == nil && a.Single() {
			r.d.FaultPoints, r.amount.Unit = a.Max, ""
		}
	}
	if points.Full > 0 {
		r.amount.Rest = points.Rest
	}
	if remark.Full > 0 || remark.Each > 0 || len(remark.Faults) > 0 {
		note = remark.Rest
	}
	if r.d.FaultPoints == 0 && len(r.d.Faults) == 0 && points.Full == 0 && !r.m.Has("full") {
		r.d.FullPoints = 0
		return false, note
	}
	if r.d.FaultPoints == 0 && len(r.d.Faults) == 0 {
		full := r.d.FullPoints
		r.d.FullPoints = 0
		r.d.PointsMin, r.d.PointsMax = 0, full
		r.unclear = append(r.unclear, "“满分 "+full.String()+" 分”没有写一处扣几分")
	}
	return true, note
}

// untilNothing reports whether a remark says that faults are taken off until
// nothing is left: its points are a full mark then, whatever it is called.
func untilNothing(note string) bool {
	return strings.Contains(note, "扣完") && sheet.MarksIn(note).Each > 0
}

// faultless keeps for a person what a remark says about faults when the row was
// not read as a full mark.
func (r *reading) faultless() {
	if m := sheet.MarksIn(r.remark); r.d.Direction == Plus && !r.d.Marked() && m.Each > 0 && m.Each != r.d.PointsMax {
		r.unclear = append(r.unclear, "备注里说每处扣 "+m.Each.String()+" 分，没有写是不是从满分里扣")
	}
}

// recorders reads who may record; words for people who are no users of ours stay
// in the note.
func (r *reading) recorders() {
	text := r.m.Get(r.row, "recorders")
	for _, w := range []struct{ who, words string }{
		{string(models.Committee), "村委 村干部 两委 委员 居委"}, {string(models.GridWorker), "网格"}, {ByHousehold, "农户 本人 自己 自报 村民 家庭 住户 本户"},
	} {
		if contains(text, w.words) != "" {
			r.d.Recorders = append(r.d.Recorders, w.who)
		}
	}
	if text != "" && len(r.d.Recorders) == 0 && contains(text, "不限 都可 均可 任何") == "" {
		r.addNote("由" + text + "记录")
	}
}

func (r *reading) addNote(s string) {
	if r.d.Note != "" {
		s = r.d.Note + "；" + s
	}
	r.d.Note = s
}
