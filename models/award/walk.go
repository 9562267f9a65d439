package award

import (
	"context"
	"errors"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

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
	had   map[int64]Mark   // what stood before this batch
	take  []bool           // which of the marks are to be written
	spoil map[int64]string // doors that turned out to be refused, and why
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
	if say, ok := w.spoil[m.Household]; ok {
		return w.refuse(i, say)
	}
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
		case refusedBy(err) && w.sent[i].Outcome == SentChanged:
			return &doorRefused{w.marks[i].Household, sayOf(err)}
		case refusedBy(err):
			w.take[i] = false
			w.refuse(i, sayOf(err))
		default:
			return err
		}
	}
	return nil
}

// doorRefused says that a new result can't take the place of an old one whose
// award this transaction has taken back already: it starts again without it.
type doorRefused struct {
	household int64
	say       string
}

func (e *doorRefused) Error() string { return e.say }

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
