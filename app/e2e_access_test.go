package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"html"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers"
	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/market"
	"pointstore/models/notice"
	"pointstore/models/photo"
	"pointstore/models/register"
	"pointstore/models/village"
)

// Every name and number of the village next door begins so. No page is asked for
// them, so nowhere in what an outsider reads may they appear. The dot keeps random
// tokens from looking like one.
const (
	nameCanary   = "鸑鷟"
	numberCanary = "KN.R"
)

// access is the demonstration county behind its front door, without a network:
// the roles work in own and try their keys at other.
type access struct {
	*testing.T
	*opened
	app        *fiber.App
	table      []web.Route
	log        bytes.Buffer
	boss       models.Actor
	own, other map[string]string // what each kind of parameter may be
	otherID    int64
	cast       []visitor
}

// visitor is somebody at the door.
type visitor struct {
	name    string
	actor   models.Actor
	account int64
	home    models.Household
}

func newAccess(t *testing.T) *access {
	t.Helper()
	a := &access{T: t}
	data, _ := demoCopy(t)
	var err error
	a.opened, err = open(t.Context(), settings{Data: data, Clock: demoOpens})
	a.must(err)
	t.Cleanup(func() { a.Close() })
	deps := handlers.Deps{DB: a.db, Keys: a.keys, Base: "http://example.com", Rate: 1e9, Log: slog.New(slog.NewTextHandler(&a.log, nil))}
	a.app, err = handlers.New(deps)
	a.must(err)
	a.table, err = handlers.Table(deps)
	a.must(err)
	admin, err := account.List(t.Context(), a.db, models.Everywhere)
	a.must(err)
	a.boss = models.Actor{Account: admin[0].ID, Name: admin[0].Name, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	a.furnish()
	return a
}

func (a *access) must(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// one reads one number.
func (a *access) one(query string, args ...any) (n int64) {
	a.Helper()
	if err := a.db.SQL().QueryRowContext(a.Context(), query, args...).Scan(&n); err != nil {
		a.Fatalf("%s: %v", query, err)
	}
	return n
}

func (a *access) furnish() {
	a.Helper()
	ownID := a.one("SELECT id FROM areas WHERE name = '青石村'")
	a.otherID = a.one("SELECT id FROM areas WHERE name = '红柳村'")
	for _, change := range []string{
		"UPDATE households SET head_name = '" + nameCanary + "' || number, number = '" + numberCanary + "' || number WHERE village_id = ?",
		"UPDATE members SET name = '" + nameCanary + "' || relation WHERE village_id = ?",
	} {
		_, err := a.db.SQL().ExecContext(a.Context(), change, a.otherID)
		a.must(err)
	}
	a.own, a.other = a.kinds(ownID), a.kinds(a.otherID)
	role := func(r models.Role, area int64) {
		made, err := account.AddAccount(a.Context(), a.db, db.NewOpID(), a.boss, account.NewAccount{Login: "door-" + string(r), Name: "某某", Password: keys.NewSecret(), Role: r, Area: area, Chosen: true})
		a.must(err)
		a.cast = append(a.cast, visitor{name: string(r), account: made.ID, actor: models.Actor{Account: made.ID, Grants: []models.Grant{{Role: r, Area: area}}}})
	}
	home, err := models.ParseID32(a.own["household"])
	a.must(err)
	a.cast = []visitor{{name: "stranger"}, {name: "household", home: models.Household{Village: ownID, ID: home}, actor: models.Actor{Household: models.Household{Village: ownID, ID: home}}}}
	for _, r := range models.Roles {
		if r != models.Admin {
			role(r, ownID)
		}
	}
	county, err := village.AddArea(a.Context(), a.db, db.NewOpID(), a.boss, village.NewArea{Level: village.County, Name: "邻县"})
	a.must(err)
	role(models.Admin, county.ID)
}

// kinds finds one thing of every kind in a village, by the names that routes
// give their parameters; what the county's story lacks is made.
func (a *access) kinds(v int64) map[string]string {
	a.Helper()
	house := a.one("SELECT household_id FROM redemptions WHERE village_id = ? AND household_id IN (SELECT household_id FROM members WHERE village_id = ?) LIMIT 1", v, v)
	h := models.Household{Village: v, ID: house}
	counter := a.one("SELECT id FROM counters WHERE village_id = ?", v)
	goods := a.one("SELECT id FROM goods WHERE village_id = ? AND kind = 'goods' ORDER BY position DESC", v)
	price := models.Points(a.one("SELECT points FROM prices WHERE village_id = ? AND goods_id = ?", v, goods))
	staff := a.one("SELECT account_id FROM grants WHERE area_id = ? AND role = 'clerk'", v)
	if _, err := village.AddLink(a.Context(), a.db, db.NewOpID(), a.boss, v, village.Link{Household: house, Account: staff}); err != nil {
		a.Fatal(err)
	}
	voucher, err := market.IssueVoucher(a.Context(), a.db, db.NewOpID(), models.Actor{Household: h}, a.keys, market.Cart{Village: v, Counter: counter, Seen: price, Lines: []market.Line{{Goods: goods, Qty: models.One}}})
	a.must(err)
	sealed, err := a.keys.Seal("upload", "户号,户主\n9901,"+nameCanary+"\n")
	a.must(err)
	upload, err := db.SaveUpload(a.Context(), a.db, v, "roll", "户.csv", sealed, a.boss)
	a.must(err)
	secret, err := account.Open(a.Context(), a.db, staff, "till", false)
	a.must(err)
	hash := keys.SecretHash(secret)
	meeting, err := award.OpenMeeting(a.Context(), a.db, db.NewOpID(), models.Actor{Account: staff, Grants: []models.Grant{{Role: models.Committee, Area: v}}}, v,
		award.Meeting{Present: []award.Present{{Account: staff, Name: "某某"}}})
	a.must(err)
	colleague, today := models.Actor{Account: staff + 1, Grants: []models.Grant{{Role: models.Committee, Area: v}}}, a.db.Now().Day()
	showing, err := register.Show(a.Context(), a.db, db.NewOpID(), colleague, register.Showing{Household: h, List: register.Red, Title: "好公婆", Reason: "照顾老人", Consent: "电话", ConsentOn: today, From: today, Until: today.AddDays(9)})
	a.must(err)
	suspension, err := register.Suspend(a.Context(), a.db, db.NewOpID(), colleague, register.Suspension{Household: h, Reason: "大操大办", Basis: "村规民约", ToldOn: today, ToldHow: "电话告知",
		AppealUntil: today.AddDays(7), From: today.AddDays(8), Until: today.AddDays(30)})
	a.must(err)
	clearing, err := award.AnnounceClearing(a.Context(), a.db, db.NewOpID(), colleague, award.ClearAsk{Village: v, Resolution: "第4号", ResolvedOn: today, AsOf: today,
		SessionFrom: today.AddDays(31), SessionUntil: today.AddDays(32)})
	a.must(err)
	picture, err := photo.Prepare(a.Context(), picture(a))
	a.must(err)
	photos, err := award.KeepPhotos(a.Context(), a.db, db.NewOpID(), colleague, v, photo.Notice, clearing.Notice, picture)
	a.must(err)
	told := "洗衣液少半瓶"
	if v == a.otherID {
		told = nameCanary + told
	}
	said, _, err := award.Object(a.Context(), a.db, db.NewOpID(), models.Actor{Household: h}, a.keys, award.ObjectAsk{Village: v, About: notice.AboutGoods, Text: told})
	a.must(err)
	fund, err := market.AddFund(a.Context(), a.db, db.NewOpID(), colleague, market.FundForm{Village: v, Name: told + "款", Source: market.FromGift, Donor: told})
	a.must(err)
	paper, err := market.ProposePaper(a.Context(), a.db, db.NewOpID(), colleague, market.PaperAsk{Village: v, Kind: market.PaperDonation, Counter: counter, Party: told,
		Lines: []market.PaperLine{{Goods: goods, Qty: models.One}}})
	a.must(err)
	proxy, err := market.AddProxy(a.Context(), a.db, db.NewOpID(), models.Actor{Household: h}, h, market.ProxyForm{Name: "替领人", Relation: "子女"})
	a.must(err)
	monitor := models.Actor{Account: staff + 2, Grants: []models.Grant{{Role: models.Monitor, Area: v}}}
	sample, err := market.DrawCheck(a.Context(), a.db, db.NewOpID(), monitor, market.CheckAsk{Village: v, From: today.AddDays(-300), Last: today, Size: 5})
	a.must(err)
	plan, err := market.AddPlan(a.Context(), a.db, db.NewOpID(), colleague, market.PlanForm{Village: v, Counter: counter, Day: today.AddDays(5), From: "09:00", Until: "11:30", Note: "请带积分卡"})
	a.must(err)
	settlement := models.NewID()
	a.must(a.db.Aside(a.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL.Exec("INSERT INTO settlements (village_id, id, counter_id, month, state, dispute, made_at) VALUES (?, ?, ?, 202601, 'drawn', ?, 1)", v, settlement, counter, told)
		return err
	}))
	home, err := village.GetHome(a.Context(), a.db, h)
	a.must(err)
	ids := map[string]int64{
		"village": v, "area": v, "household": house, "counter": counter, "goods": goods, "account": staff, "upload": upload, "voucher": voucher.ID,
		"rule": a.one("SELECT id FROM rules WHERE village_id = ?", v), "award": a.one("SELECT id FROM awards WHERE village_id = ?", v),
		"notice": a.one("SELECT id FROM notices WHERE village_id = ?", v), "round": a.one("SELECT id FROM rounds WHERE village_id = ? ORDER BY id DESC", v), "opening": a.one("SELECT id FROM openings WHERE village_id = ?", v),
		"receipt": a.one("SELECT id FROM redemptions WHERE village_id = ? AND household_id = ?", v, house),
		"member":  a.one("SELECT id FROM members WHERE village_id = ? AND household_id = ?", v, house),
		"link":    a.one("SELECT id FROM links WHERE village_id = ?", v), "session": a.one("SELECT id FROM sessions WHERE token_hash = ?", hash[:]),
		"meeting": meeting.ID, "objection": said.ID, "suspension": suspension, "showing": showing, "clearing": clearing.ID, "photo": photos[0],
		"fund": fund.ID, "plan": plan.ID, "settlement": settlement, "check": sample.ID, "paper": paper.ID,
	}
	ids["proxy"] = proxy.ID
	all := map[string]string{"seq": "1", "quarter": "2026Q4", "kind": "roll", "job": models.ID32(upload), "indicator": "awards", "pattern": "late", "odd": "void", "name": "app.css", "token": string(village.CardToken(a.keys, home))}
	for name, id := range ids {
		all[name] = models.ID32(id)
	}
	return all
}

// picture is a small photo.
func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 40)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var parameter = regexp.MustCompile(`:(\w+)`)

