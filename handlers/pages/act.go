package pages

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/scheme"
)

// actForm is how much of an act there was, in whichever way its rule counts.
type actForm struct {
	Points   models.Points `form:"points" label:"分值"`
	Quantity models.Qty    `form:"quantity" label:"数量"`
	Level    string        `form:"level" label:"档次" max:"64"`
	Faults   []int64       `form:"fault" label:"扣分点"`
	More     int           `form:"faults" label:"其他问题" min:"0" max:"200"`
}

var errAllFaults = models.ErrInput.With("按这些问题已经扣到 0 分，没有记分；确实没有分可记，就不用记这一笔").At("fault")

// into fills an ask with what the form says about the rule's act.
func (f actForm) into(a *award.Ask, r scheme.Rule) error {
	a.Points, a.Quantity, a.Level = f.Points, f.Quantity, f.Level
	if !r.Marked() || f.Points != 0 {
		return nil
	}
	faults := make([]int, 0, len(f.Faults)+f.More)
	for _, i := range f.Faults {
		faults = append(faults, int(i))
	}
	for range f.More {
		faults = append(faults, -1)
	}
	if a.Points = r.Score(faults); a.Points == 0 {
		return errAllFaults
	}
	return nil
}

// actFields are the inputs a rule leaves open; the part of the same name draws
// them.
type actFields struct {
	Rule     scheme.Rule
	Points   string
	Quantity string
	Choices  []web.Option
	Levels   []web.Option
	Faults   []actFault
	More     string
	Bands    string // the table by amount in a sentence
	Errors   map[string]string
}

type actFault struct {
	Value, Text, Cost string
	Checked           bool
}

// actFieldsOf draws the rule's inputs with what was chosen.
func actFieldsOf(r scheme.Rule, f actForm) actFields {
	a := actFields{Rule: r, Quantity: "1", More: "0"}
	if f.Points != 0 {
		a.Points = f.Points.Plain()
	}
	if f.Quantity != 0 {
		a.Quantity = f.Quantity.Plain()
	}
	if f.More > 0 {
		a.More = strconv.Itoa(f.More)
	}
	if r.BandBy == scheme.ByAmount {
		a.Bands = r.Text()
	}
	for _, b := range r.Bands {
		if r.BandBy == scheme.ByLevel {
			a.Levels = append(a.Levels, web.Option{Value: b.Name, Text: b.Name, Hint: b.Points.Signed(), Selected: b.Name == f.Level})
		}
	}
	for _, one := range r.Choices {
		if r.BandBy == "" {
			a.Choices = append(a.Choices, web.Option{Value: one.Plain(), Text: one.String() + " 分", Selected: one == f.Points})
		}
	}
	for i, k := range r.Faults {
		value := strconv.Itoa(i)
		fault := actFault{Value: value, Text: k.Name, Cost: (-r.Cost(i)).Signed()}
		for _, n := range f.Faults {
			fault.Checked = fault.Checked || n == int64(i)
		}
		a.Faults = append(a.Faults, fault)
	}
	return a
}

// Range reports whether somebody has to name points within a range.
func (a actFields) Range() bool {
	return len(a.Levels) == 0 && len(a.Choices) == 0 && !a.Rule.Marked() && !a.Rule.Single()
}

// Often reports whether a quantity makes sense: a full mark or a level is given
// once.
func (a actFields) Often() bool { return !a.Rule.Marked() && len(a.Levels) == 0 }

// keep puts back what was typed, as it was typed.
func (a *actFields) keep(c *fiber.Ctx, refused error) {
	for name, into := range map[string]*string{"points": &a.Points, "quantity": &a.Quantity, "faults": &a.More} {
		if typed := c.FormValue(name); typed != "" {
			*into = typed
		}
	}
	a.Errors = web.Errors(refused)
}

// actTaps reports whether a tap alone can record the rule: nothing is left open
// and nobody is hurt.
func actTaps(r scheme.Rule) bool {
	return r.Direction == scheme.Plus && r.BandBy == "" && r.Single() && !r.Measured() && !(r.Capped() && r.CapPer == "member")
}

// actOffered reports whether somebody may write this rule down by hand: monthly
// rules are counted by the program, others may be kept to some roles.
func actOffered(at committeeAt, r scheme.Rule) bool {
	if r.BandBy == scheme.ByMonth {
		return false
	}
	for _, g := range at.Actor.Grants {
		one := models.Actor{Account: at.Actor.Account, Grants: []models.Grant{g}}
		if one.Can(models.GrantPoints, at.Area.Place) && r.RecordedBy(g.Role) {
			return true
		}
	}
	return false
}
