package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
)

// Two counties with a village each; the ids are the test's own.
const city, county, township, qingshi, farCounty, farTownship, farVillage = 10, 20, 30, 40, 21, 31, 41

const password = "he-bin-lu-8hao"

type town struct {
	*testing.T
	d     *db.DB
	clock *modelstest.Clock
	dir   *account.Directory
	boss  models.Actor
}

// each tells the story on both databases, in a city with its administrator.
func each(t *testing.T, story func(w *town)) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		w := &town{T: t, d: d, clock: clock}
		w.dir = account.NewDirectory(d, keys.Test(), func(context.Context, db.Conn, int64) ([]models.Household, error) {
			return []models.Household{{Village: qingshi, ID: 7}}, nil
		})
		w.must(d.Aside(t.Context(), func(tx *db.Tx) error {
			for _, a := range []struct {
				id                     int64
				level, name            string
				city, county, township int64
			}{
				{city, "city", "银川市", 0, 0, 0},
				{county, "county", "永宁县", city, 0, 0}, {township, "township", "望远镇", city, county, 0}, {qingshi, "village", "青石村", city, county, township},
				{farCounty, "county", "贺兰县", city, 0, 0}, {farTownship, "township", "立岗镇", city, farCounty, 0}, {farVillage, "village", "兰光村", city, farCounty, farTownship},
			} {
				if _, err := tx.SQL.Exec("INSERT INTO areas (id, level, name, city_id, county_id, township_id) VALUES (?, ?, ?, ?, ?, ?)", a.id, a.level, a.name, a.city, a.county, a.township); err != nil {
					return err
				}
			}
			return nil
		}))
		a, err := account.FirstAdmin(t.Context(), d, "Admin", "管理员老丁", password)
		w.must(err)
		w.boss = models.Actor{Account: a.ID, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
		story(w)
	})
}

func (w *town) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *town) refused(err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Fatalf("got %v, want %v", err, want)
	}
}

func (w *town) add(login string, role models.Role, area int64) account.Account {
	w.Helper()
	a, err := account.AddAccount(w.Context(), w.d, db.NewOpID(), w.boss, account.NewAccount{Login: login, Name: "马少明", Password: password, Role: role, Area: area, Chosen: true})
	w.must(err)
	return a
}

func (w *town) signIn(login, pw string) (string, error) {
	return account.SignIn(w.Context(), w.d, login, pw, "Chrome · Windows 电脑", "192.0.2.1", false)
}

func (w *town) in(login string) string {
	w.Helper()
	secret, err := w.signIn(login, password)
	w.must(err)
	return secret
}

func TestWhoKnowsTheRolesInTheirTerms(t *testing.T) {
	each(t, func(w *town) {
		a := w.add("Ma.Li", models.Clerk, qingshi)
		w.must(account.AddGrant(w.Context(), w.d, db.NewOpID(), w.boss, a.ID, account.Grant{Role: models.GridWorker, Area: farVillage, Until: "2026-11-24"}))
		w.must(account.AddGrant(w.Context(), w.d, db.NewOpID(), w.boss, a.ID, account.Grant{Role: models.Publicity, Area: county, From: "2026-11-25"}))
		secret, err := w.signIn("ｍａ．ＬＩ", password) // an input method was on
		w.must(err)
		for _, c := range []struct {
			on    time.Duration
			roles string
		}{{0, "clerk@青石村 grid@兰光村"}, {20 * time.Minute, "clerk@青石村 grid@兰光村"}} {
			w.clock.Add(c.on)
			w.wantRoles(secret, c.roles)
		}
		w.clock.Set(models.Date("2026-11-25").Start())
		w.wantRoles(w.in("ma.li"), "clerk@青石村 publicity@永宁县")
		if _, err := w.dir.Who(w.Context(), secret); !errors.Is(err, models.ErrSignIn) {
			w.Fatalf("half an hour without a request: %v", err)
		}
		w.must(account.Sweep(w.Context(), w.d))
		list, err := account.Sessions(w.Context(), w.d, a.ID)
		if err != nil || len(list) != 1 {
			w.Fatalf("after sweeping: %v, %v", list, err)
		}
	})
}

