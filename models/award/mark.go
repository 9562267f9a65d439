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
	sent, err := sendMarks(ctx, d, op, by, v, round, marks, false)
	// One household's refusal fails them all at once; then each is asked alone,
	// in a fresh transaction.
	if refusedBy(err) && !errors.Is(err, ErrRoundOver) {
		sent, err = sendMarks(ctx, d, op, by, v, round, marks, true)
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
	m.Note = models.Normal(m.Note)
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

func sendMarks(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, round int64, marks []Mark, alone bool) ([]Sent, error) {
	var sent []Sent
	err := d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "round_marks", Asked: []any{round, marks}, By: by, Subject: round, Answer: &sent}, func(tx *db.Tx) error {
		w, err := walkIn(ctx, tx, by, v, round, marks)
		if err != nil {
			return err
		}
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

// walk is a batch of marks on its way.
type walk struct {
	ctx   context.Context
	tx    *db.Tx
	by    models.Actor
	place models.Place
	round Round
	marks []Mark
	sent  []Sent
	cover village.Cover
	homes map[int64]village.Home
	had   map[int64]Mark // what stood before this batch
	take  []bool         // which of the marks are to be written
}

func walkIn(ctx context.Context, tx *db.Tx, by models.Actor, v, round int64, marks []Mark) (*walk, error) {
	w := &walk{ctx: ctx, tx: tx, by: by, marks: slices.Clone(marks), sent: make([]Sent, len(marks)), take: make([]bool, len(marks))}
	var err error
	if w.place, err = village.PlaceOf(ctx, tx, v); err != nil {
		return nil, err
	}
	if err := by.May(models.GrantPoints, w.place); err != nil {
		return nil, err
	}
	if w.round, err = GetRound(ctx, tx, v, round); err != nil {
		return nil, err
	}
	if !w.round.Open() {
		return nil, ErrRoundOver
	}
	if w.cover, err = village.CoverOf(ctx, tx, by, w.place); err != nil {
		return nil, err
	}
	ids := make([]int64, len(marks))
	for i, m := range marks {
		ids[i] = m.Household
	}
	if w.homes, err = village.HomesByID(ctx, tx, v, ids); err != nil {
		return nil, err
	}
	all, err := Marks(ctx, tx, v, round)
	w.had = make(map[int64]Mark, len(all))
	for _, m := range all {
		w.had[m.Household] = m
	}
	return w, err
}

func (w *walk) refuse(i int, say string) error {
	w.sent[i] = Sent{Household: w.marks[i].Household, Outcome: SentRefused, Result: w.marks[i].Result, Say: say}
	return nil
}

// look decides what becomes of one mark, but for what its rule says.
func (w *walk) look(i int) error {
	m := &w.marks[i]
	h, known := w.homes[m.Household]
	was, had := w.had[m.Household]
	switch {
	case !known:
		return w.refuse(i, "村里没有找到这一户，没有记；请核对")
	case had && was.Op == m.Op:
		return w.same(i, was, SentSaved)
	case had && was.Final() && (was.Result == m.Result || !m.Final()):
		return w.same(i, was, SentAlready)
	case slices.ContainsFunc(w.marks[:i], func(o Mark) bool { return o.Household == m.Household }):
		return w.refuse(i, "这一批里同一户记了两次，这一次没有记")
	case h.Left():
		return w.refuse(i, "这一户已经登记离开，没有记")
	case h.Joining == "out":
		return w.refuse(i, "这一户暂不参加积分，没有记")
	case m.Result != Handed && w.by.MayFor(models.GrantPoints, w.place, h.Household) != nil:
		return w.refuse(i, "这是您自己家或亲属家，没有记；请点“请同事记”")
	}
	if err := w.cover.Refuse(h.GridID, h.Group); err != nil {
		return w.refuse(i, sayOf(err))
	}
	if _, ok := w.round.Worth(m.Result); !ok {
		return w.refuse(i, "这一轮没有这个结果，没有记；请刷新页面再点")
	}
	if t := w.round.Choices.Table; m.Result == Scored {
		var ok bool
		if m.Score, ok = t.Score(m.Faults); !ok {
			return w.refuse(i, "扣分项和这一轮的表对不上，没有记；请刷新页面再点")
		}
	} else {
		m.Score, m.Faults = 0, nil
	}
	w.sent[i] = Sent{Household: m.Household, Outcome: SentSaved, Result: m.Result, Score: m.Score}
	if had && was.Final() {
		return w.change(i, was)
	}
	w.take[i] = true
	return nil
}

// same answers with the mark that stands.
func (w *walk) same(i int, was Mark, outcome string) error {
	w.sent[i] = Sent{Household: was.Household, Outcome: outcome, Result: was.Result, Score: was.Score, Account: was.Account}
	if was.Award == 0 {
		return nil
	}
	a, err := Get(w.ctx, w.tx, w.round.Village, was.Award)
	if a.Stands() {
		w.sent[i].Points = a.Shown()
	}
	return err
}

// change puts a new result in place of a final one: by whoever marked it, or by
// the committee, while what was recorded for it can still be taken back.
func (w *walk) change(i int, was Mark) error {
	h := w.homes[was.Household].Household
	if was.Account != w.by.Account && w.by.MayFor(models.CorrectEntry, w.place, h) != nil {
		return w.same(i, was, SentAlready)
	}
	if was.Award != 0 {
		a, err := Get(w.ctx, w.tx, w.round.Village, was.Award)
		if err != nil {
			return err
		}
		if err := a.makeRoom(w.ctx, w.tx, w.by, "巡查结果改记"); refusedBy(err) {
			return w.refuse(i, sayOf(err))
		} else if err != nil {
			return err
		}
	}
	w.sent[i].Outcome, w.take[i] = SentChanged, true
	return nil
}

func sayOf(err error) string {
	var e *models.Error
	if errors.As(err, &e) {
		return e.Say
	}
	return ""
}

// ask is what a mark earns; ok is false when it earns nothing.
func (w *walk) ask(m Mark) (Ask, bool) {
	worth, _ := w.round.Worth(m.Result)
	points := worth.Points
	if m.Result == Scored {
		points = m.Score
	}
	if worth.Rule == 0 || m.Result == Scored && points == 0 {
		return Ask{}, false
	}
	note := w.round.Name
	if m.Note != "" {
		note += "：" + m.Note
	}
	if r := []rune(note); len(r) > noteMost {
		note = string(r[:noteMost])
	}
	return Ask{Village: w.round.Village, Household: m.Household, Rule: worth.Rule, Points: points, Level: worth.Level, ActDate: w.round.Day, Note: note, Part: true, Way: WayRound, Source: w.round.ID}, true
}

// record writes the awards down, all in one go or each alone. A cap that is
// used up leaves the result standing and gives nothing for it.
func (w *walk) record(alone bool) error {
	var asks []Ask
	var at []int
	for i, m := range w.marks {
		if a, ok := w.ask(m); ok && w.take[i] {
			asks, at = append(asks, a), append(at, i)
		}
	}
	if len(asks) == 0 {
		return nil
	}
	if !alone {
		done, err := RecordIn(w.tx, w.by, asks...)
		for k, a := range done {
			w.got(at[k], a)
		}
		return err
	}
	for k, ask := range asks {
		i := at[k]
		done, err := RecordIn(w.tx, w.by, ask)
		switch {
		case err == nil:
			w.got(i, done[0])
		case errors.Is(err, ErrCap):
			w.sent[i].Say = "这一项已经记满，记了结果，没有再加分"
		case refusedBy(err):
			w.take[i] = false
			w.refuse(i, sayOf(err))
		default:
			return err
		}
	}
	return nil
}

func (w *walk) got(i int, a Award) {
	w.marks[i].Award, w.sent[i].Points = a.ID, a.Shown()
	if a.State == Warned {
		w.sent[i].Say = "扣分先告知这一户，过了申辩期才生效"
	}
}

const insertMark = "INSERT INTO marks (village_id, round_id, household_id, result, score, faults, note, award_id, account_id, marked_at, sent_at, op_id)"

// write puts the marks down; of two phones at one door, one finds the other's
// and starts again.
func (w *walk) write() error {
	var fresh []any
	for i, m := range w.marks {
		if !w.take[i] {
			continue
		}
		m.Account, m.SentAt = w.by.Account, w.tx.Now
		if m.MarkedAt <= 0 || m.MarkedAt > w.tx.Now {
			m.MarkedAt = w.tx.Now
		}
		was, had := w.had[m.Household]
		if !had {
			fresh = append(fresh, w.round.Village, w.round.ID, m.Household, m.Result, int64(m.Score), faultText(m.Faults), m.Note, m.Award, m.Account, int64(m.MarkedAt), int64(m.SentAt), m.Op[:])
			continue
		}
		err := w.tx.SQL.Must(1, db.ErrLost, `UPDATE marks SET result = ?, score = ?, faults = ?, note = ?, award_id = ?, account_id = ?, marked_at = ?, sent_at = ?, op_id = ?
			WHERE village_id = ? AND round_id = ? AND household_id = ? AND op_id = ?`,
			m.Result, int64(m.Score), faultText(m.Faults), m.Note, m.Award, m.Account, int64(m.MarkedAt), int64(m.SentAt), m.Op[:], w.round.Village, w.round.ID, m.Household, was.Op[:])
		if err != nil {
			return err
		}
		if err := w.tx.Note(w.round.Village, db.Note{Field: "mark", Old: w.homes[m.Household].Mark() + " " + was.text(), New: m.text()}); err != nil {
			return err
		}
	}
	if err := w.tx.SQL.Many(insertMark, "", 12, fresh); db.IsDuplicate(err) {
		return db.ErrLost
	} else if err != nil {
		return err
	}
	// A round that was closed meanwhile takes nothing any more.
	return w.tx.SQL.Must(1, db.ErrLost, "UPDATE rounds SET state = state WHERE village_id = ? AND id = ? AND state = ?", w.round.Village, w.round.ID, RoundOpen)
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
