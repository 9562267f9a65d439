package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/scheme"
)

// newestRules are the rules of a place's last version by item.
func (f *furnished) newestRules(at int64) (scheme.Version, map[string]scheme.Rule) {
	f.Helper()
	versions, err := scheme.Versions(f.Context(), f.d, at)
	f.must(err)
	rules, err := scheme.Rules(f.Context(), f.d, at, versions[0].ID)
	f.must(err)
	byItem := map[string]scheme.Rule{}
	for _, r := range rules {
		byItem[r.Item] = r
	}
	return versions[0], byItem
}

// importRules brings a table in and adopts it.
func (b *browser) importRules(at int64, table string) {
	b.Helper()
	b.open(importAt(at, "rules"))
	b.upload(importAt(at, "rules"), "细则.csv", table)
	b.confirm()
	b.want(http.StatusOK, "细则导好了")
}

const threeRules = "类别,项目,分值,备注\n美丽庭院,庭院整洁,5,\n美丽庭院,门前三包,3,\n志愿服务,打扫巷道,2,\n"

func TestRuleFormTakesEveryKindAndShowsItAgain(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "rules")
	cases := []struct {
		item string
		fill []string
		says string
		back map[string]string
	}{
		{"志愿服务", []string{"kind", "amount", "unit", "小时", "at.0", "10", "worth.0", "2", "at.1", "4", "worth.1", "1"}, "满 4 小时 1 分、满 10 小时 2 分", map[string]string{"kind": "amount", "at.0": "4", "worth.1": "2"}},
		{"受表彰", []string{"kind", "level", "at.0", "国家级", "worth.0", "50", "at.1", "省级", "worth.1", "30"}, "国家级 50 分", map[string]string{"kind": "level", "at.1": "省级", "worth.1": "30"}},
		{"环境卫生", []string{"kind", "faults", "full", "10", "each", "0.5", "fault.0", "乱堆柴草", "costs.0", "1"}, "满分 10 分", map[string]string{"kind": "faults", "full": "10", "each": "0.5", "fault.0": "乱堆柴草"}},
		{"月月红", []string{"kind", "month", "at.0", "80", "worth.0", "200"}, "当月满 80 分 200 分", map[string]string{"kind": "month", "at.0": "80"}},
		{"零彩礼", []string{"kind", "plain", "points", "50-100"}, "50—100", map[string]string{"kind": "plain", "points": "50-100"}},
	}
	for _, c := range cases {
		b.open(at + "/edit")
		b.submit(at+"/edit", append([]string{"item", c.item, "category", "各类"}, c.fill...)...)
		b.want(http.StatusOK, "“"+c.item+"”加好了", c.says)
		_, rules := f.newestRules(f.qing)
		b.open(at + "/edit?rule=" + models.ID32(rules[c.item].ID))
		got := b.form(at + "/edit")
		for name, want := range c.back {
			if got.Get(name) != want {
				t.Errorf("%s: the form shows %s = %q, want %q", c.item, name, got.Get(name), want)
			}
		}
	}
	b.open(at + "/edit")
	b.submit(at+"/edit", "item", "找回失物", "category", "各类", "kind", "amount", "at.0", "一百", "worth.0", "1")
	b.want(http.StatusUnprocessableEntity, "没有保存", "一百")
	if got := b.form(at + "/edit"); got.Get("kind") != "amount" || got.Get("at.0") != "一百" {
		t.Errorf("what was typed is gone: %v", got)
	}
	b.submit(at+"/edit", "at.0", "100", "go", "more")
	if got := b.form(at + "/edit"); got.Get("at.0") != "100" || !got.Has("at.8") {
		t.Errorf("no room for more bands: %v", got)
	}
	b.submit(at+"/edit", "at.0", "100", "recorder", "household", "direction", scheme.Minus)
	b.want(http.StatusUnprocessableEntity, "要勾上村委或者网格员")
	v, rules := f.newestRules(f.qing)
	if v.Number != len(cases) || len(rules) != len(cases) {
		t.Errorf("version %d with %d rules after %d additions", v.Number, len(rules), len(cases))
	}
}

