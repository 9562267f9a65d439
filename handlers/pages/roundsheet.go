package pages

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
)

// roundSheetPage is the round on paper, in the order of the lanes.
type roundSheetPage struct {
	committeeAt
	Round  award.Round
	Title  string
	Where  string
	Sheets []roundSheet
	Boxes  []roundButton
	Table  *roundTable
	Back   string
}

type roundSheet struct {
	N, Of int
	Lines []roundSheetLine
}

type roundSheetLine struct {
	No                     int
	Lane, Mark, Head, Last string
	Empty                  bool
}

// sheetLines is how many doors an A4 sheet holds with room to write.
const sheetLines = 24

// View implements web.Page.
func (roundSheetPage) View() (name, title string) { return "committee/roundsheet", "巡查表" }

// RoundSheet answers GET /committee/rounds/:round/sheet.
func (p *Pages) RoundSheet(c *fiber.Ctx) error {
	at, r, err := p.roundInHand(c)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	ctx := c.UserContext()
	doors, err := p.doorsOf(ctx, at, r)
	if err != nil {
		return err
	}
	page := roundSheetPage{committeeAt: at, Round: r, Title: at.Area.Name + " " + r.Name, Boxes: roundButtons(r), Table: roundTableOf(r), Back: roundPath(at, r, "/sum")}
	if page.Where, err = p.roundWhere(ctx, r); err != nil {
		return err
	}
	var lines []roundSheetLine
	for i, d := range doors {
		line := roundSheetLine{No: i + 1, Lane: dotted(groupName(d.Group), d.Lane), Mark: d.Number, Head: d.Head, Empty: d.Residence == "empty"}
		if d.Last.Result != "" {
			line.Last = markText(d.Last)
		}
		lines = append(lines, line)
	}
	chunks := slices.Collect(slices.Chunk(lines, sheetLines))
	for i, chunk := range chunks {
		page.Sheets = append(page.Sheets, roundSheet{i + 1, len(chunks), chunk})
	}
	return web.Show(c, page)
}

// keyPage is where a sheet of paper is keyed in: the doors in the same order as
// on paper, the empty ones left out.
type keyPage struct {
	committeeAt
	Round   award.Round
	Lines   []keyLine
	Choices []roundButton
	Table   *roundTable
	Send    string
	Back    string
	Left    int
	Errors  map[string]string
}

type keyLine struct {
	No                  int
	ID, Who, Lane       string
	Done                string // what stands already
	Own                 bool
	Result, Note, Wrong string // as typed; Wrong are the numbers of faults
}

// View implements web.Page.
func (keyPage) View() (name, title string) { return "committee/roundkey", "照纸录入" }

// Frame keeps the bar on its entry and uses the whole screen.
func (keyPage) Frame(f *web.Frame) { f.Active, f.Posture = "award", "desk" }

// KeyRound answers GET /committee/rounds/:round/key.
func (p *Pages) KeyRound(c *fiber.Ctx) error {
	at, r, err := p.roundInHand(c)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	if !r.Open() {
		return web.See(c, roundPath(at, r, "/sum"))
	}
	page, err := p.keyPage(c, at, r, false)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) keyPage(c *fiber.Ctx, at committeeAt, r award.Round, typed bool) (page keyPage, err error) {
	doors, err := p.doorsOf(c.UserContext(), at, r)
	if err != nil {
		return page, err
	}
	page = keyPage{committeeAt: at, Round: r, Choices: roundButtons(r), Table: roundTableOf(r), Send: roundPath(at, r, ""), Back: roundPath(at, r, "/sum")}
	if page.Table != nil {
		page.Choices = append([]roundButton{{Result: award.Scored, Title: "打分"}}, page.Choices...)
	}
	for i, d := range doors {
		line := keyLine{No: i + 1, ID: models.ID32(d.ID), Who: d.Label(), Lane: d.Lane, Own: at.Kin(d.Household)}
		if d.Mark.Final() {
			line.Done = markText(d.Mark)
		} else {
			page.Left++
		}
		if typed {
			// As it came: a form that could not be read fills in nothing.
			line.Result, line.Note, line.Wrong = c.FormValue("result."+line.ID), c.FormValue("note."+line.ID), c.FormValue("faults."+line.ID)
		}
		page.Lines = append(page.Lines, line)
	}
	return page, nil
}
