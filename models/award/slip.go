package award

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
)

// Slip is a numbered paper slip (加分单): written on where the act was done, and
// keyed in once.
type Slip struct {
	Number    int64 // the village's own, from 1
	Kind      string
	PrintedAt models.Millis
	PrintedBy int64
	UsedAt    models.Millis // 0: not keyed in
	UsedBy    int64
	Award     int64
	VoidAt    models.Millis // 0: good
}

// SlipKind is the one kind of slip there is.
const SlipKind = "award"

// SlipsMost is how many slips are printed at once.
const SlipsMost = 200

// The refusals.
var (
	ErrSlipUsed    = &models.Error{Kind: models.Conflict, Code: "slip_used", Say: "这张单子已经录过，没有重复记分", Field: "number"}
	ErrSlipVoid    = &models.Error{Kind: models.Conflict, Code: "slip_void", Say: "这张单子已经作废，没有记分", Field: "number"}
	ErrSlipUnknown = &models.Error{Kind: models.NotFound, Code: "slip_unknown", Say: "村里没有印过这个号的单子，没有记分；请核对单号", Field: "number"}
)

// Text is the number as it is printed and scanned: six figures and a check
// figure, so that a slip of the finger does not use up another slip.
func (s Slip) Text() string { return SlipText(s.Number) }

// SlipText is Text of a number.
func SlipText(n int64) string {
	digits := fmt.Sprintf("%06d", n)
	return digits + strconv.Itoa(checkFigure(digits))
}

// checkFigure is Luhn's: it notices every wrong figure and nearly every swap of
// neighbours.
func checkFigure(digits string) int {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return (10 - sum%10) % 10
}

// ParseSlip reads a number as it is printed, with its check figure.
func ParseSlip(text string) (int64, error) {
	text = strings.TrimLeft(strings.NewReplacer(" ", "", "-", "").Replace(strings.ToUpper(models.Normal(text))), "NO.№")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || len(text) < 7 || len(text) > 18 || SlipText(n/10) != text {
		return 0, models.ErrInput.With("单号不对，没有记分；请照单子右上角的 7 位数字再输一遍").At("number")
	}
	return n / 10, nil
}

const slipColumns = "number, kind, printed_at, printed_by, used_at, used_by, award_id, void_at"

func scanSlip(row db.Scanner) (s Slip, err error) {
	err = row.Scan(&s.Number, &s.Kind, &s.PrintedAt, &s.PrintedBy, &s.UsedAt, &s.UsedBy, &s.Award, &s.VoidAt)
	return s, err
}

// GetSlip reads one slip; ErrSlipUnknown when the village never printed it.
func GetSlip(ctx context.Context, c db.Conn, v, number int64) (Slip, error) {
	s, err := scanSlip(c.Stmts(ctx).Row("SELECT "+slipColumns+" FROM slips WHERE village_id = ? AND number = ?", v, number))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrSlipUnknown
	}
	return s, err
}

// SlipRange is a run of numbers, both ends included.
type SlipRange struct{ From, To int64 }

// PrintSlips takes n new numbers for paper. Printed again under the same
// operation they are the same numbers.
func PrintSlips(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, n int) (SlipRange, error) {
	if n < 1 || n > SlipsMost {
		return SlipRange{}, models.ErrInput.With(fmt.Sprintf("一次印 1 到 %d 张，没有印；请改好再交", SlipsMost)).At("n")
	}
	var got SlipRange
	err := d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "slips_print", Asked: n, By: by, Answer: &got}, func(tx *db.Tx) error {
		if err := may(ctx, tx, by, models.SetUpVillage, v); err != nil {
			return err
		}
		var last int64
		if err := tx.SQL.Row("SELECT COALESCE(MAX(number), 0) FROM slips WHERE village_id = ?", v).Scan(&last); err != nil {
			return err
		}
		got = SlipRange{last + 1, last + int64(n)}
		var args []any
		for i := got.From; i <= got.To; i++ {
			args = append(args, v, i, SlipKind, int64(tx.Now), by.Account)
		}
		err := tx.SQL.Many("INSERT INTO slips (village_id, number, kind, printed_at, printed_by)", "", 5, args)
		if db.IsDuplicate(err) {
			return db.ErrLost
		}
		return err
	})
	return got, err
}

