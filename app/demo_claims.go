package main

import (
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/notice"
	"pointstore/models/village"
)

// firstClaims are what families told before the last meeting.
func (d *demoCounty) firstClaims() error {
	for n, c := range []struct {
		item, say string
		qty       models.Qty
	}{
		{"邻里照看老人", "给隔壁老人做了三天饭", models.One},
		{"义务修渠", "清淤两天半", 300},
		{"清扫巷道", "扫了门前整条巷子", models.One},
		{"调解邻里纠纷", "劝和了两家的地界", models.One},
		{"志愿服务时长", "帮村里搬桌椅", 400},
		{"邻里照看老人", "送饭", models.One},
	} {
		if _, err := d.claim(n, c.item, c.qty, c.say); err != nil {
			return err
		}
	}
	return nil
}

// firstCheck passes them but the last, which says too little.
func (d *demoCounty) firstCheck() error {
	p := d.places[0]
	list, err := award.List(d.ctx, d.db, p.id, award.Filter{States: []string{award.Claimed}})
	if err != nil {
		return err
	}
	var verdicts []award.Verdict
	for i, a := range list { // newest first
		v := award.Verdict{Award: a.ID, Outcome: award.Pass}
		if i == 0 {
			v.Outcome, v.Reason = award.Back, "请补上照看的是哪一家、哪几天"
			p.unclear = a.ID
		}
		verdicts = append(verdicts, v)
	}
	return award.Check(d.ctx, d.db, db.NewOpID(), p.second, p.id, verdicts)
}

func (d *demoCounty) completeClaim() error {
	p := d.places[0]
	if err := award.Complete(d.ctx, d.db, db.NewOpID(), d.family(5), p.id, p.unclear, "照看的是巷口王奶奶，连着四天"); err != nil {
		return err
	}
	return award.Check(d.ctx, d.db, db.NewOpID(), p.second, p.id, []award.Verdict{{Award: p.unclear, Outcome: award.Pass}})
}

// meet holds the review meeting of the month before: most pass, one with a
// smaller quantity, one is refused, one sent back.
func (d *demoCounty) meet() error {
	p := d.places[0]
	m, err := award.OpenMeeting(d.ctx, d.db, db.NewOpID(), p.committee, p.id, award.Meeting{Place: "村委会议室", Chair: p.committee.Name, Present: []award.Present{
		{Account: p.committee.Account, Name: p.committee.Name}, {Account: p.second.Account, Name: p.second.Name}, {Account: p.leader.Account, Name: p.leader.Name},
		{Name: "田文才"}, {Name: "哈玉梅"}}})
	if err != nil {
		return err
	}
	list, err := award.List(d.ctx, d.db, p.id, award.Filter{States: []string{award.Checked}})
	if err != nil {
		return err
	}
	var verdicts []award.Verdict
	for _, a := range list {
		v := award.Verdict{Award: a.ID, Outcome: award.Pass}
		switch {
		case a.Item == "义务修渠":
			v.Quantity = 250
		case a.Item == "调解邻里纠纷":
			v.Outcome, v.Reason = award.Refuse, "两家是亲兄弟，当天自己和好的，没有调解"
		case a.Item == "清扫巷道":
			v.Outcome, v.Reason = award.Back, "那几天村里组织过清扫，请写明是不是同一次"
		}
		verdicts = append(verdicts, v)
	}
	if err := award.Decide(d.ctx, d.db, db.NewOpID(), p.committee, p.id, m.ID, verdicts); err != nil {
		return err
	}
	_, err = award.CloseMeeting(d.ctx, d.db, db.NewOpID(), p.committee, p.id, m.ID, "")
	return err
}

func (d *demoCounty) printSlips() (err error) {
	p := d.places[0]
	p.slips, err = award.PrintSlips(d.ctx, d.db, db.NewOpID(), p.committee, p.id, 60)
	return err
}

// useSlips keys three in and declares two lost.
func (d *demoCounty) useSlips() error {
	p := d.places[0]
	for i := range 3 {
		ask := award.Ask{Village: p.id, Household: d.quiet(i).ID, Rule: p.rules["参加夜校"].ID, ActDate: d.db.Now().Day().AddDays(-1)}
		if _, err := award.UseSlip(d.ctx, d.db, db.NewOpID(), p.committee, p.slips.From+int64(i), ask); err != nil {
			return err
		}
	}
	_, err := award.VoidSlips(d.ctx, d.db, db.NewOpID(), p.committee, p.id, award.SlipRange{From: p.slips.To - 1, To: p.slips.To}, "淋湿了")
	return err
}

