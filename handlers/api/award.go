package api

import (
	"context"
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/ledger"
)

type awardForm struct {
	Household  int64         `form:"household,id32" label:"这一户"`
	Households []int64       `form:"households,id32" label:"各户"`
	Rule       int64         `form:"rule,id32,required" label:"规则"`
	Points     models.Points `form:"points" label:"分值"`
	Quantity   models.Qty    `form:"quantity" label:"数量"`
	Level      string        `form:"level" label:"档次" max:"64"`
	Day        models.Date   `form:"act_date" label:"日期"`
	Member     int64         `form:"member,id32" label:"家里哪一位"`
	Note       string        `form:"note,text" label:"说明" max:"200"`
	Part       bool          `form:"part"`
}

// awardJSON is one recorded act. Line is there once it is in the passbook.
type awardJSON struct {
	ID        id             `json:"id"`
	Household id             `json:"household"`
	Member    id             `json:"member,omitzero"`
	Rule      id             `json:"rule"`
	Item      string         `json:"item"`
	ActDate   models.Date    `json:"act_date"`
	Quantity  json.Number    `json:"quantity"`
	Points    models.Points  `json:"points"`
	Honour    models.Points  `json:"honour"`
	State     string         `json:"state"`
	Late      bool           `json:"late"`
	Note      string         `json:"note,omitempty"`
	Line      *awardLineJSON `json:"line,omitempty"`
}

type awardLineJSON struct {
	Seq       int64         `json:"seq"`
	Balance   models.Points `json:"balance"`
	CheckCode string        `json:"check_code"`
}

// Award answers POST …/awards: one household or many, all or none.
func (a *API) Award(c *fiber.Ctx) error {
	v, err := web.VillageFor(c, models.GrantPoints)
	if err != nil {
		return err
	}
	var f awardForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	done, err := award.Record(c.UserContext(), a.db, op, web.Actor(c), award.Ask{Village: v.ID, Household: f.Household, Households: f.Households, Member: f.Member,
		Rule: f.Rule, Points: f.Points, Quantity: f.Quantity, ActDate: f.Day, Note: f.Note, Part: f.Part, Level: f.Level})
	if err != nil {
		return err
	}
	list := make([]awardJSON, len(done))
	for i, w := range done {
		if list[i], err = a.tellAward(c.UserContext(), w); err != nil {
			return err
		}
	}
	return made(c, pageOf(list, ""))
}

func (a *API) tellAward(ctx context.Context, w award.Award) (awardJSON, error) {
	j := awardJSON{ID: id(w.ID), Household: id(w.Household.ID), Member: id(w.Member), Rule: id(w.Rule), Item: w.Item, ActDate: w.ActDate,
		Quantity: quantity(w.Quantity), Points: w.Points, Honour: w.Honour, State: w.State, Late: w.Late, Note: w.Note}
	if w.EntrySeq == 0 {
		return j, nil
	}
	e, err := ledger.GetEntry(ctx, a.db, w.Household, w.EntrySeq)
	j.Line = &awardLineJSON{e.Seq, e.Balance, e.CheckCode()}
	return j, err
}
