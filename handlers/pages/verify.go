package pages

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/keys"
	"pointstore/models/ledger"
	"pointstore/models/notice"
	"pointstore/models/report"
	"pointstore/models/village"
)

// verifyPage says whether a paper with a check code is genuine. It never names
// anybody.
type verifyPage struct {
	Villages []web.Option
	Number   string
	Code     string
	Asked    bool
	Genuine  *genuine
	Errors   map[string]string
}

// genuine is what was registered under the number and the code.
type genuine struct {
	What  string // 小票 012-57
	Facts [][]string
	Void  string // why it no longer counts
	Lines []string
}

// View implements web.Page.
func (verifyPage) View() (name, title string) { return "verify/verify", "查防伪码" }

type verifyForm struct {
	Village int64  `form:"v,id32"`
	Number  string `form:"n" label:"编号" max:"80"`
	Code    string `form:"k" label:"防伪码" max:"40"`
}

var errNotGenuine = models.ErrNotFound.With("没有查到：编号和防伪码对不上。请照着纸上重新填；多次查不到，请找村监督员核实")

// Verify answers GET /verify, the form and the address in the QR code of a paper.
func (p *Pages) Verify(c *fiber.Ctx) error {
	var f verifyForm
	_, err := web.Bind(c, &f)
	page := verifyPage{Number: f.Number, Code: f.Code, Asked: f.Code != "" || f.Number != "", Errors: web.Errors(err)}
	var lost error
	if page.Villages, lost = p.villageOptions(c.UserContext(), f.Village); lost != nil {
		return lost
	}
	if err == nil && page.Asked {
		page.Genuine, err = p.genuine(c.UserContext(), f)
	}
	if err != nil {
		return web.Again(c, page, err)
	}
	return web.Show(c, page)
}

// noticeNumber is how a notice is numbered: G2026-11, or as people say it.
var noticeNumber = regexp.MustCompile(`(?i)^(?:G(\d{4})-(\d{1,4})|(\d{4})年第?(\d{1,4})期)$`)

// genuine looks the paper up. Whatever does not fit gets one and the same answer.
func (p *Pages) genuine(ctx context.Context, f verifyForm) (*genuine, error) {
	if f.Code == "" {
		return nil, models.ErrInput.With("请填防伪码，八个字符，印在编号旁边").At("k")
	}
	if f.Number == "" {
		return p.genuinePaper(ctx, f.Code)
	}
	if f.Village == 0 {
		return nil, models.ErrInput.With("请先选是哪个村").At("v")
	}
	var g *genuine
	var err error
	if m := noticeNumber.FindStringSubmatch(f.Number); m != nil {
		year, _ := strconv.Atoi(m[1] + m[3])
		number, _ := strconv.Atoi(m[2] + m[4])
		g, err = p.genuineNotice(ctx, f, year, number)
	} else {
		g, err = p.genuineLine(ctx, f)
	}
	if errors.Is(err, models.ErrNotFound) {
		err = errNotGenuine
	}
	return g, err
}

func (p *Pages) genuinePaper(ctx context.Context, code string) (*genuine, error) {
	d, err := report.FindDocument(ctx, p.db, code)
	if err != nil {
		return nil, err
	}
	return &genuine{What: d.Title, Facts: [][]string{{"防伪码", d.Code}, {"导出时间", d.MadeAt.String()}}, Lines: strings.Split(d.Summary, "\n")}, nil
}

func (p *Pages) genuineNotice(ctx context.Context, f verifyForm, year, number int) (*genuine, error) {
	n, err := notice.Find(ctx, p.db, f.Village, year, number)
	if err != nil {
		return nil, err
	}
	if n.Code() == "" || !keys.SameCheckCode(n.Code(), f.Code) {
		return nil, errNotGenuine
	}
	poster, err := award.GetPoster(ctx, p.db, f.Village, n.ID)
	if err != nil {
		return nil, err
	}
	g := &genuine{What: "积分公示 " + n.Name(), Facts: [][]string{
		{"共", strconv.Itoa(poster.Awards) + " 笔、" + strconv.Itoa(poster.Households) + " 户"},
		{"合计", poster.Points.Signed() + " 分"},
	}}
	if n.Kind == notice.Clearings {
		g = &genuine{What: n.Title + " " + n.Name()}
	}
	switch {
	case n.State == notice.Dropped:
		g.Void = "这一期已经作废，没有张贴"
	case n.HungAt == 0:
		g.Facts = append(g.Facts, []string{"状态", "还没有张贴，不算数"})
	default:
		g.Facts = append(g.Facts, []string{"张贴", n.HungAt.String()}, []string{"到期", n.EndsAt.String()})
	}
	return g, nil
}

// genuineLine verifies a line of a passbook, and so a receipt: 012-57.
func (p *Pages) genuineLine(ctx context.Context, f verifyForm) (*genuine, error) {
	cut := strings.LastIndexByte(f.Number, '-')
	if cut <= 0 {
		return nil, errNotGenuine
	}
	seq, err := strconv.ParseInt(f.Number[cut+1:], 10, 64)
	if err != nil {
		return nil, errNotGenuine
	}
	home, err := village.HomeByNumber(ctx, p.db, f.Village, f.Number[:cut])
	if err != nil {
		return nil, err
	}
	e, err := ledger.GetEntry(ctx, p.db, home.Household, seq)
	if err != nil {
		return nil, err
	}
	if !keys.SameCheckCode(e.CheckCode(), f.Code) {
		return nil, errNotGenuine
	}
	g := &genuine{What: lineTitle(e, home.Number), Facts: [][]string{
		{"编号", e.Number(home.Number)}, {"种类", e.Kind.String()}, {"分数", shownPoints(e.Points, e.Honour)},
		{"办理时间", e.PostedAt.String()}, {"办完能换的分", e.Balance.String()},
	}}
	if e.Kind == ledger.Reversal {
		g.Facts = append(g.Facts, []string{"冲回", ledger.Entry{Seq: e.Cause}.Number(home.Number)})
	}
	fixed, err := ledger.Corrections(ctx, p.db, home.Household)
	if by, ok := fixed[seq]; ok {
		g.Void = "这一笔已经作废，见 " + ledger.Entry{Seq: by.By}.Number(home.Number)
	}
	return g, err
}

func lineTitle(e ledger.Entry, number string) string {
	if e.Kind == ledger.Redeem {
		return "小票 " + e.Number(number)
	}
	return "存折 " + e.Number(number)
}
