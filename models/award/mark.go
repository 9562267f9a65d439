package award

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// Mark is what was seen at one door.
type Mark struct {
	Household int64
	Result    string
	Score     models.Points // of a full-mark table
	Faults    []int         `json:",omitempty"` // by their place in the table
	Note      string        `json:",omitempty"`
	Award     int64         `json:"-"` // 0: the result earned nothing
	Account   int64         `json:"-"`
	MarkedAt  models.Millis // the device's word
	SentAt    models.Millis `json:"-"`
	// Op is the tap's own id, made on the device: the same tap is taken once,
	// in whatever batch it comes. Zero takes one from the batch.
	Op db.OpID
}

// Final reports whether the door is done: nobody has to come back to it.
func (m Mark) Final() bool { return m.Result != "" && m.Result != Away && m.Result != Handed }

// What became of a mark.
const (
	SentSaved   = "saved"
	SentChanged = "changed" // saved in place of an earlier mark
	SentAlready = "already" // somebody had marked the door; theirs stands
	SentRefused = "refused" // nothing was saved
)

// Sent says what became of one mark of a batch. For SentAlready the result and
// the account are those of the mark that stands.
type Sent struct {
	Household int64
	Outcome   string
	Result    string
	Score     models.Points // of a full-mark table, as it stands
	Points    models.Points // what is recorded for it, with its sign
	Say       string        `json:",omitempty"`
	Account   int64         `json:",omitempty"`
}

// Saved reports whether this very mark is on the server.
func (s Sent) Saved() bool { return s.Outcome == SentSaved || s.Outcome == SentChanged }

// MarksMost is how many doors one batch brings.
const MarksMost = 500

// SendMarks takes doors of a round: from a phone, a form or a sheet of paper.
// Each door stands for itself, so one that is refused keeps no other back, and
// each tap is taken once however often and in whatever batches it comes. The
// answer has one line for every mark, in their order.
func SendMarks(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, round int64, marks []Mark) ([]Sent, error) {
	marks = slices.Clone(marks)
	for i := range marks {
		if err := marks[i].tidy(op); err != nil {
			return nil, err
		}
	}
	switch {
	case len(marks) == 0:
		return nil, models.ErrInput.With("还没有记任何一户，没有保存；请先点结果")
	case len(marks) > MarksMost:
		return nil, models.ErrInput.With(fmt.Sprintf("一次最多交 %d 户，没有保存，请分几次交", MarksMost))
	}
	spoil := map[int64]string{}
	sent, err := sendMarks(ctx, d, op, by, v, round, marks, false, spoil)
	// One household's refusal fails them all at once; then each is asked alone,
	// in a fresh transaction.
	if refusedBy(err) && !errors.Is(err, ErrRoundOver) {
		sent, err = sendMarks(ctx, d, op, by, v, round, marks, true, spoil)
	}
	for bad := (*doorRefused)(nil); errors.As(err, &bad); {
		spoil[bad.household] = bad.say
		sent, err = sendMarks(ctx, d, op, by, v, round, marks, true, spoil)
	}
	return sent, err
}

// refusedBy reports a rule's own no, as against a fault or a lost race.
func refusedBy(err error) bool {
	switch models.KindOf(err) {
	case models.Input, models.Conflict, models.NotFound, models.Forbidden:
		return err != nil
	}
	return false
}

func (m *Mark) tidy(op db.OpID) error {
	m.Note = models.Prose(m.Note)
	if utf8.RuneCountInString(m.Note) > noteMost {
		return models.ErrInput.With(fmt.Sprintf("说明最多 %d 个字，没有保存，请写短些", noteMost)).At("note")
	}
	if m.Op == (db.OpID{}) {
		m.Op = db.ErrandID("round-door", 0, m.Household, 0)
		for i := range m.Op {
			m.Op[i] ^= op[i]
		}
	}
	return nil
}

func sendMarks(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, round int64, marks []Mark, alone bool, spoil map[int64]string) ([]Sent, error) {
	var sent []Sent
	err := d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "round_marks", Asked: []any{round, marks}, By: by, Subject: round, Answer: &sent}, func(tx *db.Tx) error {
		w, err := walkIn(ctx, tx, by, v, round, marks)
		if err != nil {
			return err
		}
		w.spoil = spoil
		for i := range marks {
			if err := w.look(i); err != nil {
				return err
			}
		}
		if err := w.record(alone); err != nil {
			return err
		}
		sent = w.sent
		return w.write()
	})
	return sent, err
}

// text is a mark in the village's words, for the trail.
func (m Mark) text() string {
	s := village.TitleOf(ResultNames, m.Result)
	if m.Result == Scored {
		s += " " + m.Score.String()
	}
	if m.Note != "" {
		s += "（" + m.Note + "）"
	}
	return s
}

func faultText(faults []int) string {
	if len(faults) == 0 {
		return ""
	}
	b, _ := json.Marshal(faults)
	return string(b)
}