func TestRuleFormSharesOneCapAmongSeveral(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "rules")
	b.importRules(f.qing, threeRules)
	_, rules := f.newestRules(f.qing)
	b.open(at + "/edit?rule=" + models.ID32(rules["庭院整洁"].ID))
	sent := b.form(at + "/edit")
	sent.Set("period", "year")
	sent.Set("most", "40")
	sent.Set("share", models.ID32(rules["门前三包"].ID))
	sent.Set("once", models.ID32(rules["打扫巷道"].ID))
	b.post(at+"/edit", sent)
	b.want(http.StatusOK, "第 2 版", "每户每年最多 40 分（“庭院整洁”等几项合计）", "一件事只计最高")
	_, rules = f.newestRules(f.qing)
	yard, gate, lane := rules["庭院整洁"], rules["门前三包"], rules["打扫巷道"]
	if gate.CapPoints != 4000 || gate.CapGroup == "" || gate.CapGroup != yard.CapGroup || lane.CapGroup != "" || lane.OnceGroup != yard.OnceGroup || lane.OnceGroup == "" || gate.OnceGroup != "" {
		t.Fatalf("the groups are %+v, %+v, %+v", yard, gate, lane)
	}
	b.open(at + "/edit?rule=" + models.ID32(gate.ID))
	sent = b.form(at + "/edit")
	if sent.Get("share") != models.ID32(yard.ID) {
		t.Fatalf("the form forgets who shares the cap: %v", sent)
	}
	sent.Set("most", "30")
	b.post(at+"/edit", sent)
	b.want(http.StatusOK, "第 3 版")
	_, rules = f.newestRules(f.qing)
	if rules["庭院整洁"].CapPoints != 3000 {
		t.Errorf("the other rule of the shared cap still has %v", rules["庭院整洁"].CapPoints)
	}
	b.open(at + "/edit?rule=" + models.ID32(rules["门前三包"].ID))
	sent = b.form(at + "/edit")
	sent.Del("share")
	b.post(at+"/edit", sent)
	b.want(http.StatusOK, "第 4 版")
	_, rules = f.newestRules(f.qing)
	if rules["庭院整洁"].CapGroup != "" || rules["门前三包"].CapGroup != "" || rules["庭院整洁"].CapPoints != 3000 {
		t.Errorf("after parting: %+v, %+v", rules["庭院整洁"], rules["门前三包"])
	}
}

func TestRulesRenewedKeepRulesAndTakeSettings(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "rules")
	b.open(at + "/renew")
	b.want(http.StatusConflict, "还没有执行中的积分细则")
	b.importRules(f.qing, threeRules)
	b.open(at + "/renew")
	b.submit(at+"/renew", "present", "30", "voted", "12")
	b.want(http.StatusUnprocessableEntity, "没有过半")
	b.submit(at+"/renew", "voted", "28", "review", "all", "second_over", "50", "second_late", "1", "objection_days", "5", "renew_on", "2027-11-01")
	b.want(http.StatusOK, "已存为第 2 版，细则没有变", "每一笔都要评议", "一笔超过 50 分的、补录的", "5 天内答复", "2027-11-01", "30 人、28 人")
	v, rules := f.newestRules(f.qing)
	if v.Review != scheme.ReviewAll || v.SecondOver != 5000 || !v.SecondLate || v.ObjectionDays != 5 || len(rules) != 3 {
		t.Fatalf("renewed as %+v with %d rules", v, len(rules))
	}
	// A rule changed by hand keeps them, and what is emptied is meant so.
	b.open(at + "/edit?rule=" + models.ID32(rules["庭院整洁"].ID))
	b.submit(at+"/edit", "points", "6")
	b.want(http.StatusOK, "第 3 版", "一笔超过 50 分的、补录的")
	b.open(at + "/renew")
	sent := b.form(at + "/renew")
	sent.Set("second_over", "")
	sent.Del("second_late")
	b.post(at+"/renew", sent)
	b.want(http.StatusOK, "第 4 版")
	if v, _ := f.newestRules(f.qing); v.SecondOver != 0 || v.SecondLate {
		t.Errorf("the second approver is still wanted: %+v", v)
	}
	b.open(at + "/diff")
	b.want(http.StatusOK, "两版有什么不同", "细则以外的约定", "第二人批准")
	b.wantNot("改了的")
}

