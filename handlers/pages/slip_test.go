package pages_test

import (
	"regexp"
	"testing"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/village"
)

func TestSlipIsPrintedKeyedInOnceAndListed(t *testing.T) {
	w := newHall(t)
	sheet := w.see(w.post("he", "/committee/slips/print", "n", "10"), 303, "from=1&to=10").location
	paper := w.see(w.get("he", sheet), 200, "No. "+award.SlipText(1), "No. "+award.SlipText(10), "证明人", "条形码 "+award.SlipText(10))
	if n := len(regexp.MustCompile(`<article class="slip">`).FindAllString(paper.body, -1)); n != 10 {
		t.Errorf("%d slips on paper, want 10", n)
	}
	key := func(who, home string, pairs ...string) hallAnswer {
		return w.post(who, "/committee/slips", append([]string{"slip_rule", w.rule("庭院整洁"), "home", home}, pairs...)...)
	}
	op := web.NewOp()
	for range 2 {
		w.see(key("xiaoma", "012", "number", award.SlipText(3), "op", op), 303)
	}
	w.see(w.get("xiaoma", "/committee/slips"), 200, "录了 1 张", "还在外面 9 张", award.SlipText(4))
	w.see(key("he", "012", "number", award.SlipText(3), "note", "扫了巷道"), 409, "已经录过，没有重复记分", "扫了巷道")
	w.see(key("he", "王建国", "number", "0000030"), 422, "单号不对", `value="王建国"`)
	w.see(key("he", "012", "number", award.SlipText(77)), 404, "没有印过这个号")
	w.see(key("xiaoma", "李桂兰", "number", award.SlipText(4)), 403, "不能给自己家办理")
	w.see(w.post("he", "/committee/slips/void", "from", award.SlipText(4), "to", award.SlipText(6), "reason", "淋湿了"), 303)
	w.see(key("he", "012", "number", award.SlipText(5)), 409, "已经作废")
	w.hides(w.see(w.get("he", sheet), 200, "其中 4 张已经录过或作废"), "No. "+award.SlipText(5))
	w.see(w.post("xiaoma", "/committee/slips/print", "n", "5"), 403)
	w.see(w.get("next", "/committee/slips"), 200, "印 0 张")
	if w.awards(w.ma) != 1 || w.awards(w.li) != 0 {
		t.Error("a slip counted twice, or for one's own home")
	}
}

func TestDutiesAreGivenOnThePage(t *testing.T) {
	w := newHall(t)
	path := "/committee/duties/" + models.ID32(w.account("xiaoma"))
	w.see(w.get("he", "/committee/duties"), 200, "小马", "现在负责：全村", `value="n.3"`)
	w.see(w.post("he", "/committee/duties", "name", "东网格"), 303)
	w.see(w.get("he", "/committee"), 200, "网格员还没有分网格")
	grids, err := village.Grids(t.Context(), w.d, w.village)
	w.must(err)
	w.see(w.post("he", path, "duty", "n.3", "duty", "g."+models.ID32(grids[0].ID)), 303)
	w.see(w.get("he", "/committee/duties"), 200, "现在负责：<b>东网格、3组</b>")
	w.see(w.post("he", path, "duty", "n.x"), 422, "认不出来")
	w.see(w.post("xiaoma", path, "duty", "n.3"), 403)
	w.see(w.post("next", path, "duty", "n.3"), 404)
	duties, err := village.Duties(t.Context(), w.d, w.village)
	w.must(err)
	if len(duties) != 2 {
		t.Error(duties)
	}
	place, err := village.PlaceOf(t.Context(), w.d, w.village)
	w.must(err)
	home, err := village.GetHome(t.Context(), w.d, w.ma)
	w.must(err)
	if ok, err := village.Covers(t.Context(), w.d, models.Actor{Account: w.account("xiaoma"), Grants: []models.Grant{{Role: models.GridWorker, Area: w.village}}}, place, home); !ok || err != nil {
		t.Error("the worker of group 3 does not cover group 3", err)
	}
	w.must(village.SetDuties(t.Context(), w.d, db.NewOpID(), w.he, w.village, w.account("xiaoma"), nil))
}
