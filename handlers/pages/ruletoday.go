package pages

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
)

// chasedFor is how many days a resolution's publication is asked after; older
// ones are history.
const chasedFor = 60

// todayRules is what the rules want from those who look after them: a day to
// look again, limits nobody could read, a newer template, a resolution not
// published.
func (p *Pages) todayRules(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !web.Actor(c).Can(models.SetUpVillage, at.Area.Place) {
		return nil, nil
	}
	ctx, v, today := c.UserContext(), at.Area.ID, p.db.Now().Day()
	b, err := p.newestRules(ctx, v)
	if errors.Is(err, scheme.ErrNoRules) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var items []todayItem
	if due := b.Version.RenewOn; due != "" && due <= today {
		items = append(items, todayItem{N: 1, Text: "细则到了再议的日子", Note: string(due) + "；没有续期以前照旧执行", Href: rulesPath(v, "renew"), Late: due < today})
	}
	unclear := 0
	for _, r := range b.Rules {
		if _, found := unclearWords(r.Note); found {
			unclear++
		}
	}
	if unclear > 0 {
		items = append(items, todayItem{N: unclear, Unit: "条", Text: "细则里看不懂的限制", Note: "现在没有当作上限，请定下来", Href: rulesPath(v, "unclear")})
	}
	newer, err := scheme.Behind(ctx, p.db, v)
	if err != nil {
		return nil, err
	}
	if newer != nil {
		items = append(items, todayItem{N: 1, Text: "县里的细则范本有新的一版", Note: fmt.Sprintf("第 %d 版，要不要接由村民会议定", newer.Number), Href: adminPath(v, "template")})
	}
	open, err := p.unpublished(c, b.Version, today)
	return append(items, open...), err
}

// unpublished chases the publication of a resolution that is in force.
func (p *Pages) unpublished(c *fiber.Ctx, v scheme.Version, today models.Date) ([]todayItem, error) {
	if v.InForceFrom > today || v.AdoptedOn.AddDays(chasedFor) < today {
		return nil, nil
	}
	steps, err := scheme.StepsOf(c.UserContext(), p.db, v.Village, v.ID)
	for _, s := range steps {
		if s.Step == scheme.StepOpen && s.Day == "" {
			return []todayItem{{N: 1, Text: "细则的决议还没有记公开", Note: string(v.AdoptedOn) + " 通过；贴出来以后记下日期", Href: rulesPath(v.Village, "steps") + versionQuery(v.ID)}}, err
		}
	}
	return nil, err
}
