package award

import (
	"context"
	"errors"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/notice"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// The refusals.
var (
	ErrAccused = &models.Error{Kind: models.Forbidden, Code: "accused", Say: "这条意见说的是您办的事，要由别人来答复，没有改动；请换一位同事，或交乡镇答复"}
	ErrKinside = &models.Error{Kind: models.Forbidden, Code: "own_household", Say: "这条意见涉及您自己家或亲属家，要回避，没有改动；请换一位同事答复"}
	ErrSameMan = &models.Error{Kind: models.Forbidden, Code: "same_person", Say: "村里的答复是您作的，往上反映的要换别人来答复；没有改动"}
)

// Answer decides an objection in the village's name, or in the township's where
// it was passed up: both sides are heard and the reason is written down. Upheld,
// the award in question is struck and a claim goes on to the meeting; refused,
// the award thaws. Whoever it is about, and kin of either side, do not decide.
func Answer(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, r notice.Ruling) error {
	asked := []any{id, r}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "objection-answer", Asked: asked, By: by, Subject: id}, func(tx *db.Tx) error {
		o, err := notice.GetObjection(ctx, tx, v, id)
		if err != nil {
			return err
		}
		above, err := mayAnswer(ctx, tx, by, o)
		if err != nil {
			return err
		}
		_, days, err := hearingDays(ctx, tx, v)
		if err != nil {
			return err
		}
		until := tx.Now.Add(days)
		if above {
			until = 0 // the township has spoken
		}
		if err := notice.Decide(tx, o, r, by.Account, until); err != nil {
			return err
		}
		if err := tx.Note(v, db.Note{Field: "outcome", New: r.Outcome}); err != nil {
			return err
		}
		return carryOut(ctx, tx, by, o, r, until)
	})
}

// JudgeAppeal is the township's last word on an objection that the village
// refused. It is carried out like the village's own.
func JudgeAppeal(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, r notice.Ruling) error {
	place, err := village.PlaceOf(ctx, d, v)
	if err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "objection-judge", Asked: []any{id, r}, By: by, Subject: id}, func(tx *db.Tx) error {
		o, err := notice.GetObjection(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if err := by.May(models.DecideAbove, place); err != nil {
			return err
		}
		if err := impartial(by, o); err != nil {
			return err
		}
		if o.DecidedBy == by.Account {
			return ErrSameMan
		}
		if err := notice.JudgeAppeal(tx, o, r, by.Account); err != nil {
			return err
		}
		if err := notice.Remarked(tx, o, notice.NoteSaid, by.Account, cut(r.Heard, notice.TextMost)); err != nil {
			return err
		}
		if err := tx.Note(v, db.Note{Field: "outcome", Old: o.Outcome, New: r.Outcome}); err != nil {
			return err
		}
		return carryOut(ctx, tx, by, o, r, 0)
	})
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// mayAnswer asks whether somebody may decide an open objection; above says that
// they do so for the township.
func mayAnswer(ctx context.Context, c db.Conn, by models.Actor, o notice.Objection) (above bool, err error) {
	place, err := village.PlaceOf(ctx, c, o.Village)
	if err != nil {
		return false, err
	}
	if err := by.May(models.AnswerObjections, place); err != nil {
		if !by.Can(models.DecideAbove, place) || !o.Above {
			return false, err
		}
		above = true
	}
	return above, impartial(by, o)
}

// impartial refuses whoever it is about, and kin of either side.
func impartial(by models.Actor, o notice.Objection) error {
	if o.Against != 0 && o.Against == by.Account {
		return ErrAccused
	}
	for _, h := range []int64{o.Household, o.For} {
		if h != 0 && slices.Contains(by.Kin, models.Household{Village: o.Village, ID: h}) {
			return ErrKinside
		}
	}
	return nil
}

// MayAnswer says for pages whether somebody may decide an objection: nil, or why
// not.
func MayAnswer(ctx context.Context, c db.Conn, by models.Actor, o notice.Objection) error {
	_, err := mayAnswer(ctx, c, by, o)
	return err
}

// someoneMay reports whether the village has anybody who may decide.
func someoneMay(ctx context.Context, c db.Conn, o notice.Objection) (bool, error) {
	able, err := Answerers(ctx, c, o)
	return len(able) > 0, err
}

