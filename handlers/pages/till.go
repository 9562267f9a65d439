package pages

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

func (p *Pages) routesCounter(r Routes) {
	r.Nav("counter", counterNav)
	till, shop := web.Staff(models.HandOverGoods), web.Staff(models.KeepStock)
	both := web.Staff(models.HandOverGoods, models.KeepStock)
	slip := web.Staff(models.HandOverGoods, models.KeepStock, models.UndoRedemption)

	r.Get("/counter", till, p.Counter)
	r.Post("/counter/scan", till, p.Scan)
	r.Post("/counter/photo", till, p.Photo, web.Upload)
	r.Get("/counter/h/:household", till, p.Till)
	r.Get("/counter/voucher", till, p.TillVoucher)
	r.Post("/counter/redeem", till, p.Redeem)
	r.Get("/counter/result", till, p.RedeemResult)

	r.Get("/counter/receipts/:receipt", slip, p.CounterReceipt)
	r.Post("/counter/receipts/:receipt/undo", slip, p.UndoReceipt)
	r.Get("/counter/today", both, p.CounterToday)

	r.Get("/counter/choose", both, p.ChooseCounter)
	r.Post("/counter/choose", both, p.ChoseCounter)
	r.Post("/counter/choose/add", web.Staff(models.SetUpVillage), p.AddCounter)

	r.Get("/counter/stock", shop, p.CounterStock)
	r.Get("/counter/stock/in", shop, p.StockIn)
	r.Post("/counter/stock/in", shop, p.ReceiveStock)
	r.Get("/counter/goods/new", shop, p.NewGoods)
	r.Post("/counter/goods/new", shop, p.AddGoods)
	r.Get("/counter/goods/:goods", shop, p.CounterGoods)
	r.Post("/counter/goods/:goods", shop, p.SaveGoods)
	r.Post("/counter/goods/:goods/price", shop, p.PriceGoods)
	r.Post("/counter/goods/:goods/shelf", shop, p.ShelveGoods)

	r.Get("/counter/opening", both, p.CounterOpening)
	r.Post("/counter/opening/open", shop, p.OpenCounter)
	r.Post("/counter/opening/close", shop, p.CloseCounter)
	r.Get("/counter/roster", both, p.CounterRoster)
}

// counterNav shows each person what their role may do.
func counterNav(c *fiber.Ctx) []web.Link {
	by := web.Actor(c)
	var nav []web.Link
	if by.Any(models.HandOverGoods) {
		nav = append(nav, web.Link{Href: "/counter", Text: "兑换", Icon: "scan", Key: "till"})
	} else {
		at, _ := web.Village(c) // none in hand: back to the beginning
		nav = append(nav, backLink(by, at))
	}
	if !by.Any(models.HandOverGoods) && !by.Any(models.KeepStock) { // signs what others keep
		return append(nav, web.Link{Href: "/counter/papers", Text: "出入库单据", Icon: "list", Key: "papers"})
	}
	nav = append(nav, web.Link{Href: "/counter/today", Text: "今天", Icon: "list", Key: "today"})
	if by.Any(models.KeepStock) {
		nav = append(nav, web.Link{Href: "/counter/stock", Text: "商品库存", Icon: "store", Key: "stock"})
	}
	return append(nav, web.Link{Href: "/counter/opening", Text: "开场收场", Icon: "clock", Key: "opening"},
		web.Link{Href: "/counter/roster", Text: "停电名册", Icon: "print", Key: "roster"})
}

// station is where somebody works: a village and one of its counters.
type station struct {
	Village web.Area
	Counter market.Counter
	Several bool // there is another counter to choose
}

// name is the counter's for the banner, with its village's unless it begins so.
func (s station) name() string {
	if strings.HasPrefix(s.Counter.Name, s.Village.Name) {
		return s.Counter.Name
	}
	return s.Village.Name + " " + s.Counter.Name
}

// counterFrame is what the counter's pages say in the banner.
type counterFrame struct {
	site, note, posture, active string
	// own keeps the refusal out of the frame: the page says it in its own place.
	own bool
}

// Frame implements the page's say in its surroundings.
func (f counterFrame) Frame(w *web.Frame) {
	w.Site, w.AsOf = f.site, f.note
	if f.posture != "" {
		w.Posture = f.posture
	}
	if f.active != "" {
		w.Active = f.active
	}
	if f.own {
		w.Error = nil
	}
}

func (s station) frame(posture, active string) counterFrame {
	return counterFrame{site: s.name(), posture: posture, active: active}
}

// The refusals of somebody whose counter is not known.
var (
	errWhichCounter = &models.Error{Kind: models.Input, Code: "which_counter", Field: "counter", Say: "村里不止一个兑换点，请先选您在哪一个；没有办理任何业务"}
	errNoCounterYet = &models.Error{Kind: models.Conflict, Code: "no_counter_yet", Say: "这个村还没有兑换点，请村委或管理员先添加一个；没有办理任何业务"}
)