func TestRulesDifferenceNamesWhatChanged(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "rules")
	b.importRules(f.qing, threeRules)
	first, _ := f.newestRules(f.qing)
	b.importRules(f.qing, "类别,项目,分值,备注\n美丽庭院,庭院整洁,8,\n志愿服务,打扫巷道,2,\n志愿服务,看护老人,4,\n")
	second, _ := f.newestRules(f.qing)
	b.open(at)
	b.want(http.StatusOK, "和上一版有什么不同")
	b.open(at + "/diff?from=" + models.ID32(first.ID) + "&to=" + models.ID32(second.ID))
	b.want(http.StatusOK, "改了 1 条，新加 1 条，去掉 1 条", "庭院整洁", "5 分", "8 分", "+ 看护老人", "− 门前三包")
	b.wantNot("打扫巷道")
	f.next.open(at + "/diff")
	f.next.want(http.StatusNotFound)
}

func TestRuleStepsAreWrittenDownWithTheirDates(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "rules", "steps")
	b.importRules(f.qing, threeRules)
	v, _ := f.newestRules(f.qing)
	b.open(at)
	b.want(http.StatusOK, "四议两公开", "党支部提议", "实施结果公开", "记了 1 步，共 6 步")
	step := func(fill ...string) {
		t.Helper()
		sent := b.form(at)
		sent.Set("version", models.ID32(v.ID))
		sent.Del("photo")
		for i := 0; i+1 < len(fill); i += 2 {
			sent.Set(fill[i], fill[i+1])
		}
		b.post(at, sent)
	}
	step("step", "branch", "day", string(v.AdoptedOn.AddDays(-9)), "place", "", "note", "支部书记提出", "present", "", "voted", "")
	b.want(http.StatusOK, "“党支部提议”记好了", "记了 2 步", "支部书记提出")
	step("step", "council", "day", string(v.AdoptedOn.AddDays(-6)), "present", "9", "voted", "4", "note", "", "place", "")
	b.want(http.StatusUnprocessableEntity, "没有过半")
	step("step", "council", "day", string(v.AdoptedOn.AddDays(-12)), "present", "9", "voted", "8", "note", "", "place", "")
	b.want(http.StatusUnprocessableEntity, "次序不对")
	step("step", "council", "day", string(v.AdoptedOn.AddDays(-6)), "present", "9", "voted", "8", "note", "", "place", "村部会议室")
	b.want(http.StatusOK, "“两委商议”记好了", "到会 9 人、赞成 8 人", "村部会议室")
	b.open(f.at(f.qing, "rules", "print"))
	b.want(http.StatusOK, "党支部提议", "村部会议室")
}

func TestRuleGuardGoesRowByRow(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "rules")
	b.importRules(f.qing, "类别,项目,分值,备注\n美丽庭院,庭院整洁,5,\n其他,首次登录,10,\n其他,申请低保须满60分,60,\n")
	b.open(at)
	b.want(http.StatusOK, "2 条可能和国家规定不合")
	b.open(at + "/guard")
	b.want(http.StatusOK, "2 条要看一看，1 条没有发现问题", "首次登录", "不能奖励登录", "积分不能和低保、救助、补贴挂钩")
	b.wantNot("庭院整洁")
	_, rules := f.newestRules(f.qing)
	b.open(at + "/edit?rule=" + models.ID32(rules["首次登录"].ID))
	b.want(http.StatusOK, "不能奖励登录")
	b.submit(at+"/edit", "go", "remove")
	b.want(http.StatusOK, "“首次登录”去掉了")
	b.open(at + "/guard")
	b.want(http.StatusOK, "1 条要看一看")
}

