package main

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/scheme"
	"pointstore/models/village"

	"golang.org/x/sync/errgroup"
)

// demoPerson is somebody to sign in as; Role is the code word, for programs.
type demoPerson struct {
	Role     models.Role `json:"role"`
	Area     string      `json:"area"`
	Name     string      `json:"name"`
	Login    string      `json:"login"`
	Password string      `json:"password"`
}

// demoHousehold is a family to be: its card's short code and its PIN.
type demoHousehold struct {
	Household string `json:"household"`
	Village   string `json:"village"`
	Card      string `json:"card"`
	Token     string `json:"token"`
	PIN       string `json:"pin"`
}

// demoCounty is a county being built.
type demoCounty struct {
	ctx   context.Context
	db    *db.DB
	keys  *keys.Keys
	rand  *mathrand.Rand
	now   atomic.Int64 // the story's clock, in milliseconds
	admin models.Actor

	mu         sync.Mutex // over households
	places     []*demoPlace
	people     []demoPerson
	accounts   []int64 // whose they are
	households []demoHousehold
	step       func() // one more piece done

	county int64
	until  models.Date // the present
	ahead  []happening // still to come
}

// demoPlace is a village of it with its cast.
type demoPlace struct {
	demoVillage
	id        int64
	rand      *mathrand.Rand
	committee models.Actor
	clerk     models.Actor
	counter   market.Counter
	homes     []village.Home
	rules     map[string]scheme.Rule
	keen      map[int64]bool
	rounds    int // of inspection, so far

	// Of the village that shows its whole life only.
	second, leader     models.Actor
	quiet              []village.Home
	slips              award.SlipRange
	doubted, objection int64
	unclear            int64 // a claim that was sent back
}

// demoSeed makes the county the same every time, but for keys and passwords.
const demoSeed = 20211123

// build makes areas, people, households, rules and goods through the same
// activities as the set-up pages, a year before until.
func (d *demoCounty) build() error {
	admin, err := account.FirstAdmin(d.ctx, d.db, "admin", "陈志远", d.password(models.Admin, demoName, "陈志远", "admin"))
	if err != nil {
		return err
	}
	d.accounts = append(d.accounts, admin.ID)
	d.admin = models.Actor{Account: admin.ID, Name: admin.Name, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	if err := d.db.Aside(d.ctx, func(tx *db.Tx) error { return db.SetSetting(tx, "mode", "county") }); err != nil {
		return err
	}
	city, err := d.area(0, village.City, demoCity, demoVillage{})
	if err != nil {
		return err
	}
	county, err := d.area(city.ID, village.County, demoName, demoVillage{})
	if err != nil {
		return err
	}
	d.county = county.ID
	towns := map[string]int64{}
	for _, v := range demoVillages {
		if towns[v.township] == 0 {
			t, err := d.area(county.ID, village.Township, v.township, demoVillage{})
			if err != nil {
				return err
			}
			towns[v.township] = t.ID
		}
		a, err := d.area(towns[v.township], village.Hamlet, v.name, v)
		if err != nil {
			return err
		}
		d.places = append(d.places, &demoPlace{demoVillage: v, id: a.ID, rand: mathrand.New(mathrand.NewPCG(demoSeed, uint64(len(d.places)))), keen: map[int64]bool{}, rules: map[string]scheme.Rule{}})
	}
	if err := d.officials(city.ID, county.ID, towns); err != nil {
		return err
	}
	return d.each(d.furnish)
}

// each runs a step for all villages at once: they share commits, as villages on
// one server do.
func (d *demoCounty) each(step func(*demoPlace) error) error {
	var g errgroup.Group
	for _, p := range d.places {
		g.Go(func() error {
			if err := step(p); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			d.step()
			return nil
		})
	}
	return g.Wait()
}

func (d *demoCounty) area(parent int64, level, name string, v demoVillage) (village.Area, error) {
	return village.AddArea(d.ctx, d.db, db.NewOpID(), d.admin, village.NewArea{Parent: parent, Level: level, Name: name, Class: v.class, Sponsor: v.sponsor, SponsorUnit: v.unit})
}

// password makes a password for somebody and notes whom one can sign in as.
func (d *demoCounty) password(role models.Role, area, name, login string) string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	b := make([]byte, 10)
	rand.Read(b)
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	d.people = append(d.people, demoPerson{role, area, name, login, string(b)})
	return string(b)
}

// official adds a person with a role.
func (d *demoCounty) official(role models.Role, area int64, areaName, name, login string) (models.Actor, error) {
	a, err := account.AddAccount(d.ctx, d.db, db.NewOpID(), d.admin, account.NewAccount{
		Login: login, Name: name, Password: d.password(role, areaName, name, login), Role: role, Area: area, Chosen: true})
	d.accounts = append(d.accounts, a.ID)
	return models.Actor{Account: a.ID, Name: name, Grants: []models.Grant{{Role: role, Area: area, Name: areaName}}}, err
}

// comeIn lets everybody sign in and out again today: accounts made a year ago
// and never used would be closed.
func (d *demoCounty) comeIn() error {
	for _, id := range d.accounts {
		secret, err := account.Open(d.ctx, d.db, id, "demo", false)
		if err == nil {
			err = account.SignOut(d.ctx, d.db, secret)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *demoCounty) officials(city, county int64, towns map[string]int64) error {
	if _, err := d.official(models.Publicity, city, demoCity, "刘文慧", "xcb-shi"); err != nil {
		return err
	}
	if _, err := d.official(models.Publicity, county, demoName, "张建军", "xcb-xian"); err != nil {
		return err
	}
	for i, t := range []string{"东岭镇", "南滩镇"} {
		if _, err := d.official(models.Publicity, towns[t], t, []string{"罗海峰", "苏晓霞"}[i], fmt.Sprintf("zhen%d", i+1)); err != nil {
			return err
		}
	}
	for i, p := range d.places {
		n := i + 1
		var err error
		if p.committee, err = d.official(models.Committee, p.id, p.name, personName(p.rand), fmt.Sprintf("cun%d", n)); err != nil {
			return err
		}
		if p.clerk, err = d.official(models.Clerk, p.id, p.name, personName(p.rand), fmt.Sprintf("dian%d", n)); err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		for _, more := range []struct {
			role  models.Role
			login string
		}{{models.GridWorker, "wangge1"}, {models.Monitor, "jiandu1"}, {models.FirstSec, "shuji1"}} {
			who, err := d.official(more.role, p.id, p.name, personName(p.rand), more.login)
			if err != nil {
				return err
			}
			if more.role != models.GridWorker {
				continue
			}
			if err := village.SetDuties(d.ctx, d.db, db.NewOpID(), d.admin, p.id, who.Account, []village.Duty{{Group: 1}, {Group: 2}}); err != nil {
				return err
			}
		}
	}
	return d.helpers()
}

// furnish gives a village its households, rules, goods and first balances.
func (d *demoCounty) furnish(p *demoPlace) (err error) {
	if p.counter, err = market.EnsureCounter(d.ctx, d.db, db.NewOpID(), d.admin, d.keys, p.id, p.name+"兑换点"); err != nil {
		return err
	}
	if err := d.enroll(p); err != nil {
		return err
	}
	if err := d.adopt(p); err != nil {
		return err
	}
	_, err = market.ImportGoods(d.ctx, d.db, db.NewOpID(), d.admin, p.id, "商品.csv", []byte(demoGoods), market.GoodsChoice{Sheet: -1, Counter: p.counter.ID})
	return err
}