// address fills a route's parameters in.
func (a *access) address(route string, with map[string]string) string {
	a.Helper()
	return parameter.ReplaceAllStringFunc(route, func(p string) string {
		v, ok := with[p[1:]]
		if !ok {
			a.Fatalf("%s: nobody knows what a %s may be; say it in kinds", route, p)
		}
		return v
	})
}

type answered struct {
	code int
	body string
}

// ask sends a request as a visitor, whose session is always fresh.
func (a *access) ask(v visitor, method, path string, form url.Values) answered {
	a.Helper()
	r := httptest.NewRequest(method, path, nil)
	if form != nil {
		r = httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", fiber.MIMEApplicationForm)
	}
	var secret string
	var err error
	switch {
	case v.account != 0:
		secret, err = account.Open(a.Context(), a.db, v.account, "door", false)
	case v.home.ID != 0:
		secret, err = account.SignInHousehold(a.Context(), a.db, v.home, "door")
	}
	a.must(err)
	if secret != "" {
		r.Header.Set("Cookie", "ps="+secret)
		r.Header.Set("X-CSRF-Token", a.keys.CSRF(keys.SecretHash(secret)))
	}
	resp, err := a.app.Test(r, -1)
	a.must(err)
	body, err := io.ReadAll(resp.Body)
	a.must(err)
	got := answered{resp.StatusCode, string(body)}
	if got.code >= 500 {
		a.Errorf("%s %s by %s: got %d", method, path, v.name, got.code)
	}
	return got
}