const (
	counterCookie = "pc" // the village and the counter last chosen; checked every time
	counterFor    = 365 * 24 * time.Hour
)

// station finds where the person works: what the request names, else what this
// browser chose, else the only counter there is. Any of the actions will do.
func (p *Pages) station(c *fiber.Ctx, acts ...models.Action) (station, error) {
	lastVillage, lastCounter := chosenCounter(c)
	s := station{}
	var err error
	if s.Village, err = villageForAny(c, acts); errors.Is(err, web.ErrWhich) && lastVillage != 0 {
		s.Village, err = p.villageAgain(c, lastVillage, acts)
	}
	if err != nil {
		return s, err
	}
	all, err := market.Counters(c.UserContext(), p.db, s.Village.ID)
	if err != nil {
		return s, err
	}
	s.Several = len(all) > 1
	want, err := namedCounter(c)
	if err != nil {
		return s, err
	}
	named := want != 0
	if !named && lastVillage == s.Village.ID {
		want = lastCounter
	}
	for _, one := range all {
		if one.ID == want || len(all) == 1 && !named {
			s.Counter = one
		}
	}
	switch {
	case len(all) == 0:
		return s, errNoCounterYet
	case s.Counter.ID == 0 && named:
		return s, market.ErrNoCounter
	case s.Counter.ID == 0:
		return s, errWhichCounter
	}
	if c.Query("village") != "" || c.Query("counter") != "" {
		p.keepCounter(c, s.Village.ID, s.Counter.ID)
	}
	return s, nil
}

// villageForAny is web.VillageFor for the first action that is granted.
func villageForAny(c *fiber.Ctx, acts []models.Action) (v web.Area, err error) {
	for _, act := range acts {
		if v, err = web.VillageFor(c, act); !errors.Is(err, models.ErrForbidden) {
			return v, err
		}
	}
	return v, err
}

// villageAgain is the village this browser worked in last, if the person still
// may.
func (p *Pages) villageAgain(c *fiber.Ctx, id int64, acts []models.Action) (web.Area, error) {
	v, err := AreaOf(p.db)(c.UserContext(), id)
	for _, act := range acts {
		if err == nil && web.Actor(c).Can(act, v.Place) {
			return v, nil
		}
	}
	return web.Area{}, web.ErrWhich
}

// namedCounter is the counter that query or form names, 0 for none.
func namedCounter(c *fiber.Ctx) (int64, error) {
	text := c.Query("counter")
	if text == "" && c.Method() == fiber.MethodPost {
		text = c.FormValue("counter")
	}
	if text == "" {
		return 0, nil
	}
	return models.ParseID32(strings.ToLower(text))
}

func chosenCounter(c *fiber.Ctx) (village, counter int64) {
	v, n, _ := strings.Cut(c.Cookies(counterCookie), ".")
	village, err1 := models.ParseID32(v)
	counter, err2 := models.ParseID32(n)
	if err1 != nil || err2 != nil {
		return 0, 0
	}
	return village, counter
}

func (p *Pages) keepCounter(c *fiber.Ctx, village, counter int64) {
	c.Cookie(&fiber.Cookie{Name: counterCookie, Value: models.ID32(village) + "." + models.ID32(counter), Path: "/counter", HTTPOnly: true,
		Secure: strings.HasPrefix(p.base, "https://"), SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(counterFor.Seconds())})
}

// astray leads somebody whose counter is not known to the choice of one.
func astray(c *fiber.Ctx, err error) error {
	choose := errors.Is(err, web.ErrWhich) || errors.Is(err, errWhichCounter) || errors.Is(err, errNoCounterYet)
	if choose && c.Method() == fiber.MethodGet && !web.WantsJSON(c) {
		to := "/counter/choose?next=" + url.QueryEscape(c.OriginalURL())
		if v := c.Query("village"); v != "" {
			to += "&village=" + url.QueryEscape(v)
		}
		return web.See(c, to)
	}
	return err
}

// knownCounters remembers which counters exist; one never stops existing, and whether
// it is given up is the market's question.
var knownCounters sync.Map // counterKey → struct{}

type counterKey struct {
	of          *db.DB
	village, id int64
}

// isCounter refuses a counter the village does not have. Wrong PINs are counted
// by counter, so nobody may invent counters to get more guesses.
func (p *Pages) isCounter(ctx context.Context, village, id int64) error {
	key := counterKey{p.db, village, id}
	if _, ok := knownCounters.Load(key); ok {
		return nil
	}
	if _, err := market.GetCounter(ctx, p.db, village, id); err != nil {
		return err
	}
	knownCounters.Store(key, struct{}{})
	return nil
}
