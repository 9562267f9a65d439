package pages

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/market"
	"pointstore/models/village"
)

// tillFace is what the second person of 当面核对 types at the till. The password
// is never shown again.
type tillFace struct {
	Login    string `form:"witness_login" label:"核对人的登录名" max:"64"`
	Password string `form:"password,raw" label:"核对人的密码" max:"200"`
	ReadOut  bool   `form:"read_out"`
}

func (f tillFace) asked() bool { return strings.TrimSpace(f.Login) != "" }

// witness makes sure who the second person is. Wrong guesses count as at signing
// in.
func (p *Pages) witness(c *fiber.Ctx, f tillFace) (market.Face, error) {
	who, err := account.Confirm(c.UserContext(), p.db, village.Kin, f.Login, f.Password, web.Addr(c))
	var e *models.Error
	if errors.As(err, &e) && errors.Is(err, account.ErrWrong) {
		err = e.With("核对人的" + e.Say + "；没有扣分").At("password")
	}
	if err != nil {
		return market.Face{}, err
	}
	return market.WitnessedBy(who, f.ReadOut), nil
}

// tillFaceOffer is whether and how far two people may vouch for a household at
// the till.
type tillFaceOffer struct {
	On      bool
	Open    bool // the household wants it this way, or it was tried
	Limit   models.Points
	Login   string
	ReadOut bool
}

// faceOffer reads what the village allows; without an opening under way there is
// no ceiling to count against, and so no 当面核对.
func (p *Pages) faceOffer(ctx context.Context, s station, prefers string) (o tillFaceOffer, err error) {
	limits, err := market.GetFaceLimits(ctx, p.db, s.Village.ID)
	o.Limit = limits.Limit
	o.On = limits.Limit > 0 && s.Counter.Opening != 0 && prefers != village.ConfirmPIN && prefers != village.ConfirmVoucher
	o.Open = o.On && prefers == village.ConfirmFace
	return o, err
}

// vouched adds to the till who may fetch the goods and who may vouch.
func (t *tillPage) vouched(ctx context.Context, p *Pages, s station, home village.Home) error {
	prefers, err := village.ConfirmOf(ctx, p.db, home.Household)
	if err != nil {
		return err
	}
	if t.Face, err = p.faceOffer(ctx, s, prefers); err != nil {
		return err
	}
	t.Prefers = prefers
	t.Proxies, err = market.Proxies(ctx, p.db, home.Household)
	return err
}

// prefer says what the household has asked for, and lets two people serve one
// that has neither card nor PIN.
func (t *tillPage) prefer() {
	h := t.Home
	switch {
	case !h.Serve && h.lacksProof && t.Face.On:
		h.Serve, h.Kind, h.Note = true, "wait", "可以当面核对："+t.Face.Limit.String()+" 分以内，请第二个人按 F2 输自己的密码"
	case !h.Serve:
	case t.Prefers == village.ConfirmPIN || t.Prefers == village.ConfirmVoucher:
		t.PINOver, h.Note = "0", "这一户要求："+village.TitleOf(village.Confirms, t.Prefers)
	case t.Prefers == village.ConfirmFace && t.Face.On:
		h.Note = "这一户习惯当面核对（F2），" + t.Face.Limit.String() + " 分以内"
	}
}

type faceForm struct {
	Limit   string `form:"face_limit" label:"当面核对一次最多" max:"20"`
	Session string `form:"face_session" label:"当面核对一场最多" max:"20"`
}

func (p *Pages) routesFace(r Routes) {
	r.Post("/admin/:village/face", web.Staff(models.SetUpVillage), p.SaveFace)
}

// faceFormOf is the form as the village stands.
func (p *Pages) faceFormOf(ctx context.Context, v int64) (faceForm, error) {
	l, err := market.GetFaceLimits(ctx, p.db, v)
	return faceForm{l.Limit.Plain(), l.Session.Plain()}, err
}

// SaveFace answers POST /admin/:village/face.
func (p *Pages) SaveFace(c *fiber.Ctx) error {
	at, err := web.VillageFor(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	var f faceForm
	op, err := web.Bind(c, &f)
	var l market.FaceLimits
	if err == nil {
		l.Limit, err = pointsOrZero(f.Limit, "face_limit")
	}
	if err == nil {
		l.Session, err = pointsOrZero(f.Session, "face_session")
	}
	if err == nil {
		err = market.SaveFaceLimits(c.UserContext(), p.db, op, web.Actor(c), at.ID, l)
	}
	if err == nil {
		web.Flash(c, "ok", "当面核对的额度已保存")
		return web.See(c, adminPath(at.ID, "edit"))
	}
	page, failed := p.editVillagePage(c, at)
	if failed != nil {
		return failed
	}
	page.Face, page.Errors = f, web.Errors(err)
	return web.Again(c, page, err)
}
