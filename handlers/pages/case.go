package pages

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/photo"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// lifeCase is one award about which somebody has to decide, with what they need
// to see beside it.
type lifeCase struct {
	ID       string
	Who, Ref string // 马少明 3组012, and where the household stands
	What     string
	Shown    string
	When     string // 11月20日 · 口头报的 · 小马（网格员）登记
	Note     string
	Said     string // what was decided about it before: 初审 通过，看过了
	Photos   []photoLine
	Late     bool
	Warn     []string // who has to stand aside
	Stop     string   // why the person looking may not decide
	Quantity string   // empty where there is nothing to count
	Unit     string
	Points   string       // per unit, where there is a range
	Choices  []web.Option // per unit, where there are values to choose from
	Range    string       // 50—100
	Href     string       // its steps
	NoBack   bool         // recorded by staff: there is nobody to send it back to
	Due      string       // until when it has to be decided
	Overdue  bool
	Done     string // 通过; empty while it waits
	Kind     string
	Reason   string
	Redo     bool // the meeting is open and may think again
	Wrong    bool // this is the form that was refused; Given and Why are what was typed
	Given    string
	Why      string
}

// lifeGroup is the cases under one rule.
type lifeGroup struct {
	Item, Text, Evidence string
	Cases                []lifeCase
	Left                 int
	Free                 []string // ids of those the person looking may pass at one go
}

// lifeForm is what is decided about one case, or about several alike.
type lifeForm struct {
	Awards   []int64       `form:"award,id32" label:"哪一件"`
	Outcome  string        `form:"outcome" label:"决定" max:"16"`
	Quantity models.Qty    `form:"quantity" label:"数量"`
	Points   models.Points `form:"points" label:"分值"`
	Reason   string        `form:"reason,text" label:"理由" max:"200"`
}

func (f lifeForm) verdicts() []award.Verdict {
	list := make([]award.Verdict, len(f.Awards))
	for i, id := range f.Awards {
		list[i] = award.Verdict{Award: id, Outcome: f.Outcome, Quantity: f.Quantity, Points: f.Points, Reason: f.Reason}
	}
	return list
}

// outcomeNames say a decision to those who decide.
var outcomeNames = map[string][2]string{award.Pass: {"通过", "ok"}, award.Refuse: {"不通过", "bad"}, award.Back: {"退回", "wait"}}

// lifeNames are the full names behind accounts; 0 is nobody.
func (p *Pages) lifeNames(ctx context.Context, ids []int64) (map[int64]string, error) {
	names := map[int64]string{}
	for _, id := range ids {
		if _, known := names[id]; known || id == 0 {
			continue
		}
		a, err := account.Get(ctx, p.db, id)
		if err != nil {
			return nil, err
		}
		names[id] = a.Name
	}
	return names, nil
}

// lifeCases draws awards as cases, in their order.
func (p *Pages) lifeCases(c *fiber.Ctx, at committeeAt, awards []award.Award) ([]lifeCase, error) {
	ctx, v := c.UserContext(), at.Area.ID
	var homes, ids, people []int64
	for _, a := range awards {
		homes, ids, people = append(homes, a.Household.ID), append(ids, a.ID), append(people, a.Recorder)
	}
	who, err := village.HomesByID(ctx, p.db, v, homes)
	if err != nil {
		return nil, err
	}
	photos, err := photo.OfMany(ctx, p.db, v, ids)
	if err != nil {
		return nil, err
	}
	names, err := p.lifeNames(ctx, people)
	if err != nil {
		return nil, err
	}
	now := p.db.Now()
	cases := make([]lifeCase, len(awards))
	for i, a := range awards {
		book, err := scheme.Load(ctx, p.db, v, a.Version)
		if err != nil {
			return nil, err
		}
		rule, _ := book.Rule(a.Rule)
		k := lifeCase{ID: models.ID32(a.ID), Who: who[a.Household.ID].Label(), Ref: at.Href("/committee/households/" + models.ID32(a.Household.ID)), What: actText(a), Shown: a.Shown().Signed(),
			When: dotted(a.ActDate.Short(), claimWays[a.Way], lifeEntered(a, names)), Note: a.Note, Late: a.Late, NoBack: !lifeClaimed(a), Href: at.Href("/committee/awards/" + models.ID32(a.ID))}
		k.Photos = photoLines(c, photos[a.ID])
		if a.DueAt != 0 {
			k.Due, k.Overdue = minute(a.DueAt)+" 前要定", a.DueAt < now
		}
		k.adjust(a, rule)
		k.keep(c)
		cases[i] = k
	}
	return cases, nil
}

// lifeEntered says who wrote an award down: 小马（网格员）登记.
func lifeEntered(a award.Award, names map[int64]string) string {
	if name := names[a.Recorder]; name != "" {
		return name + "（" + a.RecorderRole.Title() + "）登记"
	}
	return ""
}

