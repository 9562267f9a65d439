package pages_test

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pointstore/handlers"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/notice"
	"pointstore/models/report"
	"pointstore/models/scheme"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

const villageRules = `类别,项目,分值,单位,是否公开
美丽庭院,庭院整洁,5,次,公开
移风易俗,零彩礼,50,次,不公开
`

// adopt gives the village rules whose awards wait for a notice of three days,
// and answers them by name.
func (s *shop) adopt() map[string]scheme.Rule {
	s.Helper()
	table, err := sheet.Read("细则.csv", []byte(villageRules))
	s.must(err)
	v, err := scheme.ImportRules(s.Context(), s.d, db.NewOpID(), s.boss, s.village, scheme.ImportAsk{
		Adoption: scheme.Adoption{Posting: scheme.PostNotice, NoticeDays: 3, PointRate: 10000}, Table: table})
	s.must(err)
	rules, err := scheme.Rules(s.Context(), s.d, s.village, v.ID)
	s.must(err)
	all := map[string]scheme.Rule{}
	for _, r := range rules {
		all[r.Item] = r
	}
	return all
}

// record gives a household points under a rule, to wait for the notice.
func (s *shop) record(h models.Household, r scheme.Rule) award.Award {
	s.Helper()
	all, err := award.Record(s.Context(), s.d, db.NewOpID(), s.chen, award.Ask{Village: s.village, Household: h.ID, Rule: r.ID})
	s.must(err)
	return all[0]
}

// hang puts everything that waits on the wall.
func (s *shop) hang() notice.Notice {
	s.Helper()
	n, err := award.MakeNotice(s.Context(), s.d, db.NewOpID(), s.chen, s.village)
	s.must(err)
	n, err = award.HangNotice(s.Context(), s.d, db.NewOpID(), s.chen, s.village, n.ID, "村委会公示栏", 0)
	s.must(err)
	return n
}

// stranger is a browser nobody is signed in on.
func (s *shop) stranger() *visitor {
	return &visitor{shop: s, cookies: map[string]string{}, headers: map[string]string{}}
}

// family is a phone on which a household has signed in with card and PIN.
func (s *shop) family(h models.Household, pin string) *visitor {
	s.Helper()
	v := s.stranger()
	v.follow(v.get("/c/" + string(s.cardOf(h))))
	if r := v.post("/card/enter", url.Values{"pin": {pin}}); r.code != 303 {
		s.Fatalf("signing in with card and PIN: got %d\n%s", r.code, r.body)
	}
	return v
}

func (s *shop) board() string { return "/v/" + models.ID32(s.village) }

func TestCardOpensWhatItsScannerMayDo(t *testing.T) {
	s := newShop(t)
	s.Person("wang", "王网格", models.GridWorker, s.village)
	s.Person("guo", "郭明", models.Clerk, s.next)
	card := string(s.cardOf(s.ma))

	for login, want := range map[string]string{
		"xiaoli": "/counter/h/" + models.ID32(s.ma.ID) + "?village=" + models.ID32(s.village),
		"chen":   "/committee/award?village=" + models.ID32(s.village) + "&household=" + models.ID32(s.ma.ID),
		"wang":   "/committee/award?village=" + models.ID32(s.village) + "&household=" + models.ID32(s.ma.ID),
	} {
		if r := s.as(login).get("/C/" + card); r.code != 303 || r.to != want {
			t.Errorf("%s scans a card: got %d %s, want %s", login, r.code, r.to, want)
		}
	}

	v := s.stranger()
	seen := v.get("/c/" + strings.ToLower(card))
	if seen.code != 303 || seen.to != "/card" {
		t.Fatalf("a stranger scans a card: got %d %s", seen.code, seen.to)
	}
	page := v.wants(v.follow(seen), 200, "青石村", "请交到青石村村委会", "青石村兑换点", "这是我家的卡")
	v.lacks(page, "马少明", "马*明", "012", "128", card)
	v.wants(v.post("/card/enter", url.Values{"pin": {"000000"}}), 401, "密码不对", "还可试 4 次")
	in := v.post("/card/enter", url.Values{"pin": {maPIN}})
	v.wants(v.follow(in), 200, "马*明家 · 3组012", "现在能换的分", "128")
	if r := v.get("/c/" + card); r.to != "/me" {
		t.Errorf("the family scans its own card: got %d %s", r.code, r.to)
	}
	if r := v.get("/c/" + string(s.cardOf(s.yang))); r.to != "/card" {
		t.Errorf("a neighbour's card: got %d %s", r.code, r.to)
	}
}

