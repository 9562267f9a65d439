package award

import (
	"context"
	"errors"
	"time"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/notice"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// ObjectAsk is what somebody objects to. A missing or short act names the rule,
// the day and how much is missing as far as they know it.
type ObjectAsk struct {
	Village   int64
	About     string
	Award     int64
	Subject   int64 // goods, account, rule or suspension
	Household int64 // who objects, as staff take it down; a household's own phone says so itself
	For       int64 // whose act is missing; 0: who objects
	Rule      int64
	Quantity  models.Qty
	Level     string
	ActDate   models.Date
	Way       string
	Text      string
	Contact   string // how to reach them; sealed
}

// namelessMost is how many objections a village takes in a day from people who do
// not say who they are; more than that is a machine.
const namelessMost = 40

var errFlooded = &models.Error{Kind: models.TooMany, Code: "too_many_objections", Say: "今天网上收到的意见太多，暂时收不了；请直接找村监督员或组长，当面说、写条子都行"}

// Object takes an objection down: by a household at its own phone, by anybody who
// does not say who they are, or by staff for somebody who called, wrote or came.
// The award in question is frozen, a missing one becomes a claim. code is the
// look-up code; show it once. The trail does not say who objected.
func Object(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, ask ObjectAsk) (o notice.Objection, code string, err error) {
	if err := ask.settle(ctx, d, by); err != nil {
		return o, "", err
	}
	contact, err := notice.SealContact(k, ask.Contact)
	if err != nil {
		return o, "", err
	}
	id := models.NewID()
	look, err := k.LookHash(k.LookCode(ask.Village, id))
	if err != nil {
		return o, "", err
	}
	again := func(tx *db.Tx, first int64) error {
		o, err = notice.GetObjection(ctx, tx, ask.Village, first)
		return err
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: ask.Village, Kind: "objection", Asked: ask, By: unnamed(by), Subject: id, Again: again}, func(tx *db.Tx) error {
		w := objecting{tx: tx, by: by, ask: ask}
		o, err = w.run(id, look, contact)
		return err
	})
	if err != nil {
		return o, "", err
	}
	return o, k.LookCode(ask.Village, o.ID), nil
}

// unnamed keeps a household out of the trail, which those it objects to may read.
func unnamed(by models.Actor) models.Actor {
	if by.Account == 0 {
		return models.Actor{}
	}
	return by
}

// settle fills in who objects and how, and asks whether they may.
func (a *ObjectAsk) settle(ctx context.Context, d *db.DB, by models.Actor) error {
	place, err := village.PlaceOf(ctx, d, a.Village)
	if err != nil {
		return err
	}
	a.Contact = models.Normal(a.Contact)
	switch {
	case by.Account != 0:
		if err := by.May(models.HearObjections, place); err != nil {
			return err
		}
		if a.Way == "" || a.Way == "web" {
			a.Way = "spoken"
		}
	case by.Household.ID != 0 && by.Household.Village == a.Village:
		a.Way, a.Household = "web", by.Household.ID
	default:
		a.Way, a.Household = "web", 0
	}
	if a.For == 0 {
		a.For = a.Household
	}
	if len([]rune(a.Contact)) > 60 {
		return models.ErrInput.With("“联系方式”最多 60 个字，还没有提交，请写短些").At("contact")
	}
	return nil
}

// objecting is one objection on its way.
type objecting struct {
	tx  *db.Tx
	by  models.Actor
	ask ObjectAsk
}

func (w *objecting) run(id int64, look, contact []byte) (notice.Objection, error) {
	ctx, a := w.tx.Statement.Context, w.ask
	o := notice.Objection{Village: a.Village, ID: id, About: a.About, Subject: a.Subject, Household: a.Household, For: a.For, Way: a.Way, Text: a.Text, MadeBy: w.by.Account}
	if err := w.people(ctx); err != nil {
		return o, err
	}
	days, _, err := hearingDays(ctx, w.tx, a.Village)
	if err != nil {
		return o, err
	}
	o.DueAt = w.tx.Now.Add(days)
	about, err := w.about(ctx, &o)
	if err != nil {
		return o, err
	}
	able, err := someoneMay(ctx, w.tx, o)
	if err != nil {
		return o, err
	}
	o.Above = !able
	claim, refused, err := w.claim(about, o)
	if err != nil {
		return o, err
	}
	o.Result = claim
	if o, err = notice.Object(w.tx, o, look, contact); err != nil {
		return o, err
	}
	return o, w.follow(o, about, refused)
}

// people makes sure that the households named are the village's.
func (w *objecting) people(ctx context.Context) error {
	for _, h := range []int64{w.ask.Household, w.ask.For} {
		if h == 0 {
			continue
		}
		if _, err := village.GetHome(ctx, w.tx, models.Household{Village: w.ask.Village, ID: h}); err != nil {
			return models.ErrNotFound.With("村里没有找到这一户，还没有提交，请核对户号").At("number")
		}
	}
	if w.by.Account != 0 || w.ask.Household != 0 {
		return nil
	}
	n, err := notice.Nameless(ctx, w.tx, w.ask.Village, w.tx.Now.Add(-24*time.Hour))
	if err == nil && n >= namelessMost {
		err = errFlooded
	}
	return err
}

