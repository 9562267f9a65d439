package award

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/ledger"
)

// ClaimsMost bounds what one family has waiting at a time.
const ClaimsMost = 30

// Claim writes down what a family says it did, from its own phone. Somebody of
// the village checks it, the meeting decides.
func Claim(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, a Ask) (Award, error) {
	if by.Household.ID == 0 || by.Account != 0 {
		return Award{}, models.ErrSignIn
	}
	a.Village, a.Household, a.Households, a.Way, a.Source, a.Part = by.Household.Village, by.Household.ID, nil, WayPhone, 0, false
	done, err := Record(ctx, d, op, by, a)
	if err != nil {
		return Award{}, err
	}
	return done[0], nil
}

// mayClaimMore bounds what a family has waiting. It is asked inside the operation,
// so that the last one sent again gets its first answer.
func (r *recording) mayClaimMore() error {
	if r.by.Account != 0 || r.by.Household.ID == 0 {
		return nil
	}
	open, err := openClaims(r.tx.Statement.Context, r.tx, r.by.Household)
	if err == nil && open >= ClaimsMost {
		err = &models.Error{Kind: models.TooMany, Code: "claims_most", Say: fmt.Sprintf("您家已经有 %d 件报的好事在等村里核实，这一件没有记下；等有了结果再报", open)}
	}
	return err
}

func openClaims(ctx context.Context, c db.Conn, h models.Household) (n int, err error) {
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM awards WHERE village_id = ? AND notice_id = 0 AND state IN ('claimed', 'checked') AND household_id = ?", h.Village, h.ID).Scan(&n)
	return n, err
}

// ErrNotOpen says that a claim can no longer be completed.
var ErrNotOpen = &models.Error{Kind: models.Conflict, Code: "claim_closed", Say: "这一件已经往下办了，没有改动；有话要说可以用“提意见”"}

// Complete adds to what a claim says, by the family or by whoever entered it,
// as long as nobody has passed it: after it was sent back, or just because
// something was forgotten.
func Complete(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, text string) error {
	text = models.Prose(text)
	if text == "" || utf8.RuneCountInString(text) > noteMost {
		return models.ErrInput.With(fmt.Sprintf("请写 1 到 %d 个字，没有保存", noteMost)).At("note")
	}
	asked := struct {
		Award int64
		Text  string
	}{id, text}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "claim-complete", Asked: asked, By: by, Subject: id}, func(tx *db.Tx) error {
		a, err := Get(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if !a.by(by) {
			return models.ErrNotFound
		}
		if a.State != Claimed {
			return ErrNotOpen
		}
		whole := strings.TrimPrefix(a.Note+"；"+text, "；")
		if utf8.RuneCountInString(whole) > noteMost {
			return models.ErrInput.With(fmt.Sprintf("连同原来写的一共最多 %d 个字，没有保存，请写短些", noteMost)).At("note")
		}
		if a.salt == nil {
			a.salt = ledger.Salt()
		}
		if err := tx.Note(v, db.Note{Field: "note", Old: a.Note, New: whole}); err != nil {
			return err
		}
		return tx.SQL.Must(1, db.ErrLost, "UPDATE awards SET note = ?, note_salt = ? WHERE village_id = ? AND id = ? AND state = ? AND note = ?", whole, a.salt, v, id, Claimed, a.Note)
	})
}

// by reports whether somebody entered the award, or is the family that it is
// about.
func (a Award) by(who models.Actor) bool {
	if who.Account != 0 {
		return a.Recorder == who.Account
	}
	return who.Household.ID != 0 && who.Household == a.Household
}

// Life is an award with what happened to it.
type Life struct {
	Award
	Steps []Step
}

// Reason is why it was refused or sent back last, empty otherwise.
func (l Life) Reason() string {
	for _, s := range slices.Backward(l.Steps) {
		if s.Outcome == Refuse || s.Outcome == Back {
			return s.Reason
		}
		if s.Outcome == Pass {
			break
		}
	}
	return ""
}

// Lives adds what happened to each of some awards, for lists.
func Lives(ctx context.Context, c db.Conn, v int64, awards []Award) ([]Life, error) {
	ids := make([]int64, len(awards))
	for i, a := range awards {
		ids[i] = a.ID
	}
	steps, err := stepsOfMany(ctx, c, v, ids)
	out := make([]Life, len(awards))
	for i, a := range awards {
		out[i] = Life{a, steps[a.ID]}
	}
	return out, err
}
