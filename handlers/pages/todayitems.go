package pages

import (
	"github.com/gofiber/fiber/v2"
)

// todayItem is one thing that waits for the person looking: how many, of what,
// and where it is dealt with. Late things shout.
type todayItem struct {
	N          int
	Unit       string // of N; 件 where empty
	Text, Note string
	Href       string
	Late       bool
}

// todayItems asks every part of the committee's work what waits; a part answers
// nothing for somebody who may not deal with it. Late things come apart.
func (p *Pages) todayItems(c *fiber.Ctx, at committeeAt) (late, rest []todayItem, err error) {
	for _, ask := range []func(*fiber.Ctx, committeeAt) ([]todayItem, error){
		p.todayClaims, p.todayStock, p.todayReview, p.todaySecond, p.todayDeductions, p.todayObjections,
		p.todayRounds, p.todayDuties, p.todayHonours, p.todayNotices, p.todayRules, p.todayPaper, p.todayCover,
	} {
		items, err := ask(c, at)
		if err != nil {
			return nil, nil, err
		}
		for _, i := range items {
			if i.Late {
				late = append(late, i)
			} else {
				rest = append(rest, i)
			}
		}
	}
	return late, rest, nil
}
