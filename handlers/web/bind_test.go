package web_test

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pointstore/handlers/web"
	"pointstore/models"
)

type home struct {
	Head string `form:"head,required" label:"户主" max:"8"`
}

type order struct {
	home
	Household int64                `form:"household,id32" label:"这一户"`
	Group     int                  `form:"group" label:"组" min:"0" max:"99"`
	Points    models.Points        `form:"points" label:"每次"`
	Qty       models.Qty           `form:"count"`
	Price     models.Fen           `form:"price" label:"进价"`
	Day       models.Date          `form:"day" label:"办事日期"`
	Month     models.Month         `form:"month" label:"月份"`
	Quarter   models.Quarter       `form:"quarter"`
	Role      models.Role          `form:"role" label:"角色" max:"12"`
	Note      string               `form:"note,text" label:"说明" max:"20"`
	PIN       string               `form:"pin,raw" label:"取货密码"`
	Hidden    bool                 `form:"hidden" label:"不公开"`
	Rules     []int64              `form:"rule,id32" label:"细则"`
	Names     []string             `form:"name"`
	Goods     map[int64]models.Qty `form:"qty.*,id32" label:"数量"`
	Columns   map[string]string    `form:"column.*"`
}

// binder answers with what was bound, as JSON.
func binder(t *testing.T) *browser {
	s := newSite(t, func(r web.Routes) {
		bind := func(c *fiber.Ctx) error {
			var o order
			if _, err := web.Bind(c, &o); err != nil {
				return err
			}
			return c.JSON(o)
		}
		r.Get("/bind", web.Anybody, bind)
		r.Post("/bind", web.Anybody, bind)
		r.Get("/bind/:household", web.Anybody, bind)
	})
	b := s.browser()
	b.get("/show")
	b.headers["X-CSRF-Token"] = b.csrf
	return b
}

func (b *browser) bound(a answer) (o order) {
	b.Helper()
	if a.code != 200 {
		b.Fatalf("%d %s", a.code, a.body)
	}
	// The embedded struct is unexported, so its field is read by itself.
	b.must(json.Unmarshal([]byte(a.body), &o))
	b.must(json.Unmarshal([]byte(a.body), &o.home))
	return o
}

func TestBindReadsAllThatPeopleType(t *testing.T) {
	b := binder(t)
	id, other := int64(7_000_000_001), int64(33)
	want := order{home: home{"马·阿卜杜"}, Household: id, Group: 3, Points: -250, Qty: 150, Price: 1250, Day: "2026-11-03", Month: 202611, Quarter: 20263,
		Role: "clerk", Note: "好人好事，很好！\n第二行", PIN: " ０12 ", Hidden: true, Rules: []int64{id, other}, Names: []string{"甲", "乙"},
		Goods: map[int64]models.Qty{id: 200}, Columns: map[string]string{"A": "户号"}}
	form := url.Values{"head": {"　马·阿卜杜 "}, "household": {strings.ToUpper(models.ID32(id))}, "group": {"３"}, "points": {"－2.5 分"}, "count": {"1.5"}, "price": {"１２．５元"},
		"day": {"2026年11月3日"}, "month": {"2026-11"}, "quarter": {"2026Q3"}, "role": {"clerk"}, "note": {" 好人好事，很好！\r\n第二行 "}, "pin": {" ０12 "}, "hidden": {"on"},
		"rule": {models.ID32(id), "", models.ID32(other)}, "name": {"甲", " 乙"}, "qty." + models.ID32(id): {"2"}, "qty." + models.ID32(other): {"0"}, "column.A": {"户号"},
		"approved": {"1"}}
	if got := b.bound(b.post("/bind", form)); !reflect.DeepEqual(got, want) {
		t.Errorf("form:\ngot  %+v\nwant %+v", got, want)
	}
	form.Del("approved")
	if got := b.bound(b.get("/bind?" + form.Encode())); !reflect.DeepEqual(got, want) {
		t.Errorf("query:\ngot  %+v\nwant %+v", got, want)
	}
	body := `{"op":"` + web.NewOp() + `","head":"马·阿卜杜","household":"` + models.ID32(id) + `","group":3,"points":-2.5,"count":"1.5","price":12.5,"day":"2026-11-03","month":202611,
		"quarter":"2026Q3","role":"clerk","note":"好人好事，很好！\n第二行","pin":" ０12 ","hidden":true,"rule":["` + models.ID32(id) + `","` + models.ID32(other) + `"],"name":["甲","乙"],
		"qty":{"` + models.ID32(id) + `":2},"column":{"A":"户号"}}`
	if got := b.bound(b.do("POST", "/bind", fiber.MIMEApplicationJSON, body)); !reflect.DeepEqual(got, want) {
		t.Errorf("JSON:\ngot  %+v\nwant %+v", got, want)
	}
	if got := b.bound(b.get("/bind/" + models.ID32(other) + "?head=x&household=" + models.ID32(id))); got.Household != other {
		t.Errorf("the path gave way to the query: %d", got.Household)
	}
}

