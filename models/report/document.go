package report

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// Paper is a sheet that left the house with a check code: whoever holds it can
// ask what was registered under the code and compare.
type Paper struct {
	Code    string
	Area    int64
	Kind    string // quarter, return
	Title   string
	Summary string // the main numbers, in words, as they stood
	MadeAt  models.Millis
	MadeBy  int64
}

// The kinds of paper.
const (
	PaperQuarter = "quarter" // an export of a quarter as it stood
	PaperReturn  = "return"  // a village's closed quarter
)

// code is the check code over everything that was registered: 40 bits, eight
// characters. n tells apart two papers that would share one.
func (p Paper) code(n int) string {
	h := sha256.New()
	fmt.Fprintf(h, "pointstore.paper.1\narea=%d\nkind=%s\ntitle=%q\nsummary=%q\nmade_at=%d\nmade_by=%d\nn=%d", p.Area, p.Kind, p.Title, p.Summary, p.MadeAt, p.MadeBy, n)
	var bits int64
	for _, b := range h.Sum(nil)[:5] {
		bits = bits<<8 | int64(b)
	}
	s := strings.ToUpper(models.ID32(1<<40 | bits)) // the leading bit keeps the zeros in front
	return s[1:5] + "-" + s[5:]
}

// sameCode is how many papers may share the first choice of code before
// something is wrong.
const sameCode = 4

// Document registers a paper and returns the check code to print on it. The
// code covers all of it, the moment and the person included.
func Document(tx *db.Tx, p Paper) (string, error) {
	for n := range sameCode {
		code := p.code(n)
		added, err := tx.SQL.Exec(tx.Ignore("documents", "code, area_id, kind, title, summary, made_at, made_by", "?, ?, ?, ?, ?, ?, ?"),
			code, p.Area, p.Kind, p.Title, p.Summary, int64(p.MadeAt), p.MadeBy)
		if err != nil || added == 1 {
			return code, err
		}
	}
	return "", errors.New("no free check code")
}

// Publish registers a sheet that is about to be printed or saved as a workbook
// and returns the check code to put on it. It needs the right to read reports
// of the area. The same operation returns the same code.
func Publish(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, s Sheet) (string, error) {
	if err := by.May(models.ReadReport, s.Place); err != nil {
		return "", err
	}
	var code string
	asked := struct {
		Area    int64
		Quarter models.Quarter
	}{s.Area, s.Quarter}
	err := d.InTx(ctx, db.Op{ID: op, Village: s.Area, Kind: "publish_report", Asked: asked, By: by, Answer: &code}, func(tx *db.Tx) error {
		var err error
		code, err = Document(tx, Paper{Area: s.Area, Kind: PaperQuarter, Title: s.Title(), Summary: s.Summary(), MadeAt: tx.Now, MadeBy: by.Account})
		return err
	})
	return code, err
}

// errNoPaper answers codes that nothing was registered under.
var errNoPaper = models.ErrNotFound.With("没有查到这个防伪码，请核对纸上的八个字符；多次查不到，请找填报单位核实")

// errChanged is about a paper whose registration no longer fits its code.
var errChanged = &models.Error{Kind: models.Unhealthy, Code: "paper_changed", Say: "这份材料的登记内容与防伪码对不上，请以纸质材料为准，并告诉管理员"}

// FindDocument finds what was registered under a check code, as people type it:
// any case, with or without the dash, letters O, I and L for digits. It checks
// that the registration still fits the code.
func FindDocument(ctx context.Context, c db.Conn, code string) (Paper, error) {
	typed, ok := foldCode(code)
	if !ok {
		return Paper{}, errNoPaper
	}
	var p Paper
	err := c.Stmts(ctx).Row("SELECT code, area_id, kind, title, summary, made_at, made_by FROM documents WHERE code = ?", typed).
		Scan(&p.Code, &p.Area, &p.Kind, &p.Title, &p.Summary, &p.MadeAt, &p.MadeBy)
	if errors.Is(err, sql.ErrNoRows) {
		return Paper{}, errNoPaper
	}
	if err != nil {
		return Paper{}, err
	}
	for n := range sameCode {
		if p.code(n) == p.Code {
			return p, nil
		}
	}
	return Paper{}, errChanged
}

// fingerprint is the SHA-256 of a text, in hex.
func fingerprint(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func foldCode(s string) (string, bool) {
	s = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(models.Normal(s)))
	if len(s) != 8 {
		return "", false
	}
	return s[:4] + "-" + s[4:], true
}

// Title names the sheet: 永宁县 2026年第三季度 积分超市季报.
func (s Sheet) Title() string { return s.Name + " " + s.Quarter.String() + " 积分超市季报" }

// Summary is the sheet in a few lines, for whoever verifies its code.
func (s Sheet) Summary() string {
	lines := []string{fmt.Sprintf("%s，%s，%d 个村（已封账 %d 个），数据截至 %s", s.Name, s.Quarter, s.Sum.Villages, s.Sum.Returned, s.AsOf)}
	for _, i := range Indicators {
		value := i.Text(s.Sum)
		if i.Divided() {
			value += "（" + i.Fraction(s.Sum) + "）"
		} else {
			value += " " + i.Unit
		}
		lines = append(lines, i.Name+"："+value)
	}
	return strings.Join(lines, "\n")
}
