package pages

import (
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
)

// backlogPatience is how long a passed award may wait for a notice before the
// committee is reminded.
const backlogPatience = 7 * 24 * time.Hour

// todayNotices calls for awards that wait for a notice, late when they wait too
// long, and for clearings that wait for somebody. Notices that were made and
// never hung have cards of their own on the page.
func (p *Pages) todayNotices(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !at.Can(models.HangNotice) {
		return nil, nil
	}
	ctx, now := c.UserContext(), p.db.Now()
	var all []todayItem
	b, err := award.CountWaiting(ctx, p.db, at.Area.ID)
	if err != nil {
		return nil, err
	}
	if b.Awards > 0 {
		all = append(all, todayItem{N: b.Awards, Unit: "笔", Text: "等着上榜，还没有生成公示", Late: now >= b.Oldest.Add(backlogPatience), Href: at.Href("/committee/notices"), Note: fmt.Sprintf("%d 户，最早一笔记于 %s", b.Households, b.Oldest.Day().Short())})
	}
	clearings, err := award.Clearings(ctx, p.db, at.Area.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range clearings {
		if k.State != award.ClearAnnounced {
			continue
		}
		n, err := notice.Get(ctx, p.db, at.Area.ID, k.Notice)
		if err != nil {
			return nil, err
		}
		waits, err := p.clearingWaits(ctx, k, n)
		if err != nil {
			return nil, err
		}
		if waits != "" {
			all = append(all, todayItem{N: 1, Text: "清零卡住了", Late: true, Href: at.Href(clearingPath(k)), Note: waits})
		}
	}
	return all, nil
}
