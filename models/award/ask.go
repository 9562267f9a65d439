package award

import (
	"context"
	"fmt"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// Ask is what a recorder wants to write down: one act, of one household or of
// each of many.
type Ask struct {
	Village    int64
	Household  int64
	Households []int64 `json:",omitempty"` // instead of Household
	Member     int64
	Rule       int64
	Points     models.Points // within the rule's range, per unit; 0: the rule's own
	Quantity   models.Qty    // 0: one
	ActDate    models.Date   // empty: today
	Note       string
	// Part takes what a cap leaves when it does not leave all.
	Part   bool
	Way    string        `json:",omitempty"`
	Source int64         `json:",omitempty"`
	Level  string        `json:",omitempty"` // the band of the rule's table, by name, instead of Points
	Due    models.Millis `json:",omitempty"` // until when a claim must be decided; 0: no deadline
}

// Most is how many awards one operation records.
const Most = 2000

// Window is how many days after the act a record is late, and until when it is
// taken at all.
const (
	LateAfter  = 7
	TooLateFor = 400
)

const noteMost = 200

var errNobody = models.ErrInput.With("没有选任何一户，没有记分，请先选")

// expand makes one ask per household and refuses what is wrong whatever the
// database says.
func expand(asks []Ask) ([]Ask, error) {
	var all []Ask
	for _, a := range asks {
		a.Note = models.Prose(a.Note)
		if a.Quantity == 0 {
			a.Quantity = models.One
		}
		if utf8.RuneCountInString(a.Note) > noteMost {
			return nil, models.ErrInput.With(fmt.Sprintf("说明最多 %d 个字，没有记分，请写短些", noteMost)).At("note")
		}
		if a.Village != asks[0].Village {
			return nil, models.ErrNotFound
		}
		if a.Household != 0 {
			all = append(all, a)
		}
		for _, h := range a.Households {
			one := a
			one.Household, one.Households = h, nil
			all = append(all, one)
		}
	}
	switch {
	case len(all) == 0:
		return nil, errNobody
	case len(all) > Most:
		return nil, models.ErrInput.With(fmt.Sprintf("一次最多记 %d 户，没有记分，请分几次", Most))
	}
	return all, nil
}

// mayRecord asks for each household. In a batch the refusal names which are the
// recorder's own, so that a colleague can be asked for just those. Claims are
// different: a family enters its own, and somebody else checks them.
func mayRecord(ctx context.Context, c db.Conn, by models.Actor, asks []Ask) (models.Place, error) {
	place, err := village.PlaceOf(ctx, c, asks[0].Village)
	if err != nil {
		return place, err
	}
	for _, a := range asks {
		if claimed(a.Way) {
			err = mayClaim(by, place, a)
		} else {
			err = by.May(models.GrantPoints, place)
		}
		if err != nil {
			return place, err
		}
	}
	return place, notOwn(ctx, c, by, place, asks)
}

func mayClaim(by models.Actor, place models.Place, a Ask) error {
	switch {
	case a.Way == WayObject: // asked by whoever heard the objection
		return nil
	case by.Account == 0 && by.Household == a.home() && a.Household != 0:
		return nil
	case by.Can(models.CheckClaims, place):
		return nil
	}
	return by.May(models.GrantPoints, place)
}

func notOwn(ctx context.Context, c db.Conn, by models.Actor, place models.Place, asks []Ask) error {
	var own []int64
	for _, a := range asks {
		if !claimed(a.Way) && by.MayFor(models.GrantPoints, place, a.home()) != nil {
			own = append(own, a.Household)
		}
	}
	if len(own) == 0 {
		return nil
	}
	if len(asks) == 1 {
		return models.ErrOwnHome
	}
	homes, err := village.HomesByID(ctx, c, asks[0].Village, own)
	if err != nil {
		return err
	}
	names := ""
	for _, id := range own {
		if h, ok := homes[id]; ok {
			names += "、" + h.Label()
		}
	}
	if names == "" {
		return models.ErrOwnHome
	}
	return models.ErrOwnHome.With(fmt.Sprintf("名单里有您自己家或亲属家：%s。不能给自己家办理，这一批都没有记；请去掉后再记，这几户换一位同事", names[len("、"):]))
}

func (a Ask) home() models.Household { return models.Household{Village: a.Village, ID: a.Household} }

// roleOf is the role in which somebody records here.
func roleOf(by models.Actor, at models.Place) models.Role {
	if by.Account == 0 && by.Household.ID != 0 {
		return Family
	}
	for _, g := range by.Grants {
		if (models.Actor{Account: by.Account, Grants: []models.Grant{g}}).Can(models.GrantPoints, at) {
			return g.Role
		}
	}
	return ""
}
