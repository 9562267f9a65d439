package pages

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/village"
)

// roundAnswer tells the phone, door by door, what is on the server now.
type roundAnswer struct {
	Doors map[string]roundSent `json:"doors"`
}

type roundSent struct {
	Outcome string `json:"outcome"` // saved, changed, already or refused
	Result  string `json:"result"`  // that stands on the server; of a refused door, what was sent
	Title   string `json:"title"`
	Points  string `json:"points,omitempty"`
	Say     string `json:"say,omitempty"`
	By      string `json:"by,omitempty"`
}

// SendRound answers POST /committee/rounds/:round: doors from the phone as JSON,
// or from a form.
func (p *Pages) SendRound(c *fiber.Ctx) error {
	at, r, err := p.roundInHand(c)
	if err != nil {
		return err
	}
	var f roundForm
	op, refused := web.Bind(c, &f)
	var marks []award.Mark
	if refused == nil {
		marks, refused = f.marks()
	}
	var sent []award.Sent
	if refused == nil {
		sent, refused = award.SendMarks(c.UserContext(), p.db, op, at.Actor, at.Area.ID, r.ID, marks)
	}
	if refused != nil {
		return p.roundAgain(c, at, r, f, refused)
	}
	if web.WantsJSON(c) {
		return p.tellPhone(c, at, marks, sent)
	}
	return p.tellForm(c, at, r, f, sent)
}

// roundAgain shows the form that was refused, with what was typed.
func (p *Pages) roundAgain(c *fiber.Ctx, at committeeAt, r award.Round, f roundForm, refused error) error {
	if web.WantsJSON(c) {
		return refused
	}
	if c.FormValue("from") == "key" {
		page, err := p.keyPage(c, at, r, true)
		if err != nil {
			return err
		}
		page.Errors = web.Errors(refused)
		return web.Again(c, page, refused)
	}
	asked := ""
	for h := range f.Result {
		asked = models.ID32(h)
	}
	page, err := p.roundPage(c, at, r, asked)
	if err != nil {
		return err
	}
	if page.Now == nil {
		return refused
	}
	page.Errors = web.Errors(refused)
	for _, note := range f.Note {
		page.Note = note
	}
	return web.Again(c, page, refused)
}

func (p *Pages) tellPhone(c *fiber.Ctx, at committeeAt, marks []award.Mark, sent []award.Sent) error {
	names := map[int64]string{}
	answer := roundAnswer{Doors: make(map[string]roundSent, len(sent))}
	for i, s := range sent {
		line := roundSent{Outcome: s.Outcome, Result: s.Result, Title: sentText(s), Say: s.Say}
		if s.Points != 0 {
			line.Points = s.Points.Signed()
		}
		if s.Account != 0 && s.Account != at.Actor.Account {
			if names[s.Account] == "" {
				a, err := account.Get(c.UserContext(), p.db, s.Account)
				if err != nil {
					return err
				}
				names[s.Account] = a.Name
			}
			line.By = names[s.Account]
		}
		answer.Doors[models.ID32(marks[i].Household)] = line
	}
	return web.JSON(c, answer)
}

// tellForm says what became of a form's doors and leads on.
func (p *Pages) tellForm(c *fiber.Ctx, at committeeAt, r award.Round, f roundForm, sent []award.Sent) error {
	var ids []int64
	for _, s := range sent {
		ids = append(ids, s.Household)
	}
	homes, err := village.HomesByID(c.UserContext(), p.db, at.Area.ID, ids)
	if err != nil {
		return err
	}
	text, trouble, saved := "", "", 0
	for _, s := range sent {
		h := homes[s.Household]
		switch {
		case s.Saved():
			saved++
			text = h.Label() + " " + sentText(s)
			if s.Points != 0 {
				text += " " + s.Points.Signed()
			}
			if s.Say != "" {
				trouble += h.Label() + "：" + s.Say + "。"
			}
		case s.Outcome == award.SentAlready:
			trouble += h.Label() + "：已经记过“" + sentText(s) + "”，以先记的为准。"
		default:
			trouble += h.Label() + "：" + s.Say + "。"
		}
	}
	kind, head := "ok", "已记 "+text
	switch {
	case saved == 0:
		kind, head = "bad", "没有记上"
	case saved > 1:
		head = fmt.Sprintf("已记 %d 户", saved)
	}
	if saved > 0 && trouble != "" {
		kind = "wait"
	}
	web.Flash(c, kind, head, trouble)
	if f.From == "key" {
		return web.See(c, roundPath(at, r, "/sum"))
	}
	return web.See(c, roundPath(at, r, ""))
}

func sentText(s award.Sent) string { return markText(award.Mark{Result: s.Result, Score: s.Score}) }
