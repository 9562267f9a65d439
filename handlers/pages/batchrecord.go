package pages

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/scheme"
)

var (
	errNoRule    = models.ErrInput.With("请先选一条规则；还没有记分").At("rule")
	errNoneTaken = models.ErrInput.With("没有选任何一户，没有记分，请先点选").At("h")
)

// RecordBatch answers POST /committee/batch.
func (p *Pages) RecordBatch(c *fiber.Ctx) error {
	at, err := committeeFor(c, models.GrantPoints)
	if err != nil {
		return err
	}
	var f batchForm
	op, refused := web.Bind(c, &f)
	switch {
	case refused != nil:
	case f.Rule == 0:
		refused = errNoRule
	case f.Add:
		return p.batchListed(c, at, f)
	case len(f.Homes) == 0 && f.Paste == "":
		refused = errNoneTaken
	case strings.TrimSpace(f.Paste) != "":
		refused = models.ErrInput.With("粘贴的名单还没有核对，没有记分；请先点“对上名单”，看清选中了谁再记").At("paste")
	}
	if refused == nil {
		var done []award.Award
		if done, refused = p.recordBatch(c, at, op, f); refused == nil {
			return web.See(c, at.Href("/committee/batch/"+models.ID32(done[0].ID)))
		}
	}
	page, err := p.batchPage(c, at, f)
	if err != nil {
		return err
	}
	page.Act.keep(c, refused)
	page.Errors = page.Act.Errors
	if day := c.FormValue("act_date"); day != "" {
		page.Day = day
	}
	return web.Again(c, page, refused)
}

func (p *Pages) recordBatch(c *fiber.Ctx, at committeeAt, op db.OpID, f batchForm) ([]award.Award, error) {
	r, _, err := scheme.GetRule(c.UserContext(), p.db, at.Area.ID, f.Rule)
	if err != nil {
		return nil, err
	}
	ask := award.Ask{Village: at.Area.ID, Households: f.Homes, Rule: f.Rule, ActDate: f.Day, Note: f.Note, Way: award.WayBatch}
	if err := f.into(&ask, r); err != nil {
		return nil, err
	}
	return award.Record(c.UserContext(), p.db, op, at.Actor, ask)
}

// batchListed shows the form with the pasted list ticked: nothing is recorded.
func (p *Pages) batchListed(c *fiber.Ctx, at committeeAt, f batchForm) error {
	page, err := p.batchPage(c, at, f)
	if err != nil {
		return err
	}
	page.Paste = ""
	return web.Show(c, page)
}

// batchDonePage lists what a batch wrote down.
type batchDonePage struct {
	committeeAt
	Item   string
	Day    models.Date
	Lines  []recordLine
	Points models.Points
	Value  models.Fen
	Posted bool
	Review bool // the meeting decides
	Second bool // another person must agree
	Days   int
}

// View implements web.Page.
func (batchDonePage) View() (name, title string) { return "committee/batchdone", "已记" }

// Frame keeps the bar on its entry.
func (p batchDonePage) Frame(f *web.Frame) {
	f.Active = "award"
}

// BatchDone answers GET /committee/batch/:award, the first of the batch.
func (p *Pages) BatchDone(c *fiber.Ctx) error {
	at, a, err := p.awardInHand(c)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	all, err := award.Together(c.UserContext(), p.db, at.Area.ID, a.ID)
	if err != nil {
		return err
	}
	book, err := scheme.Load(c.UserContext(), p.db, at.Area.ID, a.Version)
	if err != nil {
		return err
	}
	page := batchDonePage{committeeAt: at, Item: a.Item, Day: a.ActDate, Posted: a.EntrySeq != 0, Review: a.State == award.Checked, Second: a.State == award.Pending, Days: book.Version.NoticeDays}
	for _, one := range all {
		if one.State != award.Withdrawn && one.State != award.Reversed {
			page.Points += one.Shown()
		}
	}
	page.Value = book.Version.PointRate.Fen(page.Points)
	if page.Lines, err = p.recordLines(c, at, all); err != nil {
		return err
	}
	return web.Show(c, page)
}
