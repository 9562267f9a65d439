package scheme

import (
	"fmt"
	"strconv"
	"strings"

	"pointstore/models"
	"pointstore/models/sheet"
)

// How a band is picked.
const (
	ByAmount = "amount" // the highest threshold that the quantity reaches
	ByLevel  = "level"  // somebody names the level
	ByMonth  = "month"  // the highest threshold that a month's score reaches
)

// Band is one line of a table within a rule: 10 小时 2 分, 国家级 50 分. Its points
// are for the whole act and are not multiplied by an amount.
type Band struct {
	At     models.Qty // the least amount or score; 0 where a level has a name
	Name   string     // of a level
	Points models.Points
}

// stepped reports whether a quantity picks the band, so that nobody chooses.
func (r Rule) stepped() bool { return r.BandBy == ByAmount || r.BandBy == ByMonth }

// Band is the band a quantity reaches, in a month's rule a score; false below the
// first.
func (r Rule) Band(qty models.Qty) (b Band, ok bool) {
	if !r.stepped() {
		return b, false
	}
	for _, one := range r.Bands {
		if one.At > qty {
			break
		}
		b, ok = one, true
	}
	return b, ok
}

// Level is what a level of the rule is worth, by its name.
func (r Rule) Level(name string) (models.Points, bool) {
	for _, b := range r.Bands {
		if r.BandBy == ByLevel && b.Name == name {
			return b.Points, true
		}
	}
	return 0, false
}

// banded is what the quantity is worth where it picks the band.
func (r Rule) banded(qty models.Qty, chosen models.Points) (models.Points, error) {
	b, ok := r.Band(qty)
	switch {
	case !ok:
		return 0, models.ErrInput.With(fmt.Sprintf("%s最低一档是%s，%s 还不到，没有记分；请核对数量", r.quoted(), r.bandAt(r.Bands[0]), qty)).At("quantity")
	case chosen != 0 && chosen != b.Points:
		return 0, models.ErrInput.With(fmt.Sprintf("%s到了%s是 %s 分，不能记 %s 分；没有记分，请改好再交", r.quoted(), r.bandAt(b), b.Points, chosen)).At("points")
	}
	return b.Points, nil
}

func (r Rule) bandAt(b Band) string {
	switch {
	case r.BandBy == ByLevel:
		return b.Name
	case b.At <= sheet.Least:
		return "起步"
	case r.BandBy == ByMonth:
		return "当月满 " + b.At.String() + " 分"
	}
	return "满 " + b.At.String() + " " + r.UnitName()
}

// bandsText is the bands in a sentence: 满 4 小时 1 分、满 10 小时 2 分.
func (r Rule) bandsText() string {
	texts := make([]string, len(r.Bands))
	for i, b := range r.Bands {
		texts[i] = r.bandAt(b) + " " + b.Points.String() + " 分"
	}
	return strings.Join(texts, "、")
}

// bandsColumn is how the database keeps the bands.
func (r Rule) bandsColumn() string {
	list := make([]string, len(r.Bands))
	for i, b := range r.Bands {
		key := b.Name
		if r.stepped() {
			key = strconv.FormatInt(int64(b.At), 10)
		}
		list[i] = key + "=" + strconv.FormatInt(int64(b.Points), 10)
	}
	return strings.Join(list, "|")
}

func (r *Rule) readBands(column string) {
	for key, points := range pairsIn(column) {
		b := Band{Name: key, Points: models.Points(points)}
		if r.stepped() {
			at, _ := strconv.ParseInt(key, 10, 64)
			b = Band{At: models.Qty(at), Points: b.Points}
		}
		r.Bands = append(r.Bands, b)
	}
}

// pairsIn goes through name=hundredths|name=hundredths in order.
func pairsIn(column string) func(yield func(string, int64) bool) {
	return func(yield func(string, int64) bool) {
		for one := range strings.SplitSeq(column, "|") {
			key, number, ok := strings.Cut(one, "=")
			n, err := strconv.ParseInt(number, 10, 64)
			if ok && err == nil && !yield(key, n) {
				return
			}
		}
	}
}

// nameOnly is a name as tables are read, free of the marks that part names there
// and in the database.
func nameOnly(s string) string {
	return strings.NewReplacer("|", "/", "=", "-", ";", ",").Replace(squeezed(s))
}