// Answerers are the accounts in the village that may decide an objection.
func Answerers(ctx context.Context, c db.Conn, o notice.Objection) ([]int64, error) {
	place, err := village.PlaceOf(ctx, c, o.Village)
	if err != nil {
		return nil, err
	}
	day := c.Handle().Now().Day()
	var all, able []int64
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id int64
		err := row.Scan(&id)
		all = append(all, id)
		return err
	}, `SELECT DISTINCT g.account_id FROM grants g JOIN accounts a ON a.id = g.account_id
		WHERE g.role = 'committee' AND g.area_id IN (?, ?, ?, ?, ?) AND g.from_day <= ? AND (g.until_day = '' OR g.until_day >= ?) AND a.disabled_at = 0`,
		o.Village, place.Township, place.County, place.City, models.Everywhere, string(day), string(day))
	for _, id := range all {
		if err != nil {
			break
		}
		by := models.Actor{Account: id}
		if by.Kin, err = village.Kin(ctx, c, id); err == nil && impartial(by, o) == nil {
			able = append(able, id)
		}
	}
	return able, err
}

// carryOut does to the award and the claim what a decision says; until appealable
// what it leaves standing may still be taken to the township.
func carryOut(ctx context.Context, tx *db.Tx, by models.Actor, o notice.Objection, r notice.Ruling, appealable models.Millis) error {
	if o.Award != 0 && o.About != notice.AboutShort {
		a, err := Get(ctx, tx, o.Village, o.Award)
		if err != nil {
			return err
		}
		if r.Outcome == notice.Upheld {
			err = strike(tx, by, a, o, r.Reason)
		} else {
			err = thaw(tx, a, o, appealable)
		}
		if err != nil {
			return err
		}
	}
	if o.Result == 0 {
		return nil
	}
	claim, err := Get(ctx, tx, o.Village, o.Result)
	if err != nil {
		return err
	}
	if r.Outcome == notice.Refused {
		return refuseClaim(tx, by, claim, r.Reason)
	}
	return advance(ctx, tx, by, claim, o)
}

// refuseClaim ends a claim that nobody has passed yet.
func refuseClaim(tx *db.Tx, by models.Actor, a Award, reason string) error {
	switch a.State {
	case Claimed, Checked, Pending:
		return refuse(tx, by, a, "意见不成立："+reason)
	}
	return nil
}

// advance sends the claim of an upheld objection on to the meeting; one that the
// village had refused is made anew.
func advance(ctx context.Context, tx *db.Tx, by models.Actor, a Award, o notice.Objection) error {
	switch a.State {
	case Claimed:
		err := tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET state = ? WHERE village_id = ? AND id = ? AND state = ?", Checked, o.Village, a.ID, Claimed)
		if err != nil {
			return err
		}
		return note(tx, a, StepObject, Pass, by, o.Name()+"成立，交评议")
	case Refused:
		return claimAnew(ctx, tx, by, a, o)
	}
	return nil
}

// claimAnew makes the claim once more that the village had refused. What its rule
// or a cap no longer allows keeps nobody from upholding the objection; it is
// noted, and the village puts it right by hand.
func claimAnew(ctx context.Context, tx *db.Tx, by models.Actor, a Award, o notice.Objection) error {
	ask := Ask{Village: o.Village, Household: a.Household.ID, Member: a.Member, Rule: a.Rule, Quantity: a.Quantity, ActDate: a.ActDate, Note: a.Note, Way: WayObject, Source: o.ID}
	book, err := scheme.Load(ctx, tx, o.Village, a.Version)
	if err != nil {
		return err
	}
	rule, _ := book.Rule(a.Rule)
	if rule.BandBy == scheme.ByLevel && a.Band != "" {
		ask.Level = a.Band
	} else {
		ask.Points = chosen(a, rule)
	}
	id, err := claimOf(tx, models.Actor{Account: a.Recorder}, ask)
	var refused *models.Error
	if errors.As(err, &refused) && claimable(refused) {
		return notice.Remarked(tx, o, notice.NoteClaim, by.Account, shorten("没有重新记成报好事："+refused.Say))
	}
	if err != nil {
		return err
	}
	if err := notice.SetResult(tx, o, id); err != nil {
		return err
	}
	return notice.Remarked(tx, o, notice.NoteClaim, by.Account, "重新记成报好事，交村里评议")
}