// leaks looks for the neighbours in what somebody may read. Numbers without
// names hang on the public board.
func (a *access) leaks(v visitor, what string, public bool, got answered) {
	a.Helper()
	if i := strings.Index(got.body, nameCanary); i >= 0 {
		a.Errorf("%s by %s tells a neighbour's name (%d): …%s", what, v.name, got.code, got.body[max(0, i-120):min(len(got.body), i+60)])
	}
	if i := strings.Index(got.body, numberCanary); i >= 0 && !public {
		a.Errorf("%s by %s tells a neighbour's number (%d): …%s", what, v.name, got.code, got.body[max(0, i-120):min(len(got.body), i+60)])
	}
}

// Every declared route is tried by everybody, at home and next door.
func TestAccessLeaksNothingAcrossVillages(t *testing.T) {
	a := newAccess(t)
	public := func(r web.Route) bool { return r.Door.Lets(models.Actor{}) == nil }
	forms := map[string]url.Values{} // every form that anybody was shown at home, by address
	opened := 0
	for _, v := range a.cast {
		for _, r := range a.table {
			if r.Method != fiber.MethodGet {
				continue
			}
			home := a.ask(v, "GET", a.address(r.Path, a.own), nil)
			if home.code == 200 {
				opened++
				a.collect(forms, home.body)
			}
			if home.code == 200 && r.Door.Lets(v.actor) != nil {
				t.Errorf("GET %s opened for %s", r.Path, v.name)
			}
			next := a.address(r.Path, a.other)
			a.leaks(v, "GET "+r.Path, public(r), a.ask(v, "GET", next, nil))
			a.leaks(v, "GET "+r.Path+"?village=", public(r), a.ask(v, "GET", next+"?village="+a.other["village"], nil))
			a.leaks(v, "GET "+r.Path+" mixed", public(r), a.ask(v, "GET", a.mixed(r.Path)+"?village="+a.own["village"]+"&household="+a.other["household"]+"&counter="+a.other["counter"], nil))
		}
	}
	if opened < 150 || len(forms) < 30 {
		t.Fatalf("only %d pages opened and %d forms were seen: too few to prove anything", opened, len(forms))
	}
	a.tryForms(forms)
	for line := range strings.Lines(a.log.String()) {
		if strings.Contains(line, "level=ERROR") {
			t.Error(line)
		}
	}
}

