package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

var balancesImport = importKind{
	Key: "balances", Title: "旧账结转", Noun: "旧积分表", Wants: award.BalanceWants,
	Lead:   "一户一行：户号、户主、现在还能换的分，有一共得过的分也写上。先打印核对表给各户签字，再结转；结转后以新账为准。",
	sample: balancesSample, read: readBalances, run: runBalances, check: checkBalances, start: startBalances,
}

// errNoRoll comes before a list of every row that fits no household.
var errNoRoll = models.ErrInput.With("村里还没有农户，旧账对不上户，没有导入；请先到“各户”导入花名册，再来结转")

func balancesSample() sheet.Sheet {
	return sheet.Sheet{Name: "旧积分表",
		Columns: []sheet.Col{{Head: "户号"}, {Head: "户主"}, {Head: "可兑积分", Kind: sheet.AsPoints}, {Head: "荣誉积分", Kind: sheet.AsPoints}},
		Rows:    [][]any{{"3012", "马少明", models.Points(12800), models.Points(34000)}, {"3013", "李桂兰", models.Points(4550), models.Points(9000)}}}
}

func startBalances(ctx context.Context, p *Pages, _ db.OpID, _ models.Actor, v web.Area, f *importForm) error {
	n, err := village.Count(ctx, p.db, v.ID)
	if err != nil {
		return err
	}
	if n.Homes == 0 {
		return errNoRoll
	}
	f.AsOf = string(p.db.Now().Day())
	return nil
}

// checkBalances asks for the paper first: what is carried over is what the
// households have signed.
func checkBalances(f importForm) error {
	if _, err := models.ParseDate(f.AsOf); err != nil {
		return models.ErrInput.With("“旧账截至哪天”要像 2026-11-23 这样填，没有结转").At("as_of")
	}
	if f.Resolution == "" {
		return models.ErrInput.With("请写明是哪次会议、几号决议同意结转的，没有结转").At("resolution")
	}
	if f.Checked == "" {
		return models.ErrInput.With("请先打印核对表，各户核对签字以后再结转；没有结转").At("checked")
	}
	return nil
}

func (p *Pages) balances(ctx context.Context, v int64, u db.Upload, f importForm) (sheet.Table, award.BalancePreview, error) {
	t, err := sheet.ReadSheet(u.Name, u.Body, f.worksheet())
	if err != nil {
		return t, award.BalancePreview{}, err
	}
	pre, err := award.PreviewBalances(ctx, p.db, v, t, f.chosen(), nil)
	t.Columns, t.Left, t.Dropped = pre.Columns, pre.Left, pre.Dropped
	return t, pre, err
}

func readBalances(ctx context.Context, p *Pages, v int64, u db.Upload, f importForm) (importReading, error) {
	t, pre, err := p.balances(ctx, v, u, f)
	if err != nil {
		return importReading{}, err
	}
	r := importReading{Table: t, Mapping: pre.Mapping, Problems: pre.Problems, Fine: pre.Ready() == nil}
	if !pre.Mapping.Has("number") && !pre.Mapping.Has("head") && len(pre.Mapping.Missing) == 0 {
		r.Mapping.Missing = append(r.Mapping.Missing, award.BalanceWants[0])
	}
	for _, row := range pre.Rows {
		_, text, _ := strings.Cut(row.Understood, "：")
		r.Rows = append(r.Rows, importRow{Number: row.Row, Title: row.Home.Label(), Text: text, Tag: "结转", Kind: "ok"})
	}
	if len(pre.Rows) > 0 {
		r.Totals = []string{fmt.Sprintf("%d 户", len(pre.Rows)), fmt.Sprintf("能换的分共 %s 分", pre.Points), fmt.Sprintf("总得分共 %s 分", pre.Honour)}
	}
	return r, nil
}

