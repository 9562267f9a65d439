package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
)

// clearingPoster is the announcement for the wall and the board. It names nobody:
// what one's own household loses stands in its passbook.
type clearingPoster struct {
	award.Clearing
	Village web.Area
	Notice  notice.Notice
	Sum     clearSum
	Path    string
	Back    string
}

// View implements web.Page.
func (p clearingPoster) View() (name, title string) {
	if p.Back != "" {
		return "committee/clearingposter", p.Village.Name + "积分清零公告"
	}
	return "board/clearing", p.Village.Name + "积分清零公告"
}

// Frame leads home to the board.
func (p clearingPoster) Frame(f *web.Frame) { f.SiteHref = p.Path }

// Resolved, From, Until, Oldest and Starts are the days with their years.
func (p clearingPoster) Resolved() string { return dayLong(p.ResolvedOn) }

// Oldest is the day until which points are cleared.
func (p clearingPoster) Oldest() string { return dayLong(p.AsOf) }

// From is the first day of exchange.
func (p clearingPoster) From() string { return dayLong(p.SessionFrom) }

// Until is the last day of exchange.
func (p clearingPoster) Until() string { return dayLong(p.SessionUntil) }

// Starts is the first day on which anything is cleared.
func (p clearingPoster) Starts() string { return dayLong(p.SessionUntil.AddDays(1)) }

// Hangs is how long it hangs, as far as that is known.
func (p clearingPoster) Hangs() string {
	if p.Notice.HungAt == 0 {
		return "从张贴时起 30 天"
	}
	return minute(p.Notice.HungAt) + " 至 " + minute(p.Notice.EndsAt)
}

// UndoTill is until when it can be taken back.
func (p clearingPoster) UndoTill() string { return dayLong(p.UndoUntil().Day()) }

func (p *Pages) clearingPoster(ctx context.Context, v web.Area, k award.Clearing) (clearingPoster, error) {
	page := clearingPoster{Clearing: k, Village: v, Path: "/v/" + models.ID32(v.ID)}
	var err error
	page.Notice, err = notice.Get(ctx, p.db, v.ID, k.Notice)
	return page, err
}

// ClearingPoster answers GET /committee/periods/clearing/:clearing/poster.
func (p *Pages) ClearingPoster(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	k, err := p.clearingInHand(c, at.Area.ID)
	if err != nil {
		return err
	}
	page, err := p.clearingPoster(c.UserContext(), at.Area, k)
	if err != nil {
		return err
	}
	page.Back = at.Href(clearingPath(k))
	return web.Show(c, page)
}

// BoardClearing answers GET /v/:village/clearing/:clearing, once it hangs.
func (p *Pages) BoardClearing(c *fiber.Ctx) error {
	id, err := web.ID(c, "clearing")
	if err != nil {
		return err
	}
	return p.public(c, func(ctx context.Context, v web.Area) (web.Page, error) {
		k, err := award.GetClearing(ctx, p.db, v.ID, id)
		if err != nil {
			return nil, err
		}
		page, err := p.clearingPoster(ctx, v, k)
		if err == nil && page.Notice.HungAt == 0 {
			err = models.ErrNotFound // what never hung is nobody's business yet
		}
		return page, err
	})
}

// boardClearings are the announcements that the village's board shows: those that
// hang and are not settled, and for sixty days those that were done.
func (p *Pages) boardClearings(ctx context.Context, v web.Area) ([]clearingPoster, error) {
	all, err := award.Clearings(ctx, p.db, v.ID)
	if err != nil {
		return nil, err
	}
	var shown []clearingPoster
	for _, k := range all {
		if k.DoneAt != 0 && p.db.Now() >= k.UndoUntil() {
			continue
		}
		one, err := p.clearingPoster(ctx, v, k)
		if err != nil {
			return nil, err
		}
		if one.Notice.HungAt != 0 && (k.State != award.ClearDropped || one.Notice.Running(p.db.Now())) {
			shown = append(shown, one)
		}
	}
	return shown, nil
}

// Href is the announcement's page for everybody.
func (p clearingPoster) Href() string { return p.Path + "/clearing/" + models.ID32(p.ID) }

// clearingListPage is every household and what it loses or lost, for the
// committee's own file.
type clearingListPage struct {
	committeeAt
	Clearing award.Clearing
	Lines    []clearHome
	Sum      clearSum
	Done     bool
	AsOf     string
	Back     string
}

// View implements web.Page.
func (clearingListPage) View() (name, title string) {
	return "committee/clearinglist", "积分清零明细"
}

// ClearingList answers GET /committee/periods/clearing/:clearing/list.
func (p *Pages) ClearingList(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.ReviewAwards)
	if err != nil {
		return p.committeeAstray(c, err, models.ReviewAwards)
	}
	k, err := p.clearingInHand(c, at.Area.ID)
	if err != nil {
		return err
	}
	lines, done, err := p.clearLines(c.UserContext(), k)
	if err != nil {
		return err
	}
	page := clearingListPage{committeeAt: at, Clearing: k, Sum: clearSums(lines), Done: done, AsOf: dayLong(k.AsOf), Back: at.Href(clearingPath(k))}
	if page.Lines, err = p.clearHomes(c.UserContext(), at, lines, func(award.ClearLine) bool { return true }); err != nil {
		return err
	}
	return web.Show(c, page)
}

// myClearing is an announced clearing as one family meets it: what it would lose,
// and until when it can exchange.
type myClearing struct {
	clearingPoster
	Points models.Points
	Open   bool // something of theirs is not decided yet: they would be left out
}

func (p *Pages) myClearings(ctx context.Context, f family) ([]myClearing, error) {
	all, err := p.boardClearings(ctx, f.Area)
	if err != nil {
		return nil, err
	}
	var mine []myClearing
	for _, k := range all {
		if k.State != award.ClearAnnounced {
			continue
		}
		l, err := award.ForecastOf(ctx, p.db, k.Clearing, f.ID)
		if err != nil {
			return nil, err
		}
		mine = append(mine, myClearing{k, l.Points, l.Why == award.ClearClaim || l.Why == award.ClearDispute})
	}
	return mine, nil
}
