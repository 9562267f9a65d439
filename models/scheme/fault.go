package scheme

import (
	"strconv"
	"strings"

	"pointstore/models"
)

// Fault is something that costs points of a full mark.
type Fault struct {
	Name   string
	Points models.Points // what it costs; 0: as much as any fault of the rule
}

// Marked reports whether the rule is a full mark that faults are taken from.
func (r Rule) Marked() bool { return r.FullPoints > 0 }

// Cost is what the fault of that number costs: one that the table does not name
// (-1, say) costs as much as any.
func (r Rule) Cost(fault int) models.Points {
	if fault >= 0 && fault < len(r.Faults) && r.Faults[fault].Points > 0 {
		return r.Faults[fault].Points
	}
	return r.FaultPoints
}

// Score is the full mark less its faults, by their numbers, never below nothing.
// A fault found twice is listed twice.
func (r Rule) Score(faults []int) models.Points {
	left := r.FullPoints
	for _, f := range faults {
		left -= r.Cost(f)
	}
	return max(left, 0)
}

// faultsText says what is taken off: 满分 10 分，每处扣 0.5 分（乱堆乱放扣 1 分）.
func (r Rule) faultsText() string {
	s := "满分 " + r.FullPoints.String() + " 分"
	if r.FaultPoints > 0 {
		s += "，每处扣 " + r.FaultPoints.String() + " 分"
	}
	var own []string
	for _, f := range r.Faults {
		if f.Points > 0 && f.Points != r.FaultPoints {
			own = append(own, f.Name+"扣 "+f.Points.String()+" 分")
		}
	}
	if len(own) > 0 {
		s += "（" + strings.Join(own, "、") + "）"
	}
	return s
}

// faultsColumn is how the database keeps the faults.
func (r Rule) faultsColumn() string {
	list := make([]string, len(r.Faults))
	for i, f := range r.Faults {
		list[i] = f.Name + "=" + strconv.FormatInt(int64(f.Points), 10)
	}
	return strings.Join(list, "|")
}

func (r *Rule) readFaults(column string) {
	for name, points := range pairsIn(column) {
		r.Faults = append(r.Faults, Fault{name, models.Points(points)})
	}
}
