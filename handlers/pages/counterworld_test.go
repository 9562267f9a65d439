package pages_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers"
	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

// shop is 青石村 with its counter, seen through the program's own front door:
// soap at 20, rice at 50, a haircut at 15; ten of each thing. 马少明 has a card,
// a PIN and 128 points; 30 points need no PIN. 杨桂兰 never set a PIN. 小李 the
// clerk lives at 李强's.
type shop struct {
	*modelstest.County
	d                   *db.DB
	clock               *modelstest.Clock
	k                   *keys.Keys
	app                 *fiber.App
	village, next       int64
	ma, yang, li        models.Household
	counter             market.Counter
	soap, rice, haircut int64
	boss, chen          models.Actor
}

const maPIN = "280461"

func newShop(t testing.TB) *shop {
	t.Helper()
	c := modelstest.NewCounty(t)
	s := &shop{County: c, d: c.DB, clock: c.Clock, k: c.Keys, boss: c.Boss, village: c.Village("青石村"), next: c.Village("兰光村")}
	s.chen = c.Person("chen", "陈主任", models.Committee, s.village)
	s.ma, s.yang, s.li = c.Home(s.village, "012", "马少明"), c.Home(s.village, "018", "杨桂兰"), c.Home(s.village, "031", "李强")
	_, err := village.FirstCards(t.Context(), s.d, db.NewOpID(), s.chen, s.k, s.village)
	s.must(err)
	s.must(village.SetPIN(t.Context(), s.d, db.NewOpID(), s.chen, s.k, s.ma, maPIN))
	s.must(village.SaveVillage(t.Context(), s.d, db.NewOpID(), s.chen, village.Settings{Village: s.village, Name: "青石村", SmallLimit: 3000, SmallDaily: 4000, RhythmMonths: 1}))
	c.LivesAt(c.Person("xiaoli", "李小丽", models.Clerk, s.village), s.li)
	s.counter, err = market.EnsureCounter(t.Context(), s.d, db.NewOpID(), s.boss, s.k, s.village, "青石村兑换点")
	s.must(err)
	s.rice, s.soap, s.haircut = s.item("大米 5公斤", "袋", market.Thing, 5000, 10), s.item("洗衣液", "瓶", market.Thing, 2000, 10), s.item("理发一次", "次", market.Service, 1500, 0)
	s.give(s.ma, 12800)
	s.give(s.yang, 10000)
	s.app, err = handlers.New(handlers.Deps{DB: s.d, Keys: s.k, Base: "https://jf.example.cn", Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Rate: 1e6})
	s.must(err)
	return s
}

func (s *shop) must(err error) { s.Helper(); s.Must(err) }

func (s *shop) item(name, unit, kind string, price models.Points, pieces int) int64 {
	s.Helper()
	g, err := market.AddGoods(s.Context(), s.d, db.NewOpID(), s.chen, market.GoodsForm{Village: s.village, Name: name, Unit: unit, Kind: kind, Points: price})
	s.must(err)
	if pieces > 0 {
		s.must(market.Receive(s.Context(), s.d, db.NewOpID(), s.chen, market.Delivery{Village: s.village, Counter: s.counter.ID, Lines: []market.Incoming{{Goods: g.ID, Qty: models.Qty(pieces) * models.One}}}))
	}
	return g.ID
}

func (s *shop) give(h models.Household, points models.Points) {
	s.Helper()
	s.must(s.d.InTx(s.Context(), db.Op{ID: db.NewOpID(), Village: h.Village, Kind: "give"}, func(tx *db.Tx) error {
		_, err := ledger.Post(tx, 10000, ledger.Entry{Household: h, Kind: ledger.Award, Points: points, Honour: points})
		return err
	}))
}

func (s *shop) cardOf(h models.Household) keys.Token {
	s.Helper()
	home, err := village.GetHome(s.Context(), s.d, h)
	s.must(err)
	return village.CardToken(s.k, home)
}

func (s *shop) wantPoints(h models.Household, want models.Points) {
	s.Helper()
	book, err := ledger.Balance(s.Context(), s.d, h)
	s.must(err)
	if book.Balance != want {
		s.Fatalf("the balance is %s, want %s", book.Balance, want)
	}
}

func (s *shop) wantStock(goods int64, pieces int) {
	s.Helper()
	lines, err := market.Stock(s.Context(), s.d, s.village, s.counter.ID, s.clock.Now().Day())
	s.must(err)
	for _, l := range lines {
		if l.ID == goods && l.Qty != models.Qty(pieces)*models.One {
			s.Fatalf("%s: stock is %s, want %d", l.Name, l.Qty, pieces)
		}
	}
}

// visitor is a browser at the counter.
type visitor struct {
	*shop
	cookies map[string]string
	headers map[string]string
	csrf    string
	at      string // the address after redirects
}

type reply struct {
	code int
	body string
	to   string // where it redirects
}

// as is a browser with a person's session.
func (s *shop) as(login string) *visitor {
	v := &visitor{shop: s, cookies: map[string]string{"ps": s.Secrets[login]}, headers: map[string]string{}}
	v.get("/account")
	return v
}

