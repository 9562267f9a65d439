package api

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
)

// versionJSON is the adoption that is in force.
type versionJSON struct {
	ID          id          `json:"id"`
	Number      int         `json:"number"`
	Title       string      `json:"title"`
	InForceFrom models.Date `json:"in_force_from"`
	Posting     string      `json:"posting"`
	NoticeDays  int         `json:"notice_days"`
}

// ruleJSON is one line of the village's table; text is how people read it.
type ruleJSON struct {
	ID        id              `json:"id"`
	Category  string          `json:"category"`
	Item      string          `json:"item"`
	Text      string          `json:"text"`
	Direction string          `json:"direction"`
	PointsMin models.Points   `json:"points_min"`
	PointsMax models.Points   `json:"points_max"`
	Choices   []models.Points `json:"choices,omitempty"`
	Unit      string          `json:"unit"`
	Cap       *capJSON        `json:"cap,omitempty"`
	BandBy    string          `json:"band_by,omitempty"` // amount, level, month
	Bands     []bandJSON      `json:"bands,omitempty"`
	Full      models.Points   `json:"full_points,omitempty"`
	PerFault  models.Points   `json:"fault_points,omitempty"`
	Faults    []faultJSON     `json:"faults,omitempty"`
	Once      string          `json:"once_group,omitempty"`
	Recorders []string        `json:"recorders,omitempty"`
	Evidence  string          `json:"evidence,omitempty"`
	Note      string          `json:"note,omitempty"`
}

type capJSON struct {
	Times  int           `json:"times,omitempty"`
	Points models.Points `json:"points,omitempty"`
	Period string        `json:"period"`
	Per    string        `json:"per"`
}

// bandJSON is one band: from an amount or a month's score on, or of a level.
type bandJSON struct {
	At     models.Points `json:"at,omitempty"` // a quantity prints as points do
	Name   string        `json:"name,omitempty"`
	Points models.Points `json:"points"`
}

type faultJSON struct {
	Name   string        `json:"name"`
	Points models.Points `json:"points"`
}

type rulesJSON struct {
	Version *versionJSON `json:"version"` // null while no rules are in force
	page[ruleJSON]
}

// Rules answers GET …/rules with what is in force today.
func (a *API) Rules(c *fiber.Ctx) error {
	v, err := web.Village(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	version, err := scheme.Current(ctx, a.db, v.ID, a.db.Now().Day())
	if errors.Is(err, scheme.ErrNoRules) {
		return web.JSON(c, rulesJSON{page: pageOf[ruleJSON](nil, "")})
	}
	if err != nil {
		return err
	}
	rules, err := scheme.Rules(ctx, a.db, v.ID, version.ID)
	if err != nil {
		return err
	}
	categories, err := scheme.Categories(ctx, a.db, v.ID)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, k := range categories {
		names[k.ID] = k.Name
	}
	list := make([]ruleJSON, len(rules))
	for i, r := range rules {
		list[i] = ruleOf(r, names[r.CategoryID])
	}
	return web.JSON(c, rulesJSON{&versionJSON{id(version.ID), version.Number, version.Title(), version.InForceFrom, version.Posting, version.NoticeDays}, pageOf(list, "")})
}

func ruleOf(r scheme.Rule, category string) ruleJSON {
	note, _, _ := strings.Cut(r.Note, scheme.UnclearMark) // behind it the import speaks to whoever settles the limit
	j := ruleJSON{ID: id(r.ID), Category: category, Item: r.Item, Text: r.Text(), Direction: r.Direction, PointsMin: r.PointsMin, PointsMax: r.PointsMax,
		Choices: r.Choices, Unit: r.UnitName(), Evidence: r.Evidence, Note: strings.TrimRight(note, "；")}
	if r.Capped() {
		j.Cap = &capJSON{r.CapTimes, r.CapPoints, r.CapPeriod, r.CapPer}
	}
	j.BandBy, j.Full, j.PerFault, j.Once, j.Recorders = r.BandBy, r.FullPoints, r.FaultPoints, r.OnceGroup, r.Recorders
	for _, b := range r.Bands {
		j.Bands = append(j.Bands, bandJSON{models.Points(b.At), b.Name, b.Points})
	}
	for i, f := range r.Faults {
		j.Faults = append(j.Faults, faultJSON{f.Name, r.Cost(i)})
	}
	return j
}
