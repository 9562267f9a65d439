package models_test

import (
	"errors"
	"testing"

	"pointstore/models"
)

var (
	here    = models.Place{City: 10, County: 20, Township: 30, Village: 40}
	nextVil = models.Place{City: 10, County: 20, Township: 30, Village: 41}
	wang    = models.Household{Village: 40, ID: 1}
	neighb  = models.Household{Village: 40, ID: 2}
)

func person(role models.Role, area int64, kin ...models.Household) models.Actor {
	return models.Actor{Account: 7, Grants: []models.Grant{{Role: role, Area: area}}, Kin: kin}
}

func TestGrantsHoldInTheirAreaOnly(t *testing.T) {
	for _, c := range []struct {
		who  models.Actor
		act  models.Action
		at   models.Place
		want error
	}{
		{person(models.Clerk, 40), models.HandOverGoods, here, nil},
		{person(models.Clerk, 40), models.HandOverGoods, nextVil, models.ErrForbidden},
		{person(models.Clerk, 40), models.GrantPoints, here, models.ErrForbidden},
		{person(models.Committee, 40), models.GrantPoints, here, nil},
		{person(models.Committee, 40), models.HandOverGoods, here, models.ErrForbidden},
		{person(models.Publicity, 20), models.ReadReport, nextVil, nil},
		{person(models.Publicity, 21), models.ReadReport, here, models.ErrForbidden},
		{person(models.Publicity, 20), models.SeeHouseholds, here, models.ErrForbidden},
		{person(models.Admin, models.Everywhere), models.RunInstance, here, nil},
		{person(models.Admin, models.Everywhere), models.GrantPoints, here, models.ErrForbidden},
		{person(models.Admin, 0), models.RunInstance, here, models.ErrForbidden},
		{person("", 40), models.ReadReport, here, models.ErrForbidden},
		{models.Actor{}, models.ReadReport, here, models.ErrSignIn},
		{models.Actor{Household: wang}, models.SeeHouseholds, here, models.ErrForbidden},
		{models.TheClock, models.HangNotice, here, nil},
	} {
		if err := c.who.May(c.act, c.at); !errors.Is(err, c.want) {
			t.Errorf("%v may %s at %v: %v, want %v", c.who.Grants, c.act, c.at, err, c.want)
		}
	}
}

func TestNobodyDecidesForTheirOwnHome(t *testing.T) {
	for _, role := range []models.Role{models.Committee, models.GridWorker} {
		who := person(role, 40, wang)
		if err := who.MayFor(models.GrantPoints, here, wang); !errors.Is(err, models.ErrOwnHome) {
			t.Errorf("%s may award the own home: %v", role, err)
		}
		if err := who.MayFor(models.GrantPoints, here, neighb); err != nil {
			t.Errorf("%s may not award the neighbours: %v", role, err)
		}
	}
}

func TestEveryRoleHasATitleAndReadsNoMoreThanItMust(t *testing.T) {
	for _, r := range models.Roles {
		if r.Title() == "" {
			t.Errorf("%s has no title", r)
		}
	}
	for _, reader := range []models.Role{models.Monitor, models.FirstSec, models.Publicity, models.Inspector} {
		for _, act := range []models.Action{models.RunInstance, models.SetUpVillage, models.GrantPoints, models.CorrectEntry, models.HangNotice,
			models.HandOverGoods, models.UndoRedemption, models.KeepStock, models.CloseQuarter} {
			if person(reader, 40).Can(act, here) {
				t.Errorf("%s reads, but may %s", reader, act)
			}
		}
	}
}

func TestErrorsSpeakToThreeReaders(t *testing.T) {
	cause := errors.New("disk on fire")
	e := models.ErrStale.With("请再看一遍").At("head").Because(cause)
	if !errors.Is(e, models.ErrStale) || !errors.Is(e, cause) || errors.Is(e, models.ErrBusy) || models.KindOf(e) != models.Conflict || e.Say != "请再看一遍" || e.Field != "head" {
		t.Errorf("the refusal lost something: %+v", e)
	}
	if models.ErrStale.Field != "" || models.ErrStale.Cause != nil {
		t.Error("saying more changed the refusal that everybody shares")
	}
	if models.KindOf(cause) != models.Bug {
		t.Error("what nobody declared must be ours")
	}
}
