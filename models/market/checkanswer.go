package market

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// CheckLine is a redemption of a sample with what the household said.
type CheckLine struct {
	Receipt
	Head       string // the household's full name
	Answer     string
	Note       string
	AnsweredBy int64
	AnsweredAt models.Millis
	Objection  int64 // that came of it
}

// CheckAnswer is what a household said about one redemption.
type CheckAnswer struct {
	Redemption int64
	Answer     string
	Note       string
}

// CheckLines lists a check's redemptions, by group and household, as one walks.
func CheckLines(ctx context.Context, c db.Conn, k Check) (all []CheckLine, err error) {
	ids := map[int64]*CheckLine{}
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var id int64
		var l CheckLine
		err := row.Scan(&id, &l.Head, &l.Answer, &l.Note, &l.AnsweredBy, &l.AnsweredAt, &l.Objection)
		ids[id] = &l
		return err
	}, `SELECT l.redemption_id, h.head_name, l.answer, l.note, l.answered_by, l.answered_at, l.objection_id FROM check_lines l
		JOIN households h ON h.village_id = l.village_id AND h.id = l.household_id WHERE l.village_id = ? AND l.check_id = ?`, k.Village, k.ID)
	if err != nil {
		return nil, err
	}
	list, err := receipts(ctx, c, k.Village, `JOIN check_lines l ON l.village_id = r.village_id AND l.redemption_id = r.id
		WHERE r.village_id = ? AND l.check_id = ? ORDER BY h.group_no, h.number, r.id`, k.Village, k.ID)
	for _, r := range list {
		l := ids[r.ID]
		l.Receipt = r
		all = append(all, *l)
	}
	return all, err
}

// AnswerCheck keys in what households said. An answer may be changed while the
// check goes on and no objection came of it. Nobody keys in for their own family.
func AnswerCheck(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, check int64, answers []CheckAnswer) error {
	at, err := village.PlaceOf(ctx, d, v)
	if err == nil {
		err = by.May(models.WatchRecords, at)
	}
	if err != nil {
		return err
	}
	for _, a := range answers {
		if a.Answer != "" && a.Answer != CheckYes && a.Answer != CheckNo && a.Answer != CheckUnsure {
			return models.ErrInput.With("请选“对”“不对”或“记不清”，还没有保存").At("answer")
		}
		if err := fits("note", "说的话", a.Note, checkNote); err != nil {
			return err
		}
	}
	asked := struct {
		Check   int64
		Answers []CheckAnswer
	}{check, answers}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "check_answer", Asked: asked, By: by, Subject: check}, func(tx *db.Tx) error {
		k, err := holdCheck(tx, v, check)
		if err != nil {
			return err
		}
		lines, err := CheckLines(ctx, tx, k)
		if err != nil {
			return err
		}
		was := map[int64]CheckLine{}
		for _, l := range lines {
			was[l.ID] = l
		}
		for _, a := range answers {
			if err := a.keep(tx, by, at, check, was[a.Redemption]); err != nil {
				return err
			}
		}
		return nil
	})
}

// holdCheck finds a check that goes on, and keeps others from closing it.
func holdCheck(tx *db.Tx, v, check int64) (Check, error) {
	err := tx.SQL.Must(1, ErrCheckClosed, "UPDATE checks SET state = state WHERE village_id = ? AND id = ? AND state = ?", v, check, CheckAsking)
	k, lost := GetCheck(tx.Statement.Context, tx, v, check)
	if lost != nil {
		err = lost
	}
	return k, err
}

func (a CheckAnswer) keep(tx *db.Tx, by models.Actor, at models.Place, check int64, was CheckLine) error {
	switch {
	case was.ID == 0:
		return models.ErrNotFound.With("这张小票不在这次抽查里，没有保存")
	case was.Answer == a.Answer && was.Note == a.Note:
		return nil
	case was.Objection != 0:
		return ErrCheckSaid.With("小票 " + was.Number + " 已经记成意见，不能再改，没有保存")
	}
	if err := by.MayFor(models.WatchRecords, at, was.Household); err != nil {
		return err
	}
	v := was.Household.Village
	if err := tx.Note(v, db.Note{Field: was.Number, Old: was.Answer, New: a.Answer}); err != nil {
		return err
	}
	_, err := tx.SQL.Exec("UPDATE check_lines SET answer = ?, note = ?, answered_by = ?, answered_at = ? WHERE village_id = ? AND check_id = ? AND redemption_id = ?",
		a.Answer, a.Note, by.Account, int64(tx.Now), v, check, a.Redemption)
	return err
}

// CloseCheck ends a check: its answers are final.
func CloseCheck(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, check int64) error {
	if err := may(ctx, d, by, models.WatchRecords, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "check_close", Asked: check, By: by, Subject: check}, func(tx *db.Tx) error {
		if _, err := holdCheck(tx, v, check); err != nil {
			return err
		}
		_, err := tx.SQL.Exec("UPDATE checks SET state = ?, closed_at = ? WHERE village_id = ? AND id = ?", CheckClosed, int64(tx.Now), v, check)
		return err
	})
}

// ObjectedCheck notes which objection came of a redemption that a household did
// not agree to; once, also when the check is closed.
func ObjectedCheck(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, check, redemption, objection int64) error {
	if err := may(ctx, d, by, models.WatchRecords, v); err != nil {
		return err
	}
	asked := []int64{check, redemption, objection}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "check_object", Asked: asked, By: by, Subject: check}, func(tx *db.Tx) error {
		return tx.SQL.Must(1, ErrCheckSaid,
			"UPDATE check_lines SET objection_id = ? WHERE village_id = ? AND check_id = ? AND redemption_id = ? AND answer = ? AND objection_id = 0",
			objection, v, check, redemption, CheckNo)
	})
}

// CheckCounts counts, of each of a village's checks, what was answered; the empty
// answer counts those not asked.
func CheckCounts(ctx context.Context, c db.Conn, v int64) (map[int64]map[string]int, error) {
	all := map[int64]map[string]int{}
	return all, c.Stmts(ctx).Each(func(row db.Scanner) error {
		var check int64
		var answer string
		var n int
		err := row.Scan(&check, &answer, &n)
		if all[check] == nil {
			all[check] = map[string]int{}
		}
		all[check][answer] = n
		return err
	}, "SELECT check_id, answer, COUNT(*) FROM check_lines WHERE village_id = ? GROUP BY check_id, answer", v)
}
