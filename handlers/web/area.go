package web

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
)

// ErrWhich asks somebody who works in several villages which one is meant.
var ErrWhich = &models.Error{Kind: models.Input, Code: "which_village", Say: "您负责不止一个村，请先选一个村", Field: "village"}

// areaFor is how long an area's name is remembered; areas seldom change.
const areaFor = 10 * time.Second

type knownArea struct {
	Area
	until time.Time
}

var everywhere = Area{ID: models.Everywhere, Name: "全部"}

func (w *Web) area(c *fiber.Ctx, id int64) (Area, error) {
	if id == models.Everywhere {
		return everywhere, nil
	}
	if v, ok := w.areas.Load(id); ok {
		if k := v.(knownArea); time.Now().Before(k.until) {
			return k.Area, nil
		}
	}
	a, err := w.Area(c.UserContext(), id)
	if err == nil {
		w.areas.Store(id, knownArea{a, time.Now().Add(areaFor)})
	}
	return a, err
}

// Village is the village in hand: the one that path, query or form names as
// village, else the only one the person belongs to. ErrWhich when there are
// several. It says nothing about who may do what there; see VillageFor.
func Village(c *fiber.Ctx) (Area, error) {
	q := of(c)
	if q.place != nil && q.place.Level == "village" {
		return *q.place, nil
	}
	a, err := q.named(c, "village")
	if err != nil {
		return Area{}, err
	}
	if a == nil {
		own, err := q.own(c)
		if err != nil {
			return Area{}, err
		}
		a = &own
	}
	if a.Level != "village" {
		return Area{}, models.ErrNotFound
	}
	q.place = a
	return *a, nil
}

// VillageFor is Village for an action there. Another village is simply not
// found, exactly as one that does not exist; in one's own it is a matter of
// right.
func VillageFor(c *fiber.Ctx, act models.Action) (Area, error) {
	a, err := Village(c)
	if err != nil {
		return Area{}, err
	}
	if err := allowed(Actor(c), act, a.Place); err != nil {
		of(c).place = nil // its name is no business of theirs
		return Area{}, err
	}
	return a, nil
}

// AreaOf is the area in hand, of any level: the one that path or query names as
// area, else the widest that is granted.
func AreaOf(c *fiber.Ctx) (Area, error) {
	a, err := of(c).named(c, "area")
	if err != nil {
		return Area{}, err
	}
	if a != nil {
		return *a, nil
	}
	return of(c).widest(c, "")
}

// AreaFor is AreaOf for an action there; see VillageFor.
func AreaFor(c *fiber.Ctx, act models.Action) (Area, error) {
	a, err := of(c).named(c, "area")
	if err != nil {
		return Area{}, err
	}
	if a == nil {
		return of(c).widest(c, act)
	}
	return *a, allowed(Actor(c), act, a.Place)
}

// allowed is May, but for strangers to the place there is no such place.
func allowed(by models.Actor, act models.Action, at models.Place) error {
	if by.Account == 0 && by.Household.ID == 0 {
		return models.ErrSignIn
	}
	if by.Can(act, at) {
		return nil
	}
	for _, g := range by.Grants {
		if at.In(g.Area) {
			return models.ErrForbidden
		}
	}
	if at.In(by.Household.Village) {
		return models.ErrForbidden
	}
	return models.ErrNotFound
}

// Villages are those that the person's roles name directly: a grid worker's two
// villages, but not all of a county.
func Villages(c *fiber.Ctx) []Area {
	q := of(c)
	var all []Area
	for _, g := range q.actor().Grants {
		if slices.ContainsFunc(all, func(a Area) bool { return a.ID == g.Area }) {
			continue
		}
		if a, err := q.web.area(c, g.Area); err == nil && a.Level == "village" {
			all = append(all, a)
		}
	}
	return all
}

// named is the area that the request names, or nil when it names none.
func (q *request) named(c *fiber.Ctx, name string) (*Area, error) {
	text := c.Params(name)
	if text == "" {
		text = c.Query(name)
	}
	if text == "" && c.Method() == fiber.MethodPost && !isJSON(c) {
		text = formValue(c, name)
	}
	if text == "" {
		return nil, nil
	}
	id, err := models.ParseID32(strings.ToLower(text))
	if err != nil {
		return nil, err
	}
	a, err := q.web.area(c, id)
	return &a, err
}

// own is the only village a person belongs to.
func (q *request) own(c *fiber.Ctx) (Area, error) {
	a := q.actor()
	if a.Account == 0 {
		if a.Household.Village == 0 {
			return Area{}, models.ErrNotFound
		}
		return q.web.area(c, a.Household.Village)
	}
	if len(a.Grants) == 0 {
		return Area{}, models.ErrForbidden
	}
	if all := Villages(c); len(all) == 1 {
		return all[0], nil
	}
	return Area{}, ErrWhich
}

// depth orders levels from wide to narrow.
var depth = map[string]int{"": 0, "city": 1, "county": 2, "township": 3, "village": 4}

// widest is the widest area granted for the action; any grant will do for "".
func (q *request) widest(c *fiber.Ctx, act models.Action) (Area, error) {
	by := q.actor()
	if by.Account == 0 {
		return Area{}, models.ErrSignIn
	}
	var best Area
	for _, g := range by.Grants {
		a, err := q.web.area(c, g.Area)
		if err != nil {
			return Area{}, err
		}
		if (act == "" || by.Can(act, a.Place)) && (best.ID == 0 || depth[a.Level] < depth[best.Level]) {
			best = a
		}
	}
	if best.ID == 0 {
		return Area{}, models.ErrForbidden
	}
	return best, nil
}
