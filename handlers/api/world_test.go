package api_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/modelstest"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

// world is the county of docs/api.md: 青石村 posts at once, 兰光村 hangs a notice
// first. 马少明 has 128 points, a card and a PIN; 小李 the clerk lives at 李强's.
type world struct {
	testing.TB
	d            *db.DB
	k            *keys.Keys
	app          *fiber.App
	boss, chen   models.Actor
	village, sib int64
	ma, yang, li models.Household
	counter      market.Counter
	rice, soap   int64
}

const (
	password = "shi-ba-zhen-3zu"
	maPIN    = "280461"
)

const villageRules = `类别,项目,分值,单位,上限
美丽庭院,庭院整洁,5,次,每户每月最多10分
移风易俗,婚事简办,50,次,
`

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, k: keys.Test()}
	w.d, _ = modelstest.Open(t)
	a, err := account.FirstAdmin(t.Context(), w.d, "boss", "丁管理", "he-bin-lu-8hao")
	w.must(err)
	w.boss = models.Actor{Account: a.ID, Name: a.Name, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	county := w.area(0, "county", "永宁县")
	town := w.area(county, "township", "石坝镇")
	w.village, w.sib = w.area(town, "village", "青石村"), w.area(town, "village", "兰光村")
	w.chen = w.person("chen", "陈主任", models.Committee, w.village, true)
	li := w.person("xiaoli", "李小丽", models.Clerk, w.village, true)
	w.ma, w.yang, w.li = w.home(w.village, "012", "马少明"), w.home(w.village, "018", "杨桂兰"), w.home(w.village, "031", "李强")
	_, err = village.FirstCards(t.Context(), w.d, db.NewOpID(), w.chen, w.k, w.village)
	w.must(err)
	w.must(village.SetPIN(t.Context(), w.d, db.NewOpID(), w.chen, w.k, w.ma, maPIN))
	w.must(village.SaveVillage(t.Context(), w.d, db.NewOpID(), w.chen, village.Settings{Village: w.village, Name: "青石村", SmallLimit: 3000, SmallDaily: 4000, RhythmMonths: 1}))
	_, err = village.AddLink(t.Context(), w.d, db.NewOpID(), w.boss, w.village, village.Link{Household: w.li.ID, Account: li.Account})
	w.must(err)
	w.counter, err = market.EnsureCounter(t.Context(), w.d, db.NewOpID(), w.boss, w.k, w.village, "青石村兑换点")
	w.must(err)
	w.rice, w.soap = w.item("大米 5公斤", "袋", 5000), w.item("洗衣液", "瓶", 2000)
	w.adopt(w.village, scheme.PostNow)
	w.give(w.ma, 12800)
	w.neighbours()
	w.app, err = handlers.New(handlers.Deps{DB: w.d, Keys: w.k, Base: "https://jf.example.cn", Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Rate: 1e6})
	w.must(err)
	return w
}

// neighbours furnish 兰光村: its chairman, and a notice on its wall.
func (w *world) neighbours() {
	w.Helper()
	guo := w.person("guo", "郭主任", models.Committee, w.sib, true)
	w.person("gao", "高小平", models.Clerk, w.sib, true)
	h := w.home(w.sib, "007", "丁学义")
	rule := w.adopt(w.sib, scheme.PostNotice)
	_, err := award.Record(w.Context(), w.d, db.NewOpID(), guo, award.Ask{Village: w.sib, Household: h.ID, Rule: rule})
	w.must(err)
	n, err := award.MakeNotice(w.Context(), w.d, db.NewOpID(), guo, w.sib)
	w.must(err)
	_, err = award.HangNotice(w.Context(), w.d, db.NewOpID(), guo, w.sib, n.ID, "村委会公示栏", 0)
	w.must(err)
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) area(parent int64, level, name string) int64 {
	w.Helper()
	a, err := village.AddArea(w.Context(), w.d, db.NewOpID(), w.boss, village.NewArea{Parent: parent, Level: level, Name: name})
	w.must(err)
	return a.ID
}

func (w *world) person(login, name string, role models.Role, area int64, chosen bool) models.Actor {
	w.Helper()
	a, err := account.AddAccount(w.Context(), w.d, db.NewOpID(), w.boss, account.NewAccount{Login: login, Name: name, Password: password, Role: role, Area: area, Chosen: chosen})
	w.must(err)
	return models.Actor{Account: a.ID, Name: name, Grants: []models.Grant{{Role: role, Area: area}}}
}

func (w *world) home(v int64, number, head string) models.Household {
	w.Helper()
	h, err := village.AddHome(w.Context(), w.d, db.NewOpID(), w.boss, village.HomeForm{Village: v, Number: number, Group: 3, Head: head})
	w.must(err)
	return h
}

