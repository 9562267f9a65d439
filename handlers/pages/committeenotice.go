package pages

import (
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/notice"
	"pointstore/models/scheme"
)

// committeeNoticeLine is a notice in the committee's lists.
type committeeNoticeLine struct {
	notice.Notice
	Href, Poster string
	Tag, Kind    string
	Says         string
	Late         bool // it should hang by now
	Soon         bool // it ends within a day
}

func (p *Pages) noticeLines(at committeeAt, all []notice.Notice) []committeeNoticeLine {
	now := p.db.Now()
	lines := make([]committeeNoticeLine, len(all))
	for i, n := range all {
		path := "/committee/notices/" + models.ID32(n.ID)
		l := committeeNoticeLine{Notice: n, Href: at.Href(path), Poster: at.Href(path + "/poster"), Late: n.Overdue(now)}
		if n.Kind == notice.Clearings {
			l.clearing(now)
			lines[i] = l
			continue
		}
		switch {
		case n.State == notice.Draft && l.Late:
			l.Tag, l.Kind, l.Says = "还没张贴", "bad", fmt.Sprintf("%s 生成，已经过了 %d 天；不张贴，分就一直不能到账", n.MadeAt.Day().Short(), int((now-n.MadeAt)/86400000))
		case n.State == notice.Draft:
			l.Tag, l.Kind, l.Says = "等张贴", "wait", n.MadeAt.Day().Short()+" 生成，打印贴出后点“已张贴”"
		case n.Running(now):
			l.Tag, l.Kind, l.Says = "公示中", "wait", "贴在"+n.HungWhere+"，"+minute(n.EndsAt)+" 到期自动到账"
			l.Soon = n.EndsAt < now.Add(24*time.Hour)
		case n.State == notice.Hung:
			l.Tag, l.Kind, l.Says = "正在到账", "wait", minute(n.EndsAt)+" 到期，系统正在逐笔到账"
		case n.State == notice.Closed:
			l.Tag, l.Kind, l.Says = "已到账", "ok", minute(n.HungAt)+" 至 "+minute(n.EndsAt)+" 贴在"+n.HungWhere
		default:
			l.Tag, l.Kind, l.Says = "已作废", "past", n.MadeAt.Day().Short()+" 生成，没有张贴"
		}
		lines[i] = l
	}
	return lines
}

// clearing words the line for the announcement of a clearing, which posts nothing.
func (l *committeeNoticeLine) clearing(now models.Millis) {
	n := l.Notice
	switch {
	case n.State == notice.Draft:
		l.Tag, l.Kind, l.Says = "清零公告，等张贴", "wait", n.MadeAt.Day().Short()+" 登记；不张贴，就一直不会清零"
	case n.Running(now):
		l.Tag, l.Kind, l.Says = "清零公告", "wait", "贴在"+n.HungWhere+"，公示到 "+minute(n.EndsAt)
	case n.State == notice.Dropped:
		l.Tag, l.Kind, l.Says = "已作废", "past", n.MadeAt.Day().Short()+" 登记，没有张贴"
	default:
		l.Tag, l.Kind, l.Says = "清零公告已满期", "past", minute(n.HungAt)+" 至 "+minute(n.EndsAt)+" 贴在"+n.HungWhere
	}
}

// minute prints an instant for posters: 11月27日 15:00.
func minute(m models.Millis) string { return m.Day().Short() + " " + m.Time().Format("15:04") }

// committeeNoticesPage lists the village's notices.
type committeeNoticesPage struct {
	committeeAt
	Backlog award.Backlog
	Days    int
	Lines   []committeeNoticeLine
	Older   string
	Newest  bool
}

// View implements web.Page.
func (committeeNoticesPage) View() (name, title string) { return "committee/notices", "公示" }