// lateClaims go to the next meeting. One is the family of the committee's own
// secretary, who will stand aside.
func (d *demoCounty) lateClaims() error {
	p := d.places[0]
	if _, err := village.AddLink(d.ctx, d.db, db.NewOpID(), d.admin, p.id, village.Link{Household: d.quiet(12).ID, Account: p.committee.Account}); err != nil {
		return err
	}
	for _, c := range []struct {
		home      int
		item, say string
		qty       models.Qty
	}{
		{12, "邻里照看老人", "陪组里老人去镇上看病", models.One},
		{3, "义务修渠", "清支渠", 200},
		{4, "志愿服务时长", "帮着收玉米", 600},
	} {
		if _, err := d.claim(c.home, c.item, c.qty, c.say); err != nil {
			return err
		}
	}
	return nil
}

// lateCheck passes what the phones brought; a group leader writes down what an
// old man told her, which needs no other check.
func (d *demoCounty) lateCheck() error {
	p := d.places[0]
	list, err := award.List(d.ctx, d.db, p.id, award.Filter{States: []string{award.Claimed}})
	if err != nil {
		return err
	}
	var verdicts []award.Verdict
	for _, a := range list {
		if a.Way == award.WayPhone && a.RecordedAt > d.db.Now().Add(-3*24*time.Hour) {
			verdicts = append(verdicts, award.Verdict{Award: a.ID, Outcome: award.Pass})
		}
	}
	if err := award.Check(d.ctx, d.db, db.NewOpID(), p.second, p.id, verdicts); err != nil {
		return err
	}
	_, err = award.Record(d.ctx, d.db, db.NewOpID(), p.leader, award.Ask{Village: p.id, Household: d.quiet(0).ID, Rule: p.rules["调解邻里纠纷"].ID,
		ActDate: d.db.Now().Day().AddDays(-2), Way: award.WaySpoken, Note: "老人当面说的，两家争水渠"})
	return err
}

// freshClaims nobody has looked at yet; a note without a name in the box objects
// to one of the month's awards.
func (d *demoCounty) freshClaims() error {
	p := d.places[0]
	for n, c := range []struct{ item, say string }{{"邻里照看老人", "给独居老人送了两天饭"}, {"清扫巷道", "雪后扫出一条路"}, {"调解邻里纠纷", "说和了两家停车的事"}} {
		if _, err := d.claim(n+1, c.item, models.One, c.say); err != nil {
			return err
		}
	}
	done, err := award.Record(d.ctx, d.db, db.NewOpID(), p.committee, award.Ask{Village: p.id, Household: d.quiet(6).ID, Rule: p.rules["清扫巷道"].ID})
	if err != nil {
		return err
	}
	_, _, err = award.Object(d.ctx, d.db, db.NewOpID(), p.leader, d.keys, award.ObjectAsk{Village: p.id, About: notice.AboutAward, Award: done[0].ID, Way: "paper", Text: "那天没有看见他家的人来扫。"})
	return err
}

// halfRound lets a group leader walk the first half of her group; an award over
// the limit waits for the second of two.
func (d *demoCounty) halfRound() error {
	p := d.places[0]
	if _, err := award.Record(d.ctx, d.db, db.NewOpID(), p.committee, award.Ask{Village: p.id, Household: d.quiet(5).ID, Rule: p.rules["零彩礼低彩礼"].ID, Points: 9000, Note: "儿子结婚没有要彩礼，评议会定 90 分"}); err != nil {
		return err
	}
	r, err := award.StartRound(d.ctx, d.db, db.NewOpID(), p.leader, award.NewRound{Village: p.id, Name: "3组入冬前巡查", Group: 3, Team: "白秀兰、田文才",
		Worths: []award.Worth{{Result: award.Clean, Rule: p.rules["庭院整洁"].ID}, {Result: award.Fair, Rule: p.rules["庭院一般"].ID}}})
	if err != nil {
		return err
	}
	doors, err := award.Route(d.ctx, d.db, r)
	if err != nil {
		return err
	}
	var marks []award.Mark
	for i, door := range doors[:len(doors)/2] {
		m := award.Mark{Household: door.ID, Result: []string{award.Clean, award.Fair, award.Clean, award.Away, award.Poor}[i%5], MarkedAt: d.db.Now()}
		if door.Residence == "empty" {
			m.Result = award.Vacant
		}
		marks = append(marks, m)
	}
	_, err = award.SendMarks(d.ctx, d.db, db.NewOpID(), p.leader, p.id, r.ID, marks)
	return err
}
