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

// todayNotices calls for notices that were made and never hung, for awards that
// wait for one too long, and for clearings that wait for somebody. Only hanging
// sets anything running, so an unposted notice keeps people from their points.
func (p *Pages) todayNotices(c *fiber.Ctx, at committeeAt) ([]todayItem, error) {
	if !at.Can(models.HangNotice) {
		return nil, nil
	}
	ctx, now := c.UserContext(), p.db.Now()
	var all []todayItem
	drafts, err := notice.Unposted(ctx, p.db, at.Area.ID)
	if err != nil {
		return nil, err
	}
	for _, n := range drafts {
		if n.Overdue(now) {
			all = append(all, todayItem{N: 1, Text: n.Name() + "还没张贴", Late: true, Href: at.Href("/committee/notices/" + models.ID32(n.ID)),
				Note: fmt.Sprintf("生成 %d 天了；不张贴，上面的分一直不能到账", int((now-n.MadeAt)/86400000))})
		}
	}
	b, err := award.CountWaiting(ctx, p.db, at.Area.ID)
	if err != nil {
		return nil, err
	}
	if b.Awards > 0 && now >= b.Oldest.Add(backlogPatience) {
		all = append(all, todayItem{N: b.Awards, Text: "等着上榜，还没有生成公示", Late: true, Href: at.Href("/committee/notices"), Note: "最早一笔记于 " + b.Oldest.Day().Short() + "，请生成一期公示"})
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