// anew is as, after days have passed: the sessions of before have run out.
func (s *shop) anew(login string) *visitor {
	s.Helper()
	a, err := account.List(s.Context(), s.d, s.village)
	s.must(err)
	for _, one := range a {
		if one.Login == login {
			s.SignIn(login, one.ID)
		}
	}
	return s.as(login)
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]*)"`)

func (v *visitor) do(method, path, kind string, body []byte) reply {
	v.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for k, val := range v.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: val})
	}
	for k, val := range v.headers {
		r.Header.Set(k, val)
	}
	resp, err := v.app.Test(r, -1)
	v.must(err)
	for _, k := range resp.Cookies() {
		if k.MaxAge < 0 || k.Value == "" {
			delete(v.cookies, k.Name)
		} else {
			v.cookies[k.Name] = k.Value
		}
	}
	text, err := io.ReadAll(resp.Body)
	v.must(err)
	if m := csrfField.FindSubmatch(text); m != nil {
		v.csrf = string(m[1])
	}
	return reply{resp.StatusCode, string(text), resp.Header.Get("Location")}
}

func (v *visitor) get(path string) reply { v.Helper(); return v.do("GET", path, "", nil) }

// follow goes where a reply leads, keeping the address.
func (v *visitor) follow(r reply) reply {
	v.Helper()
	for n := 0; r.code == fiber.StatusSeeOther; n++ {
		if n > 5 {
			v.Fatalf("it leads round in a ring: %s", r.to)
		}
		v.at = r.to
		r = v.get(r.to)
	}
	return r
}

// post sends a form with the last page's token and a fresh operation id, unless
// it brings its own, and gives the first answer.
func (v *visitor) post(path string, form url.Values) reply {
	v.Helper()
	sent := url.Values{"csrf": {v.csrf}, "op": {web.NewOp()}}
	for k, val := range form {
		sent[k] = val
	}
	return v.do("POST", path, fiber.MIMEApplicationForm, []byte(sent.Encode()))
}

// photo sends a picture in a form.
func (v *visitor) photo(path string, picture []byte) reply {
	v.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField("csrf", v.csrf)
	w.WriteField("op", web.NewOp())
	part, err := w.CreateFormFile("photo", "卡.jpg")
	v.must(err)
	part.Write(picture)
	v.must(w.Close())
	return v.do("POST", path, w.FormDataContentType(), b.Bytes())
}

func (v *visitor) scan(text string) reply {
	v.Helper()
	return v.follow(v.post("/counter/scan", url.Values{"q": {text}}))
}

// cart is what the till posts: goods seen at their prices, one of each.
func (s *shop) cart(h models.Household, goods ...int64) url.Values {
	price := map[int64]string{s.rice: "50", s.soap: "20", s.haircut: "15"}
	form := url.Values{"village": {models.ID32(s.village)}, "counter": {models.ID32(s.counter.ID)}, "household": {models.ID32(h.ID)}}
	for id, p := range price {
		form.Set("price."+models.ID32(id), p)
		form.Set("qty."+models.ID32(id), "0")
	}
	for _, id := range goods {
		form.Set("qty."+models.ID32(id), "1")
	}
	return form
}

func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

// wants a page with these words in it.
func (v *visitor) wants(r reply, code int, words ...string) reply {
	v.Helper()
	if r.code != code {
		v.Fatalf("got %d, want %d; the answer was:\n%s", r.code, code, r.body)
	}
	for _, w := range words {
		if !strings.Contains(r.body, w) {
			v.Fatalf("%q is missing in:\n%s", w, r.body)
		}
	}
	return r
}

// lacks a page without these words.
func (v *visitor) lacks(r reply, words ...string) {
	v.Helper()
	for _, w := range words {
		if strings.Contains(r.body, w) {
			v.Fatalf("%q is in:\n%s", w, r.body)
		}
	}
}

// qtyField is the number field of an item as it stands with this quantity.
func qtyField(goods int64, qty string) string {
	return fmt.Sprintf(`name="qty.%s"`, models.ID32(goods)) + "|" + fmt.Sprintf(`value="%s"`, qty)
}

// wantsQty wants the cart to hold so many of an item.
func (v *visitor) wantsQty(r reply, goods int64, qty string) {
	v.Helper()
	name, value, _ := strings.Cut(qtyField(goods, qty), "|")
	_, after, found := strings.Cut(r.body, name)
	field, _, _ := strings.Cut(after, ">")
	if !found || !strings.Contains(field, value) {
		v.Fatalf("the cart holds %q, want %s of it", field, qty)
	}
}

func (v *visitor) json(path string, body any) (code int, answer map[string]any) {
	v.Helper()
	sent, err := json.Marshal(body)
	v.must(err)
	v.headers["Accept"], v.headers["X-CSRF-Token"] = "application/json", v.csrf
	defer func() { v.headers = map[string]string{} }()
	r := v.do("POST", path, fiber.MIMEApplicationJSON, sent)
	v.must(json.Unmarshal([]byte(r.body), &answer))
	return r.code, answer
}
