package pages

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/ledger"
	"pointstore/models/notice"
	"pointstore/models/register"
	"pointstore/models/village"
)

// householdFilePage is 一户一档: everything about one household on one sheet of A4.
type householdFilePage struct {
	householdPage
	Today    models.Date
	Cards    string
	Kin      string
	Former   string
	Years    []ledger.Year
	Honours  []fileNote // suspensions and lists
	Voices   []fileNote // objections
	Changes  []fileNote
	Shortest bool // the lines are not all of them
}

// fileNote is one dated line of the sheet.
type fileNote struct{ Day, Text string }

// What fits on one sheet: so many lines in all, at least so many of the passbook.
const (
	fileRows  = 23
	fileLeast = 7
	fileEach  = 4 // of honours, objections and changes
	fileYears = 3
)

// View implements web.Page.
func (p householdFilePage) View() (name, title string) {
	return "committee/file", "一户一档 " + p.Home.Label()
}

// HouseholdFile answers GET /committee/households/:household/file.
func (p *Pages) HouseholdFile(c *fiber.Ctx) error {
	at, home, err := p.householdInHand(c, models.SeeHouseholds)
	if err != nil {
		return p.committeeAstray(c, err, models.SeeHouseholds)
	}
	page := householdFilePage{Today: p.db.Now().Day()}
	if page.householdPage, err = p.householdPage(c, at, home, 0); err != nil {
		return err
	}
	if err := p.fillFile(c.UserContext(), &page); err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) fillFile(ctx context.Context, page *householdFilePage) error {
	h := page.Home.Household
	cards, err := village.Cards(ctx, p.db, h)
	if err != nil {
		return err
	}
	page.Cards = fileCards(cards)
	gone, err := village.Former(ctx, p.db, h)
	if err != nil {
		return err
	}
	page.Former = fileFormer(gone)
	for _, l := range page.Links {
		page.Kin = strings.TrimPrefix(page.Kin+"；"+l.What, "；")
	}
	if page.Years, err = ledger.Years(ctx, p.db, h); err != nil {
		return err
	}
	page.Years = page.Years[:min(len(page.Years), fileYears)]
	if err := p.fileHonours(ctx, page, h); err != nil {
		return err
	}
	said, err := notice.OfHousehold(ctx, p.db, h)
	if err != nil {
		return err
	}
	for _, o := range said[:min(len(said), fileEach)] {
		page.Voices = append(page.Voices, fileNote{string(o.MadeAt.Day()), o.Name() + "（" + notice.Titled(notice.Abouts, o.About) + "）：" + fileAnswer(o)})
	}
	changes, err := p.homeChanges(ctx, page.committeeAt, h, fileEach)
	if err != nil {
		return err
	}
	for _, ch := range changes {
		page.Changes = append(page.Changes, fileNote{ch.Day, fileShort(strings.TrimSuffix(ch.What+"："+strings.Join(ch.Notes, "；"), "："))})
	}
	room := max(fileRows-len(page.Honours)-len(page.Voices)-len(page.Changes)-len(page.Years), fileLeast)
	if len(page.Lines) > room {
		page.Lines, page.Shortest = page.Lines[:room], true
	}
	return nil
}

// fileShort keeps a text on one line of the sheet.
func fileShort(s string) string {
	const most = 32
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func fileCards(all []village.IssuedCard) string {
	var words []string
	for _, k := range all[:min(len(all), 3)] {
		text := "第 " + countOf(int(k.No)) + " 张，" + string(k.IssuedAt.Day()) + " 开"
		if k.RevokedAt != 0 {
			text += "，" + string(k.RevokedAt.Day()) + " 作废"
		}
		words = append(words, text)
	}
	return strings.Join(words, "；")
}

// fileFormer names who is no longer there: quietly, and the latest few only.
func fileFormer(all []village.Member) string {
	var words []string
	for _, m := range all[:min(len(all), 4)] {
		how := "已移出"
		if m.LeftAs == village.Died {
			how = "已故"
		}
		words = append(words, m.Name+"（"+how+"，"+string(m.LeftAt.Day())+" 登记）")
	}
	return strings.Join(words, "、")
}

func fileAnswer(o notice.Objection) string {
	outcome, _, at := o.Final()
	switch outcome {
	case notice.Upheld:
		return at.Day().Short() + " 答复成立"
	case notice.Refused:
		return at.Day().Short() + " 答复不成立"
	}
	if o.State == notice.TookBack {
		return "本人撤回"
	}
	return "等答复"
}

func (p *Pages) fileHonours(ctx context.Context, page *householdFilePage, h models.Household) error {
	all, err := register.Suspensions(ctx, p.db, h.Village, h.ID)
	if err != nil {
		return err
	}
	for _, s := range all[:min(len(all), fileEach)] {
		page.Honours = append(page.Honours, fileNote{string(s.From), "暂停评优到 " + string(s.Until) + "（" + standings[s.StandingOn(page.Today)][0] + "）：" + fileShort(s.Reason)})
	}
	list, err := register.ShowingsOf(ctx, p.db, h)
	for _, s := range list[:min(len(list), fileEach)] {
		page.Honours = append(page.Honours, fileNote{string(s.From), register.ListTitle(s.List) + "“" + s.Title + "”到 " + string(s.Until)})
	}
	return err
}