// mixed names the own village and the neighbours' things in one address.
func (a *access) mixed(route string) string {
	with := map[string]string{}
	for k, v := range a.other {
		with[k] = v
	}
	with["village"], with["area"] = a.own["village"], a.own["area"]
	return a.address(route, with)
}

var (
	formTag   = regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>|<form[^>]*action="([^"]*)"[^>]*method="post"[^>]*>(.*?)</form>`)
	inputTag  = regexp.MustCompile(`<(?:input|button|select|textarea)[^>]*name="([^"]*)"[^>]*>`)
	valueAttr = regexp.MustCompile(`value="([^"]*)"`)
)

// collect takes the forms off a page, with what they would send.
func (a *access) collect(forms map[string]url.Values, page string) {
	for _, m := range formTag.FindAllStringSubmatch(page, -1) {
		action, inside := html.UnescapeString(m[1]+m[3]), m[2]+m[4]
		fields := url.Values{}
		for _, in := range inputTag.FindAllStringSubmatch(inside, -1) {
			value := ""
			if v := valueAttr.FindStringSubmatch(in[0]); v != nil {
				value = html.UnescapeString(v[1])
			}
			if in[1] != "csrf" && in[1] != "op" && !fields.Has(in[1]) {
				fields.Set(in[1], value)
			}
		}
		if have, ok := forms[action]; !ok || len(have) < len(fields) {
			forms[action] = fields
		}
	}
}

