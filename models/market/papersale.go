package market

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// Where a paper slip stands.
const (
	SlipKept    = "kept"    // keyed in, not yet in the books
	SlipTrouble = "trouble" // refused: somebody has to settle it
	SlipDone    = "done"
	SlipVoid    = "void"
)

// The refusals about paper slips.
var (
	ErrSlipUsed    = &models.Error{Kind: models.Conflict, Code: "slip_used", Field: "slip", Say: "这个单号已经录过，没有重复录；请核对纸上的号"}
	ErrSlipSettled = &models.Error{Kind: models.Conflict, Code: "slip_settled", Say: "这张纸单已经入账或作废，没有重复扣分"}
)

// slipOldest is how many days back a slip may be dated.
const slipOldest = 60

// PaperSale is a slip that was written by hand while there was no power.
type PaperSale struct {
	Village, Number, Counter int64
	Household                int64 // 0 while nobody knows whose it is
	Day                      models.Date
	Points                   models.Points // as written and signed
	Said                     string        // the household as written, when it is not known
	Lines                    []Line
	State                    string
	Trouble                  string // why it is not in the books, or why it is void
	Redemption               int64
}

// Open reports whether the slip still waits for somebody.
func (s PaperSale) Open() bool { return s.State == SlipKept || s.State == SlipTrouble }

type slipCart struct {
	Said  string `json:",omitempty"`
	Lines []Line
}

func (s PaperSale) check(today models.Date) error {
	_, err := Cart{Household: 1, Lines: s.Lines, Confirm: BySlip, slip: slip{number: 1}}.tidy()
	switch {
	case s.Number < 1 || s.Number > 9_999_999:
		return models.ErrInput.With("“单号”要填纸单上印的号，还没有存下").At("slip")
	case s.Day == "" || s.Day > today || s.Day < today.AddDays(-slipOldest):
		return models.ErrInput.With(fmt.Sprintf("“日期”要在最近 %d 天里，还没有存下", slipOldest)).At("day")
	case s.Household == 0 && s.Said == "":
		return models.ErrInput.With("请填纸单上的户号，还没有存下").At("home")
	case s.Points <= 0 || s.Points > models.PointsMax:
		return models.ErrInput.With("请填纸单上一共几分，还没有存下").At("points")
	}
	return err
}

func (s PaperSale) text() (string, error) {
	b, err := json.Marshal(slipCart{s.Said, s.Lines})
	return string(b), err
}

// state is where a slip stands that has just been keyed in or mended.
func (s PaperSale) state() (state, trouble string) {
	if s.Household == 0 {
		return SlipTrouble, "村里没有“" + s.Said + "”这一户，请核对户号"
	}
	return SlipKept, ""
}