func (w *world) item(name, unit string, price models.Points) int64 {
	w.Helper()
	g, err := market.AddGoods(w.Context(), w.d, db.NewOpID(), w.chen, market.GoodsForm{Village: w.village, Name: name, Unit: unit, Points: price})
	w.must(err)
	w.must(market.Receive(w.Context(), w.d, db.NewOpID(), w.chen, market.Delivery{Village: w.village, Counter: w.counter.ID, Lines: []market.Incoming{{Goods: g.ID, Qty: 10 * models.One}}}))
	return g.ID
}

// adopt gives a village its rules and answers the first of them.
func (w *world) adopt(v int64, posting string) int64 {
	w.Helper()
	table, err := sheet.Read("细则.csv", []byte(villageRules))
	w.must(err)
	version, err := scheme.ImportRules(w.Context(), w.d, db.NewOpID(), w.boss, v, scheme.ImportAsk{
		Adoption: scheme.Adoption{AdoptedOn: "2026-11-01", InForceFrom: "2026-11-01", Meeting: "村民代表会议", Posting: posting, NoticeDays: 3, PointRate: 10000}, Table: table})
	w.must(err)
	rules, err := scheme.Rules(w.Context(), w.d, v, version.ID)
	w.must(err)
	return rules[0].ID
}

func (w *world) give(h models.Household, points models.Points) {
	w.Helper()
	w.must(w.d.InTx(w.Context(), db.Op{ID: db.NewOpID(), Village: h.Village, Kind: "give"}, func(tx *db.Tx) error {
		_, err := ledger.Post(tx, 10000, ledger.Entry{Household: h, Kind: ledger.Gift, Points: points})
		return err
	}))
}

func (w *world) cardOf(h models.Household) string {
	w.Helper()
	home, err := village.GetHome(w.Context(), w.d, h)
	w.must(err)
	return string(village.CardToken(w.k, home))
}

func (w *world) wantPoints(h models.Household, want models.Points) {
	w.Helper()
	book, err := ledger.Balance(w.Context(), w.d, h)
	w.must(err)
	if book.Balance != want {
		w.Errorf("the balance is %s, want %s", book.Balance, want)
	}
}

// answer is what came back; body is decoded, numbers as they were written.
type answer struct {
	code int
	text string
	body any
}

// send sends a request with these headers; a body is JSON.
func (w *world) send(method, path string, headers map[string]string, body string) answer {
	w.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	resp, err := w.app.Test(r, -1)
	w.must(err)
	text, err := io.ReadAll(resp.Body)
	w.must(err)
	a := answer{code: resp.StatusCode, text: string(text)}
	if len(text) > 0 {
		a.body = w.decode(a.text)
	}
	return a
}

func (w *world) decode(text string) (v any) {
	w.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil || d.More() {
		w.Fatalf("this is not JSON (%v):\n%s", err, text)
	}
	return v
}

// program is somebody's program with a token of its own.
type program struct {
	*world
	token string
}

func (w *world) as(login string) program {
	w.Helper()
	a := w.send("POST", "/api/v1/session", map[string]string{"Content-Type": "application/json"}, `{"login":"`+login+`","password":"`+password+`"}`)
	if a.code != 201 {
		w.Fatalf("signing in: got %d %s", a.code, a.text)
	}
	return program{w, a.body.(map[string]any)["token"].(string)}
}

func (p program) get(path string) answer {
	p.Helper()
	return p.send("GET", path, map[string]string{"Authorization": "Bearer " + p.token}, "")
}

// post sends fields as JSON, with an operation id of their own or a fresh one.
func (p program) post(path string, fields map[string]any) answer {
	p.Helper()
	sent := map[string]any{"op": db.NewOpID().String()}
	for k, v := range fields {
		sent[k] = v
	}
	body, err := json.Marshal(sent)
	p.must(err)
	return p.send("POST", path, map[string]string{"Authorization": "Bearer " + p.token, "Content-Type": "application/json"}, string(body))
}

func (w *world) at(rest string) string { return "/api/v1/villages/" + models.ID32(w.village) + rest }

func (w *world) want(a answer, code int, says string) answer {
	w.Helper()
	if a.code != code || !strings.Contains(a.text, says) {
		w.Fatalf("got %d, want %d with %q: %s", a.code, code, says, a.text)
	}
	return a
}

// firstRule is 庭院整洁 of 青石村.
func (w *world) firstRule() int64 {
	w.Helper()
	version, err := scheme.Current(w.Context(), w.d, w.village, w.d.Now().Day())
	w.must(err)
	rules, err := scheme.Rules(w.Context(), w.d, w.village, version.ID)
	w.must(err)
	return rules[0].ID
}
