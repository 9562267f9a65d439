package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"slices"
	"time"

	"pointstore/handlers/pages"
	"pointstore/models"
)

// demoCommand serves an invented county with a year behind it.
type demoCommand struct {
	Accounts string `help:"Write whom one can sign in as to this file, as JSON." placeholder:"FILE"`
	Build    bool   `help:"Build the county and stop, without serving."`
}

// demoMonths is how long a history the county has.
const demoMonths = 13

// Run builds the county and serves it. With --data the directory is kept, and
// its county is served again the next time; without, it is thrown away.
func (c demoCommand) Run(ctx context.Context, out io.Writer, s settings) error {
	if s.Data == "" {
		dir, err := os.MkdirTemp("", "points-demo")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.Data = dir
	}
	o, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer o.Close()
	cast, err := loadCast(s.Data)
	if err != nil {
		return err
	}
	if cast == nil {
		if cast, err = buildDemo(ctx, out, o); err != nil {
			return err
		}
		if err := cast.save(s.Data + "/demo.json"); err != nil {
			return err
		}
	}
	if c.Accounts != "" {
		if err := cast.write(c.Accounts); err != nil {
			return err
		}
	}
	if c.Build {
		return nil
	}
	base, err := s.base()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "演示县：打开 %s/demo 选一个身份 / Demonstration: open %s/demo and choose somebody to be.\n", base, base)
	return serve(ctx, out, s, o, cast)
}

// cast is whom one can be in a demonstration.
type cast struct {
	People     []demoPerson    `json:"people"`
	Households []demoHousehold `json:"households"`
}

// buildDemo plays the county's history and moves the clock back to the present.
func buildDemo(ctx context.Context, out io.Writer, o *opened) (*cast, error) {
	clock := o.db.Clock
	until := clock()
	begin := until.Month().Add(1 - demoMonths).First()
	d := &demoCounty{ctx: ctx, db: o.db, keys: o.keys, rand: mathrand.New(mathrand.NewPCG(demoSeed, 0))}
	o.db.Clock = func() models.Millis { return models.Millis(d.now.Load()) }
	defer func() { o.db.Clock = clock }()
	bar := progress(out, "building the county", len(demoVillages)*(2+demoMonths*len(demoMonth)))
	d.step = func() { bar.Add(1) }
	d.at(begin, 8)
	begun := time.Now()
	if err := d.build(); err != nil {
		return nil, err
	}
	if err := d.live(demoMonths, until); err != nil {
		return nil, err
	}
	bar.Finish()
	o.db.Clock = clock
	if err := d.comeIn(); err != nil {
		return nil, err
	}
	if err := sealAll(ctx, o.db); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "8 villages, %d households, %d months, built in %.1f s.\n", d.size(), demoMonths, time.Since(begun).Seconds())
	// Villages were furnished side by side; the list is the same every time.
	slices.SortStableFunc(d.households, func(a, b demoHousehold) int { return cmp.Compare(placeOf(a), placeOf(b)) })
	return &cast{d.people, d.households}, nil
}

// placeOf is where a family's village stands in the county's list.
func placeOf(h demoHousehold) int {
	return slices.IndexFunc(demoVillages, func(v demoVillage) bool { return v.name == h.Village })
}

func (d *demoCounty) size() (n int) {
	for _, p := range d.places {
		n += len(p.homes)
	}
	return n
}

// loadCast reads whom one can be from a kept data directory; nil where the
// county has yet to be built.
func loadCast(dir string) (*cast, error) {
	b, err := os.ReadFile(dir + "/demo.json")
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var c cast
	return &c, json.Unmarshal(b, &c)
}

// save keeps the cast beside the database; it holds passwords, so only its
// owner reads it.
func (c *cast) save(file string) error {
	b, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o600)
}

// write writes one list: people, then the households.
func (c *cast) write(file string) error {
	var list []any
	for _, p := range c.People {
		list = append(list, p)
	}
	for _, h := range c.Households {
		list = append(list, h)
	}
	b, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o600)
}

// forPages is the cast as the demonstration's page shows it.
func (c *cast) forPages() (d pages.Demo) {
	if c == nil {
		return d
	}
	for _, p := range c.People {
		d.People = append(d.People, pages.DemoPerson{Role: p.Role.Title(), Area: p.Area, Name: p.Name, Login: p.Login, Password: p.Password})
	}
	for _, h := range c.Households {
		d.Households = append(d.Households, pages.DemoHousehold{Household: h.Household, Village: h.Village, Card: h.Card, Path: "/c/" + h.Token, PIN: h.PIN})
	}
	return d
}
