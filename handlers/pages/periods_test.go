package pages_test

import (
	"strings"
	"testing"
	"time"

	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/scheme"
)

// turn gives 青石村 a base rule and a bonus by month, beside rules whose points
// are posted at once.
func (w *hall) turn() {
	w.Helper()
	base := scheme.Change{Draft: scheme.Draft{Category: "基础", Rule: scheme.Rule{Item: "基础分", Direction: scheme.Base, PointsMin: 5000, PointsMax: 5000}}}
	bonus := scheme.Change{Draft: scheme.Draft{Category: "月度", Rule: scheme.Rule{Item: "月度先进", Direction: scheme.Plus, Unit: "月", BandBy: scheme.ByMonth,
		Bands: []scheme.Band{{At: 500, Points: 200}}}}}
	_, err := scheme.Amend(w.Context(), w.d, db.NewOpID(), w.he, w.village, []scheme.Change{base, bonus}, scheme.Adoption{AdoptedOn: "2026-01-02", Posting: scheme.PostNow, PointRate: 10000})
	w.must(err)
	v, err := scheme.Current(w.Context(), w.d, w.village, w.d.Now().Day())
	w.must(err)
	rules, err := scheme.Rules(w.Context(), w.d, w.village, v.ID)
	w.must(err)
	for _, r := range rules {
		w.rules[r.Item] = r
	}
}

func TestPeriodsGiveBaseAndMonthlyBonusOnce(t *testing.T) {
	w := newHall(t)
	w.turn()
	w.see(w.get("xiaoma", "/committee/periods"), 403)
	w.see(w.get("he", "/committee/periods"), 200, "基础分 50 分，只计荣誉，不能兑换", "已记 0 户，参加的有 3 户", "给还没记的 3 户记上")
	w.see(w.post("he", "/committee/periods/base", "rule", w.rule("基础分")), 303)
	w.see(w.get("he", "/committee/periods"), 200, "这一期都记过了")
	if w.balance(w.ma) != 0 {
		t.Error("base points can be spent")
	}
	w.see(w.post("he", "/committee/award", "household", models.ID32(w.ma.ID), "rule", w.rule("庭院整洁")), 303)
	ask := "/committee/periods/month?rule=" + w.rule("月度先进") + "&month=202611"
	w.see(w.get("he", ask), 422, "还没过完")
	w.later(9*24*time.Hour, "he", w.he)
	// The base points of November count for its score too: everybody reaches the band.
	w.see(w.get("he", ask), 200, "马少明", "给 3 户记上，共 6 分")
	w.see(w.post("he", "/committee/periods/month", "rule", w.rule("月度先进"), "month", "202611"), 303)
	w.see(w.get("he", ask), 200, "已经记过")
	w.see(w.post("he", "/committee/periods/month", "rule", w.rule("月度先进"), "month", "202611"), 409, "可能已经记过了")
	if w.balance(w.ma) != 700 || w.balance(w.li) != 200 {
		t.Errorf("after the bonus they have %s and %s", w.balance(w.ma), w.balance(w.li))
	}
}

func TestClearingFromTheResolutionToTheTownshipsConsent(t *testing.T) {
	w := newHall(t)
	w.turn()
	town := w.Person("zhen", "镇上", models.Publicity, w.Town)
	w.see(w.post("he", "/committee/award", "household", models.ID32(w.ma.ID), "rule", w.rule("庭院整洁")), 303)
	w.see(w.get("he", "/committee/periods/clearing"), 200, "清零要慎重", "货架上什么都没有")
	w.see(w.post("he", "/committee/periods/clearing", "resolution", "代表会4号", "resolved_on", "2026-11-23", "as_of", "2026-11-23", "keep", "0", "session_from", "2026-12-01", "session_until", "2026-12-03"),
		422, "要先公示 30 天", "代表会4号")
	made := w.see(w.post("he", "/committee/periods/clearing", "resolution", "代表会4号", "resolved_on", "2026-11-23", "as_of", "2026-11-23", "keep", "1", "session_from", "2026-12-24", "session_until", "2026-12-25"), 303)
	w.see(w.get("next", made.location), 404)
	w.see(w.get("he", made.location), 200, "还没清", "要清的户", "货架上什么都没有")
	w.see(w.get("he", made.location+"/poster"), 200, "青石村积分清零公告", "2026年11月23日为止得的", "每户保留 1 分", "2026年12月26日起自动清零")
	w.see(w.get("he", made.location+"/list"), 200, "马少明 3组012", "不上墙")
	open := "/v/" + models.ID32(w.village) + "/clearing/" + strings.TrimPrefix(made.location, "/committee/periods/clearing/")
	w.see(w.get("nobody", open), 404)
	w.see(w.upload("he", made.location+"/hang", "photo", snap(t), "where", "村部公示栏", "day", "2026-11-23", "time", "09:00"), 303)
	w.see(w.get("he", made.location), 200, "贴在村部公示栏", `<img src="/photos/`)
	w.see(w.get("nobody", open), 200, "积分清零公告", "报的好事、提的意见还没办完的户")
	w.see(w.get("nobody", "/v/"+models.ID32(w.village)), 200, "积分清零公告", "请先来换")

	secret, err := account.SignInHousehold(t.Context(), w.d, w.ma, "phone")
	w.must(err)
	w.Secrets["family"] = secret
	w.see(w.get("family", "/me"), 200, "村里要清零，请先来换", "您家有 <b>4 分</b> 要清")

	w.later(34*24*time.Hour, "he", w.he)
	w.must(award.RunClearings(t.Context(), w.d, market.OpenedBetween))
	w.see(w.get("he", made.location), 200, "一次也没有开门兑换")
	w.see(w.get("he", "/committee"), 200, "清零卡住了")
	counter, err := market.AddCounter(t.Context(), w.d, db.NewOpID(), w.boss, w.k, w.village, "兑换点")
	w.must(err)
	w.see(w.post("he", made.location+"/move", "session_from", "2026-12-28", "session_until", "2026-12-28"), 303)
	w.later(24*time.Hour, "he", w.he)
	_, err = market.OpenSession(t.Context(), w.d, db.NewOpID(), w.he, w.village, counter.ID)
	w.must(err)
	w.later(24*time.Hour, "he", w.he)
	w.must(award.RunClearings(t.Context(), w.d, market.OpenedBetween))
	w.see(w.get("he", made.location), 200, "已清零", "清了 1 户、4 分", "前可以撤回一次")
	if w.balance(w.ma) != 100 {
		t.Errorf("after clearing 马家 has %s", w.balance(w.ma))
	}
	w.see(w.get("he", "/committee/households/"+models.ID32(w.ma.ID)), 200, "清零：代表会4号")

	w.see(w.post("he", made.location+"/undo", "reason", ""), 422)
	w.see(w.post("he", made.location+"/undo", "reason", "货没到齐"), 303)
	w.SignIn("zhen", town.Account)
	asked := w.see(w.get("zhen", "/above/clearings"), 200, "青石村", "货没到齐", "同意撤回")
	_, path, _ := strings.Cut(asked.body, `action="/above/clearings/`)
	path, _, _ = strings.Cut(path, `"`)
	w.see(w.post("he", "/above/clearings/"+path), 403)
	w.see(w.post("zhen", "/above/clearings/"+path), 303)
	w.must(award.RunClearings(t.Context(), w.d, market.OpenedBetween))
	w.see(w.get("he", made.location), 200, "已撤回")
	if w.balance(w.ma) != 500 {
		t.Errorf("after it was taken back 马家 has %s", w.balance(w.ma))
	}
}