// keep puts back what was typed into the form that was refused.
func (k *lifeCase) keep(c *fiber.Ctx) {
	if c.Method() != fiber.MethodPost || c.FormValue("award") != k.ID {
		return
	}
	k.Wrong, k.Given, k.Why = true, c.FormValue("points"), c.FormValue("reason")
	if k.Quantity != "" {
		k.Quantity = c.FormValue("quantity")
	}
	for i := range k.Choices {
		k.Choices[i].Selected = k.Choices[i].Value == k.Given
	}
}

// adjust offers what may be changed within the rule.
func (k *lifeCase) adjust(a award.Award, r scheme.Rule) {
	fields := actFieldsOf(r, actForm{Quantity: a.Quantity, Level: a.Band})
	if fields.Often() {
		k.Quantity, k.Unit = a.Quantity.Plain(), r.UnitName()
	}
	worth := max(a.Shown(), -a.Shown())
	each := worth
	if fields.Often() && a.Quantity > 0 {
		each = models.Points(int64(worth) * int64(models.One) / int64(a.Quantity))
	}
	switch {
	case len(fields.Levels) > 0:
		for _, b := range r.Bands {
			k.Choices = append(k.Choices, web.Option{Value: b.Points.Plain(), Text: b.Name + " " + b.Points.String() + " 分", Selected: b.Name == a.Band || a.Band == "" && b.Points == each})
		}
	case len(fields.Choices) > 0:
		for _, one := range r.Choices {
			k.Choices = append(k.Choices, web.Option{Value: one.Plain(), Text: one.String() + " 分", Selected: one == each})
		}
	case fields.Range(), r.Marked():
		k.Points, k.Range = each.Plain(), strings.TrimSuffix(r.PointsText(), " 分")
	}
}

// lifeGroups puts cases under their rules, in the order in which they come.
func lifeGroups(awards []award.Award, cases []lifeCase, rules map[int64]scheme.Rule) (groups []lifeGroup) {
	index := map[int64]int{}
	for i, a := range awards {
		r := rules[a.Rule]
		g, ok := index[r.OriginID]
		if !ok {
			g = len(groups)
			index[r.OriginID] = g
			groups = append(groups, lifeGroup{Item: a.Item, Text: r.Text(), Evidence: r.Evidence})
		}
		groups[g].Cases = append(groups[g].Cases, cases[i])
		if k := cases[i]; k.Done == "" {
			groups[g].Left++
			if k.Stop == "" {
				groups[g].Free = append(groups[g].Free, k.ID)
			}
		}
	}
	return groups
}

// lifeAnswer is what the script is told after a decision.
type lifeAnswer struct {
	Done string `json:"done"` // 通过
	Kind string `json:"kind"`
	Text string `json:"text"` // the reason
}

func (f lifeForm) answer() lifeAnswer {
	o := outcomeNames[f.Outcome]
	return lifeAnswer{o[0], o[1], f.Reason}
}

// lifeMost is how many cases one page lists; the rest come up as these are
// decided.
const lifeMost = 100

// lifeWaiting lists what stands in a state and is this person's to see, the
// oldest first: one more than a page holds, if there are more.
func (p *Pages) lifeWaiting(ctx context.Context, at committeeAt, state string) ([]award.Award, error) {
	all, err := award.List(ctx, p.db, at.Area.ID, award.Filter{State: state, Cursor: models.Cursor{Limit: 200}})
	if err != nil {
		return nil, err
	}
	cover, err := village.CoverOf(ctx, p.db, at.Actor, at.Area.Place)
	if err != nil {
		return nil, err
	}
	slices.Reverse(all)
	if cover.All() {
		return all, nil
	}
	var homes []int64
	for _, a := range all {
		homes = append(homes, a.Household.ID)
	}
	who, err := village.HomesByID(ctx, p.db, at.Area.ID, homes)
	return slices.DeleteFunc(all, func(a award.Award) bool {
		h := who[a.Household.ID]
		return !cover.Has(h.GridID, h.Group)
	}), err
}

// lifeListed groups awards by their rules as cases; each may be marked.
func (p *Pages) lifeListed(c *fiber.Ctx, at committeeAt, awards []award.Award, mark func(award.Award, *lifeCase)) ([]lifeGroup, error) {
	cases, err := p.lifeCases(c, at, awards)
	if err != nil {
		return nil, err
	}
	rules := map[int64]scheme.Rule{}
	for i, a := range awards {
		mark(a, &cases[i])
		book, err := scheme.Load(c.UserContext(), p.db, at.Area.ID, a.Version)
		if err != nil {
			return nil, err
		}
		rules[a.Rule], _ = book.Rule(a.Rule)
	}
	return lifeGroups(awards, cases, rules), nil
}

// lifePatience is how long something may wait for a decision before it shouts.
const lifePatience = 7 * 24 * time.Hour
