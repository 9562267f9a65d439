package api_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/report"
	"pointstore/models/village"
)

func (w *world) cart(fields map[string]any) map[string]any {
	cart := map[string]any{"counter": models.ID32(w.counter.ID), "goods": map[string]any{models.ID32(w.soap): 1}, "seen": 20}
	for k, v := range fields {
		cart[k] = v
	}
	return cart
}

func TestRedeemAsksWhatTheCounterAsks(t *testing.T) {
	w := newWorld(t)
	li, ma, path := w.as("xiaoli"), models.ID32(w.ma.ID), w.at("/redemptions")
	other, err := market.AddCounter(t.Context(), w.d, db.NewOpID(), w.boss, w.k, w.sib, "兰光村兑换点")
	w.must(err)
	for name, c := range map[string]struct {
		fields map[string]any
		code   int
		says   string
	}{
		"nobody confirms":        {map[string]any{"household": ma}, 422, `"field":"confirm"`},
		"no household":           {map[string]any{"pin": maPIN}, 422, `"field":"household"`},
		"another PIN":            {map[string]any{"household": ma, "pin": "739104"}, 401, "还可试 4 次"},
		"a card that is none":    {map[string]any{"card": "abc"}, 404, `"field":"card"`},
		"another family's card":  {map[string]any{"household": models.ID32(w.yang.ID), "card": w.cardOf(w.ma)}, 422, "这张卡不是这一户的"},
		"a card for too much":    {map[string]any{"card": w.cardOf(w.ma), "goods": map[string]any{models.ID32(w.rice): 1}, "seen": 50}, 403, "needs_pin"},
		"another price":          {map[string]any{"household": ma, "pin": maPIN, "seen": 19}, 409, "20"},
		"a counter next door":    {map[string]any{"household": ma, "pin": maPIN, "counter": models.ID32(other.ID)}, 404, "兑换点"},
		"her own family":         {map[string]any{"card": w.cardOf(w.li)}, 403, "own_household"},
		"what nobody asked for":  {map[string]any{"card": w.cardOf(w.ma), "confirm": "pin"}, 422, `"field":"confirm"`},
		"a voucher that is none": {map[string]any{"voucher": "ABCD-2345"}, 404, "取货码"},
	} {
		if a := li.post(path, w.cart(c.fields)); a.code != c.code {
			t.Errorf("%s: got %d, want %d: %s", name, a.code, c.code, a.text)
		} else {
			w.want(a, c.code, c.says)
		}
	}
	w.wantPoints(w.ma, 12800)
	w.want(w.as("chen").post(path, w.cart(map[string]any{"household": ma, "pin": maPIN})), 403, "forbidden")
	w.want(li.post(path, map[string]any{"op": "once", "counter": "0"}), 422, "error")
}

func TestRedeemTakesTheCardOfTheVillageOnly(t *testing.T) {
	w := newWorld(t)
	li := w.as("xiaoli")
	sister := w.home(w.sib, "090", "丁新")
	_, err := village.IssueCard(t.Context(), w.d, db.NewOpID(), w.boss, w.k, sister)
	w.must(err)
	w.want(li.post(w.at("/redemptions"), w.cart(map[string]any{"card": w.cardOf(sister)})), 404, "没有找到这张卡")
	old := w.cardOf(w.ma)
	_, err = village.IssueCard(t.Context(), w.d, db.NewOpID(), w.boss, w.k, w.ma)
	w.must(err)
	w.want(li.post(w.at("/redemptions"), w.cart(map[string]any{"card": old})), 410, "card_replaced")
	w.want(li.post(w.at("/redemptions"), w.cart(map[string]any{"card": "https://jf.example.cn/c/" + w.cardOf(w.ma)})), 201, `"confirm":"small"`)
	w.wantPoints(w.ma, 10800)
}

func TestVoucherIsGoodOnceHoweverOftenSent(t *testing.T) {
	w := newWorld(t)
	li, gao := w.as("xiaoli"), w.as("gao")
	issue := func() market.Voucher {
		v, err := market.IssueVoucher(t.Context(), w.d, db.NewOpID(), models.Actor{Household: w.ma}, w.k,
			market.Cart{Village: w.village, Counter: w.counter.ID, Seen: 2000, Lines: []market.Line{{Goods: w.soap, Qty: models.One}}})
		w.must(err)
		return v
	}
	v, typed := issue(), issue()
	fields := map[string]any{"op": db.NewOpID().String(), "counter": models.ID32(w.counter.ID), "voucher": string(v.Token)}
	first := w.want(li.post(w.at("/redemptions"), fields), 201, `"confirm":"voucher"`)
	if again := li.post(w.at("/redemptions"), fields); again.text != first.text {
		t.Errorf("sent again it answers %s, first %s", again.text, first.text)
	}
	fields["op"] = db.NewOpID().String()
	w.want(li.post(w.at("/redemptions"), fields), 410, "voucher_gone")
	w.wantPoints(w.ma, 10800)
	next := "/api/v1/villages/" + models.ID32(w.sib) + "/redemptions"
	own, err := market.EnsureCounter(t.Context(), w.d, db.NewOpID(), w.boss, w.k, w.sib, "兰光村兑换点")
	w.must(err)
	w.want(gao.post(next, map[string]any{"counter": models.ID32(own.ID), "voucher": string(typed.Token)}), 404, "没有找到这个取货码")
	w.want(li.post(w.at("/redemptions"), map[string]any{"counter": models.ID32(w.counter.ID), "voucher": typed.Code}), 201, `"balance":88`)
}