// KeySlip keeps a slip on the server, before anything moves: closing the page
// loses nothing. A number is keyed in once.
func KeySlip(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, s PaperSale) error {
	return changeSlip(ctx, d, op, by, "slip_key", s, func(tx *db.Tx, cart, state, trouble string) error {
		old, err := GetSlip(ctx, tx, s.Village, s.Number)
		if err == nil {
			return ErrSlipUsed.With(fmt.Sprintf("%d 号已经录过：%s，共 %s 分；没有重复录，请核对纸上的号", s.Number, old.Day.Short(), old.Points))
		}
		if !errors.Is(err, models.ErrNotFound) {
			return err
		}
		_, err = tx.SQL.Exec(`INSERT INTO paper_sales (village_id, slip_no, batch_id, household_id, counter_id, day, points, cart, state, trouble, keyed_at, keyed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			s.Village, s.Number, int64(tx.Now), s.Household, s.Counter, string(s.Day), int64(s.Points), cart, state, trouble, int64(tx.Now), by.Account)
		if errors.Is(err, db.ErrDuplicate) {
			return db.ErrLost // somebody else keyed it in this moment; the next look finds it
		}
		return err
	})
}

// MendSlip changes what was keyed in of a slip that is not in the books.
func MendSlip(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, s PaperSale) error {
	return changeSlip(ctx, d, op, by, "slip_mend", s, func(tx *db.Tx, cart, state, trouble string) error {
		old, err := GetSlip(ctx, tx, s.Village, s.Number)
		if err != nil {
			return err
		}
		if err := tx.Note(s.Number, db.Note{Field: "points", Old: old.Points.Plain(), New: s.Points.Plain()}); err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrSlipSettled, `UPDATE paper_sales SET household_id = ?, counter_id = ?, day = ?, points = ?, cart = ?, state = ?, trouble = ?, keyed_at = keyed_at + 1
			WHERE village_id = ? AND slip_no = ? AND state IN ('kept', 'trouble')`, s.Household, s.Counter, string(s.Day), int64(s.Points), cart, state, trouble, s.Village, s.Number)
	})
}

func changeSlip(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, kind string, s PaperSale, write func(tx *db.Tx, cart, state, trouble string) error) error {
	if err := s.check(d.Now().Day()); err != nil {
		return err
	}
	if err := may(ctx, d, by, models.HandOverGoods, s.Village); err != nil {
		return err
	}
	cart, err := s.text()
	if err != nil {
		return err
	}
	state, trouble := s.state()
	return d.InTx(ctx, db.Op{ID: op, Village: s.Village, Kind: kind, Asked: s, By: by, Subject: s.Number}, func(tx *db.Tx) error {
		if _, err := GetCounter(ctx, tx, s.Village, s.Counter); err != nil {
			return err
		}
		return write(tx, cart, state, trouble)
	})
}

// VoidSlip declares that a slip never goes into the books, and why.
func VoidSlip(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, number int64, reason string) error {
	if reason == "" {
		return models.ErrInput.With("请写明作废的原因，还没有作废").At("reason")
	}
	if err := cmp.Or(fits("reason", "原因", reason, 120), may(ctx, d, by, models.HandOverGoods, v)); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "slip_void", Asked: reason, By: by, Subject: number}, func(tx *db.Tx) error {
		return tx.SQL.Must(1, ErrSlipSettled, "UPDATE paper_sales SET state = 'void', trouble = ?, keyed_at = keyed_at + 1 WHERE village_id = ? AND slip_no = ? AND state IN ('kept', 'trouble')", reason, v, number)
	})
}

// PostSlip brings a slip into the books under Redeem's own rules, at the prices of
// its day, marked late. However often it is asked, it happens once. A refusal is
// kept with the slip.
func PostSlip(ctx context.Context, d *db.DB, by models.Actor, v, number int64) (Receipt, error) {
	s, err := GetSlip(ctx, d, v, number)
	if err != nil {
		return Receipt{}, err
	}
	r, err := s.post(ctx, d, by)
	var refused *models.Error
	if errors.As(err, &refused) && refused.Kind != models.Busy && refused.Kind != models.Unknown && !errors.Is(err, ErrSlipSettled) && !errors.Is(err, models.ErrForbidden) {
		lost := d.Aside(ctx, func(tx *db.Tx) error {
			_, err := tx.SQL.Exec("UPDATE paper_sales SET state = 'trouble', trouble = ? WHERE village_id = ? AND slip_no = ? AND state IN ('kept', 'trouble')", refused.Say, v, number)
			return err
		})
		return r, errors.Join(err, lost)
	}
	return r, err
}

func (s PaperSale) post(ctx context.Context, d *db.DB, by models.Actor) (r Receipt, err error) {
	if s.Household == 0 {
		_, why := s.state()
		return r, models.ErrNotFound.With(why + "，没有扣分")
	}
	cart, err := Cart{Village: s.Village, Counter: s.Counter, Household: s.Household, Lines: s.Lines, Seen: s.Points, Confirm: BySlip, slip: slip{s.Number, s.Day}}.tidy()
	if err != nil {
		return r, err
	}
	at, err := village.PlaceOf(ctx, d, s.Village)
	if err == nil {
		err = by.MayFor(models.HandOverGoods, at, cart.household())
	}
	if err != nil {
		return r, err
	}
	id := models.NewIDs(1 + maxMoves)
	err = d.InTx(ctx, db.Op{ID: db.NewOpID(), Village: s.Village, Kind: "redeem", Asked: s, By: by, Subject: id}, func(tx *db.Tx) error {
		// The slip's own row is the guard: of two clerks one changes it.
		if err := tx.SQL.Must(1, ErrSlipSettled, "UPDATE paper_sales SET state = 'done', trouble = '', redemption_id = ? WHERE village_id = ? AND slip_no = ? AND state IN ('kept', 'trouble')", id, s.Village, s.Number); err != nil {
			return err
		}
		one := &sale{Cart: cart, id: id, clerk: by}
		if err := redeem(tx, []*sale{one})[0]; err != nil {
			return err
		}
		r = one.receipt(tx)
		return nil
	})
	return r, err
}

// PostSlips brings every slip of a counter that is only kept into the books, and
// counts those that went and those that somebody has to settle.
func PostSlips(ctx context.Context, d *db.DB, by models.Actor, v, counter int64) (done, trouble int, err error) {
	all, err := PaperSales(ctx, d, v, counter)
	for _, s := range all {
		if s.State != SlipKept || err != nil {
			continue
		}
		_, refused := PostSlip(ctx, d, by, v, s.Number)
		switch kind := models.KindOf(refused); {
		case refused == nil:
			done++
		case errors.Is(refused, ErrSlipSettled):
		case kind == models.Bug, kind == models.Busy, kind == models.Unknown:
			err = refused
		default:
			trouble++
		}
	}
	return done, trouble, err
}

const slipSQL = "SELECT village_id, slip_no, counter_id, household_id, day, points, cart, state, trouble, redemption_id FROM paper_sales "

func scanSlip(row db.Scanner) (s PaperSale, err error) {
	var cart string
	if err = row.Scan(&s.Village, &s.Number, &s.Counter, &s.Household, &s.Day, &s.Points, &cart, &s.State, &s.Trouble, &s.Redemption); err != nil {
		return s, err
	}
	var c slipCart
	err = json.Unmarshal([]byte(cart), &c)
	s.Said, s.Lines = c.Said, c.Lines
	return s, err
}

// GetSlip reads one slip; models.ErrNotFound when the number was never keyed in.
func GetSlip(ctx context.Context, c db.Conn, v, number int64) (PaperSale, error) {
	s, err := scanSlip(c.Stmts(ctx).Row(slipSQL+"WHERE village_id = ? AND slip_no = ?", v, number))
	if errors.Is(err, sql.ErrNoRows) {
		err = models.ErrNotFound.With("没有找到这张纸单，请核对单号")
	}
	return s, err
}

// PaperSales lists a counter's slips by number, the last 300 that were keyed in.
func PaperSales(ctx context.Context, c db.Conn, v, counter int64) (all []PaperSale, err error) {
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		s, err := scanSlip(row)
		all = append(all, s)
		return err
	}, slipSQL+"WHERE village_id = ? AND counter_id = ? ORDER BY slip_no DESC LIMIT 300", v, counter)
	return all, err
}

// PrintSlips takes n numbers for blank slips and answers the first: no number is
// ever printed for two sales.
func PrintSlips(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, n int) (from int64, err error) {
	if n < 1 || n > 200 {
		return 0, models.ErrInput.With("一次印 1 到 200 张，还没有印").At("count")
	}
	if err := may(ctx, d, by, models.HandOverGoods, v); err != nil {
		return 0, err
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "slip_print", Asked: n, By: by, Answer: &from}, func(tx *db.Tx) error {
		var last, keyed int64
		if err := tx.SQL.Row("SELECT slip_printed, (SELECT COALESCE(MAX(slip_no), 0) FROM paper_sales WHERE village_id = ?) FROM villages WHERE village_id = ?", v, v).Scan(&last, &keyed); err != nil {
			return err
		}
		from = max(last, keyed) + 1
		return tx.SQL.Must(1, db.ErrLost, "UPDATE villages SET slip_printed = ? WHERE village_id = ? AND slip_printed = ?", from+int64(n)-1, v, last)
	})
	return from, err
}
