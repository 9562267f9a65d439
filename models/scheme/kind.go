package scheme

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"pointstore/models"
)

// Bounds of what one rule may hold besides its points.
const (
	bandsMost  = 30
	faultsMost = 40
	columnMost = 1000 // letters of all bands, or all faults, as they are kept
)

// tidyKind orders bands and faults and lets them say the rule's points.
func (d *Draft) tidyKind() {
	d.OnceGroup = models.Normal(d.OnceGroup)
	d.tidyBands()
	d.tidyFaults()
	slices.SortFunc(d.Recorders, func(a, b string) int { return cmp.Compare(slices.Index(recorders, a), slices.Index(recorders, b)) })
	d.Recorders = slices.Compact(d.Recorders)
	if len(d.Recorders) == 0 {
		d.Recorders = nil
	}
}

func (d *Draft) tidyBands() {
	if len(d.Bands) == 0 {
		d.BandBy, d.Bands = "", nil
		return
	}
	d.Bands, d.Choices = slices.Clone(d.Bands), nil
	d.PointsMin, d.PointsMax = d.Bands[0].Points, d.Bands[0].Points
	for i, b := range d.Bands {
		if d.stepped() {
			d.Bands[i].Name = ""
		} else {
			d.Bands[i].At, d.Bands[i].Name = 0, nameOnly(b.Name)
		}
		d.PointsMin, d.PointsMax = min(d.PointsMin, b.Points), max(d.PointsMax, b.Points)
	}
	if d.stepped() {
		slices.SortStableFunc(d.Bands, func(a, b Band) int { return cmp.Compare(a.At, b.At) })
		return
	}
	for _, b := range d.Bands { // whoever names a level chooses among their points
		d.Choices = append(d.Choices, b.Points)
	}
}

func (d *Draft) tidyFaults() {
	if d.FullPoints == 0 {
		d.FaultPoints, d.Faults = 0, nil
		return
	}
	d.PointsMin, d.PointsMax, d.Choices = 0, d.FullPoints, nil
	kept := make([]Fault, 0, len(d.Faults))
	for _, f := range d.Faults {
		if f.Name = nameOnly(f.Name); f.Name != "" {
			kept = append(kept, f)
		}
	}
	if d.Faults = kept; len(kept) == 0 {
		d.Faults = nil
	}
}

// recorders are who may be named as recorder of a rule.
var recorders = []string{string(models.Committee), string(models.GridWorker), ByHousehold}

// checkKind refuses bands, faults and recorders that cannot be.
func (d *Draft) checkKind() error {
	switch {
	case long(d.OnceGroup, nameMost):
		return bad("once_group", "%s的“同一件事”名称太长，没有保存，请写短些", d.quoted())
	case slices.ContainsFunc(d.Recorders, func(r string) bool { return !slices.Contains(recorders, r) }):
		return bad("recorders", "%s的记录人只能是村委、网格员或者农户自己报，没有保存", d.quoted())
	case len(d.Bands) > 0 && d.Marked():
		return bad("bands", "%s又分档、又是满分扣分，没有保存；请拆成两条", d.quoted())
	}
	if err := d.checkBands(); err != nil {
		return err
	}
	return d.checkFaults()
}

func (d *Draft) checkBands() error {
	if len(d.Bands) == 0 {
		return nil
	}
	if !slices.Contains([]string{ByAmount, ByLevel, ByMonth}, d.BandBy) {
		return bad("bands", "%s分了档，没有写按数量、按级别还是按当月得分，没有保存", d.quoted())
	}
	if len(d.Bands) > bandsMost || utf8.RuneCountInString(d.bandsColumn()) > columnMost {
		return bad("bands", "%s的档次太多，最多 %d 档，没有保存；请拆成几条", d.quoted(), bandsMost)
	}
	if d.BandBy == ByLevel && len(d.Bands) == 1 {
		return bad("bands", "%s只有“%s”一个级别，不用分档，没有保存；请直接写分值", d.quoted(), d.Bands[0].Name)
	}
	seen := map[Band]bool{}
	for _, b := range d.Bands {
		switch {
		case b.Points <= 0 || b.Points > models.PointsMax:
			return bad("bands", "%s的每一档分值都要大于 0，没有保存", d.quoted())
		case d.BandBy == ByLevel && (b.Name == "" || long(b.Name, nameMost)):
			return bad("bands", "%s有一档没有写级别，或者写得太长，没有保存", d.quoted())
		case d.stepped() && b.At <= 0:
			return bad("bands", "%s的每一档都要写满多少才算，没有保存", d.quoted())
		}
		key := Band{At: b.At, Name: b.Name}
		if seen[key] {
			return bad("bands", "%s有两档写的都是%s，没有保存，请核对", d.quoted(), d.bandAt(b))
		}
		seen[key] = true
	}
	return nil
}

func (d *Draft) checkFaults() error {
	switch {
	case d.FullPoints < 0 || d.FullPoints > models.PointsMax || d.FaultPoints < 0 || d.FaultPoints > d.FullPoints:
		return bad("full", "%s的满分或每处扣分填得不对，没有保存；每处扣的不能多于满分", d.quoted())
	case !d.Marked():
		return nil
	case d.Direction == Minus:
		return bad("full", "%s是满分扣分的表，得的是剩下的分，方向请选加分；没有保存", d.quoted())
	case d.FaultPoints == 0 && !slices.ContainsFunc(d.Faults, func(f Fault) bool { return f.Points > 0 }):
		return bad("full", "%s写了满分，没有写一处扣几分，没有保存", d.quoted())
	case len(d.Faults) > faultsMost || utf8.RuneCountInString(d.faultsColumn()) > columnMost:
		return bad("faults", "%s的扣分点太多，最多 %d 个，没有保存；请写短些或者拆成几条", d.quoted(), faultsMost)
	}
	for _, f := range d.Faults {
		if long(f.Name, nameMost) || f.Points < 0 || f.Points > d.FullPoints || f.Points == 0 && d.FaultPoints == 0 {
			return bad("faults", "%s的扣分点“%s”太长，或者扣分填得不对，没有保存", d.quoted(), f.Name)
		}
	}
	return nil
}