func (w *town) wantRoles(secret, want string) {
	w.Helper()
	who, err := w.dir.Who(w.Context(), secret)
	w.must(err)
	var got []string
	for _, g := range who.Actor.Grants {
		got = append(got, string(g.Role)+"@"+g.Name)
	}
	if s := strings.Join(got, " "); s != want {
		w.Fatalf("roles: got %s, want %s", s, want)
	}
	if len(who.Actor.Kin) != 1 || who.Actor.Name != "马少明" || who.Actor.Session == 0 || who.CSRF == "" {
		w.Fatalf("got %+v", who)
	}
}

func TestDisableEndsTheSessionWithTheNextRequest(t *testing.T) {
	each(t, func(w *town) {
		a := w.add("clerk", models.Clerk, qingshi)
		secret := w.in("clerk")
		_, err := w.dir.Who(w.Context(), secret)
		w.must(err)
		w.must(account.Disable(w.Context(), w.d, db.NewOpID(), w.boss, a.ID))
		_, err = w.dir.Who(w.Context(), secret)
		w.refused(err, models.ErrSignIn)
		_, err = w.signIn("clerk", password)
		w.refused(err, account.ErrDisabled)
		_, err = w.signIn("clerk", "wrong-password")
		w.refused(err, account.ErrWrong)
		w.must(account.Enable(w.Context(), w.d, db.NewOpID(), w.boss, a.ID))
		w.in("clerk")
	})
}

func TestRemovedRoleIsGoneWithTheNextRequest(t *testing.T) {
	each(t, func(w *town) {
		a := w.add("clerk", models.Clerk, qingshi)
		secret := w.in("clerk")
		w.wantRoles(secret, "clerk@青石村")
		w.must(account.RemoveGrant(w.Context(), w.d, db.NewOpID(), w.boss, a.ID, models.Clerk, qingshi))
		w.wantRoles(secret, "")
	})
}

func TestSignInLocksTheLoginWhetherItExistsOrNot(t *testing.T) {
	each(t, func(w *town) {
		w.add("clerk", models.Clerk, qingshi)
		for _, login := range []string{"clerk", "nobody"} {
			var says []string
			for range 6 {
				_, err := w.signIn(login, "not-the-password")
				var e *models.Error
				if !errors.As(err, &e) {
					w.Fatal(err)
				}
				says = append(says, e.Code+" "+e.Say)
			}
			want := "wrong_password 登录名或密码不对，还可试 4 次|wrong_password 登录名或密码不对，还可试 3 次|wrong_password 登录名或密码不对，还可试 2 次|wrong_password 登录名或密码不对，还可试 1 次|" +
				"wrong_password 登录名或密码不对，输错的次数太多，请 15 分钟后再试，或找管理员核实身份|locked 输错的次数太多，请 15 分钟后再试，或找管理员核实身份"
			if got := strings.Join(says, "|"); got != want {
				w.Fatalf("%s:\ngot  %s\nwant %s", login, got, want)
			}
		}
		_, err := w.signIn("clerk", password)
		w.refused(err, db.ErrLocked)
		w.clock.Add(15 * time.Minute)
		w.in("clerk")
	})
}

func TestSignInRefusesAnAddressThatTriesManyLogins(t *testing.T) {
	each(t, func(w *town) {
		for i := range 20 {
			_, err := w.signIn("guess"+string(rune('a'+i)), "not-the-password")
			w.refused(err, account.ErrWrong)
		}
		_, err := w.signIn("admin", password)
		w.refused(err, db.ErrLocked)
		_, err = account.SignIn(w.Context(), w.d, "admin", password, "", "192.0.2.2", false)
		w.must(err)
	})
}

func TestUnusedAccountIsRefusedAfterNinetyDays(t *testing.T) {
	each(t, func(w *town) {
		a := w.add("clerk", models.Clerk, qingshi)
		w.clock.Add(91 * 24 * time.Hour)
		_, err := w.signIn("clerk", password)
		w.refused(err, account.ErrUnused)
		w.must(account.Enable(w.Context(), w.d, db.NewOpID(), w.boss, a.ID))
		w.in("clerk")
	})
}

func TestChangePasswordEndsTheOtherSessions(t *testing.T) {
	each(t, func(w *town) {
		a := w.add("clerk", models.Clerk, qingshi)
		phone, desk := w.in("clerk"), w.in("clerk")
		me := models.Actor{Account: a.ID}
		change := func(old, new string) error {
			return account.ChangePassword(w.Context(), w.d, db.NewOpID(), me, old, new, keys.SecretHash(desk))
		}
		w.refused(change("not-the-password", "another-good-one"), models.ErrInput)
		w.refused(change(password, password), models.ErrInput)
		w.refused(change(password, "12345678"), models.ErrInput)
		w.must(change(password, "another-good-one"))
		_, err := w.dir.Who(w.Context(), phone)
		w.refused(err, models.ErrSignIn)
		_, err = w.dir.Who(w.Context(), desk)
		w.must(err)
		_, err = w.signIn("clerk", password)
		w.refused(err, account.ErrWrong)
	})
}

