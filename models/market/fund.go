package market

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"pointstore/models"
	"pointstore/models/db"
)

// Where money comes from.
const (
	FromLink    = "link"    // 衔接资金
	FromFujian  = "fujian"  // 闽宁协作
	FromSociety = "society" // 社会帮扶
	FromSponsor = "sponsor" // 包抓单位
	FromVillage = "village" // 村集体
	FromGift    = "gift"    // 捐赠, directed or not
)

// FundSource is where money comes from, in the village's words.
type FundSource struct{ Key, Title string }

// FundSources are all of them, in the order of the register.
var FundSources = []FundSource{{FromLink, "衔接资金"}, {FromFujian, "闽宁协作"}, {FromSociety, "社会帮扶"}, {FromSponsor, "包抓单位"}, {FromVillage, "村集体"}, {FromGift, "捐赠"}}

// Fund is money of one source, and for directed money of one purpose. Its
// balance is the sum of its movements, and never below zero.
type Fund struct {
	Village  int64
	ID       int64
	Name     string
	Source   string
	Purpose  string // what directed money may be spent on, in the giver's words
	Directed bool   // 定向: for its purpose only
	Donor    string // who gave it; empty when they did not want to be named to the file
	Consent  bool   // the donor agreed to be named on papers that leave the house
	ClosedAt models.Millis
	MadeAt   models.Millis
	Fen      models.Fen
}

// SourceTitle is the source in words: 捐赠（定向）.
func (f Fund) SourceTitle() string {
	for _, s := range FundSources {
		if s.Key != f.Source {
			continue
		}
		switch {
		case f.Directed:
			return s.Title + "（定向）"
		case f.Source == FromGift:
			return s.Title + "（不定向）"
		}
		return s.Title
	}
	return f.Source
}

// Giver is who gave the money, as far as papers may say.
func (f Fund) Giver() string {
	switch {
	case f.Donor == "":
		return ""
	case !f.Consent:
		return "爱心人士（不愿留名）"
	}
	return f.Donor
}

// FundForm is what people fill in about a fund.
type FundForm struct {
	Village  int64
	Name     string
	Source   string
	Purpose  string
	Directed bool
	Donor    string
	Consent  bool
}

// The refusals about funds.
var (
	ErrNoFund     = models.ErrNotFound.With("没有找到这笔资金，请刷新后重选；没有记账")
	ErrFundShort  = &models.Error{Kind: models.Conflict, Code: "fund_short", Field: "fen", Say: "这笔资金不够，没有记账；请核对金额或换一笔资金"}
	ErrFundClosed = &models.Error{Kind: models.Conflict, Code: "fund_closed", Say: "这笔资金已停用，没有记账；请换一笔资金"}
	ErrFundMoney  = &models.Error{Kind: models.Conflict, Code: "fund_money", Say: "这笔资金里还有钱，没有停用；请先用完或更正"}
	ErrDirected   = &models.Error{Kind: models.Input, Code: "fund_directed", Field: "fits", Say: "这是定向的钱，只能用在说好的地方，没有记账；请核对用途并打勾"}
)

