package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// PaperFeedback is a sheet that tells a donor what became of a gift.
const PaperFeedback = "feedback"

// Gift names what was given: a fund, or a document over goods in kind.
type Gift struct{ Fund, Paper int64 }

// Feedback is what became of a gift: given = spent + left, in yuan for money and
// by lot for goods. Who received anything is a count, never a list.
type Feedback struct {
	Village    int64
	Name       string // of the village
	AsOf       models.Millis
	What       string // the fund's name, or the document's number
	Giver      string // as far as a paper that leaves the house may say
	Purpose    string
	Since      models.Date
	InKind     bool
	Given      models.Fen // of money; corrections of what came in count here
	Spent      models.Fen
	Left       models.Fen
	Lots       []FeedbackLot
	Households int // that received something of it
}

// FeedbackLot is one delivery: Given = Handed + Lost + Left.
type FeedbackLot struct {
	Name, Unit                string
	Given, Handed, Lost, Left models.Qty
}

const anonymous = "爱心人士（不愿留名）"

// FeedbackOf reads what became of a gift. It only reads, and asks nobody's
// permission.
func FeedbackOf(ctx context.Context, c db.Conn, village int64, g Gift) (Feedback, error) {
	f := Feedback{Village: village, AsOf: c.Handle().Now(), InKind: g.Paper != 0}
	on := c.Stmts(ctx)
	err := on.Row("SELECT name FROM areas WHERE id = ?", village).Scan(&f.Name)
	if err == nil {
		if f.InKind {
			err = f.readPaper(on, g.Paper)
		} else {
			err = f.readFund(on, g.Fund)
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = models.ErrNotFound.With("没有找到这笔捐赠，请核对后再试")
	}
	if err != nil {
		return f, err
	}
	column, id := "l.fund_id", g.Fund
	if f.InKind {
		column, id = "l.paper_id", g.Paper
	}
	if err := f.readLots(on, column, id); err != nil {
		return f, err
	}
	err = on.Row(`SELECT COUNT(DISTINCT r.household_id) FROM movements m
		JOIN lots l ON l.village_id = m.village_id AND l.id = m.lot_id
		JOIN redemptions r ON r.village_id = m.village_id AND r.id = m.redemption_id
		WHERE m.village_id = ? AND m.kind = 'redeem' AND r.undone_op IS NULL AND `+column+" = ?", village, id).Scan(&f.Households)
	return f, err
}

func (f *Feedback) readFund(on *db.Statements, fund int64) error {
	var source, donor string
	var consent bool
	var made models.Millis
	if err := on.Row("SELECT name, source, purpose, donor, consent, made_at FROM funds WHERE village_id = ? AND id = ?", f.Village, fund).Scan(&f.What, &source, &f.Purpose, &donor, &consent, &made); err != nil {
		return err
	}
	f.Since = made.Day()
	switch {
	case source != "gift":
		f.Giver = donor
	case donor == "" || !consent:
		f.Giver = anonymous
	default:
		f.Giver = donor
	}
	// A correction changes what was given when it adds, and what was spent when it
	// takes away: the two still make up what is left.
	return on.Row(`SELECT COALESCE(SUM(CASE WHEN fen > 0 THEN fen ELSE 0 END), 0), COALESCE(SUM(CASE WHEN fen < 0 THEN -fen ELSE 0 END), 0), COALESCE(SUM(fen), 0)
		FROM fund_movements WHERE village_id = ? AND fund_id = ?`, f.Village, fund).Scan(&f.Given, &f.Spent, &f.Left)
}

func (f *Feedback) readPaper(on *db.Statements, paper int64) error {
	var year, n int
	var party string
	var consent bool
	var at models.Millis
	err := on.Row("SELECT year, number, party, consent, received_at FROM papers WHERE village_id = ? AND id = ? AND kind = 'donation' AND state = 'done'", f.Village, paper).
		Scan(&year, &n, &party, &consent, &at)
	f.What, f.Since, f.Giver = fmt.Sprintf("捐%d-%03d", year, n), at.Day(), party
	if !consent || party == "" {
		f.Giver = anonymous
	}
	return err
}

func (f *Feedback) readLots(on *db.Statements, column string, id int64) error {
	return on.Each(func(row db.Scanner) error {
		var l FeedbackLot
		err := row.Scan(&l.Name, &l.Unit, &l.Given, &l.Handed, &l.Left)
		l.Lost = l.Given - l.Handed - l.Left
		f.Lots = append(f.Lots, l)
		return err
	}, `SELECT g.name, g.unit, l.received, COALESCE(-SUM(CASE WHEN m.kind IN ('redeem', 'undo') THEN m.qty ELSE 0 END), 0), COALESCE(SUM(m.qty), 0)
		FROM lots l JOIN goods g ON g.village_id = l.village_id AND g.id = l.goods_id
		LEFT JOIN movements m ON m.village_id = l.village_id AND m.lot_id = l.id
		WHERE l.village_id = ? AND `+column+" = ? GROUP BY l.id, g.name, g.unit, l.received ORDER BY l.id", f.Village, id)
}

// Title names the sheet.
func (f Feedback) Title() string { return f.Name + "积分超市捐赠反馈单 " + f.What }

// Summary is the sheet in a few lines, for whoever verifies its code.
func (f Feedback) Summary() string {
	lines := []string{fmt.Sprintf("%s，%s，数据截至 %s", f.Giver, f.What, f.AsOf)}
	if !f.InKind {
		lines = append(lines, fmt.Sprintf("收到 %s 元，用掉 %s 元，还有 %s 元", f.Given, f.Spent, f.Left))
	}
	for _, l := range f.Lots {
		lines = append(lines, fmt.Sprintf("%s：收到 %s %s，换给村民 %s，损耗 %s，还有 %s", l.Name, l.Given, l.Unit, l.Handed, l.Lost, l.Left))
	}
	return strings.Join(append(lines, fmt.Sprintf("受益 %d 户", f.Households)), "\n")
}

// PublishFeedback registers the sheet that is about to be printed and returns it
// as it stands, with its check code. The same operation returns the same sheet.
func PublishFeedback(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, g Gift) (f Feedback, code string, err error) {
	var answer struct {
		Feedback
		Code string
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "publish_feedback", Asked: g, By: by, Answer: &answer}, func(tx *db.Tx) error {
		s, _, err := outline(ctx, tx, village)
		if err == nil {
			err = by.May(models.SetUpVillage, s.Place)
		}
		if err != nil {
			return err
		}
		if answer.Feedback, err = FeedbackOf(ctx, tx, village, g); err != nil {
			return err
		}
		answer.AsOf = tx.Now
		answer.Code, err = Document(tx, Paper{Area: village, Kind: PaperFeedback, Title: answer.Title(), Summary: answer.Summary(), MadeAt: tx.Now, MadeBy: by.Account})
		return err
	})
	return answer.Feedback, answer.Code, err
}