// CommitteeNotices answers GET /committee/notices.
func (p *Pages) CommitteeNotices(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HangNotice)
	if err != nil {
		return p.committeeAstray(c, err, models.HangNotice)
	}
	var f struct {
		Before int64 `form:"before,id32"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	page, err := p.noticesPage(c, at, f.Before)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) noticesPage(c *fiber.Ctx, at committeeAt, before int64) (page committeeNoticesPage, err error) {
	const most = 20
	ctx := c.UserContext()
	page.committeeAt, page.Newest = at, before == 0
	if page.Backlog, err = award.CountWaiting(ctx, p.db, at.Area.ID); err != nil {
		return page, err
	}
	if v, err := scheme.Current(ctx, p.db, at.Area.ID, p.db.Now().Day()); err == nil {
		page.Days = v.NoticeDays
	}
	all, err := notice.List(ctx, p.db, at.Area.ID, models.Cursor{Before: before, Limit: most})
	if len(all) == most {
		page.Older = at.Href("/committee/notices", "before", models.ID32(all[most-1].ID))
	}
	page.Lines = p.noticeLines(at, all)
	return page, err
}

// MakeNotice answers POST /committee/notices: all that waits goes on a new one.
func (p *Pages) MakeNotice(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HangNotice)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err != nil {
		return err
	}
	n, err := award.MakeNotice(c.UserContext(), p.db, op, at.Actor, at.Area.ID)
	if err != nil {
		page, lost := p.noticesPage(c, at, 0)
		if lost != nil {
			return lost
		}
		return web.Again(c, page, err)
	}
	web.Flash(c, "ok", n.Name()+"公示已生成", "请打印贴出，再回来登记“已张贴”。从贴出那一刻起算，贴满 "+countOf(n.Days)+" 天自动到账。")
	return web.See(c, at.Href("/committee/notices/"+models.ID32(n.ID)))
}

// committeeNoticePage is one notice: its paper, who hung it, what is on it.
type committeeNoticePage struct {
	committeeAt
	Notice  award.Poster
	Line    committeeNoticeLine
	Lines   []recordLine
	A4, A3  string
	Board   string
	HungBy  string
	Where   string
	Day     string
	Time    string
	Today   models.Date
	Group   string // to be sent to the village's chat group
	Speaker string // to be read over the loudspeaker: no names
	Picture noticePicture
	Photos  []photoLine
	Errors  map[string]string
}

// View implements web.Page.
func (p committeeNoticePage) View() (name, title string) {
	return "committee/notice", p.Notice.Name() + "公示"
}

// CommitteeNotice answers GET /committee/notices/:notice.
func (p *Pages) CommitteeNotice(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.HangNotice)
	if err != nil {
		return p.committeeAstray(c, err, models.HangNotice)
	}
	page, err := p.committeeNotice(c, at)
	if err != nil {
		return err
	}
	if page.Notice.Kind == notice.Clearings {
		return p.toClearing(c, at, page.Notice.ID)
	}
	return web.Show(c, page)
}

var errNoNotice = models.ErrNotFound.With("没有找到这一期公示，请从“公示”里重新打开")

func (p *Pages) committeeNotice(c *fiber.Ctx, at committeeAt) (page committeeNoticePage, err error) {
	ctx, now := c.UserContext(), p.db.Now()
	id, err := web.ID(c, "notice")
	if err != nil {
		return page, errNoNotice
	}
	page = committeeNoticePage{committeeAt: at, Today: now.Day(), Day: string(now.Day()), Time: now.Time().Format("15:04")}
	if page.Notice, err = award.GetPoster(ctx, p.db, at.Area.ID, id); err != nil {
		return page, err
	}
	page.Line = p.noticeLines(at, []notice.Notice{page.Notice.Notice})[0]
	all, err := award.ByNotice(ctx, p.db, at.Area.ID, id)
	if err != nil {
		return page, err
	}
	if page.Lines, err = p.recordLines(c, at, all); err != nil {
		return page, err
	}
	if by := page.Notice.HungBy; by != 0 {
		a, err := account.Get(ctx, p.db, by)
		if err != nil {
			return page, err
		}
		page.HungBy = a.Name
	}
	path := "/committee/notices/" + models.ID32(id) + "/poster"
	page.A4, page.A3 = at.Href(path), at.Href(path, "paper", "a3")
	page.Board = p.noticeAddress(page.Notice.Notice)
	page.Group, page.Speaker = groupText(at.Area.Name, page), speakerText(at.Area.Name, page.Notice)
	if page.Picture, err = p.noticePicture(at.Area.Name, page); err != nil {
		return page, err
	}
	if page.Photos, err = p.photosOf(c, at.Area.ID, id); err != nil {
		return page, err
	}
	if earlier, err := notice.List(ctx, p.db, at.Area.ID, models.Cursor{Before: id, Limit: 1}); err == nil && len(earlier) > 0 {
		page.Where = earlier[0].HungWhere // they hang where the last one hung
	}
	return page, nil
}

// noticeAddress is the notice's page for everybody.
func (p *Pages) noticeAddress(n notice.Notice) string {
	return p.base + "/v/" + models.ID32(n.Village) + "/notice/" + models.ID32(n.ID)
}