// about finds the award that is meant and whose act it was.
func (w *objecting) about(ctx context.Context, o *notice.Objection) (*Award, error) {
	if o.About == notice.AboutPerson {
		o.Against = o.Subject
	}
	if w.ask.Award == 0 {
		return nil, nil
	}
	a, err := ObjectTo(ctx, w.tx, w.by, w.ask.Village, w.ask.Award)
	if err != nil {
		return nil, err
	}
	o.Award, o.For, o.Against = a.ID, a.Household.ID, a.Recorder
	if o.About == notice.AboutAward && a.Direction == scheme.Minus {
		o.About = notice.AboutDeduct
	}
	return &a, nil
}

// ObjectTo is the award that somebody means to object to, if it is theirs to see:
// staff see all, a household its own, and everybody what hangs on the wall with
// its household.
func ObjectTo(ctx context.Context, c db.Conn, by models.Actor, v, id int64) (Award, error) {
	a, err := Get(ctx, c, v, id)
	if err != nil || by.Account != 0 || by.Household == a.Household {
		return a, err
	}
	lost := models.ErrNotFound.With("没有找到榜上这一笔，可能已经到期撤下了；请用文字说明是哪一户、哪一笔")
	if a.Private || a.Notice == 0 {
		return Award{}, lost
	}
	n, err := notice.Get(ctx, c, v, a.Notice)
	if err != nil {
		return Award{}, err
	}
	h, err := village.GetHome(ctx, c, a.Household)
	if err != nil {
		return Award{}, err
	}
	if !n.Running(c.Handle().Now()) || h.Hidden {
		return Award{}, lost
	}
	return a, nil
}

// claim makes a claim of what is missing, if the objection says what; refused is
// why none could be made, which does not keep the objection from being heard.
func (w *objecting) claim(about *Award, o notice.Objection) (id int64, refused *models.Error, err error) {
	a := w.ask
	ask := Ask{Village: a.Village, Household: o.For, Rule: a.Rule, Quantity: a.Quantity, Level: a.Level, ActDate: a.ActDate, Note: shorten(a.Text), Way: WayObject, Source: o.ID, Due: o.DueAt}
	switch {
	case o.About == notice.AboutShort && about != nil:
		if a.Quantity == 0 {
			return 0, nil, nil
		}
		ask.Rule, ask.ActDate, ask.Member = about.Rule, about.ActDate, about.Member
	case o.About != notice.AboutMissing || a.Rule == 0 || o.For == 0:
		return 0, nil, nil
	}
	id, err = claimOf(w.tx, w.by, ask)
	if errors.As(err, &refused) && claimable(refused) {
		return 0, refused, nil
	}
	return id, nil, err
}

// claimable reports whether a refusal is the rules' own no to a claim, as against
// a fault: the objection is heard all the same.
func claimable(refused *models.Error) bool {
	return refused.Kind == models.Input || refused.Kind == models.Conflict || refused.Kind == models.NotFound
}

// claimOf makes a claim under a rule that gives points. Staff who wrote it down
// are its recorder, so that they neither check nor decide it; a household is not
// named.
func claimOf(tx *db.Tx, by models.Actor, ask Ask) (int64, error) {
	book, err := scheme.BookOf(tx.Statement.Context, tx, ask.Village, ask.Rule)
	if err != nil {
		return 0, err
	}
	if r, _ := book.Rule(ask.Rule); r.Direction != scheme.Plus {
		return 0, models.ErrInput.With("这一条不是加分的细则，请换一条").At("rule")
	}
	who := models.TheClock
	if by.Account != 0 {
		who = by
	}
	made, err := RecordIn(tx, who, ask)
	if err != nil {
		return 0, err
	}
	return made[0].ID, nil
}

// follow freezes what is objected to and notes what came of the objection.
func (w *objecting) follow(o notice.Objection, about *Award, refused *models.Error) error {
	switch {
	case o.Result != 0:
		if err := notice.Remarked(w.tx, o, notice.NoteClaim, 0, "已经记成报好事，和这条意见同一天到期"); err != nil {
			return err
		}
	case refused != nil:
		if err := notice.Remarked(w.tx, o, notice.NoteClaim, 0, "没有自动记成报好事："+refused.Say); err != nil {
			return err
		}
	}
	if o.Above {
		if err := notice.Remarked(w.tx, o, notice.NoteUp, 0, "村里能答复的人都要回避，由乡镇答复"); err != nil {
			return err
		}
	}
	if about == nil || o.About == notice.AboutShort {
		return nil // what was recorded stands; only the rest is in question
	}
	return freeze(w.tx, *about, o)
}

// hearingDays are how long the village and the township may take, as the rules in
// force say.
func hearingDays(ctx context.Context, c db.Conn, v int64) (village, township time.Duration, err error) {
	const day = 24 * time.Hour
	rules, err := scheme.Current(ctx, c, v, c.Handle().Now().Day())
	if errors.Is(err, scheme.ErrNoRules) {
		return scheme.ObjectionDefault * day, scheme.ObjectionDefault * day, nil
	}
	village, township = time.Duration(rules.ObjectionDays)*day, time.Duration(rules.AppealDays)*day
	if village == 0 {
		village = scheme.ObjectionDefault * day
	}
	if township == 0 {
		township = scheme.ObjectionDefault * day
	}
	return village, township, err
}

// shorten cuts a text to what a note holds.
func shorten(s string) string {
	if r := []rune(s); len(r) > noteMost {
		return string(r[:noteMost-1]) + "…"
	}
	return s
}
