package pages

import (
	"context"
	"errors"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/market"
	"pointstore/models/notice"
	"pointstore/models/register"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// objectionKinds say in a word what an objection is about.
var objectionKinds = map[string]string{
	notice.AboutAward: "加分", notice.AboutMissing: "漏登", notice.AboutShort: "少记", notice.AboutDeduct: "扣分", notice.AboutGoods: "商品",
	notice.AboutPerson: "工作人员", notice.AboutRule: "细则", notice.AboutHonour: "暂停评优", notice.AboutOther: "其他",
}

// objectionTag says where an objection stands, as villagers and staff read it.
func objectionTag(o notice.Objection, now models.Millis) (text, kind string) {
	switch {
	case o.State == notice.TookBack:
		return "已撤回", "past"
	case o.State == notice.Appealed && o.Late(now):
		return "镇上过期没答复", "bad"
	case o.State == notice.Appealed:
		return "等镇上答复", "wait"
	case o.State == notice.Open && o.Late(now):
		return "过期没答复", "bad"
	case o.State == notice.Open && o.Above:
		return "转镇上答复", "wait"
	case o.State == notice.Open:
		return "等答复", "wait"
	}
	if outcome, _, _ := o.Final(); outcome == notice.Upheld {
		return "成立", "ok"
	}
	return "不成立", "past"
}

// objectionTeller puts the subjects of objections into words, reading each once.
type objectionTeller struct {
	p     *Pages
	ctx   context.Context
	full  bool // full names of families, for those who may see them
	staff bool // full names of people at work
	homes map[int64]village.Home
}

func (p *Pages) objectionTeller(ctx context.Context, full bool) *objectionTeller {
	return &objectionTeller{p: p, ctx: ctx, full: full, staff: full, homes: map[int64]village.Home{}}
}

// home names a household; empty for none.
func (t *objectionTeller) home(v, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	h, ok := t.homes[id]
	if !ok {
		var err error
		if h, err = village.GetHome(t.ctx, t.p.db, models.Household{Village: v, ID: id}); err != nil {
			return "", err
		}
		t.homes[id] = h
	}
	if t.full {
		return h.Label(), nil
	}
	return h.Masked(), nil
}

// subject says what exactly an objection is about: 马少明 3组012 庭院整洁 +5.
func (t *objectionTeller) subject(o notice.Objection) (string, error) {
	whose, err := t.home(o.Village, o.For)
	if err != nil {
		return "", err
	}
	if o.Award != 0 {
		a, err := award.Get(t.ctx, t.p.db, o.Village, o.Award)
		return whose + " " + actText(a) + " " + shownPoints(a.Points, a.Honour), err
	}
	if o.About == notice.AboutMissing || o.Subject == 0 {
		return whose, nil
	}
	return t.thing(o)
}

// thing names goods, a person, a rule or a suspension. What is gone has no name.
func (t *objectionTeller) thing(o notice.Objection) (name string, err error) {
	switch o.About {
	case notice.AboutGoods:
		var g market.Goods
		g, err = market.GetGoods(t.ctx, t.p.db, o.Village, o.Subject)
		name = g.Name
	case notice.AboutPerson:
		name, err = t.person(o.Subject)
	case notice.AboutRule:
		var b *scheme.Book
		if b, err = scheme.BookOf(t.ctx, t.p.db, o.Village, o.Subject); err == nil {
			r, _ := b.Rule(o.Subject)
			name = r.Item
		}
	case notice.AboutHonour:
		var s register.Suspension
		s, err = register.GetSuspension(t.ctx, t.p.db, o.Village, o.Subject)
		name = s.Reason
	}
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return name, err
}

// person names somebody at work; masked for the public.
func (t *objectionTeller) person(id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	a, err := account.Get(t.ctx, t.p.db, id)
	if errors.Is(err, models.ErrNotFound) {
		return "", nil
	}
	if !t.staff {
		return models.MaskName(a.Name), err
	}
	return a.Name, err
}

// objectionShields says whether who objects is kept from somebody: from the one it
// is about, and, where it is about people at work, from all but the monitor, the
// first secretary and the township.
func objectionShields(o notice.Objection, by models.Actor, at models.Place) bool {
	if o.Against != 0 && o.Against == by.Account {
		return true
	}
	return o.About == notice.AboutPerson && !by.Can(models.WatchRecords, at) && !by.Can(models.DecideAbove, at)
}

// from says who objects, as far as the reader may know.
func (t *objectionTeller) from(o notice.Objection, shielded bool) (string, error) {
	switch {
	case shielded:
		return "提意见的人受保护，不显示", nil
	case o.Household == 0:
		return "没有留名", nil
	}
	return t.home(o.Village, o.Household)
}

// remarkLine is one line of an objection's course.
type remarkLine struct{ When, What, Text string }

var remarkTitles = map[string]string{
	notice.NoteAssigned: "交给专人办", notice.NoteSaid: "听到的", notice.NoteClaim: "当作报好事", notice.NoteUp: "转镇上", notice.NoteFreeze: "先停下", notice.NoteThaw: "接着办",
	notice.NoteUndone: "处理", notice.NoteAppeal: "往镇上反映", notice.NoteBack: "撤回",
}

// course tells what happened so far. What one side said in confidence is for those
// who look into it.
func (t *objectionTeller) course(o notice.Objection, inside bool) ([]remarkLine, error) {
	all, err := notice.Course(t.ctx, t.p.db, o)
	if err != nil {
		return nil, err
	}
	var lines []remarkLine
	for _, r := range all {
		l := remarkLine{When: minute(r.At), What: remarkTitles[r.Kind], Text: r.Text}
		if !inside && (r.Kind == notice.NoteSaid || r.Kind == notice.NoteAssigned) {
			continue
		}
		if inside {
			who, err := t.person(r.Actor)
			if err != nil {
				return nil, err
			}
			l.Text = dotted(who, l.Text)
		}
		lines = append(lines, l)
	}
	return lines, nil
}
