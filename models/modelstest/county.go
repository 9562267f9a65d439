package modelstest

import (
	"testing"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/village"
)

// County is 青山县 with its town 石坝镇 and an administrator, made through the
// real activities; villages and people are added to it.
type County struct {
	testing.TB
	DB    *db.DB
	Clock *Clock
	Keys  *keys.Keys
	Boss  models.Actor
	Town  int64
	// Secrets are the sessions of the people who signed in, by login.
	Secrets map[string]string
}

// NewCounty makes the county in an SQLite database of its own.
func NewCounty(t testing.TB) *County {
	t.Helper()
	c := &County{TB: t, Keys: keys.Test(), Secrets: map[string]string{}}
	c.DB, c.Clock = Open(t)
	a, err := account.FirstAdmin(t.Context(), c.DB, "boss", "丁管理", "he-bin-lu-8hao")
	c.Must(err)
	c.Boss = models.Actor{Account: a.ID, Name: a.Name, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	county := c.area(0, village.County, "青山县")
	c.Town = c.area(county, village.Township, "石坝镇")
	return c
}

// Must ends the test on an error.
func (c *County) Must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *County) area(parent int64, level, name string) int64 {
	c.Helper()
	a, err := village.AddArea(c.Context(), c.DB, db.NewOpID(), c.Boss, village.NewArea{Parent: parent, Level: level, Name: name})
	c.Must(err)
	return a.ID
}

// Village adds a village to the town.
func (c *County) Village(name string) int64 {
	c.Helper()
	return c.area(c.Town, village.Hamlet, name)
}

// Person adds somebody with one role and signs them in.
func (c *County) Person(login, name string, role models.Role, area int64) models.Actor {
	c.Helper()
	a, err := account.AddAccount(c.Context(), c.DB, db.NewOpID(), c.Boss, account.NewAccount{Login: login, Name: name, Password: "shi-ba-zhen-3zu", Role: role, Area: area, Chosen: true})
	c.Must(err)
	c.SignIn(login, a.ID)
	return models.Actor{Account: a.ID, Name: name, Grants: []models.Grant{{Role: role, Area: area}}}
}

// SignIn opens another session for somebody, for when time has passed.
func (c *County) SignIn(login string, id int64) {
	c.Helper()
	secret, err := account.Open(c.Context(), c.DB, id, "test", true)
	c.Must(err)
	c.Secrets[login] = secret
}

// Home adds a household of group 3.
func (c *County) Home(v int64, number, head string) models.Household {
	c.Helper()
	h, err := village.AddHome(c.Context(), c.DB, db.NewOpID(), c.Boss, village.HomeForm{Village: v, Number: number, Group: 3, Head: head}.With(c.Keys))
	c.Must(err)
	return h
}

// LivesAt notes where a member of staff is at home.
func (c *County) LivesAt(who models.Actor, h models.Household) {
	c.Helper()
	_, err := village.AddLink(c.Context(), c.DB, db.NewOpID(), c.Boss, h.Village, village.Link{Household: h.ID, Account: who.Account})
	c.Must(err)
}