func TestAddAccountMakesAPasswordShownOnce(t *testing.T) {
	each(t, func(w *town) {
		op := db.NewOpID()
		ask := account.NewAccount{Login: "ma", Name: "马·阿卜杜拉", Role: models.Committee, Area: qingshi}
		first, err := account.AddAccount(w.Context(), w.d, op, w.boss, ask)
		w.must(err)
		again, err := account.AddAccount(w.Context(), w.d, op, w.boss, ask)
		w.must(err)
		if first.OneTime == "" || again.OneTime != "" || again.ID != first.ID || !again.MustChange {
			w.Fatalf("first %+v, again %+v", first, again)
		}
		secret, err := w.signIn("ma", first.OneTime)
		w.must(err)
		who, err := w.dir.Who(w.Context(), secret)
		if err != nil || !who.MustChange {
			w.Fatalf("%+v, %v", who, err)
		}
		_, err = account.AddAccount(w.Context(), w.d, db.NewOpID(), w.boss, ask)
		w.refused(err, account.ErrTaken)
	})
}

func TestNobodyHandsOutRolesOutsideTheirArea(t *testing.T) {
	each(t, func(w *town) {
		headed := func(role models.Role, area int64) models.Actor {
			return models.Actor{Account: 99, Grants: []models.Grant{{Role: role, Area: area}}}
		}
		for _, c := range []struct {
			by   models.Actor
			role models.Role
			area int64
			want error
		}{
			{w.boss, models.Admin, models.Everywhere, nil},
			{w.boss, models.Clerk, farVillage, nil},
			{w.boss, models.Clerk, county, account.ErrRole},
			{w.boss, models.Clerk, 999, models.ErrNotFound},
			{w.boss, "king", qingshi, account.ErrRole},
			{headed(models.Admin, county), models.Committee, qingshi, nil},
			{headed(models.Admin, county), models.Admin, county, nil},
			{headed(models.Admin, county), models.Admin, city, models.ErrForbidden},
			{headed(models.Admin, county), models.Admin, models.Everywhere, models.ErrForbidden},
			{headed(models.Admin, county), models.Committee, farVillage, models.ErrForbidden},
			{headed(models.Committee, qingshi), models.Clerk, qingshi, nil},
			{headed(models.Committee, qingshi), models.GridWorker, qingshi, nil},
			{headed(models.Committee, qingshi), models.Committee, qingshi, models.ErrForbidden},
			{headed(models.Committee, qingshi), models.Admin, qingshi, models.ErrForbidden},
			{headed(models.Committee, qingshi), models.Clerk, farVillage, models.ErrForbidden},
			{headed(models.Clerk, qingshi), models.Clerk, qingshi, models.ErrForbidden},
			{models.Actor{}, models.Clerk, qingshi, models.ErrSignIn},
		} {
			_, err := account.AddAccount(w.Context(), w.d, db.NewOpID(), c.by, account.NewAccount{Login: "x" + models.ID32(models.NewID()), Name: "某人", Password: password, Role: c.role, Area: c.area})
			if !errors.Is(err, c.want) {
				w.Errorf("%v gives %s in %d: got %v, want %v", c.by.Grants, c.role, c.area, err, c.want)
			}
		}
		far := w.add("far", models.Clerk, farVillage)
		w.refused(account.Disable(w.Context(), w.d, db.NewOpID(), headed(models.Committee, qingshi), far.ID), models.ErrNotFound)
		_, err := account.SetPassword(w.Context(), w.d, db.NewOpID(), headed(models.Admin, county), far.ID, "")
		w.refused(err, models.ErrNotFound)
	})
}

