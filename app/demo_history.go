package main

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/notice"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

// enroll loads the village's roll, cards and PINs.
func (d *demoCounty) enroll(p *demoPlace) error {
	file := db.Upload{Name: p.name + "花名册.csv", Body: p.roll(p.rand)}
	_, err := village.ImportRoll(d.ctx, d.db, db.NewOpID(), d.admin, d.keys, p.id, file, nil)
	if err != nil {
		return err
	}
	if p.homes, err = village.Homes(d.ctx, d.db, p.id, village.Filter{}); err != nil {
		return err
	}
	slips, err := village.FirstPINs(d.ctx, d.db, db.NewOpID(), d.admin, d.keys, p.id)
	if err != nil {
		return err
	}
	for _, h := range p.homes {
		p.keen[h.ID] = p.rand.Float64() < p.demoVillage.keen && h.Residence != "empty" && h.Joining == "in"
	}
	d.introduce(p, slips)
	return nil
}

// introduce notes a few families that one can be.
func (d *demoCounty) introduce(p *demoPlace, slips []village.Slip) {
	d.mu.Lock()
	defer d.mu.Unlock()
	shown := 0
	for _, s := range slips {
		if want := 1 + 2*btoi(p == d.places[0]); shown < want && p.keen[s.ID] {
			t := village.CardToken(d.keys, s.Home)
			d.households = append(d.households, demoHousehold{Household: s.Label(), Village: p.name, Card: t.Pretty(), PIN: s.PIN, Token: string(t)})
			shown++
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// adopt loads the village's rule table, as a meeting adopted it.
func (d *demoCounty) adopt(p *demoPlace) error {
	t, err := sheet.Read("积分细则.csv", []byte(demoRules))
	if err != nil {
		return err
	}
	how := scheme.PostNow
	if p.notice {
		how = scheme.PostNotice
	}
	v, err := scheme.ImportRules(d.ctx, d.db, db.NewOpID(), d.admin, p.id, scheme.ImportAsk{Table: t, Adoption: scheme.Adoption{
		AdoptedOn: d.db.Now().Day(), Meeting: "第3次村民代表会议", Present: 46, Voted: 43, PointRate: p.rate, Posting: how, NoticeDays: 3}})
	if err != nil {
		return err
	}
	list, err := scheme.Rules(d.ctx, d.db, p.id, v.ID)
	for _, r := range list {
		p.rules[r.Item] = r
	}
	return err
}

// at sets the story's clock.
func (d *demoCounty) at(day models.Date, hour int) {
	d.now.Store(int64(day.Start().Add(time.Duration(hour) * time.Hour)))
}

// live plays the months up to the day the demonstration begins.
func (d *demoCounty) live(months int, until models.Millis) error {
	d.until, d.ahead = until.Day(), demoHappenings
	first := until.Month().Add(1 - months)
	for i := range months {
		m := first.Add(i)
		for _, e := range demoMonth {
			day := m.First().AddDays(e.day - 1)
			if day.Start().Add(20*time.Hour) > until {
				return d.meanwhile(d.until)
			}
			if err := d.meanwhile(day); err != nil {
				return err
			}
			d.at(day, 10)
			if err := d.each(func(p *demoPlace) error { return e.run(d, p, day) }); err != nil {
				return fmt.Errorf("%s: %w", day, err)
			}
			d.at(day, 19)
			if _, err := award.TakeEffect(d.ctx, d.db); err != nil {
				return err
			}
			if _, err := award.EndNotices(d.ctx, d.db); err != nil {
				return err
			}
		}
	}
	return d.meanwhile(d.until)
}

// demoMonth is what happens in a village every month, by day.
var demoMonth = []struct {
	day int
	run func(d *demoCounty, p *demoPlace, day models.Date) error
}{
	{3, (*demoCounty).restock},
	{6, (*demoCounty).inspect},
	{9, (*demoCounty).sweep},
	{13, (*demoCounty).smallDeeds},
	{16, (*demoCounty).inspect},
	{18, (*demoCounty).customs},
	{20, (*demoCounty).gather},
	{21, (*demoCounty).hang},
	{25, (*demoCounty).open},
	{27, (*demoCounty).correct},
}

// record records one rule for many households, leaving out those a cap refuses,
// as a careful committee would.
func (d *demoCounty) record(p *demoPlace, item string, day models.Date, ids []int64, ask award.Ask) error {
	ask.Village, ask.Rule, ask.ActDate = p.id, p.rules[item].ID, day
	if ask.Rule == 0 {
		return fmt.Errorf("no rule %s", item)
	}
	ask.Households = ids
	if len(ids) == 0 {
		return nil
	}
	_, err := award.Record(d.ctx, d.db, db.NewOpID(), p.committee, ask)
	if err == nil || len(ids) == 1 {
		return skip(err)
	}
	for _, id := range ids {
		ask.Households = []int64{id}
		if _, err := award.Record(d.ctx, d.db, db.NewOpID(), p.committee, ask); skip(err) != nil {
			return err
		}
	}
	return nil
}

// skip lets what the rules refuse pass: a cap reached is everyday life.
func skip(err error) error {
	var e *models.Error
	if errors.As(err, &e) && e.Kind == models.Conflict {
		return nil
	}
	return err
}

// some picks a share of the keen households.
func (p *demoPlace) some(share float64) []int64 {
	var ids []int64
	for _, h := range p.homes {
		if p.keen[h.ID] && p.rand.Float64() < share {
			ids = append(ids, h.ID)
		}
	}
	return ids
}

func (d *demoCounty) restock(p *demoPlace, _ models.Date) error {
	lines, err := market.Stock(d.ctx, d.db, p.id, p.counter.ID, d.db.Now().Day())
	if err != nil {
		return err
	}
	delivery := market.Delivery{Village: p.id, Counter: p.counter.ID, Note: "县里统一采购"}
	for _, l := range lines {
		if l.Kind == market.Thing && l.Qty < 30*models.One && p.rand.IntN(5) > 0 {
			delivery.Lines = append(delivery.Lines, market.Incoming{Goods: l.ID, Qty: 40 * models.One, CostFen: l.CostFen})
		}
	}
	if len(delivery.Lines) == 0 {
		return nil
	}
	return market.Receive(d.ctx, d.db, db.NewOpID(), p.clerk, delivery)
}

// inspect walks along all doors. Who does not take part in the village's life
// keeps a yard like anybody, but earns nothing by it.
func (d *demoCounty) inspect(p *demoPlace, day models.Date) error {
	p.rounds++
	r, err := award.StartRound(d.ctx, d.db, db.NewOpID(), p.committee, award.NewRound{Village: p.id, Name: fmt.Sprintf("庭院巡查 · 第%d轮", p.rounds), Day: day,
		Worths: []award.Worth{{Result: award.Clean, Rule: p.rules["庭院整洁"].ID}, {Result: award.Fair, Rule: p.rules["庭院一般"].ID}}})
	if err != nil {
		return err
	}
	var marks []award.Mark
	for _, h := range p.homes {
		n := p.rand.Float64()
		m := award.Mark{Household: h.ID, Result: award.Fair, MarkedAt: d.db.Now()}
		switch {
		case h.Joining == "out":
			continue
		case h.Residence == "empty":
			m.Result = award.Vacant
		case n > 0.9:
			m.Result = award.Away
		case !p.keen[h.ID]:
			m.Result = award.Poor
		case n < 0.6:
			m.Result = award.Clean
		}
		marks = append(marks, m)
	}
	if _, err := award.SendMarks(d.ctx, d.db, db.NewOpID(), p.committee, p.id, r.ID, marks); err != nil {
		return err
	}
	return award.CloseRound(d.ctx, d.db, db.NewOpID(), p.committee, p.id, r.ID)
}

func (d *demoCounty) sweep(p *demoPlace, day models.Date) error {
	item := "清扫巷道"
	if m := day.Month() % 100; m == 3 || m == 4 {
		item = "义务植树"
	}
	if err := d.record(p, item, day, p.some(0.08), award.Ask{}); err != nil {
		return err
	}
	return d.record(p, "志愿服务时长", day, p.some(0.06), award.Ask{Quantity: models.Qty(100 * (2 + p.rand.IntN(4)))})
}

func (d *demoCounty) smallDeeds(p *demoPlace, day models.Date) error {
	for _, item := range []string{"邻里照看老人", "参加村民议事会", "参加夜校", "垃圾分类投放", "调解邻里纠纷"} {
		if err := d.record(p, item, day, p.some(0.05), award.Ask{}); err != nil {
			return err
		}
	}
	return d.record(p, "乱堆乱放经提醒不改", day, p.some(0.004), award.Ask{Note: "两次提醒后仍未清理"})
}

func (d *demoCounty) customs(p *demoPlace, day models.Date) error {
	if err := d.record(p, "婚事新办并提前报备", day, p.some(0.012), award.Ask{}); err != nil {
		return err
	}
	if err := d.record(p, "丧事简办", day, p.some(0.008), award.Ask{}); err != nil {
		return err
	}
	if err := d.record(p, "零彩礼低彩礼", day, p.some(0.005), award.Ask{Points: 8000}); err != nil {
		return err
	}
	return d.record(p, "获评好公婆好儿媳", day, p.some(0.006), award.Ask{})
}

// gather makes the month's notice.
func (d *demoCounty) gather(p *demoPlace, _ models.Date) error {
	if !p.notice {
		return nil
	}
	if err := d.countersign(p); err != nil {
		return err
	}
	_, err := award.MakeNotice(d.ctx, d.db, db.NewOpID(), p.committee, p.id)
	return skip(err)
}

// hang posts the notices that wait for the wall.
func (d *demoCounty) hang(p *demoPlace, _ models.Date) error {
	waiting, err := notice.Unposted(d.ctx, d.db, p.id)
	if err != nil {
		return err
	}
	for _, n := range waiting {
		if _, err := award.HangNotice(d.ctx, d.db, db.NewOpID(), p.committee, p.id, n.ID, "村委会公示栏", d.db.Now()); err != nil {
			return err
		}
	}
	return nil
}

// open holds the month's opening: those who can afford something come, several
// at a time.
func (d *demoCounty) open(p *demoPlace, day models.Date) error {
	if _, err := market.OpenSession(d.ctx, d.db, db.NewOpID(), p.clerk, p.id, p.counter.ID); err != nil {
		return err
	}
	shelf, err := market.Shelf(d.ctx, d.db, p.id, p.counter.ID, day)
	if err != nil {
		return err
	}
	balances, err := ledger.Balances(d.ctx, d.db, p.id)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	gate := make(chan struct{}, 8)
	errs := make(chan error, len(p.homes))
	for _, id := range p.some(0.3) {
		cart, ok := p.fill(shelf, balances[id].Balance, id)
		if !ok {
			continue
		}
		gate <- struct{}{}
		wg.Go(func() {
			_, err := market.Redeem(d.ctx, d.db, db.NewOpID(), p.clerk, cart)
			errs <- skip(err)
			<-gate
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	_, err = market.CloseSession(d.ctx, d.db, db.NewOpID(), p.clerk, p.id, p.counter.ID)
	return err
}

// fill chooses one or two things a household can afford.
func (p *demoPlace) fill(shelf []market.Item, balance models.Points, household int64) (market.Cart, bool) {
	cart := market.Cart{Village: p.id, Counter: p.counter.ID, Household: household, Confirm: market.ByPIN}
	for range 1 + p.rand.IntN(2) {
		it := shelf[p.rand.IntN(len(shelf))]
		if it.SoldOut || it.Points > balance-cart.Seen || len(cart.Lines) > 0 && cart.Lines[0].Goods == it.ID {
			continue
		}
		cart.Lines = append(cart.Lines, market.Line{Goods: it.ID, Qty: models.One})
		cart.Seen += it.Points
	}
	return cart, len(cart.Lines) > 0
}

// correct takes one award back now and then.
func (d *demoCounty) correct(p *demoPlace, _ models.Date) error {
	if p.rand.IntN(3) > 0 || len(p.homes) == 0 {
		return nil
	}
	h := p.homes[p.rand.IntN(len(p.homes))].Household
	lines, err := ledger.Statement(d.ctx, d.db, h, 0, 5)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.Kind == ledger.Award {
			return skip(award.Correct(d.ctx, d.db, db.NewOpID(), p.committee, h, l.Seq, "记错了户，已核实"))
		}
	}
	return nil
}
