package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/valyala/fasthttp"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

// loadHomes is how many households the measured village has.
const loadHomes = 2000

// loadWorld is a village with people signed in, to be driven.
type loadWorld struct {
	village, county int64
	counter         int64
	goods, rule     int64
	quarter         models.Quarter
	homes           []loadHome
	clerks          []signedIn
	committee       []signedIn
	officer         signedIn
}

type loadHome struct {
	id  string
	pin string
	signedIn
}

// signedIn is a cookie and the form token that belongs to it.
type signedIn struct{ cookie, csrf string }

const (
	loadRules = "类别,项目,分值,单位\n美丽庭院,庭院整洁,5,次\n"
	loadGoods = "品名,积分,单位,库存\n大米,0.1,袋,100000\n"
)

// buildLoadWorld makes the village, with at least 64 households, through the
// ordinary activities.
func buildLoadWorld(ctx context.Context, s settings, homes int) (*loadWorld, error) {
	o, err := open(ctx, s)
	if err != nil {
		return nil, err
	}
	defer o.Close()
	w := &loadWorld{quarter: o.db.Now().Month().Quarter()}
	admin, err := account.FirstAdmin(ctx, o.db, "admin", "管理员", keys.NewSecret())
	if err != nil {
		return nil, err
	}
	by := models.Actor{Account: admin.ID, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	for _, a := range []village.NewArea{{Level: village.County, Name: "测速县"}, {Level: village.Township, Name: "测速镇"}, {Level: village.Hamlet, Name: "测速村"}} {
		a.Parent = w.village
		made, err := village.AddArea(ctx, o.db, db.NewOpID(), by, a)
		if err != nil {
			return nil, err
		}
		if w.village = made.ID; w.county == 0 {
			w.county = made.ID
		}
	}
	if err := w.furnish(ctx, o, by, homes); err != nil {
		return nil, err
	}
	return w, w.signIn(ctx, o, by)
}

func (w *loadWorld) furnish(ctx context.Context, o *opened, by models.Actor, homes int) error {
	counter, err := market.EnsureCounter(ctx, o.db, db.NewOpID(), by, o.keys, w.village, "兑换点")
	if err != nil {
		return err
	}
	w.counter = counter.ID
	var roll, old bytes.Buffer
	fmt.Fprintln(&roll, "户号,组,户主")
	fmt.Fprintln(&old, "户号,可兑积分,荣誉积分")
	for i := range homes {
		fmt.Fprintf(&roll, "%04d,%d组,张%c%c\n", i+1, i%8+1, '一'+rune(i%40), '丁'+rune(i/40))
		fmt.Fprintf(&old, "%04d,900000,0\n", i+1)
	}
	if _, err := village.ImportRoll(ctx, o.db, db.NewOpID(), by, o.keys, w.village, db.Upload{Name: "户.csv", Body: roll.Bytes()}, nil); err != nil {
		return err
	}
	slips, err := village.FirstPINs(ctx, o.db, db.NewOpID(), by, o.keys, w.village)
	if err != nil {
		return err
	}
	for _, p := range slips {
		w.homes = append(w.homes, loadHome{id: models.ID32(p.ID), pin: p.PIN})
	}
	rules, err := sheet.Read("细则.csv", []byte(loadRules))
	if err != nil {
		return err
	}
	version, err := scheme.ImportRules(ctx, o.db, db.NewOpID(), by, w.village, scheme.ImportAsk{Table: rules, Adoption: scheme.Adoption{PointRate: 10000, Posting: scheme.PostNow}})
	if err != nil {
		return err
	}
	list, err := scheme.Rules(ctx, o.db, w.village, version.ID)
	if err != nil {
		return err
	}
	w.rule = list[0].ID
	balances, err := sheet.Read("旧账.csv", old.Bytes())
	if err != nil {
		return err
	}
	if _, err := award.CarryOver(ctx, o.db, db.NewOpID(), by, w.village, award.CarryAsk{Table: balances, Resolution: "测速1号", AsOf: o.db.Now().Day()}); err != nil {
		return err
	}
	if _, err := market.ImportGoods(ctx, o.db, db.NewOpID(), by, w.village, "商品.csv", []byte(loadGoods), market.GoodsChoice{Sheet: -1, Counter: w.counter}); err != nil {
		return err
	}
	goods, err := market.AllGoods(ctx, o.db, w.village)
	if err == nil {
		w.goods = goods[0].ID
	}
	return err
}

// signIn opens a session for every phone: eight clerks, eight committee
// members, the first households, and one officer of the county.
func (w *loadWorld) signIn(ctx context.Context, o *opened, by models.Actor) error {
	person := func(role models.Role, area int64, login string) (signedIn, error) {
		a, err := account.AddAccount(ctx, o.db, db.NewOpID(), by, account.NewAccount{Login: login, Name: "测速员", Password: keys.NewSecret(), Role: role, Area: area, Chosen: true})
		if err != nil {
			return signedIn{}, err
		}
		secret, err := account.Open(ctx, o.db, a.ID, "load", true)
		return w.token(o, secret), err
	}
	var err error
	for i := range 8 {
		clerk, e1 := person(models.Clerk, w.village, fmt.Sprintf("clerk%d", i))
		member, e2 := person(models.Committee, w.village, fmt.Sprintf("cun%d", i))
		if e1 != nil || e2 != nil {
			return fmt.Errorf("%v %v", e1, e2)
		}
		w.clerks, w.committee = append(w.clerks, clerk), append(w.committee, member)
	}
	if w.officer, err = person(models.Publicity, w.county, "xcb"); err != nil {
		return err
	}
	for i := range 64 {
		id, err := models.ParseID32(w.homes[i].id)
		if err != nil {
			return err
		}
		secret, err := account.SignInHousehold(ctx, o.db, models.Household{Village: w.village, ID: id}, "load")
		if err != nil {
			return err
		}
		w.homes[i].signedIn = w.token(o, secret)
	}
	return nil
}

func (w *loadWorld) token(o *opened, secret string) signedIn {
	return signedIn{cookie: secret, csrf: o.keys.CSRF(keys.SecretHash(secret))}
}

// post fills in a form as its page would have drawn it.
func (s signedIn) post(r *fasthttp.Request, path string, fields ...string) {
	r.Header.SetMethod(fasthttp.MethodPost)
	r.Header.SetContentType("application/x-www-form-urlencoded")
	r.SetRequestURI(path)
	r.Header.SetCookie("ps", s.cookie)
	args := r.PostArgs()
	args.Set("csrf", s.csrf)
	args.Set("op", db.NewOpID().String())
	for i := 0; i < len(fields); i += 2 {
		args.Add(fields[i], fields[i+1])
	}
}

func (s signedIn) get(r *fasthttp.Request, path string) {
	r.SetRequestURI(path)
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.SetCookie("ps", s.cookie)
}

// work is every row of the table.
func (w *loadWorld) work() []work {
	v, rule, counter, goods := models.ID32(w.village), models.ID32(w.rule), models.ID32(w.counter), models.ID32(w.goods)
	home := func(phone, n int) loadHome { return w.homes[(phone*131+n*7)%len(w.homes)] }
	today := string(models.MillisOf(time.Now()).Day())
	return []work{
		{name: "award", ok: isDone, fill: func(phone, n int, r *fasthttp.Request) {
			w.committee[phone%8].post(r, "/committee/award", "village", v, "household", home(phone, n).id, "rule", rule, "act_date", today)
		}},
		{name: "award-batch", ok: isDone, each: 100, fill: func(phone, n int, r *fasthttp.Request) {
			w.committee[phone%8].post(r, "/committee/batch", "village", v, "rule", rule, "act_date", today)
			for i := range 100 {
				r.PostArgs().Add("h", w.homes[(phone*131+n*100+i)%len(w.homes)].id)
			}
		}},
		{name: "redeem", ok: isDone, fill: func(phone, n int, r *fasthttp.Request) {
			h := home(phone, n)
			w.clerks[phone%8].post(r, "/counter/redeem", "village", v, "counter", counter, "household", h.id, "qty."+goods, "1", "price."+goods, "0.1", "pin", h.pin)
		}},
		{name: "passbook", ok: isPage, fill: func(phone, _ int, r *fasthttp.Request) { w.homes[phone%64].get(r, "/me") }},
		{name: "board", ok: isPage, fill: func(_, _ int, r *fasthttp.Request) { signedIn{}.get(r, "/v/"+v) }},
		{name: "quarter", ok: isPage, fill: func(_, _ int, r *fasthttp.Request) {
			w.officer.get(r, "/reports/"+models.ID32(w.county)+"?q="+w.quarter.Key())
		}},
	}
}