func TestBindRefusesInPlainChinese(t *testing.T) {
	b := binder(t)
	for _, c := range []struct {
		form  url.Values
		field string
		says  string
	}{
		{url.Values{"head": {" "}}, "head", "“户主”还没有填"},
		{url.Values{"head": {"一二三四五六七八九"}}, "head", "最多 8 个字"},
		{url.Values{"points": {"一百五"}}, "points", "“每次”要填数字，最多两位小数；您填的是“一百五”"},
		{url.Values{"points": {"9223372036854775807"}}, "points", "“每次”要填数字"},
		{url.Values{"count": {"-1"}}, "count", "“数量”要填大于 0"},
		{url.Values{"price": {"1.234"}}, "price", "“进价”要填数字"},
		{url.Values{"day": {"2026-02-30"}}, "day", "“办事日期”要像"},
		{url.Values{"month": {"202613"}}, "month", "“月份”要填"},
		{url.Values{"quarter": {"2026Q5"}}, "quarter", "“季度”要像"},
		{url.Values{"group": {"100"}}, "group", "“组”要填 0 到 99 的数"},
		{url.Values{"group": {"3.5"}}, "group", "“组”要填整数"},
		{url.Values{"hidden": {"maybe"}}, "hidden", "“不公开”要填“是”或“否”"},
		{url.Values{"household": {"../etc"}}, "household", "“这一户”认不出来"},
		{url.Values{"rule": {"uuu"}}, "rule", "“细则”认不出来"},
		{url.Values{"qty.!!": {"1"}}, "qty.*", "“数量”认不出来"},
		{url.Values{"note": {strings.Repeat("长", 21)}}, "note", "“说明”最多 20 个字"},
		{url.Values{"head": {"\xff\xfe"}}, "head", "认不出的字符"},
		{url.Values{"op": {"not-an-id"}}, "", "页面放太久了"},
	} {
		if !c.form.Has("head") {
			c.form.Set("head", "马")
		}
		b.headers["Accept"] = "application/json"
		a := b.post("/bind", c.form)
		var got struct {
			Error struct{ Code, Say, Field string }
		}
		b.must(json.Unmarshal([]byte(a.body), &got))
		if a.code != 422 || got.Error.Field != c.field || !strings.Contains(got.Error.Say, c.says) {
			t.Errorf("%v: got %d %+v, want 422 on %q with %s", c.form, a.code, got.Error, c.field, c.says)
		}
	}
}

func TestBindRefusesJSONThatSaysMore(t *testing.T) {
	b := binder(t)
	op := `"op":"` + web.NewOp() + `","head":"马"`
	for body, code := range map[string]int{
		`{` + op + `}`:                        200,
		`{` + op + `,"role":"clerk"}`:         200,
		`{` + op + `,"approved":true}`:        422,
		`{` + op + `,"created_at":1}`:         422,
		`{` + op + `,"home":{"head":"x"}}`:    422,
		`{` + op + `,"rule":[["a"]]}`:         422,
		`{` + op + `,"qty":{"1":{"deep":1}}}`: 422,
		`[]`:                                  422,
		`{`:                                   422,
		`null`:                                422,
		``:                                    422,
	} {
		if a := b.do("POST", "/bind", fiber.MIMEApplicationJSON, body); a.code != code {
			t.Errorf("%s: got %d %s, want %d", body, a.code, a.body, code)
		}
	}
	b.want(b.do("POST", "/bind", "text/xml", "<x/>"), 415, "认不出来")
}

func FuzzBind(f *testing.F) {
	app := fiber.New()
	for _, seed := range [][2]string{
		{fiber.MIMEApplicationForm, "head=a&rule=1&rule=2&qty.1=3&points=1.5"}, {fiber.MIMEApplicationForm, "head=%ff&op=" + web.NewOp()},
		{fiber.MIMEApplicationJSON, `{"head":"a","rule":["1"],"qty":{"1":2},"op":"00"}`}, {fiber.MIMEApplicationJSON, `{"a":[null,1e9]}`},
		{fiber.MIMEMultipartForm + "; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"head\"\r\n\r\na\r\n--x--\r\n"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, kind, body string) {
		ctx := &fasthttp.RequestCtx{}
		ctx.Request.Header.SetMethod("POST")
		ctx.Request.Header.SetContentType(kind)
		ctx.Request.SetBodyString(body)
		c := app.AcquireCtx(ctx)
		defer app.ReleaseCtx(c)
		var o order
		if _, err := web.Bind(c, &o); err != nil && models.KindOf(err) == models.Bug {
			t.Fatalf("%v is no refusal", err)
		}
		if len([]rune(o.Head)) > 8 || o.Group < 0 || o.Group > 99 || strings.ContainsAny(o.Head, "\x00\n") {
			t.Fatalf("bound %+v", o)
		}
	})
}