func TestUnclearLimitsAreSettledAfterAdoption(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "rules", "unclear")
	b.importRules(f.qing, "类别,项目,分值,频次,备注\n美丽庭院,门前三包,5,看情况,\n美丽庭院,晾晒整齐,2,酌情,\n志愿服务,打扫巷道,2,,\n")
	b.open(f.at(f.qing, "rules"))
	b.want(http.StatusOK, "2 条有看不懂的限制")
	b.open("/v/" + models.ID32(f.qing) + "/rules")
	b.wantNot("看不懂的限制")
	b.open("/committee")
	b.want(http.StatusOK, "细则里看不懂的限制", "细则的决议还没有记公开")
	_, rules := f.newestRules(f.qing)
	gate := models.ID32(rules["门前三包"].ID)
	b.open(at)
	b.want(http.StatusOK, "看情况", "酌情")
	b.submit(at, "period."+gate, "month")
	b.want(http.StatusUnprocessableEntity, "最多几次或者几分")
	if got := b.form(at).Get("period." + gate); got != "month" {
		t.Fatalf("the period that was chosen is gone: %q", got)
	}
	b.submit(at, "times."+gate, "2")
	b.want(http.StatusOK, "定好了 1 条的限制，这是第 2 版", "每户每月最多 2 次", "1 条有看不懂的限制")
	_, rules = f.newestRules(f.qing)
	if r := rules["门前三包"]; r.CapTimes != 2 || r.CapPeriod != "month" || strings.Contains(r.Note, scheme.UnclearMark) || !strings.Contains(r.Note, "看情况") {
		t.Errorf("settled as %+v", r)
	}
	b.open(at)
	b.submit(at, "period."+models.ID32(rules["晾晒整齐"].ID), "none")
	b.want(http.StatusOK, "第 3 版")
	b.open(at)
	b.want(http.StatusOK, "都定好了")
}

func TestCategoriesStandInATreeAndCapAll(t *testing.T) {
	f := furnish(t)
	b, at := f.chen, f.at(f.qing, "categories")
	b.importRules(f.qing, "类别,项目,分值\n人居环境,庭院整洁,5\n院里院外,门前三包,3\n")
	all, err := scheme.Categories(t.Context(), f.d, f.qing)
	f.must(err)
	ids := map[string]string{}
	for _, k := range all {
		ids[k.Name] = models.ID32(k.ID)
	}
	b.open(at)
	b.submit(at, "parent."+ids["院里院外"], ids["人居环境"])
	b.want(http.StatusOK, "改了 1 个类别", "└ 院里院外")
	b.submit(at, "parent."+ids["人居环境"], ids["院里院外"])
	b.want(http.StatusUnprocessableEntity, "不能反过来放")
	b.open(at)
	b.submit(at+"/caps", "period."+ids["人居环境"], "year")
	b.want(http.StatusUnprocessableEntity, "最多几次或者几分")
	b.submit(at+"/caps", "most."+ids["人居环境"], "60")
	b.want(http.StatusOK, "整类的上限存好了，这是第 2 版", "每户每年最多 60 分")
	v, rules := f.newestRules(f.qing)
	book, err := scheme.Load(t.Context(), f.d, f.qing, v.ID)
	f.must(err)
	if caps := book.CategoryCaps(rules["门前三包"].CategoryID); len(caps) != 1 || caps[0].Points != 6000 {
		t.Errorf("the heading below is capped by %+v", caps)
	}
	b.open(f.at(f.qing, "rules", "edit") + "?rule=" + models.ID32(rules["庭院整洁"].ID))
	b.submit(f.at(f.qing, "rules", "edit"), "points", "6")
	b.want(http.StatusOK, "第 3 版", "这一类每户每年最多 60 分")
	b.open("/v/" + models.ID32(f.qing) + "/rules")
	b.want(http.StatusOK, "人居环境 › 院里院外", "整类每户每年最多 60 分")
}
