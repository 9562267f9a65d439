package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
	"pointstore/models/register"
)

// boardShowings is what the public board shows of the village's lists.
type boardShowings struct{ Red, Black []register.OnBoard }

func (p *Pages) boardShowings(ctx context.Context, v int64) (s boardShowings, err error) {
	s.Red, s.Black, err = register.Board(ctx, p.db, v, p.db.Now().Day())
	return s, err
}

// honourSoon is how many days before its end a list entry is mentioned.
const honourSoon = 7

// todayHonours tells the committee which suspensions wait for an answer, and who
// leaves the red list soon unless asked again.
func (p *Pages) todayHonours(c *fiber.Ctx, at committeeAt) (items []todayItem, err error) {
	if !at.Can(models.ReviewAwards) {
		return nil, nil
	}
	ctx, day := c.UserContext(), p.db.Now().Day()
	all, err := register.Suspensions(ctx, p.db, at.Area.ID, 0)
	if err != nil {
		return nil, err
	}
	held := 0
	for _, s := range all {
		if s.StandingOn(day) == register.Held {
			held++
		}
	}
	if held > 0 {
		items = append(items, todayItem{N: held, Text: "暂停评优有申诉没答复", Note: "答复以前不生效", Href: at.Href("/committee/honours")})
	}
	list, err := register.Showings(ctx, p.db, at.Area.ID)
	soon := 0
	for _, s := range list {
		if s.List == register.Red && s.On(day) && s.Until <= day.AddDays(honourSoon) && s.Until.AddDays(-2*honourSoon) > s.From {
			soon++
		}
	}
	if soon > 0 {
		items = append(items, todayItem{N: soon, Unit: "户", Text: "红榜快到期", Note: "想接着上，要再问本人", Href: at.Href("/committee/honours")})
	}
	return items, err
}
