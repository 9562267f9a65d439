package pages

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/notice"
	"pointstore/models/village"
)

// committeeTodayPage is where the committee begins: what waits, and what was
// just written down.
type committeeTodayPage struct {
	committeeAt
	Homes   village.Counts
	Late    []todayItem // what has waited too long
	Items   []todayItem // and the rest
	Drafts  []committeeNoticeLine
	Hanging []committeeNoticeLine
	Recent  []recordLine
	Rules   bool
	Errors  map[string]string
	Q       string
}

// View implements web.Page.
func (committeeTodayPage) View() (name, title string) { return "committee/today", "今天" }

// CommitteeToday answers GET /committee.
func (p *Pages) CommitteeToday(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	page, err := p.committeeTodayPage(c, at)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) committeeTodayPage(c *fiber.Ctx, at committeeAt) (page committeeTodayPage, err error) {
	ctx, v := c.UserContext(), at.Area.ID
	page.committeeAt = at
	if page.Homes, err = village.Count(ctx, p.db, v); err != nil {
		return page, err
	}
	if page.Late, page.Items, err = p.todayItems(c, at); err != nil {
		return page, err
	}
	drafts, err := notice.Unposted(ctx, p.db, v)
	if err != nil {
		return page, err
	}
	page.Drafts = p.noticeLines(at, drafts)
	hanging, err := notice.OnTheWall(ctx, p.db, v, p.db.Now())
	if err != nil {
		return page, err
	}
	page.Hanging = p.noticeLines(at, hanging)
	recent, err := award.Recent(ctx, p.db, v, models.Cursor{Limit: 4})
	if err != nil {
		return page, err
	}
	if page.Recent, err = p.recordLines(c, at, recent); err != nil {
		return page, err
	}
	page.Rules, err = p.hasRules(c, at)
	return page, err
}

// recordLine is an award in a list of the committee's.
type recordLine struct {
	award.Award
	Who, What, When string
	Tag, Kind       string
	Undo            int    // seconds in which the recorder may take it back
	Withdraw        bool   // the committee may take it back
	Href            string // of the household
	Back            string // the address that takes it back
	Steps           string // everything that happened to it
}

var awardTags = map[string][2]string{
	award.Claimed: {"等初审", "wait"}, award.Checked: {"等评议", "wait"}, award.Pending: {"等第二人批准", "wait"}, award.Warned: {"已告知、申辩期", "wait"},
	award.Noticed: {"公示中", "wait"}, award.Posted: {"已到账", "ok"}, award.Frozen: {"正在核实", "wait"},
	award.Refused: {"没有通过", "past"}, award.Withdrawn: {"已撤回", "past"}, award.Reversed: {"已更正", "past"},
}

// awardTag says where an award stands, and in which colour.
func awardTag(a award.Award) [2]string {
	tag := awardTags[a.State]
	switch {
	case a.Waiting():
		tag[0] = "等贴榜"
	case a.Above:
		tag[0] = "等乡镇定"
	}
	return tag
}

// awardComing reports whether an award is on its way and nobody has seen it on
// the wall.
func awardComing(a award.Award) bool {
	return a.State == award.Claimed || a.State == award.Checked || a.State == award.Pending || a.State == award.Warned
}

// recordLines tells awards to those who may see full names.
func (p *Pages) recordLines(c *fiber.Ctx, at committeeAt, awards []award.Award) ([]recordLine, error) {
	var ids []int64
	for _, a := range awards {
		ids = append(ids, a.Household.ID)
	}
	homes, err := village.HomesByID(c.UserContext(), p.db, at.Area.ID, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]recordLine, len(awards))
	for i, a := range awards {
		tag := awardTag(a)
		h := homes[a.Household.ID]
		lines[i] = recordLine{Award: a, Who: h.Label(), What: actText(a), When: dotted(a.ActDate.Short(), recordedBy(a)), Tag: tag[0], Kind: tag[1],
			Undo: p.undoLeft(at, a), Href: at.Href("/committee/households/" + models.ID32(a.Household.ID)), Back: at.Href("/committee/award/" + models.ID32(a.ID) + "/withdraw"),
			Steps: at.Href("/committee/awards/" + models.ID32(a.ID))}
		// What a family claimed is answered with a reason, not simply taken away.
		lines[i].Withdraw = lines[i].Undo == 0 && !(a.Recorder == 0 && lifeClaimed(a)) && (a.Waiting() || awardComing(a)) && at.Can(models.CorrectEntry) && !at.Kin(a.Household)
	}
	return lines, nil
}

// undoLeft is for how many seconds the person may still take their own award
// back.
func (p *Pages) undoLeft(at committeeAt, a award.Award) int {
	left := a.RecordedAt.Add(award.UndoFor) - p.db.Now()
	if a.Recorder != at.Actor.Account || left <= 0 || a.State != award.Noticed && a.State != award.Posted && !awardComing(a) || at.Kin(a.Household) {
		return 0
	}
	return int((left + models.Millis(time.Second.Milliseconds()) - 1) / 1000)
}

// recordsPage lists everything that was written down, newest first.
type recordsPage struct {
	committeeAt
	Lines   []recordLine
	Waiting bool
	Older   string
}

// View implements web.Page.
func (recordsPage) View() (name, title string) { return "committee/records", "记过的分" }

// CommitteeRecords answers GET /committee/records.
func (p *Pages) CommitteeRecords(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	var f struct {
		Before  int64 `form:"before,id32"`
		Waiting bool  `form:"waiting"`
	}
	if _, err := web.Bind(c, &f); err != nil {
		return err
	}
	const most = 50
	list, err := award.List(c.UserContext(), p.db, at.Area.ID, award.Filter{Waiting: f.Waiting, Cursor: models.Cursor{Before: f.Before, Limit: most}})
	if err != nil {
		return err
	}
	page := recordsPage{committeeAt: at, Waiting: f.Waiting}
	if len(list) == most {
		waiting := ""
		if f.Waiting {
			waiting = "1"
		}
		page.Older = at.Href("/committee/records", "before", models.ID32(list[most-1].ID), "waiting", waiting)
	}
	if page.Lines, err = p.recordLines(c, at, list); err != nil {
		return err
	}
	return web.Show(c, page)
}