func TestCardThatIsNoneGetsOneSentence(t *testing.T) {
	s := newShop(t)
	s.Person("guo", "郭明", models.Clerk, s.next)
	card := string(s.cardOf(s.ma))
	secret, _ := keys.NewVoucher()
	forged := string(s.k.Card(models.Household{Village: 1, ID: 2}, 1))
	const sentence = "没有找到这张卡，请核对或换卡"
	for name, token := range map[string]string{"misread": card[:16] + "0", "forged": forged, "a voucher": string(secret), "nonsense": "abc"} {
		s.stranger().wants(s.stranger().get("/c/"+token), 404, sentence)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	guo := s.as("guo")
	guo.wants(guo.get("/c/"+card), 404, sentence)

	_, err := village.IssueCard(t.Context(), s.d, db.NewOpID(), s.chen, s.k, s.ma)
	s.must(err)
	v := s.stranger()
	v.wants(v.get("/c/"+card), 410, "这张卡已换新，旧卡不能用")
	guo.wants(guo.get("/c/"+card), 404, sentence)
}

func TestCardRenewedBetweenScanAndPINIsDead(t *testing.T) {
	s := newShop(t)
	v := s.stranger()
	v.follow(v.get("/c/" + string(s.cardOf(s.ma))))
	_, err := village.IssueCard(t.Context(), s.d, db.NewOpID(), s.chen, s.k, s.ma)
	s.must(err)
	v.wants(v.post("/card/enter", url.Values{"pin": {maPIN}}), 410, "这张卡已换新")
	v.lacks(v.follow(v.get("/me")), "现在能换的分")
}

func TestCardsCannotBeTriedOut(t *testing.T) {
	s := newShop(t)
	v := s.stranger()
	for n := range 40 {
		r := v.get("/c/" + string(s.k.Card(models.Household{Village: 9, ID: int64(n)}, 1)))
		if r.code == 429 {
			return
		}
	}
	t.Fatal("forty forged cards in a row, and no end to it")
}

func TestHouseholdNumberThatNobodyHasIsRefusedLikeAWrongPIN(t *testing.T) {
	s := newShop(t)
	v := s.stranger()
	v.get("/card")
	ask := func(number string) reply {
		return v.post("/card/enter", url.Values{"village": {models.ID32(s.village)}, "number": {number}, "pin": {"111999"}})
	}
	known, unknown := ask("012"), ask("999")
	strip := regexp.MustCompile(`value="[^"]*"`)
	if known.code != 401 || unknown.code != 401 || strip.ReplaceAllString(known.body, "") != strip.ReplaceAllString(unknown.body, "") {
		t.Fatalf("a known number gets %d and an unknown one %d, or they read differently", known.code, unknown.code)
	}
	for range 4 {
		unknown = ask("999")
	}
	v.wants(unknown, 423, "输错的次数太多")
	v.wants(v.post("/card/enter", url.Values{"village": {models.ID32(s.village)}, "number": {"012"}, "pin": {maPIN}}), 303)
}

func TestBoardShowsMaskedNamesOnlyWhileTheNoticeHangs(t *testing.T) {
	s := newShop(t)
	rules := s.adopt()
	s.record(s.ma, rules["庭院整洁"])
	s.record(s.ma, rules["零彩礼"])
	s.must(village.SetHidden(t.Context(), s.d, db.NewOpID(), models.Actor{Household: s.yang}, s.yang, true))
	s.record(s.yang, rules["庭院整洁"])
	v := s.stranger()
	v.lacks(v.wants(v.get(s.board()), 200, "现在没有公示"), "马*明")

	n := s.hang()
	page := v.wants(v.get(s.board()), 200, "马*明 3组012", "庭院整洁", "&#43;5", "共 1 笔、1 户", "按村规不公开明细的，不在榜上列出。", "已贴榜、还没到账", "noindex")
	v.lacks(page, "马少明", "杨桂兰", "杨*兰", "零彩礼")
	full := v.wants(v.get(s.board()+"/notice/"+models.ID32(n.ID)), 200, "<title>青石村积分公示 2026年第1期", "马*明 3组012", n.Code())
	v.lacks(full, "马少明", "杨*兰")
	v.wants(v.get(s.board()+"?q=012"), 200, "户号“012”在榜上的", "马*明 3组012")
	v.wants(v.get(s.board()+"?q=018"), 200, "没有这一户公开的记录")
	v.wants(v.get("/v/"+models.ID32(s.next)+"/notice/"+models.ID32(n.ID)), 404)

	s.clock.Add(72*time.Hour + time.Second) // the clock's errand has not run yet
	v.lacks(v.wants(v.get(s.board()), 200, "现在没有公示"), "马*明")
	v.lacks(v.wants(v.get(s.board()+"/notice/"+models.ID32(n.ID)), 200, "公示已经结束", "共 1 笔"), "马*明", "3组012")
}

func TestBoardIsDrawnAnewAfterEachChangeAndOnlyThen(t *testing.T) {
	s := newShop(t)
	v := s.stranger()
	path := s.board() + "/goods"
	tag := func(sent string) (code int, etag, body string) {
		r := httptest.NewRequest("GET", path, nil)
		if sent != "" {
			r.Header.Set("If-None-Match", sent)
		}
		resp, err := s.app.Test(r, -1)
		s.must(err)
		b, err := io.ReadAll(resp.Body)
		s.must(err)
		return resp.StatusCode, resp.Header.Get("ETag"), string(b)
	}
	code, first, body := tag("")
	if code != 200 || first == "" || !strings.Contains(body, "剩 10 瓶") {
		t.Fatalf("got %d %q\n%s", code, first, body)
	}
	if code, _, body = tag(first); code != 304 || body != "" {
		t.Fatalf("nothing has changed, but it came again: %d", code)
	}
	s.Home(s.next, "900", "丁一") // next door
	if code, _, _ = tag(first); code != 304 {
		t.Fatalf("a change next door drew it anew: %d", code)
	}
	_, err := market.Redeem(t.Context(), s.d, db.NewOpID(), s.clerk(), market.Cart{Village: s.village, Counter: s.counter.ID, Household: s.ma.ID,
		Lines: []market.Line{{Goods: s.soap, Qty: models.One}}, Seen: 2000, Confirm: market.ByPIN})
	s.must(err)
	if code, _, body = tag(first); code != 200 || !strings.Contains(body, "剩 9 瓶") {
		t.Fatalf("a bottle was handed over, but the list says %d\n%s", code, body)
	}
	s.must(market.SetPrice(t.Context(), s.d, db.NewOpID(), s.chen, market.PriceForm{Village: s.village, Goods: s.soap, Points: 2200, FromDay: s.clock.Now().Day().AddDays(1)}))
	v.wants(v.get(path), 200, "<i>20</i> 分")
	s.clock.Add(24 * time.Hour)
	v.wants(v.get(path), 200, "<i>22</i> 分")
}

// clerk is 小李 as an actor.
func (s *shop) clerk() models.Actor {
	return models.Actor{Account: 7, Name: "李小丽", Grants: []models.Grant{{Role: models.Clerk, Area: s.village}}}
}

func TestRulesAndPrintedRulesAreOpenToAll(t *testing.T) {
	s := newShop(t)
	v := s.stranger()
	v.wants(v.get(s.board()+"/rules"), 200, "还没有公布积分细则")
	s.adopt()
	v.wants(v.get(s.board()+"/rules"), 200, "美丽庭院", "庭院整洁", "&#43;5", "1 分约合 1 元")
	v.wants(v.get(s.board()+"/rules/print"), 200, "庭院整洁", "填报单位（盖章）：青石村村民委员会")
}

func TestHomeLeadsToSetUpThenToTheOnlyVillage(t *testing.T) {
	s := newShop(t)
	v := s.stranger()
	v.wants(v.get("/"), 200, "石坝镇", "青石村", "兰光村", s.board())
	fresh, _ := modelstestOpen(t)
	app, err := handlers.New(handlers.Deps{DB: fresh, Keys: s.k, Base: "http://127.0.0.1:8080", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	s.must(err)
	resp, err := app.Test(httptest.NewRequest("GET", "/", nil), -1)
	s.must(err)
	if resp.StatusCode != 303 || resp.Header.Get("Location") != "/setup" {
		t.Fatalf("before set-up: got %d %s", resp.StatusCode, resp.Header.Get("Location"))
	}
}

func TestVerifyKnowsReceiptsNoticesAndReportsAndNoNames(t *testing.T) {
	s := newShop(t)
	rules := s.adopt()
	s.record(s.ma, rules["庭院整洁"])
	n := s.hang()
	r, err := market.Redeem(t.Context(), s.d, db.NewOpID(), s.clerk(), market.Cart{Village: s.village, Counter: s.counter.ID, Household: s.ma.ID,
		Lines: []market.Line{{Goods: s.soap, Qty: models.One}}, Seen: 2000, Confirm: market.ByPIN})
	s.must(err)
	v := s.stranger()
	ask := func(number, code string) reply {
		return v.get("/verify?" + url.Values{"v": {models.ID32(s.village)}, "n": {number}, "k": {code}}.Encode())
	}
	page := v.wants(ask(r.Number, strings.ToLower(strings.ReplaceAll(r.CheckCode, "-", ""))), 200, "查到了", "小票 012-2", "−20", "108")
	v.lacks(page, "马少明", "马*明", "洗衣液")
	wrong := v.wants(ask(r.Number, "0000-0000"), 404, "没有查到")
	for _, number := range []string{"012-99", "999-1", "012", "G2026-9"} {
		if got := ask(number, r.CheckCode); got.code != 404 || !strings.Contains(got.body, "没有查到") {
			t.Errorf("%s: got %d, unlike a wrong code's %d", number, got.code, wrong.code)
		}
	}
	if other := v.get("/verify?" + url.Values{"v": {models.ID32(s.next)}, "n": {r.Number}, "k": {r.CheckCode}}.Encode()); other.code != 404 {
		t.Errorf("in another village: got %d", other.code)
	}
	v.wants(ask("G2026-1", n.Code()), 200, "积分公示 2026年第1期", "1 笔、1 户")
	v.wants(ask("2026年第1期", n.Code()), 200, "积分公示 2026年第1期")

	_, err = market.Undo(t.Context(), s.d, db.NewOpID(), s.clerk(), s.village, r.ID, "拿错了")
	s.must(err)
	v.wants(ask(r.Number, r.CheckCode), 200, "这一笔已经作废，见 012-3")

	var code string
	s.must(s.d.Aside(t.Context(), func(tx *db.Tx) (err error) {
		code, err = report.Document(tx, report.Paper{Area: s.village, Kind: report.PaperQuarter, Title: "青石村 2026年第三季度 积分超市季报", Summary: "参与率：66.8%", MadeAt: tx.Now})
		return err
	}))
	v.wants(v.get("/verify?k="+code), 200, "2026年第三季度", "参与率：66.8%")
}

func TestVerifyCannotBeTriedOut(t *testing.T) {
	s := newShop(t)
	v := s.stranger()
	for n := range 40 {
		code := keys.CheckCode([]byte{byte(n)})
		if r := v.get("/verify?v=" + models.ID32(s.village) + "&n=012-1&k=" + code); r.code == 429 {
			return
		}
	}
	t.Fatal("forty wrong codes in a row, and no end to it")
}

// BenchmarkBoard is how fast the program hands out what everybody may see.
func BenchmarkBoard(b *testing.B) {
	s := newShop(b)
	rules := s.adopt()
	s.record(s.ma, rules["庭院整洁"])
	s.hang()
	for _, path := range []string{s.board(), s.board() + "/goods"} {
		b.Run(strings.TrimPrefix(path, s.board()), func(b *testing.B) {
			serve := s.app.Handler()
			b.RunParallel(func(pb *testing.PB) {
				var c fasthttp.RequestCtx
				c.Request.SetRequestURI(path)
				c.Request.Header.SetMethod(fiber.MethodGet)
				c.Request.Header.Set(fiber.HeaderAcceptEncoding, "gzip")
				for pb.Next() {
					c.Response.Reset()
					serve(&c)
					if c.Response.StatusCode() != 200 {
						b.Fatal(c.Response.StatusCode())
					}
				}
			})
		})
	}
}
