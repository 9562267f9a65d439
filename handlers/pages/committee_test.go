package pages_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/keys"
	"pointstore/models/village"
)

func (w *hall) awardPath(h models.Household) string {
	return "/committee/award?household=" + models.ID32(h.ID)
}

func TestAwardAtTheDoorTakesOneTap(t *testing.T) {
	w := newHall(t)
	home, err := village.GetHome(t.Context(), w.d, w.ma)
	w.must(err)
	token := village.CardToken(w.k, home)
	a := w.see(w.post("he", "/committee/find", "q", keys.CardText("https://jf.example.cn", token)), 303, "household="+models.ID32(w.ma.ID))
	w.hides(a, string(token))
	w.see(w.post("he", "/committee/find", "q", "msm"), 303, "/committee/find?q=msm")
	w.see(w.get("he", "/committee/find?q=msm"), 303, models.ID32(w.ma.ID))
	w.see(w.get("he", a.location), 200, "马少明", "3组012", `name="rule" value="`+w.rule("庭院整洁")+`"`, "婚事新办")

	op := web.NewOp()
	tap := []string{"household", models.ID32(w.ma.ID), "rule", w.rule("庭院整洁"), "op", op}
	done := w.see(w.post("he", "/committee/award", tap...), 303, "/committee/award/")
	if again := w.post("he", "/committee/award", tap...); again.location != done.location || w.awards(w.ma) != 1 {
		t.Errorf("the second tap led to %s with %d awards, want %s and 1", again.location, w.awards(w.ma), done.location)
	}
	w.see(w.get("he", done.location), 200, "已记 庭院整洁 +5", "贴满 3 天自动到账", "撤回", "下一户")
	w.see(w.post("he", done.location+"/withdraw"), 303, "/committee/award?household=")
	w.see(w.get("he", done.location), 200, "这一笔已撤回")
	if w.awards(w.ma) != 0 {
		t.Error("the withdrawn award still counts")
	}
}

func TestAwardRefusedKeepsWhatWasTyped(t *testing.T) {
	w := newHall(t)
	ask := func(who string, h models.Household, pairs ...string) hallAnswer {
		return w.post(who, "/committee/award", append([]string{"household", models.ID32(h.ID)}, pairs...)...)
	}
	wedding := w.rule("婚事新办")
	w.see(ask("he", w.ma, "rule", wedding, "points", "500", "note", "十一办的酒"), 422, "不能记 500 分", `value="500"`, "十一办的酒", "马少明")
	w.see(ask("he", w.ma, "rule", wedding, "points", "一百五", "note", "十一办的酒"), 422, `value="一百五"`, "十一办的酒")
	w.see(ask("he", w.ma, "rule", wedding, "points", "50", "act_date", "2027-01-01"), 422, "日期还没到", `value="2027-01-01"`)
	w.see(ask("xiaoma", w.li, "rule", w.rule("庭院整洁")), 403, "不能给自己家办理")
	w.see(w.get("xiaoma", w.awardPath(w.li)), 200, "请换一位同事来记")
	w.see(ask("he", w.other, "rule", w.rule("庭院整洁")), 404)
	for range 2 {
		w.see(ask("he", w.ma, "rule", w.rule("参加村民议事会")), 303)
	}
	w.see(ask("he", w.ma, "rule", w.rule("参加村民议事会")), 409, "每户每年最多 2 次", "这次没有记分")
	w.must(village.Leave(t.Context(), w.d, [16]byte{1}, w.he, w.wang, "搬到县城"))
	w.see(w.get("he", w.awardPath(w.wang)), 200, "已经登记离开")
	w.see(ask("he", w.wang, "rule", w.rule("庭院整洁")), 409)
	if w.awards(w.ma) != 2 || w.awards(w.li) != 0 || w.awards(w.wang) != 0 {
		t.Error("a refused award was written down")
	}
}

func TestBatchIsAllOrNothing(t *testing.T) {
	w := newHall(t)
	tidy := w.rule("庭院整洁")
	listed := w.see(w.post("he", "/committee/batch", "rule", tidy, "add", "1", "paste", "马少明，031 赵不在"), 200, "赵不在（村里没有）", "已选 2 户，共 10 分，约合 10 元")
	w.hides(listed, "没有记上")
	w.see(w.post("he", "/committee/batch", "rule", tidy), 422, "没有选任何一户")
	w.see(w.post("xiaoma", "/committee/batch", "rule", tidy, "h", models.ID32(w.ma.ID), "h", models.ID32(w.li.ID), "note", "清洁日"), 403, "李桂兰 3组018", "这一批都没有记", "清洁日")
	if w.awards(w.ma) != 0 {
		t.Fatal("half of a refused batch was written down")
	}
	done := w.see(w.post("he", "/committee/batch", "rule", tidy, "h", models.ID32(w.ma.ID), "h", models.ID32(w.li.ID), "act_date", "2026-11-20"), 303, "/committee/batch/")
	w.see(w.get("he", done.location), 200, "已记 2 户", "+10 分", "马少明", "李桂兰")
	w.see(w.get("he", "/committee/batch?rule="+tidy+"&like="+strings.TrimPrefix(done.location, "/committee/batch/")), 200, "已选 2 户")
	if w.awards(w.ma) != 1 || w.awards(w.li) != 1 || w.awards(w.wang) != 0 {
		t.Error("the batch did not reach exactly the two households")
	}
}