// UseSlip keys a slip in: the award it stands for is recorded, and the number
// is used up, both or neither. A slip whose award was taken back is good again.
func UseSlip(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, number int64, ask Ask) (Award, error) {
	ask.Way, ask.Source, ask.Households = WaySlip, number, nil // one slip, one household
	var id int64
	err := d.InTx(ctx, db.Op{ID: op, Village: ask.Village, Kind: "slip_use", Asked: []any{number, ask}, By: by, Subject: number, Answer: &id}, func(tx *db.Tx) error {
		if err := may(ctx, tx, by, models.GrantPoints, ask.Village); err != nil {
			return err
		}
		s, err := GetSlip(ctx, tx, ask.Village, number)
		if err != nil {
			return err
		}
		if err := s.free(ctx, tx, ask.Village); err != nil {
			return err
		}
		done, err := RecordIn(tx, by, ask)
		if err != nil {
			return err
		}
		id = done[0].ID
		return tx.SQL.Must(1, db.ErrLost, "UPDATE slips SET used_at = ?, used_by = ?, award_id = ? WHERE village_id = ? AND number = ? AND award_id = ? AND void_at = 0",
			int64(tx.Now), by.Account, id, ask.Village, number, s.Award)
	})
	if err != nil {
		return Award{}, err
	}
	return Get(ctx, d, ask.Village, id)
}

// free refuses a slip that is used up.
func (s Slip) free(ctx context.Context, tx *db.Tx, v int64) error {
	if s.VoidAt != 0 {
		return ErrSlipVoid.With("这张单子 " + string(s.VoidAt.Day()) + " 已经作废，没有记分")
	}
	if s.Award == 0 {
		return nil
	}
	a, err := Get(ctx, tx, v, s.Award)
	if err == nil && a.Stands() {
		err = ErrSlipUsed.With("这张单子 " + string(s.UsedAt.Day()) + " 已经录过，没有重复记分")
	}
	return err
}

// VoidSlips declares numbers void that are lost or spoilt: nobody can key them
// in any more. It answers how many there were; those already keyed in stay.
func VoidSlips(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, r SlipRange, reason string) (n int64, err error) {
	reason = models.Normal(reason)
	switch {
	case reason == "" || utf8.RuneCountInString(reason) > noteMost:
		return 0, models.ErrInput.With(fmt.Sprintf("“原因”要填 1 到 %d 个字，没有作废", noteMost)).At("reason")
	case r.To < r.From || r.To-r.From >= 10*SlipsMost:
		return 0, models.ErrInput.With("单号的起止不对，没有作废；请核对").At("to")
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "slips_void", Asked: []any{r, reason}, By: by, Subject: r.From, Answer: &n}, func(tx *db.Tx) error {
		if err := may(ctx, tx, by, models.SetUpVillage, v); err != nil {
			return err
		}
		n, err = tx.SQL.Exec("UPDATE slips SET void_at = ? WHERE village_id = ? AND number >= ? AND number <= ? AND void_at = 0 AND award_id = 0", int64(tx.Now), v, r.From, r.To)
		if err == nil && n == 0 {
			return models.ErrInput.With("这些单号里没有可以作废的：没有印过，或者已经录过、作废过").At("from")
		}
		if err != nil {
			return err
		}
		return tx.Note(v, db.Note{Field: "void", New: fmt.Sprintf("%s—%s：%s", SlipText(r.From), SlipText(r.To), reason)})
	})
	return n, err
}

// SlipCount is how a village's slips stand.
type SlipCount struct{ Printed, Used, Void, Out int }

// CountSlips counts a village's slips.
func CountSlips(ctx context.Context, c db.Conn, v int64) (n SlipCount, err error) {
	err = c.Stmts(ctx).Row(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN award_id <> 0 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN void_at <> 0 THEN 1 ELSE 0 END), 0)
		FROM slips WHERE village_id = ?`, v).Scan(&n.Printed, &n.Used, &n.Void)
	n.Out = n.Printed - n.Used - n.Void
	return n, err
}

// UnusedSlips lists the slips that are out there, neither keyed in nor void, by
// number.
func UnusedSlips(ctx context.Context, c db.Conn, v int64) ([]Slip, error) {
	return slips(ctx, c, "village_id = ? AND award_id = 0 AND void_at = 0 ORDER BY number", v)
}

// Slips lists the slips with numbers of a range, in order.
func Slips(ctx context.Context, c db.Conn, v int64, r SlipRange) ([]Slip, error) {
	return slips(ctx, c, "village_id = ? AND number >= ? AND number <= ? ORDER BY number", v, r.From, r.To)
}

func slips(ctx context.Context, c db.Conn, where string, args ...any) ([]Slip, error) {
	var all []Slip
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		s, err := scanSlip(row)
		all = append(all, s)
		return err
	}, "SELECT "+slipColumns+" FROM slips WHERE "+where, args...)
	return all, err
}