func TestPagesOfAListHoldEverythingOnce(t *testing.T) {
	w := newWorld(t)
	chen, ma := w.as("chen"), models.ID32(w.ma.ID)
	for range 4 {
		w.give(w.ma, 100)
	}
	walk := func(path, parameter, key string) (all []string) {
		next := ""
		for {
			q := url.Values{"limit": {"2"}}
			if next != "" {
				q.Set(parameter, next)
			}
			list := w.want(chen.get(path+"?"+q.Encode()), 200, "").body.(map[string]any)
			for _, one := range list["items"].([]any) {
				all = append(all, one.(map[string]any)[key].(string))
			}
			if next = list["next"].(string); next == "" || len(all) > 20 {
				return all
			}
		}
	}
	if got := walk(w.at("/households"), "after", "number"); !slices.Equal(got, []string{"012", "018", "031"}) {
		t.Errorf("households: %v", got)
	}
	if got := walk(w.at("/households/"+ma+"/passbook"), "before", "number"); !slices.Equal(got, []string{"012-5", "012-4", "012-3", "012-2", "012-1"}) {
		t.Errorf("passbook: %v", got)
	}
}

func TestReportIsTheSheetThatThePagesShow(t *testing.T) {
	w := newWorld(t)
	w.person("bu", "宣传部", models.Publicity, models.Everywhere, true)
	bu, chen := w.as("bu"), w.as("chen")
	w.want(chen.post(w.at("/awards"), map[string]any{"household": models.ID32(w.ma.ID), "rule": models.ID32(w.firstRule()), "quantity": 1.5}), 201, `"points":7.5`)
	place, err := village.PlaceOf(t.Context(), w.d, w.village)
	w.must(err)
	county := "/api/v1/areas/" + models.ID32(place.County) + "/reports/"
	a := w.want(bu.get(county+"2026q4"), 422, "2026Q3")
	a = w.want(bu.get(county+"2026Q4"), 200, "")
	s, err := report.Quarterly(t.Context(), w.d, place.County, 20264)
	w.must(err)
	body := a.body.(map[string]any)
	rows := body["indicators"].([]any)
	if len(rows) != len(report.Indicators) || len(body["villages"].([]any)) != 2 || len(body["groups"].([]any)) == 0 {
		t.Fatalf("%s", a.text)
	}
	texts := map[string]string{}
	for i, row := range rows {
		got := row.(map[string]any)
		texts[got["key"].(string)] = got["text"].(string)
		if want := report.Indicators[i].Text(s.Sum); got["text"] != want {
			t.Errorf("%s is %v, want %s", got["key"], got["text"], want)
		}
	}
	if texts["earned"] != "7.5" || texts["participation"] != "25.0%" {
		t.Errorf("%v", texts)
	}
	w.want(bu.get(county+"2027Q1"), 422, `"field":"quarter"`)
	w.want(chen.get(county+"2026Q4"), 404, "not_found")
	w.want(bu.get("/api/v1/areas/1/reports/2026Q4"), 404, "not_found")
}

func TestCookieNeedsTheFormTokenOfItsSession(t *testing.T) {
	w := newWorld(t)
	a := w.send("POST", "/api/v1/session", map[string]string{"Content-Type": fiber.MIMEApplicationJSON}, `{"login":"chen","password":"`+password+`"}`)
	in := a.body.(map[string]any)
	body := `{"op":"` + db.NewOpID().String() + `","household":"` + models.ID32(w.ma.ID) + `","rule":"` + models.ID32(w.firstRule()) + `"}`
	h := map[string]string{"Cookie": "ps=" + in["token"].(string), "Content-Type": fiber.MIMEApplicationJSON}
	w.want(w.send("POST", w.at("/awards"), h, body), 403, "old_page")
	w.wantPoints(w.ma, 12800)
	h["X-CSRF-Token"] = in["csrf"].(string)
	w.want(w.send("POST", w.at("/awards"), h, body), 201, `"balance":133`)
}

func TestMadePasswordOpensNothingYet(t *testing.T) {
	w := newWorld(t)
	w.person("new", "马新", models.Clerk, w.village, false)
	p := w.as("new")
	w.want(p.get(w.at("/households")), 403, "must_change_password")
	if a := w.send("DELETE", "/api/v1/session", map[string]string{"Authorization": "Bearer " + p.token}, ""); a.code != 204 {
		t.Errorf("signing out: got %d %s", a.code, a.text)
	}
}

// The API's own address is refused like any other when nothing is there.
func TestNothingThereIsJSONToo(t *testing.T) {
	w := newWorld(t)
	chen := w.as("chen")
	for _, path := range []string{"/api/v1/nothing", w.at("/households/zzz/passbook"), w.at("/redemptions/zzz"), "/api/v1/villages/zzz/rules", "/api/v1/villages/1/goods"} {
		w.want(chen.get(path), 404, `{"error":{"code":"not_found"`)
	}
	w.want(chen.post(w.at("/households/"+models.ID32(w.ma.ID)+"/lines/x/correction"), map[string]any{"reason": "记错了"}), 404, "not_found")
	w.want(chen.get(w.at("/households?limit=1000")), 422, `"field":"limit"`)
}
