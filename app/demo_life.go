package main

import (
	"cmp"
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/notice"
	"pointstore/models/register"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

// What a county has that lives by its rules in full, so that every page has
// something true to show: claims on their way, a meeting, objections, a
// deduction, a round half walked. It happens between the months' routine, so
// many days before the present, and takes no random draw of theirs.

// happening is something that comes once.
type happening struct {
	before int // whole days before the present
	run    func(d *demoCounty) error
}

var demoHappenings = []happening{
	{95, (*demoCounty).countyRules},
	{93, (*demoCounty).takeCountyRules},
	{75, (*demoCounty).newRules},
	{60, (*demoCounty).baseScores},
	{34, (*demoCounty).firstClaims},
	{32, (*demoCounty).firstCheck},
	{31, (*demoCounty).completeClaim},
	{28, (*demoCounty).meet},
	{24, (*demoCounty).printSlips},
	{20, (*demoCounty).useSlips},
	{16, (*demoCounty).helpAtSchool},
	{14, (*demoCounty).doubt},
	{12, (*demoCounty).redList},
	{11, (*demoCounty).missSomething},
	{9, (*demoCounty).answerDoubt},
	{8, (*demoCounty).suspend},
	{7, (*demoCounty).newerCountyRules},
	{6, (*demoCounty).lateClaims},
	{5, (*demoCounty).appeal},
	{4, (*demoCounty).lateCheck},
	{3, (*demoCounty).deduct},
	{2, (*demoCounty).freshClaims},
	{1, (*demoCounty).halfRound},
}

// meanwhile plays what happened up to the morning of a day and was not played yet.
func (d *demoCounty) meanwhile(day models.Date) error {
	for ; len(d.ahead) > 0; d.ahead = d.ahead[1:] {
		on := d.until.AddDays(-d.ahead[0].before)
		if on > day {
			return nil
		}
		d.at(on, 9)
		if err := d.ahead[0].run(d); err != nil {
			return fmt.Errorf("%s, %d days before the present: %w", on, d.ahead[0].before, err)
		}
	}
	return nil
}

// helpers are the people of the first village who share the committee's work.
// Their names are given, not drawn.
func (d *demoCounty) helpers() (err error) {
	p := d.places[0]
	if p.second, err = d.official(models.Committee, p.id, p.name, "马志远", "wenshu1"); err != nil {
		return err
	}
	if p.leader, err = d.official(models.GridWorker, p.id, p.name, "白秀兰", "zuzhang1"); err != nil {
		return err
	}
	return village.SetDuties(d.ctx, d.db, db.NewOpID(), d.admin, p.id, p.leader.Account, []village.Duty{{Group: 3}, {Group: 4}})
}

// quiet are the families of the first village that live there and take part, but
// have no share in its routine: what they do moves nobody else's points. They
// come in the order of their numbers.
func (d *demoCounty) quiet(n int) village.Home {
	p := d.places[0]
	if p.quiet == nil {
		for _, h := range p.homes {
			if !p.keen[h.ID] && h.Joining == "in" && h.Residence != "empty" && h.Residence != "away" {
				p.quiet = append(p.quiet, h)
			}
		}
		slices.SortStableFunc(p.quiet, func(a, b village.Home) int { return cmp.Compare(b.Group, a.Group) })
	}
	return p.quiet[n%len(p.quiet)]
}

// family is a quiet family at its own phone.
func (d *demoCounty) family(n int) models.Actor {
	return models.Actor{Household: d.quiet(n).Household}
}

// claim lets a family tell what it did the day before.
func (d *demoCounty) claim(n int, item string, qty models.Qty, say string) (award.Award, error) {
	p := d.places[0]
	return award.Claim(d.ctx, d.db, db.NewOpID(), d.family(n), award.Ask{Rule: p.rules[item].ID, Quantity: qty, ActDate: d.db.Now().Day().AddDays(-1), Note: say})
}

// refresh reads the rules in force in a village, after a new version.
func (d *demoCounty) refresh(p *demoPlace, version int64) error {
	list, err := scheme.Rules(d.ctx, d.db, p.id, version)
	p.rules = map[string]scheme.Rule{}
	for _, r := range list {
		p.rules[r.Item] = r
	}
	return err
}

// countyRules is the county's own table, which villages may take over: at most
// six rules of their own, of at most 30 points.
func (d *demoCounty) countyRules() error {
	t, err := sheet.Read("县积分细则.csv", []byte(demoRules+demoCountyRules))
	if err != nil {
		return err
	}
	_, err = scheme.ImportRules(d.ctx, d.db, db.NewOpID(), d.admin, d.county, scheme.ImportAsk{Table: t, Adoption: scheme.Adoption{
		Meeting: "县精神文明建设指导委员会会议", OwnMost: 6, OwnPoints: 3000, Posting: scheme.PostNow}})
	return err
}

// takeCountyRules lets the last village inherit them, with one rule of its own.
func (d *demoCounty) takeCountyRules() error {
	p := d.places[len(d.places)-1]
	own := []scheme.Draft{{Category: "产业致富", Rule: scheme.Rule{Item: "教邻居柳编手艺", PointsMin: 1000, Unit: "次", CapTimes: 2, CapPeriod: "month", Evidence: "学的人说一声"}}}
	v, err := scheme.Inherit(d.ctx, d.db, db.NewOpID(), p.committee, p.id, own, scheme.Adoption{Meeting: "第4次村民代表会议", Present: 31, Voted: 29})
	if err != nil {
		return err
	}
	return d.refresh(p, v.ID)
}

// newerCountyRules leaves the village that inherits a version behind.
func (d *demoCounty) newerCountyRules() error {
	_, err := scheme.Amend(d.ctx, d.db, db.NewOpID(), d.admin, d.county, []scheme.Change{{Draft: scheme.Draft{Category: "公共事务",
		Rule: scheme.Rule{Item: "参加防火防汛值守", PointsMin: 500, Unit: "班", CapTimes: 4, CapPeriod: "month"}}}},
		scheme.Adoption{Meeting: "县精神文明建设指导委员会会议"})
	return err
}

// newRules gives the first village the kinds of rules that its first table
// lacked, by the six steps, and keeps every old one as it was.
func (d *demoCounty) newRules() error {
	p, day := d.places[0], d.db.Now().Day()
	of := func(category string, r scheme.Rule) scheme.Change {
		return scheme.Change{Draft: scheme.Draft{Category: category, Rule: r}}
	}
	night := p.rules["参加夜校"]
	night.Evidence = "签到表"
	v, err := scheme.Amend(d.ctx, d.db, db.NewOpID(), p.committee, p.id, []scheme.Change{
		{Rule: night.ID, Draft: scheme.Draft{Category: "教育", Rule: night}},
		of("家风典型", scheme.Rule{Item: "家庭成员受表彰", Unit: "次", BandBy: scheme.ByLevel, Evidence: "奖状或文件",
			Bands: []scheme.Band{{Name: "国家级", Points: 5000}, {Name: "省级", Points: 3000}, {Name: "县级", Points: 1500}}}),
		of("美丽庭院", scheme.Rule{Item: "卫生户评分", Unit: "次", FullPoints: 1000, FaultPoints: 50, CapTimes: 1, CapPeriod: "quarter",
			Faults: []scheme.Fault{{Name: "门前有杂物"}, {Name: "柴草乱堆"}, {Name: "圈舍没清", Points: 200}}}),
		of("公共事务", scheme.Rule{Item: "当月得分奖励", Unit: "户", BandBy: scheme.ByMonth, Bands: []scheme.Band{{At: 2000, Points: 200}, {At: 4000, Points: 500}}, CapTimes: 1, CapPeriod: "month"}),
		of("基础分", scheme.Rule{Item: "全年基础分", Unit: "户", Direction: scheme.Base, PointsMin: 6000, CapTimes: 1, CapPeriod: "year"}),
	}, scheme.Adoption{Meeting: "第4次村民代表会议", Present: 48, Voted: 45, Posting: scheme.PostNotice, NoticeDays: 3, SecondOver: 6000, RenewOn: day.AddDays(90),
		Caps: []scheme.CategoryDraft{{Category: "教育", Cap: scheme.Cap{Points: 6000, Period: "quarter", Per: "household"}}}})
	if err != nil {
		return err
	}
	for _, s := range []scheme.Step{
		{Step: scheme.StepBranch, Day: day.AddDays(-12), Present: 7, Voted: 7, Place: "村委会"},
		{Step: scheme.StepCouncil, Day: day.AddDays(-10), Present: 9, Voted: 9, Place: "村委会"},
		{Step: scheme.StepParty, Day: day.AddDays(-6), Present: 23, Voted: 22, Place: "党员活动室"},
		{Step: scheme.StepOpen, Day: day, Place: "村委会公示栏", Note: "贴 7 天，没有人提意见"},
	} {
		if err := scheme.NoteStep(d.ctx, d.db, db.NewOpID(), p.committee, p.id, v.ID, s); err != nil {
			return err
		}
	}
	return d.refresh(p, v.ID)
}

// baseScores are honour for every family that takes part.
func (d *demoCounty) baseScores() error {
	p := d.places[0]
	_, err := award.GiveBase(d.ctx, d.db, db.NewOpID(), p.committee, p.id, p.rules["全年基础分"].ID, d.db.Now().Day())
	return err
}

// countersign approves what is over the limit before it goes on a notice, as the
// second of two has to.
func (d *demoCounty) countersign(p *demoPlace) error {
	if p.second.Account == 0 {
		return nil
	}
	return d.judge(p, award.Pending, func(verdicts []award.Verdict) error {
		return award.Approve(d.ctx, d.db, db.NewOpID(), p.second, p.id, verdicts)
	})
}

// judge passes all awards of a state.
func (d *demoCounty) judge(p *demoPlace, state string, how func([]award.Verdict) error) error {
	list, err := award.List(d.ctx, d.db, p.id, award.Filter{States: []string{state}})
	if err != nil || len(list) == 0 {
		return err
	}
	var verdicts []award.Verdict
	for _, a := range list {
		verdicts = append(verdicts, award.Verdict{Award: a.ID, Outcome: award.Pass})
	}
	return how(verdicts)
}

// helpAtSchool is an award that somebody will doubt.
func (d *demoCounty) helpAtSchool() error {
	p := d.places[0]
	a, err := award.Record(d.ctx, d.db, db.NewOpID(), p.committee, award.Ask{Village: p.id, Household: d.quiet(7).ID, Rule: p.rules["邻里照看老人"].ID, Note: "接送邻居老人看病"})
	if err == nil {
		p.doubted = a[0].ID
	}
	return err
}

// doubt is what a neighbour told the group leader.
func (d *demoCounty) doubt() error {
	p := d.places[0]
	o, _, err := award.Object(d.ctx, d.db, db.NewOpID(), p.leader, d.keys, award.ObjectAsk{Village: p.id, About: notice.AboutAward, Award: p.doubted, Household: d.quiet(8).ID, Way: "spoken",
		Text: "那天是顺路搭车，不是专门接送，我家也帮过没有记。"})
	p.objection = o.ID
	return err
}

// answerDoubt refuses it: whoever recorded the award may not answer, so the
// second of the committee does.
func (d *demoCounty) answerDoubt() error {
	p := d.places[0]
	return award.Answer(d.ctx, d.db, db.NewOpID(), p.second, p.id, p.objection, notice.Ruling{Outcome: notice.Refused,
		Heard: "提意见的一家说是顺路；被照看的老人说当天专门绕路送到镇卫生院，等了半天才回来。", Reason: "老人和同车的人都证实是专门接送，按细则记 10 分没有错。您家帮过的也可以报上来。"})
}

func (d *demoCounty) appeal() error {
	p := d.places[0]
	return award.Appeal(d.ctx, d.db, db.NewOpID(), d.family(8), d.keys, award.Standing{Village: p.id, ID: p.objection}, "同车的是他家亲戚，请镇里再问一问。")
}

// missSomething is an objection that nobody answers in time.
func (d *demoCounty) missSomething() error {
	p := d.places[0]
	_, _, err := award.Object(d.ctx, d.db, db.NewOpID(), d.family(9), d.keys, award.ObjectAsk{Village: p.id, About: notice.AboutMissing, Rule: p.rules["清扫巷道"].ID,
		Quantity: models.One, ActDate: d.db.Now().Day().AddDays(-3), Text: "那天清扫巷道我家去了一个人，名单上没有。"})
	return err
}

// redList opens the village's list and puts a family on it that agreed.
func (d *demoCounty) redList() error {
	p, day := d.places[0], d.db.Now().Day()
	v, err := village.Get(d.ctx, d.db, p.id)
	if err != nil {
		return err
	}
	s := v.Settings()
	s.RedList = true
	if err := village.SaveVillage(d.ctx, d.db, db.NewOpID(), p.committee, s); err != nil {
		return err
	}
	at := slices.IndexFunc(p.homes, func(h village.Home) bool { return p.keen[h.ID] && h.Group == 3 })
	_, err = register.Show(d.ctx, d.db, db.NewOpID(), p.committee, register.Showing{Household: p.homes[at].Household, List: register.Red, Title: "好公婆",
		Reason: "多年照料邻家独居老人", Consent: "本人签字", ConsentOn: day.AddDays(-1), From: day, Until: day.AddDays(180)})
	return err
}

func (d *demoCounty) suspend() error {
	p, day := d.places[0], d.db.Now().Day()
	_, err := register.Suspend(d.ctx, d.db, db.NewOpID(), p.committee, register.Suspension{Household: d.quiet(10).Household, Reason: "多次乱倒建筑垃圾，劝了不改", Basis: "村规民约第六条",
		ToldOn: day, ToldHow: "当面送达", AppealUntil: day.AddDays(7), From: day.AddDays(8), Until: day.AddDays(188)})
	return err
}

func (d *demoCounty) deduct() error {
	p := d.places[0]
	_, err := award.Record(d.ctx, d.db, db.NewOpID(), p.committee, award.Ask{Village: p.id, Household: d.quiet(11).ID, Rule: p.rules["乱堆乱放经提醒不改"].ID, Note: "巷口堆料，两次提醒后仍未清理"})
	return err
}
