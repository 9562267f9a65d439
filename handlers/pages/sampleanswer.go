package pages

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/market"
	"pointstore/models/notice"
)

type sampleForm struct {
	Answers map[string]string `form:"answer.*" label:"对得上吗"`
	Notes   map[string]string `form:"note.*" label:"怎么说的" max:"120"`
}

func (f sampleForm) answers() (all []market.CheckAnswer, err error) {
	keys := slices.Concat(slices.Collect(maps.Keys(f.Answers)), slices.Collect(maps.Keys(f.Notes)))
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		id, err := models.ParseID32(key)
		if err != nil {
			return nil, models.ErrNotFound.With("这张小票不在这次抽查里，没有保存")
		}
		all = append(all, market.CheckAnswer{Redemption: id, Answer: f.Answers[key], Note: models.Normal(f.Notes[key])})
	}
	return all, nil
}

// AnswerSample answers POST /committee/checks/:check: what households said is
// keyed in, as much of it as there is.
func (p *Pages) AnswerSample(c *fiber.Ctx) error {
	at, k, err := p.sampleIn(c)
	if err != nil {
		return err
	}
	var f sampleForm
	op, refused := web.Bind(c, &f)
	var answers []market.CheckAnswer
	if refused == nil {
		answers, refused = f.answers()
	}
	if refused == nil {
		refused = market.AnswerCheck(c.UserContext(), p.db, op, at.Actor, at.Area.ID, k.ID, answers)
	}
	page, err := p.samplePage(c, at, k)
	if err != nil {
		return err
	}
	if refused != nil {
		for i, l := range page.Lines { // what was typed stays
			if said, ok := f.Answers[l.Key]; ok && l.Said == "" {
				page.Lines[i].Answer, page.Lines[i].Note = said, f.Notes[l.Key]
			}
		}
		page.Errors = web.Errors(refused)
		return web.Again(c, page, refused)
	}
	left := "都问完了，可以结束这次抽查。"
	if page.Sample.Open > 0 {
		left = "还有 " + strconv.Itoa(page.Sample.Open) + " 笔没问到。"
	}
	web.Flash(c, "ok", "问到的已经记下", left)
	return web.See(c, at.Href(samplePath(k)))
}

// CloseSample answers POST /committee/checks/:check/close.
func (p *Pages) CloseSample(c *fiber.Ctx) error {
	at, k, err := p.sampleIn(c)
	if err != nil {
		return err
	}
	op, err := web.Bind(c, &struct{}{})
	if err == nil {
		err = market.CloseCheck(c.UserContext(), p.db, op, at.Actor, at.Area.ID, k.ID)
	}
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "这次抽查结束了", "结果可以打印、公开；对不上的仍然可以记成意见。")
	return web.See(c, at.Href(samplePath(k)))
}

type sampleSayForm struct {
	Receipt int64 `form:"receipt,id32,required" label:"小票"`
}

// ObjectSample answers POST /committee/checks/:check/object: what a household
// says did not happen becomes an objection, which somebody else has to answer in
// time. The look-up code is drawn into the answer, for the household.
func (p *Pages) ObjectSample(c *fiber.Ctx) error {
	at, k, err := p.sampleIn(c)
	if err != nil {
		return err
	}
	var f sampleSayForm
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	page, err := p.samplePage(c, at, k)
	if err != nil {
		return err
	}
	for _, l := range page.Lines {
		switch {
		case l.ID != f.Receipt:
			continue
		case l.Said != "":
			return web.See(c, l.Said)
		case l.Answer != market.CheckNo:
			return models.ErrInput.With("这一笔没有记成“不对”，还没有提意见；请先把问到的存下").At("receipt")
		}
		o, code, err := award.Object(c.UserContext(), p.db, sampleErrand(k, l.ID), at.Actor, p.keys, sampleAsk(l))
		if err == nil {
			err = market.ObjectedCheck(c.UserContext(), p.db, op, at.Actor, at.Area.ID, k.ID, l.ID, o.ID)
		}
		if err != nil {
			return err
		}
		done, err := p.sayDone(c, at.Area, o, code)
		if err != nil {
			return err
		}
		done.Back, done.Path = at.Href("/committee/objections/"+models.ID32(o.ID)), ""
		return web.Show(c, done)
	}
	return models.ErrNotFound.With("这张小票不在这次抽查里，没有提意见")
}

// sampleAsk is the objection against whoever handed over.
func sampleAsk(l sampleReceipt) award.ObjectAsk {
	text := fmt.Sprintf("抽查兑换时，%s说对不上：小票 %s，%s，%s，%s 分。", l.Head, l.Number, l.At, l.Goods(), l.Points)
	if l.Note != "" {
		text += "原话：" + l.Note
	}
	about := notice.AboutPerson
	if l.ClerkID == 0 {
		about = notice.AboutOther
	}
	return award.ObjectAsk{Village: l.Household.Village, About: about, Subject: l.ClerkID, Household: l.Household.ID, Way: "spoken", Text: text}
}