func (f FundForm) tidy() (FundForm, error) {
	f.Name, f.Purpose, f.Donor = models.Normal(f.Name), models.Normal(f.Purpose), models.Normal(f.Donor)
	known := false
	for _, s := range FundSources {
		known = known || s.Key == f.Source
	}
	switch {
	case f.Name == "":
		return f, models.ErrInput.With("“名称”不能空着，没有保存").At("name")
	case !known:
		return f, models.ErrInput.With("请选这笔钱从哪里来，没有保存").At("source")
	case f.Directed && f.Purpose == "":
		return f, models.ErrInput.With("定向的钱要写明只能用在哪里，没有保存").At("purpose")
	case f.Consent && f.Donor == "":
		return f, models.ErrInput.With("勾了“同意公布姓名”，请写上捐赠人，没有保存").At("donor")
	}
	for _, err := range []error{fits("name", "名称", f.Name, 64), fits("purpose", "用途", f.Purpose, 120), fits("donor", "捐赠人", f.Donor, 64)} {
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

// AddFund opens a fund, empty.
func AddFund(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, form FundForm) (Fund, error) {
	form, err := form.tidy()
	if err == nil {
		err = may(ctx, d, by, models.SetUpVillage, form.Village)
	}
	if err != nil {
		return Fund{}, err
	}
	f := Fund{Village: form.Village, ID: models.NewID(), Name: form.Name, Source: form.Source, Purpose: form.Purpose, Directed: form.Directed, Donor: form.Donor, Consent: form.Consent}
	err = d.InTx(ctx, db.Op{ID: op, Village: f.Village, Kind: "fund_add", Asked: form, By: by, Subject: f.ID,
		Again: func(tx *db.Tx, subject int64) (err error) {
			f, err = GetFund(ctx, tx, form.Village, subject)
			return err
		}}, func(tx *db.Tx) error {
		f.MadeAt = tx.Now
		_, err := tx.SQL.Exec("INSERT INTO funds (village_id, id, name, source, purpose, directed, donor, consent, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			f.Village, f.ID, f.Name, f.Source, f.Purpose, number(f.Directed), f.Donor, number(f.Consent), int64(f.MadeAt))
		if err != nil {
			return err
		}
		_, err = tx.SQL.Exec("INSERT INTO fund_balances (village_id, fund_id, fen) VALUES (?, ?, 0)", f.Village, f.ID)
		return err
	})
	return f, err
}

// SaveFund changes what is written about a fund: its name, and who may be told
// who gave it. What it is for, and where it came from, stay as they were agreed.
func SaveFund(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, fund int64, name, donor string, consent bool) error {
	form, err := FundForm{Village: v, Name: name, Source: FromGift, Donor: donor, Consent: consent}.tidy()
	if err == nil {
		err = may(ctx, d, by, models.SetUpVillage, v)
	}
	if err != nil {
		return err
	}
	asked := struct {
		Fund int64
		Form FundForm
	}{fund, form}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "fund_save", Asked: asked, By: by, Subject: fund}, func(tx *db.Tx) error {
		was, err := GetFund(ctx, tx, v, fund)
		if err != nil {
			return err
		}
		if _, err = tx.SQL.Exec("UPDATE funds SET name = ?, donor = ?, consent = ? WHERE village_id = ? AND id = ?", form.Name, form.Donor, number(form.Consent), v, fund); err != nil {
			return err
		}
		return tx.Note(v, db.Note{Field: "name", Old: was.Name, New: form.Name}, db.Note{Field: "donor", Old: was.Donor, New: form.Donor},
			db.Note{Field: "consent", Old: strconv.FormatBool(was.Consent), New: strconv.FormatBool(form.Consent)})
	})
}

// CloseFund ends a fund that is empty; its movements stay.
func CloseFund(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, fund int64) error {
	if err := may(ctx, d, by, models.SetUpVillage, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "fund_close", Asked: fund, By: by, Subject: fund}, func(tx *db.Tx) error {
		f, err := GetFund(ctx, tx, v, fund)
		switch {
		case err != nil:
			return err
		case f.ClosedAt != 0:
			return ErrFundClosed
		case f.Fen != 0:
			return ErrFundMoney
		}
		// The balance row is the guard against money that arrives meanwhile.
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE funds SET closed_at = ? WHERE village_id = ? AND id = ? AND closed_at = 0", int64(tx.Now), v, fund); err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrFundMoney, "UPDATE fund_balances SET fen = 0 WHERE village_id = ? AND fund_id = ? AND fen = 0", v, fund)
	})
}

const fundSQL = `SELECT f.village_id, f.id, f.name, f.source, f.purpose, f.directed, f.donor, f.consent, f.closed_at, f.made_at, b.fen
	FROM funds f JOIN fund_balances b ON b.village_id = f.village_id AND b.fund_id = f.id `

// GetFund reads one fund of the village, in use or closed.
func GetFund(ctx context.Context, c db.Conn, v, id int64) (Fund, error) {
	f, err := scanFund(c.Stmts(ctx).Row(fundSQL+"WHERE f.village_id = ? AND f.id = ?", v, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoFund
	}
	return f, err
}

// Funds lists a village's funds, those in use first, each in the order in which
// they were opened.
func Funds(ctx context.Context, c db.Conn, v int64) ([]Fund, error) {
	var list []Fund
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		f, err := scanFund(row)
		list = append(list, f)
		return err
	}, fundSQL+"WHERE f.village_id = ? ORDER BY f.closed_at <> 0, f.id", v)
	return list, err
}

func scanFund(row db.Scanner) (f Fund, err error) {
	err = row.Scan(&f.Village, &f.ID, &f.Name, &f.Source, &f.Purpose, &f.Directed, &f.Donor, &f.Consent, &f.ClosedAt, &f.MadeAt, &f.Fen)
	return f, err
}
