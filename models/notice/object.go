package notice

import (
	"fmt"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
)

// The longest texts, in characters.
const (
	TextMost  = 500
	HeardMost = 1000
)

// The refusals.
var (
	ErrAnswered = &models.Error{Kind: models.Conflict, Code: "objection_answered", Say: "这条意见已经有答复了，没有改动，请看最新的内容"}
	ErrNoAppeal = &models.Error{Kind: models.Conflict, Code: "no_appeal", Say: "这条意见现在不能再往镇上反映：只有村里答复“不成立”的，在答复后规定的天数内可以反映一次"}
)

// Object writes an objection down under the village's next number of the year.
// look is the hash of its look-up code, contact what SealContact closed. The
// caller has worked out what it is about and minted its id.
func Object(tx *db.Tx, o Objection, look, contact []byte) (Objection, error) {
	if err := checkText(o.Text, "请写明是什么意见", TextMost, "text"); err != nil {
		return o, err
	}
	if Titled(Abouts, o.About) == "" || Titled(Ways, o.Way) == "" {
		return o, models.ErrInput.With("请选是哪方面的意见，还没有提交").At("about")
	}
	o.Year, o.MadeAt, o.State = tx.Now.Time().Year(), tx.Now, Open
	err := tx.SQL.Row("SELECT COALESCE(MAX(number), 0) + 1 FROM objections WHERE village_id = ? AND year = ?", o.Village, o.Year).Scan(&o.Number)
	if err != nil {
		return o, err
	}
	above := 0
	if o.Above {
		above = 1
	}
	_, err = tx.SQL.Exec(`INSERT INTO objections (village_id, id, year, number, about, subject_id, award_id, household_id, for_household, against_id, way, text, contact_sealed, look_hash,
		state, above, made_at, made_by, due_at, result_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.Village, o.ID, o.Year, o.Number, o.About, o.Subject, o.Award, o.Household, o.For, o.Against, o.Way, o.Text, blob(contact), blob(look),
		Open, above, int64(tx.Now), o.MadeBy, int64(o.DueAt), o.Result)
	if db.IsDuplicate(err) {
		return o, db.ErrLost // another objection took the number
	}
	o.contact = contact
	return o, err
}

// blob keeps an empty one out of a unique index.
func blob(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

func checkText(s, ask string, most int, field string) error {
	switch n := utf8.RuneCountInString(s); {
	case n < 2:
		return models.ErrInput.With(ask + "，还没有保存").At(field)
	case n > most:
		return models.ErrInput.With(fmt.Sprintf("最多写 %d 个字，还没有保存，请写短些", most)).At(field)
	}
	return nil
}

// Assign says who looks into an open objection.
func Assign(tx *db.Tx, o Objection, account int64) error {
	return tx.SQL.Must(1, ErrAnswered, "UPDATE objections SET assigned_to = ? WHERE village_id = ? AND id = ? AND state = ?", account, o.Village, o.ID, Open)
}

// Ruling is a decision: what both sides said, and why so.
type Ruling struct {
	Outcome string // Upheld or Refused
	Heard   string
	Reason  string
}

// Check refuses a ruling without both sides or without a reason.
func (r Ruling) Check() error {
	if r.Outcome != Upheld && r.Outcome != Refused {
		return models.ErrInput.With("请选意见成立还是不成立，还没有保存").At("outcome")
	}
	if err := checkText(r.Heard, "请写明两边各怎么说", HeardMost, "heard"); err != nil {
		return err
	}
	return checkText(r.Reason, "请写明为什么这样答复", TextMost, "reason")
}

// Decide answers an open objection. What the village refuses may go to the
// township until appealUntil; with appealUntil 0 the answer is the last.
func Decide(tx *db.Tx, o Objection, r Ruling, by int64, appealUntil models.Millis) error {
	if err := r.Check(); err != nil {
		return err
	}
	state := Settled
	if r.Outcome == Refused && appealUntil != 0 {
		state = Decided
	}
	return tx.SQL.Must(1, ErrAnswered, "UPDATE objections SET state = ?, heard = ?, outcome = ?, reason = ?, decided_at = ?, decided_by = ?, appeal_due = ? WHERE village_id = ? AND id = ? AND state = ?",
		state, r.Heard, r.Outcome, r.Reason, int64(tx.Now), by, int64(appealUntil), o.Village, o.ID, Open)
}

// Appeal takes a refused objection to the township, once, in time; due is when
// the township must answer.
func Appeal(tx *db.Tx, o Objection, text string, due models.Millis) error {
	if err := checkText(text, "请写明为什么不同意村里的答复", TextMost, "text"); err != nil {
		return err
	}
	return tx.SQL.Must(1, ErrNoAppeal, "UPDATE objections SET state = ?, appealed_at = ?, appeal_text = ?, appeal_due = ? WHERE village_id = ? AND id = ? AND state = ? AND appeal_due > ?",
		Appealed, int64(tx.Now), text, int64(due), o.Village, o.ID, Decided, int64(tx.Now))
}

// JudgeAppeal is the township's answer, the last one.
func JudgeAppeal(tx *db.Tx, o Objection, r Ruling, by int64) error {
	if err := r.Check(); err != nil {
		return err
	}
	return tx.SQL.Must(1, ErrAnswered, "UPDATE objections SET state = ?, appeal_outcome = ?, appeal_reason = ?, appeal_at = ?, appeal_by = ? WHERE village_id = ? AND id = ? AND state = ?",
		Settled, r.Outcome, r.Reason, int64(tx.Now), by, o.Village, o.ID, Appealed)
}

// TakeBack ends an open objection because who made it wants so.
func TakeBack(tx *db.Tx, o Objection) error {
	return tx.SQL.Must(1, ErrAnswered, "UPDATE objections SET state = ?, decided_at = ? WHERE village_id = ? AND id = ? AND state = ?", TookBack, int64(tx.Now), o.Village, o.ID, Open)
}

// SetResult keeps which claim came of an objection.
func SetResult(tx *db.Tx, o Objection, award int64) error {
	return tx.SQL.Must(1, models.ErrNotFound, "UPDATE objections SET result_id = ? WHERE village_id = ? AND id = ?", award, o.Village, o.ID)
}

// PassUp lets the township decide an open objection that the village left beyond
// its deadline, or has nobody to decide. It changes nothing that is answered.
func PassUp(tx *db.Tx, o Objection) (passed bool, err error) {
	n, err := tx.SQL.Exec("UPDATE objections SET above = 1 WHERE village_id = ? AND id = ? AND state = ? AND above = 0", o.Village, o.ID, Open)
	return n == 1, err
}

// Lapse closes a refused objection that nobody took to the township in time.
func Lapse(tx *db.Tx, o Objection) error {
	_, err := tx.SQL.Exec("UPDATE objections SET state = ? WHERE village_id = ? AND id = ? AND state = ? AND appeal_due <= ?", Settled, o.Village, o.ID, Decided, int64(tx.Now))
	return err
}

// PointAt says which award an open objection means, whose it is and who recorded
// it.
func PointAt(tx *db.Tx, o Objection, award, household, recorder int64) error {
	about := o.About
	if about != AboutShort && about != AboutDeduct {
		about = AboutAward
	}
	return tx.SQL.Must(1, ErrAnswered, "UPDATE objections SET about = ?, award_id = ?, for_household = ?, against_id = ? WHERE village_id = ? AND id = ? AND state = ? AND award_id = 0",
		about, award, household, recorder, o.Village, o.ID, Open)
}