func TestMonitorStandsApartFromTheCommittee(t *testing.T) {
	each(t, func(w *town) {
		a := w.add("li", models.Committee, qingshi)
		add := func(area int64) error {
			return account.AddGrant(w.Context(), w.d, db.NewOpID(), w.boss, a.ID, account.Grant{Role: models.Monitor, Area: area})
		}
		w.refused(add(qingshi), account.ErrMonitor)
		w.must(add(farVillage))
		w.refused(add(farVillage), account.ErrHeld)
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(w *town) {
		second := w.add("second", models.Admin, models.Everywhere)
		by := models.Actor{Account: second.ID, Grants: w.boss.Grants}
		w.must(account.Disable(w.Context(), w.d, db.NewOpID(), by, w.boss.Account))
		w.refused(account.RemoveGrant(w.Context(), w.d, db.NewOpID(), by, second.ID, models.Admin, models.Everywhere), account.ErrLast)
		w.refused(account.Disable(w.Context(), w.d, db.NewOpID(), by, second.ID), models.ErrForbidden)
		if _, err := account.FirstAdmin(w.Context(), w.d, "other", "另一人", password); !errors.Is(err, account.ErrHasAdmin) {
			w.Fatalf("a second first administrator: %v", err)
		}
		oneTime, err := account.ResetPassword(w.Context(), w.d, "ADMIN")
		w.must(err)
		_, err = w.signIn("admin", oneTime)
		w.must(err)
	})
}

func TestListStaysInTheArea(t *testing.T) {
	each(t, func(w *town) {
		w.add("near", models.Clerk, qingshi)
		w.add("far", models.Clerk, farVillage)
		for area, want := range map[int64]string{models.Everywhere: "admin far near", city: "far near", county: "near", farTownship: "far", qingshi: "near"} {
			all, err := account.List(w.Context(), w.d, area)
			w.must(err)
			got := map[string]bool{}
			for _, a := range all {
				got[a.Login] = true
			}
			for _, login := range strings.Fields(want) {
				if !got[login] {
					w.Errorf("area %d lacks %s", area, login)
				}
			}
			if len(got) != len(strings.Fields(want)) {
				w.Errorf("area %d: got %v, want %s", area, got, want)
			}
		}
	})
}

func TestHouseholdSessionSlidesAndEnds(t *testing.T) {
	each(t, func(w *town) {
		h := models.Household{Village: qingshi, ID: 7}
		secret, err := account.SignInHousehold(w.Context(), w.d, h, "微信 · 安卓手机")
		w.must(err)
		for range 3 {
			w.clock.Add(80 * 24 * time.Hour)
			who, err := w.dir.Who(w.Context(), secret)
			if err != nil || who.Actor.Household != h || who.Actor.Account != 0 {
				w.Fatalf("%+v, %v", who, err)
			}
		}
		list, err := account.SessionsOf(w.Context(), w.d, h)
		if err != nil || len(list) != 1 || list[0].Device != "微信 · 安卓手机" {
			w.Fatalf("%v, %v", list, err)
		}
		w.must(account.SignOutHousehold(w.Context(), w.d, h))
		_, err = w.dir.Who(w.Context(), secret)
		w.refused(err, models.ErrSignIn)
	})
}

func TestSignOutOneEndsOnlyOnesOwn(t *testing.T) {
	each(t, func(w *town) {
		a, b := w.add("a.a", models.Clerk, qingshi), w.add("b.b", models.Clerk, qingshi)
		mine, theirs := w.in("a.a"), w.in("b.b")
		list, err := account.Sessions(w.Context(), w.d, a.ID)
		w.must(err)
		w.must(account.SignOutOne(w.Context(), w.d, models.Actor{Account: b.ID}, list[0].ID))
		_, err = w.dir.Who(w.Context(), mine)
		w.must(err)
		w.must(account.SignOutOne(w.Context(), w.d, models.Actor{Account: a.ID}, list[0].ID))
		_, err = w.dir.Who(w.Context(), mine)
		w.refused(err, models.ErrSignIn)
		_, err = w.dir.Who(w.Context(), theirs)
		w.must(err)
		w.must(account.SignOut(w.Context(), w.d, theirs))
		_, err = w.dir.Who(w.Context(), theirs)
		w.refused(err, models.ErrSignIn)
	})
}

func BenchmarkWho(b *testing.B) {
	d, _ := modelstest.Open(b)
	dir := account.NewDirectory(d, keys.Test(), func(context.Context, db.Conn, int64) ([]models.Household, error) { return nil, nil })
	secret, err := account.SignInHousehold(b.Context(), d, models.Household{Village: 1, ID: 2}, "")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := dir.Who(b.Context(), secret); err != nil {
			b.Fatal(err)
		}
	}
}
