package pages

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/keys"
)

func (p *Pages) routesSetup(r Routes) {
	r.Get("/setup", web.Anybody, p.Setup)
	r.Post("/setup", web.Anybody, p.OpenSetup, web.Guessable)
	r.Get("/setup/admin", web.Anybody, p.SetupAdmin)
	r.Post("/setup/admin", web.Anybody, p.MakeAdmin)
	r.Get("/setup/areas", web.Staff(models.RunInstance), p.SetupAreas)
	r.Post("/setup/areas", web.Staff(models.RunInstance), p.MakeAreas)
}

// The two ways to run, kept as the setting "mode".
const (
	modeSetting = "mode"
	modeSingle  = "single" // 单机: one PC, no phones
	modeCounty  = "county" // 县级: a filed domain, HTTPS, phones
)

// modes says plainly what works in each way of running.
func modes(now string) []web.Option {
	return []web.Option{
		{Value: modeSingle, Text: "单机", Selected: now == modeSingle,
			Hint: "一台电脑，配扫码枪和打印机，用纸质卡。记分、兑换、公示、报表都能用；手机不能用，别的电脑也看不到。"},
		{Value: modeCounty, Text: "县级", Selected: now == modeCounty,
			Hint: "县里统一办，有备案的域名和 HTTPS。手机扫码记分、村民用微信看存折和换东西都能用；各村、乡镇不另建。"},
	}
}

// setupSteps are the steps of the first run, the now-th being under way.
func setupSteps(now int) []web.Step {
	texts := []string{"打开", "管理员", "县乡村", "各户", "细则", "商品", "旧账", "人员", "打印卡"}
	steps := make([]web.Step, len(texts))
	for i, t := range texts {
		steps[i] = web.Step{Text: t, State: "todo"}
		if i < now {
			steps[i].State = "done"
		} else if i == now {
			steps[i].State = "now"
		}
	}
	return steps
}

type setupForm struct {
	Code string `form:"code,required" label:"设置码" max:"20"`
	Mode string `form:"mode" label:"怎么用" max:"10"`
}

// setupPage opens the first run.
type setupPage struct {
	Steps  []web.Step
	Form   setupForm
	Modes  []web.Option
	Errors map[string]string
}

func (setupPage) View() (name, title string) { return "setup/start", "第一次使用" }

func newSetupPage(f setupForm, err error) setupPage {
	return setupPage{Steps: setupSteps(0), Form: f, Modes: modes(f.Mode), Errors: web.Errors(err)}
}

// Setup answers GET /setup, which is there until somebody is administrator.
func (p *Pages) Setup(c *fiber.Ctx) error {
	if has, err := account.HasAdmin(c.UserContext(), p.db); err != nil || has {
		return p.setUpAlready(c, err)
	}
	return web.Show(c, newSetupPage(setupForm{}, nil))
}

func (p *Pages) setUpAlready(c *fiber.Ctx, err error) error {
	if err != nil {
		return err
	}
	return web.See(c, "/signin")
}

// ErrSetupCode refuses a wrong set-up code.
var ErrSetupCode = &models.Error{Kind: models.Forbidden, Code: "setup_code", Field: "code",
	Say: "设置码不对，还没有改动任何内容；请照着启动程序的那个窗口里印的再填一次"}

// OpenSetup answers POST /setup: the code of the terminal opens the door.
func (p *Pages) OpenSetup(c *fiber.Ctx) error {
	ctx := c.UserContext()
	if has, err := account.HasAdmin(ctx, p.db); err != nil || has {
		return p.setUpAlready(c, err)
	}
	var f setupForm
	if _, err := web.Bind(c, &f); err != nil {
		return web.Again(c, newSetupPage(f, err), err)
	}
	if f.Mode != modeSingle && f.Mode != modeCounty {
		err := models.ErrInput.With("请先选是单机用还是县级用，还没有保存").At("mode")
		return web.Again(c, newSetupPage(f, err), err)
	}
	right, _, err := p.db.Guess(ctx, func(context.Context) (bool, error) {
		return p.setup != "" && keys.SameCheckCode(f.Code, p.setup), nil
	}, db.Scope{Name: "setup:" + web.Addr(c)}, db.Scope{Name: "setup", Tries: 50})
	if err == nil && !right {
		err = ErrSetupCode
	}
	if err != nil {
		return web.Again(c, newSetupPage(f, err), err)
	}
	if err := p.saveMode(ctx, f.Mode); err != nil {
		return err
	}
	p.passSetup(c)
	return web.See(c, "/setup/admin")
}

func (p *Pages) saveMode(ctx context.Context, mode string) error {
	return p.db.Aside(ctx, func(tx *db.Tx) error { return db.SetSetting(tx, modeSetting, mode) })
}

// setupCookie proves to the next step that the code was right. It holds an HMAC
// of the code, not the code.
const setupCookie = "setup"

func (p *Pages) setupPass() string { return hex.EncodeToString(p.keys.Find("setup", p.setup)) }

func (p *Pages) passSetup(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{Name: setupCookie, Value: p.setupPass(), Path: "/setup", HTTPOnly: true, SameSite: "Strict",
		Secure: strings.HasPrefix(p.base, "https:"), MaxAge: int(time.Hour / time.Second)})
}

func (p *Pages) passedSetup(c *fiber.Ctx) bool {
	return p.setup != "" && c.Cookies(setupCookie) == p.setupPass()
}

type firstAdminForm struct {
	Login    string `form:"login,required" label:"登录名" max:"32"`
	Name     string `form:"name,required" label:"姓名" max:"64"`
	Password string `form:"password,raw" label:"密码"`
	Again    string `form:"again,raw" label:"再填一次密码"`
}

// firstAdminPage asks for the administrator.
type firstAdminPage struct {
	Steps       []web.Step
	Login, Name string
	Errors      map[string]string
}

func (firstAdminPage) View() (name, title string) { return "setup/admin", "设管理员" }

// SetupAdmin answers GET /setup/admin.
func (p *Pages) SetupAdmin(c *fiber.Ctx) error {
	if has, err := account.HasAdmin(c.UserContext(), p.db); err != nil || has {
		return p.setUpAlready(c, err)
	}
	if !p.passedSetup(c) {
		return web.See(c, "/setup")
	}
	return web.Show(c, firstAdminPage{Steps: setupSteps(1)})
}

// MakeAdmin answers POST /setup/admin: the administrator is made and signed in.
func (p *Pages) MakeAdmin(c *fiber.Ctx) error {
	ctx := c.UserContext()
	if !p.passedSetup(c) {
		return web.See(c, "/setup")
	}
	var f firstAdminForm
	_, err := web.Bind(c, &f)
	if err == nil && f.Password != f.Again {
		err = models.ErrInput.With("两次填的密码不一样，还没有保存，请再填一次").At("again")
	}
	var a account.Account
	if err == nil {
		a, err = account.FirstAdmin(ctx, p.db, f.Login, f.Name, f.Password)
	}
	if err != nil {
		return web.Again(c, firstAdminPage{Steps: setupSteps(1), Login: f.Login, Name: f.Name, Errors: web.Errors(err)}, err)
	}
	secret, err := account.Open(ctx, p.db, a.ID, web.Device(c), false)
	if err != nil {
		return err
	}
	web.Enter(c, secret, false)
	c.Cookie(&fiber.Cookie{Name: setupCookie, Path: "/setup", HTTPOnly: true, Expires: time.Unix(0, 0)})
	web.Flash(c, "ok", "管理员设好了，您已登录", "登录名是 "+a.Login+"，请记住密码")
	return web.See(c, "/setup/areas")
}