func runBalances(ctx context.Context, p *Pages, op db.OpID, by models.Actor, v int64, u db.Upload, f importForm, _ func(done, total int)) (importResult, error) {
	t, err := sheet.ReadSheet(u.Name, u.Body, f.worksheet())
	if err != nil {
		return importResult{}, err
	}
	asOf, err := models.ParseDate(f.AsOf)
	if err != nil {
		return importResult{}, err
	}
	done, err := award.CarryOver(ctx, p.db, op, by, v, award.CarryAsk{Table: t, Columns: f.chosen(), Resolution: f.Resolution, AsOf: asOf})
	return importResult{
		Text: fmt.Sprintf("旧账结转好了：%d 户，能换的分共 %s 分", done.Households, done.Points),
		Detail: []string{fmt.Sprintf("总得分共 %s 分", done.Honour), "旧账截至 " + string(done.AsOf), "决议：" + done.Resolution,
			"每户存折第一行写着“旧账结转”；记错了可以改错（改错留痕，不删）"},
	}, err
}

// carriedOver says what was carried over; empty when nothing was.
func (p *Pages) carriedOver(ctx context.Context, v int64) (string, error) {
	all, err := award.CarryOvers(ctx, p.db, v)
	if err != nil || len(all) == 0 {
		return "", err
	}
	homes := 0
	var points models.Points
	for _, c := range all {
		homes, points = homes+c.Households, points+c.Points
	}
	return fmt.Sprintf("%d 户已结转，共 %s 分（决议 %s）。", homes, points, all[0].Resolution), nil
}

// checkSheet is the 旧积分核对表: every household sees its old balance and signs
// before anything is posted.
type checkSheet struct {
	Village  web.Area
	AsOf     models.Date
	Pages    []checkSheetPage
	Points   models.Points
	Honour   models.Points
	Homes    int
	Back     string
	Problems int
}

type checkSheetPage struct {
	Number, Of int
	Rows       []checkLine
	Last       bool
}

type checkLine struct {
	Number, Head   string
	Group          int
	Points, Honour models.Points
}

func (s checkSheet) View() (name, title string) {
	return "admin/balances_check", s.Village.Name + "旧积分核对表"
}

// rowsPerCheckPage fits A4 with room for a thumbprint in each row.
const rowsPerCheckPage = 16

// ImportCheck answers …/check.
func (p *Pages) ImportCheck(c *fiber.Ctx) error {
	v, k, u, f, err := p.waiting(c)
	if err != nil {
		return err
	}
	if k.Key != balancesImport.Key {
		return models.ErrNotFound
	}
	_, pre, err := p.balances(c.UserContext(), v.ID, u, f)
	if err != nil {
		return err
	}
	s := checkSheet{Village: v, Points: pre.Points, Honour: pre.Honour, Homes: len(pre.Rows), Problems: len(pre.Problems), Back: importPath(v.ID, k.Key) + "/" + models.ID32(u.ID)}
	if s.AsOf, err = models.ParseDate(f.AsOf); err != nil {
		s.AsOf = p.db.Now().Day()
	}
	s.fill(pre.Rows)
	return web.Show(c, s)
}

// fill sorts the rows as people walk, by group and number, onto pages.
func (s *checkSheet) fill(rows []award.BalanceRow) {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b award.BalanceRow) int {
		if d := a.Home.Group - b.Home.Group; d != 0 {
			return d
		}
		if d := len(a.Home.Number) - len(b.Home.Number); d != 0 {
			return d
		}
		return strings.Compare(a.Home.Number, b.Home.Number)
	})
	for chunk := range slices.Chunk(rows, rowsPerCheckPage) {
		page := checkSheetPage{Number: len(s.Pages) + 1}
		for _, r := range chunk {
			page.Rows = append(page.Rows, checkLine{r.Home.Number, r.Home.Head, r.Home.Group, r.Points, r.Honour})
		}
		s.Pages = append(s.Pages, page)
	}
	for i := range s.Pages {
		s.Pages[i].Of, s.Pages[i].Last = len(s.Pages), i == len(s.Pages)-1
	}
}