func TestNoticeFromTheListToThePassbook(t *testing.T) {
	w := newHall(t)
	w.must(village.SetHidden(t.Context(), w.d, [16]byte{1}, w.he, w.wang, true))
	for _, h := range []models.Household{w.ma, w.wang} {
		w.see(w.post("he", "/committee/award", "household", models.ID32(h.ID), "rule", w.rule("庭院整洁")), 303)
	}
	w.see(w.get("he", "/committee"), 200, "2 笔", "2 户，最早一笔记于")
	made := w.see(w.post("he", "/committee/notices"), 303, "/committee/notices/")
	w.see(w.post("he", "/committee/notices"), 409, "没有生成公示")
	poster := w.see(w.get("he", made.location+"/poster"), 200, "青石村积分公示", "2026年第1期", "马*明 3组012", "+5", "共 1 笔、1 户", "按村规不公开明细的，不在榜上列出。", "从张贴时起 3 天", "防伪码", "<svg")
	w.hides(poster, "马少明", "王建国", "王*国", "试印")
	w.see(w.get("he", made.location+"/poster?paper=a3"), 200, `class="paper a3"`)
	page := w.see(w.get("he", made.location), 200, "发到群里", "1 笔、1 户", "2 笔、2 户")
	for _, id := range []string{"group-text", "data-picture", "group-link", "speaker-text"} {
		if part, ok := cutFrom(page.body, id); ok && strings.Contains(part, "马") {
			t.Errorf("%s says names: %s", id, part)
		}
	}
	if speaker, ok := cutFrom(page.body, "speaker-text"); !ok || !strings.Contains(speaker, "3组 012") {
		t.Errorf("the loudspeaker calls no number: %s", speaker)
	}
	w.see(w.post("he", made.location+"/hang", "where", "村部公示栏", "day", "2026-11-23", "time", "23:00"), 422, "张贴的时间还没到", "村部公示栏")
	w.see(w.post("he", made.location+"/hang", "where", "村部公示栏", "day", "2026-11-23", "time", "09:00"), 303)
	w.see(w.get("he", made.location), 200, "公示中", "11月26日 09:00 到期")
	w.see(w.get("he", made.location+"/poster"), 200, "11月23日 09:00 至 11月26日 09:00", "何主任")
	w.later(72*time.Hour, "he", w.he)
	_, err := award.EndNotices(t.Context(), w.d)
	w.must(err)
	if w.balance(w.ma) != 500 || w.balance(w.wang) != 500 {
		t.Errorf("after three days they have %s and %s", w.balance(w.ma), w.balance(w.wang))
	}
	w.see(w.get("he", made.location), 200, "已到账")
}

func TestNoticeForgottenIsCalledFor(t *testing.T) {
	w := newHall(t)
	w.see(w.post("he", "/committee/award", "household", models.ID32(w.ma.ID), "rule", w.rule("庭院整洁")), 303)
	made := w.see(w.post("he", "/committee/notices"), 303)
	w.later(50*time.Hour, "he", w.he)
	w.see(w.get("he", "/committee"), 200, "公示还没张贴", "不张贴，分就一直不能到账")
	w.see(w.post("he", made.location+"/drop"), 303, "/committee/notices")
	w.see(w.get("he", "/committee/notices"), 200, "1 笔、1 户", "已作废")
}

func TestCommitteePagesAreClosedToOthers(t *testing.T) {
	w := newHall(t)
	done := w.see(w.post("he", "/committee/award", "household", models.ID32(w.ma.ID), "rule", w.rule("庭院整洁")), 303)
	made := w.see(w.post("he", "/committee/notices"), 303)
	house := "/committee/households/" + models.ID32(w.ma.ID)
	for _, path := range []string{w.awardPath(w.ma), done.location, made.location, made.location + "/poster", house, house + "/edit", house + "/passbook", house + "/file", "/committee/cards/print?h=" + models.ID32(w.ma.ID)} {
		w.hides(w.see(w.get("next", path), 404), "马少明")
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		w.see(w.get("next", path+mark+"village="+models.ID32(w.village)), 404)
	}
	here := "?village=" + models.ID32(w.village)
	for _, path := range []string{"/committee/award", "/committee/batch", "/committee/notices", house + "/pin", house + "/card", house + "/edit", made.location + "/hang", done.location + "/withdraw", "/committee/cards/pins"} {
		w.see(w.post("next", path+here, "household", models.ID32(w.ma.ID), "rule", w.rule("庭院整洁")), 404)
	}
	for _, path := range []string{"/committee", "/committee/notices", "/committee/cards", house + "/edit", "/committee/award"} {
		w.see(w.get("clerk", path), 403)
	}
	w.see(w.get("xiaoma", "/committee"), 200)
	w.see(w.get("xiaoma", "/committee/notices"), 403)
	w.hides(w.see(w.get("xiaoma", house), 200, "马少明"), "重设取货密码", "换一张新卡")
	token := village.CardToken(w.k, func() village.Home { h, _ := village.GetHome(t.Context(), w.d, w.other); return h }())
	w.see(w.post("he", "/committee/find", "q", string(token)), 404, "没有找到这张卡")
	w.see(w.get("boss-nobody", "/committee?"+url.Values{"x": {"1"}}.Encode()), 303, "/signin")
}

// cutFrom is the part of a page that begins with an id or attribute, up to what
// ends its card.
func cutFrom(body, id string) (string, bool) {
	_, part, ok := strings.Cut(body, id)
	for _, end := range []string{"</textarea>", "</div>", "</section>"} {
		if i := strings.Index(part, end); i >= 0 {
			return part[:i], ok
		}
	}
	return part, ok
}