// tryForms sends every form next door: as it was drawn, with the neighbours' ids
// in place of one's own. Then the doors that showed no form, bare.
func (a *access) tryForms(forms map[string]url.Values) {
	swap := make([]string, 0, 2*len(a.own))
	for k, v := range a.own {
		if len(v) > 4 {
			swap = append(swap, v, a.other[k])
		}
	}
	next := strings.NewReplacer(swap...)
	plausible := map[string]string{"reason": "换个样子", "note": "试试", "number": "9902", "head": "张三", "name": "张三", "pin": "280461", "points": "5", "qty": "1", "act_date": "2026-11-19", "where": "村务栏"}
	send := map[string]url.Values{}
	for action, fields := range forms {
		moved := url.Values{}
		for k, vs := range fields {
			v := next.Replace(vs[0])
			if v == "" {
				v = plausible[k]
			}
			moved.Set(next.Replace(k), v)
		}
		send[next.Replace(action)] = moved
	}
	for _, r := range a.table {
		if path := a.address(r.Path, a.other); r.Method == fiber.MethodPost && send[path] == nil {
			send[path] = url.Values{"village": {a.other["village"]}}
		}
	}
	paths := make([]string, 0, len(send))
	for path := range send {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	before := a.fingerprint(a.otherID)
	for _, v := range a.cast {
		for _, path := range paths {
			fields := url.Values{"op": {web.NewOp()}}
			for k, vs := range send[path] {
				fields[k] = vs
			}
			ops := a.one("SELECT COUNT(*) FROM operations WHERE village_id = ?", a.otherID)
			got := a.ask(v, "POST", path, fields)
			a.leaks(v, "POST "+path, false, got)
			if now := a.one("SELECT COUNT(*) FROM operations WHERE village_id = ?", a.otherID); now != ops {
				a.Errorf("POST %s by %s did something next door (%d)", path, v.name, got.code)
			}
		}
		if now := a.fingerprint(a.otherID); now != before {
			a.Errorf("%s changed something next door", v.name)
			before = now
		}
	}
}

// fingerprint is a hash over every row that belongs to a village. Lockouts are
// no village's: they count what was tried.
func (a *access) fingerprint(v int64) string {
	a.Helper()
	sum := sha256.New()
	rows, err := a.db.SQL().QueryContext(a.Context(), "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'village_id' WHERE m.type = 'table' AND m.name <> 'sessions' ORDER BY m.name")
	a.must(err)
	var tables []string
	for rows.Next() {
		var name string
		a.must(rows.Scan(&name))
		tables = append(tables, name)
	}
	rows.Close()
	if len(tables) < 15 {
		a.Fatalf("only %d tables belong to villages", len(tables))
	}
	for _, table := range tables {
		a.hashRows(sum, table, v)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func (a *access) hashRows(sum io.Writer, table string, v int64) {
	a.Helper()
	rows, err := a.db.SQL().QueryContext(a.Context(), "SELECT * FROM "+table+" WHERE village_id = ?", v)
	a.must(err)
	defer rows.Close()
	names, err := rows.Columns()
	a.must(err)
	cells := make([]any, len(names))
	for i := range cells {
		cells[i] = new(any)
	}
	for rows.Next() {
		a.must(rows.Scan(cells...))
		for _, c := range cells {
			fmt.Fprintf(sum, "%v|", *c.(*any))
		}
	}
	a.must(rows.Err())
}
