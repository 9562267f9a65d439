package pages_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// startRound opens a round of all 青石村, its clean yards worth 5.
func (w *hall) startRound() (path string) {
	w.Helper()
	w.see(w.get("he", "/committee/rounds/new"), 200, "庭院巡查 · 第1轮", `value="`+w.rule("庭院整洁")+`" selected`, "小马")
	return w.see(w.post("he", "/committee/rounds/new", "name", "庭院巡查 · 第1轮", "clean", w.rule("庭院整洁"), "person", "小马", "team", "村民代表老白"), 303, "/committee/rounds/").location
}

func result(h models.Household) string { return "result." + models.ID32(h.ID) }

// tell posts doors as the phone's script does.
func (w *hall) tell(who, path string, body map[string]any) hallAnswer {
	w.Helper()
	text, err := json.Marshal(body)
	w.must(err)
	r := httptest.NewRequest("POST", path, strings.NewReader(string(text)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("X-CSRF-Token", w.tokens[who])
	return w.send(who, r)
}

func TestRoundWorksAsPlainForms(t *testing.T) {
	w := newHall(t)
	w.see(w.post("he", "/committee/rounds/new", "name", "第1轮"), 422, "请至少选一条", `value="第1轮"`)
	path := w.startRound()
	w.see(w.get("he", "/committee"), 200, "庭院巡查 · 第1轮", "还没走到的户")
	w.see(w.get("xiaoma", path), 200, "0</output> / 3 户", "马少明 3组012", `name="`+result(w.ma)+`" value="clean"`, "同行：小马、村民代表老白", `data-o="1"`)
	w.see(w.post("xiaoma", path, result(w.ma), "clean"), 303, path)
	w.see(w.get("xiaoma", path), 200, "1</output> / 3 户", "王建国 3组031")
	w.see(w.post("xiaoma", path, result(w.li), "clean"), 303)
	w.see(w.get("xiaoma", path), 200, "1</output> / 3 户") // their own home is not theirs to mark
	w.see(w.post("xiaoma", path, result(w.li), "handed"), 303)
	w.see(w.get("he", path+"/sum"), 200, "走了 1 / 3 户", "还缺 2 户", "李桂兰 3组018", "回避，请同事记", "合格率 100%")
	w.see(w.get("he", path+"/sheet"), 200, "李桂兰", "王建国", "□", "同行：小马、村民代表老白")
	w.see(w.get("he", path+"/key"), 200, "照纸录入", `name="`+result(w.li)+`"`)
	w.see(w.post("he", path, "from", "key", result(w.li), "clean", result(w.wang), "poor", "note."+models.ID32(w.wang.ID), "柴草乱堆", result(w.ma), ""), 303, path+"/sum")
	w.see(w.get("he", path+"/sum"), 200, "走了 3 / 3 户", "没有缺的")
	if w.awards(w.ma) != 1 || w.awards(w.li) != 1 || w.awards(w.wang) != 0 {
		t.Error("the doors did not earn what they are worth")
	}
	w.see(w.post("he", path+"/close"), 303)
	w.see(w.get("he", path), 303, path+"/sum")
	w.see(w.post("xiaoma", path, result(w.wang), "clean"), 409, "已经结束")
	w.see(w.post("he", path+"/open"), 303)
	w.see(w.post("he", path, result(w.wang), "clean"), 303)
	if w.awards(w.wang) != 1 {
		t.Error("the opened round took nothing")
	}
	w.see(w.get("he", "/committee/rounds/new"), 200, "庭院巡查 · 第2轮", `value="`+w.rule("庭院整洁")+`" selected`)
}

func TestRoundTellsThePhoneDoorByDoor(t *testing.T) {
	w := newHall(t)
	path := w.startRound()
	w.get("xiaoma", path)
	ma, li := models.ID32(w.ma.ID), models.ID32(w.li.ID)
	taps := map[string]string{ma: web.NewOp(), li: web.NewOp()}
	batch := map[string]any{"op": web.NewOp(), "result": map[string]string{ma: "clean", li: "clean"}, "tap": taps, "at": map[string]int64{ma: 1795400000000}, "note": map[string]string{ma: "门前也扫了"}}
	for range 2 {
		w.see(w.tell("xiaoma", path, batch), 200, `"`+ma+`":{"outcome":"saved","result":"clean","title":"整洁","points":"+5"}`, `"outcome":"refused"`, "请点“请同事记”")
	}
	batch["op"] = web.NewOp() // the same taps in another batch
	w.see(w.tell("xiaoma", path, batch), 200, `"`+ma+`":{"outcome":"saved"`)
	if w.awards(w.ma) != 1 {
		t.Errorf("%d awards for one tap", w.awards(w.ma))
	}
	w.get("he", path)
	w.see(w.tell("he", path, map[string]any{"op": web.NewOp(), "result": map[string]string{ma: "clean"}, "tap": map[string]string{ma: web.NewOp()}}), 200, `"outcome":"already"`, `"by":"小马"`)

	w.tokens["xiaoma"] = "0000"
	w.see(w.tell("xiaoma", path, batch), 403, `"old_page"`)
	w.Secrets["xiaoma"] = "gone"
	w.see(w.tell("xiaoma", path, batch), 401, `"sign_in"`)
}

func TestRoundStaysInTheVillageAndTheGrid(t *testing.T) {
	w := newHall(t)
	path := w.startRound()
	w.must(village.SetDuties(t.Context(), w.d, db.NewOpID(), w.he, w.village, w.account("xiaoma"), []village.Duty{{Group: 9}}))
	w.hides(w.see(w.get("xiaoma", path), 200, "没有您要走的户", "网格分工"), "马少明")
	w.see(w.post("xiaoma", path, result(w.ma), "clean"), 303)
	w.get("xiaoma", path)
	w.see(w.tell("xiaoma", path, map[string]any{"op": web.NewOp(), "result": map[string]string{models.ID32(w.ma.ID): "clean"}}), 200, `"refused"`, "不在您负责的网格")
	here := "?village=" + models.ID32(w.village)
	for _, behind := range []string{"", "/sum", "/sheet", "/key"} {
		w.hides(w.see(w.get("next", path+behind), 404), "马少明")
		w.see(w.get("next", path+behind+here), 404)
	}
	w.see(w.post("next", path, result(w.ma), "clean"), 404)
	w.see(w.get("clerk", path), 403)
	if w.awards(w.ma) != 0 {
		t.Error("somebody without the right marked a door")
	}
}

// account is the id of somebody who works here.
func (w *hall) account(login string) (id int64) {
	w.Helper()
	w.must(w.d.Stmts(w.Context()).Row("SELECT id FROM accounts WHERE login = ?", login).Scan(&id))
	return id
}
