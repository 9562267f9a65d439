package api

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

// genuineJSON is what was registered under a number and its check code. It never
// names anybody.
type genuineJSON struct {
	Kind    string         `json:"kind"` // line, notice or paper
	Title   string         `json:"title"`
	Points  *models.Points `json:"points,omitempty"`
	Honour  *models.Points `json:"honour,omitempty"`
	Balance *models.Points `json:"balance,omitempty"`
	Awards  int            `json:"awards,omitempty"`
	At      instant        `json:"at"`
	Summary string         `json:"summary,omitempty"`
	Void    string         `json:"void,omitempty"` // why it does not count
}

type verifyForm struct {
	Village int64  `form:"village,id32" label:"村"`
	Number  string `form:"number" label:"编号" max:"80"`
	Code    string `form:"code,required" label:"防伪码" max:"40"`
}

var errNotGenuine = models.ErrNotFound.With("没有查到：编号和防伪码对不上。请照着纸上重新填；多次查不到，请找村监督员核实")

// noticeNumber is how a notice is numbered: G2026-11, or as people say it.
var noticeNumber = regexp.MustCompile(`(?i)^(?:G(\d{4})-(\d{1,4})|(\d{4})年第?(\d{1,4})期)$`)

// Verify answers GET /api/v1/verify. Whatever does not fit gets one and the same
// answer.
func (a *API) Verify(c *fiber.Ctx) error {
	var f verifyForm
	if err := web.Read(c, &f); err != nil {
		return err
	}
	g, err := a.genuine(c.UserContext(), f)
	if errors.Is(err, models.ErrNotFound) {
		err = errNotGenuine
	}
	if err != nil {
		return err
	}
	return web.JSON(c, g)
}

func (a *API) genuine(ctx context.Context, f verifyForm) (genuineJSON, error) {
	switch {
	case f.Number == "":
		d, err := report.FindDocument(ctx, a.db, f.Code)
		return genuineJSON{Kind: "paper", Title: d.Title, At: instant(d.MadeAt), Summary: d.Summary}, err
	case f.Village == 0:
		return genuineJSON{}, models.ErrInput.With("请先选是哪个村").At("village")
	}
	if m := noticeNumber.FindStringSubmatch(f.Number); m != nil {
		year, _ := strconv.Atoi(m[1] + m[3])
		number, _ := strconv.Atoi(m[2] + m[4])
		return a.genuineNotice(ctx, f, year, number)
	}
	return a.genuineLine(ctx, f)
}

func (a *API) genuineNotice(ctx context.Context, f verifyForm, year, number int) (genuineJSON, error) {
	n, err := notice.Find(ctx, a.db, f.Village, year, number)
	if err != nil {
		return genuineJSON{}, err
	}
	if n.Code() == "" || !keys.SameCheckCode(n.Code(), f.Code) {
		return genuineJSON{}, errNotGenuine
	}
	poster, err := award.GetPoster(ctx, a.db, f.Village, n.ID)
	g := genuineJSON{Kind: "notice", Title: "积分公示 " + n.Name(), Points: &poster.Points, Awards: poster.Awards, At: instant(n.HungAt)}
	if n.Kind == notice.Clearings {
		g.Title, g.Points = n.Title+" "+n.Name(), nil
	}
	switch {
	case n.State == notice.Dropped:
		g.At, g.Void = instant(n.MadeAt), "这一期已经作废，没有张贴"
	case n.HungAt == 0:
		g.At, g.Void = instant(n.MadeAt), "这一期还没有张贴，不算数"
	}
	return g, err
}

// genuineLine verifies a line of a passbook, and so a receipt: 012-57.
func (a *API) genuineLine(ctx context.Context, f verifyForm) (genuineJSON, error) {
	cut := max(strings.LastIndexByte(f.Number, '-'), 0)
	seq, err := strconv.ParseInt(strings.TrimPrefix(f.Number[cut:], "-"), 10, 64)
	if cut == 0 || err != nil {
		return genuineJSON{}, errNotGenuine
	}
	home, err := village.HomeByNumber(ctx, a.db, f.Village, f.Number[:cut])
	if err != nil {
		return genuineJSON{}, err
	}
	e, err := ledger.GetEntry(ctx, a.db, home.Household, seq)
	if err != nil {
		return genuineJSON{}, err
	}
	if !keys.SameCheckCode(e.CheckCode(), f.Code) {
		return genuineJSON{}, errNotGenuine
	}
	g := genuineJSON{Kind: "line", Title: e.Kind.String() + " " + e.Number(home.Number), Points: &e.Points, Honour: &e.Honour, Balance: &e.Balance, At: instant(e.PostedAt)}
	fixed, err := ledger.Corrections(ctx, a.db, home.Household)
	if by, ok := fixed[seq]; ok {
		g.Void = "这一笔已经作废，见 " + ledger.Entry{Seq: by.By}.Number(home.Number)
	}
	return g, err
}
