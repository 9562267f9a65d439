package pages

import (
	"fmt"
	"strconv"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
)

// adoptionForm is what the meeting decided beside the rules, as it was typed.
type adoptionForm struct {
	AdoptedOn string `form:"adopted_on" json:"adopted_on,omitempty" max:"20"`
	InForce   string `form:"in_force_from" json:"in_force_from,omitempty" max:"20"`
	Meeting   string `form:"meeting" json:"meeting,omitempty" max:"120"`
	Present   string `form:"present" json:"present,omitempty" max:"10"`
	Voted     string `form:"voted" json:"voted,omitempty" max:"10"`
	RenewOn   string `form:"renew_on" json:"renew_on,omitempty" max:"20"`

	PointRate     string `form:"point_rate" json:"point_rate,omitempty" max:"20"`
	Posting       string `form:"posting" json:"posting,omitempty" max:"10"`
	NoticeDays    string `form:"notice_days" json:"notice_days,omitempty" max:"4"`
	DeductFrom    string `form:"deduct_from" json:"deduct_from,omitempty" max:"10"`
	Review        string `form:"review" json:"review,omitempty" max:"10"`
	SecondOver    string `form:"second_over" json:"second_over,omitempty" max:"20"`
	SecondLate    bool   `form:"second_late" json:"second_late,omitempty"`
	ObjectionDays string `form:"objection_days" json:"objection_days,omitempty" max:"4"`
	AppealDays    string `form:"appeal_days" json:"appeal_days,omitempty" max:"4"`
	OwnMost       string `form:"own_most" json:"own_most,omitempty" max:"10"`
	OwnPoints     string `form:"own_points" json:"own_points,omitempty" max:"20"`
}

// firstVersion has the settings that a place begins with.
var firstVersion = scheme.Version{PointRate: 10000, Posting: scheme.PostNotice, NoticeDays: scheme.DaysDefault, DeductFrom: scheme.FromHonour,
	Review: scheme.ReviewClaims, ObjectionDays: scheme.ObjectionDefault, AppealDays: scheme.ObjectionDefault}

// adoptionOf begins with the settings of the version before and the date of today.
func adoptionOf(at web.Area, before []scheme.Version, today models.Date) adoptionForm {
	v := firstVersion
	if len(before) > 0 {
		v = before[0]
	}
	f := adoptionForm{AdoptedOn: string(today), InForce: string(max(today, v.InForceFrom)), Meeting: "村民代表会议"}
	if (rulesIn{At: at}).County() {
		f.Meeting = "县里研究"
	}
	f.settings(v)
	return f
}

// settings fills in what a version says.
func (f *adoptionForm) settings(v scheme.Version) {
	f.PointRate = models.Fen(v.PointRate / 100).Plain()
	f.Posting, f.NoticeDays, f.DeductFrom, f.Review = v.Posting, strconv.Itoa(v.NoticeDays), v.DeductFrom, v.Review
	f.SecondLate, f.ObjectionDays, f.AppealDays = v.SecondLate, strconv.Itoa(v.ObjectionDays), strconv.Itoa(v.AppealDays)
	f.SecondOver, f.OwnPoints, f.OwnMost = plainOrEmpty(v.SecondOver), plainOrEmpty(v.OwnPoints), ""
	if v.OwnMost > 0 {
		f.OwnMost = strconv.Itoa(v.OwnMost)
	}
	f.RenewOn = string(v.RenewOn)
}

func plainOrEmpty(p models.Points) string {
	if p == 0 {
		return ""
	}
	return p.Plain()
}

// ruleTyped reads one field after the other and keeps the first refusal.
type ruleTyped struct{ err error }

func (t *ruleTyped) keep(field string, bad error) {
	if e, ok := bad.(*models.Error); ok && t.err == nil {
		t.err = e.At(field)
	}
}

func (t *ruleTyped) day(field, text string) models.Date {
	if models.Normal(text) == "" {
		return ""
	}
	d, bad := models.ParseDate(text)
	t.keep(field, bad)
	return d
}

func (t *ruleTyped) number(field, title, text string) int {
	if models.Normal(text) == "" {
		return 0
	}
	n, ok := wholeNumber(text)
	if !ok || n < 0 {
		t.keep(field, models.ErrInput.With("“"+title+"”要填数字，还没有保存；您填的是“"+text+"”"))
	}
	return n
}

func (t *ruleTyped) points(field, text string) models.Points {
	if models.Normal(text) == "" {
		return 0
	}
	n, bad := models.ParsePoints(text)
	if bad != nil {
		t.keep(field, models.ErrInput.With("分数要填 5、0.5 这样的数，最多两位小数，没有保存；您填的是“"+text+"”"))
	}
	return n
}

// adoption reads the form. Whatever is empty means nothing, as it was shown.
func (f adoptionForm) adoption() (scheme.Adoption, error) {
	var t ruleTyped
	a := scheme.Adoption{Complete: true, AdoptedOn: t.day("adopted_on", f.AdoptedOn), InForceFrom: t.day("in_force_from", f.InForce), Meeting: f.Meeting,
		Present: t.number("present", "到会人数", f.Present), Voted: t.number("voted", "赞成人数", f.Voted), RenewOn: t.day("renew_on", f.RenewOn),
		Posting: f.Posting, NoticeDays: t.number("notice_days", "公示天数", f.NoticeDays), DeductFrom: f.DeductFrom,
		Review: f.Review, SecondOver: t.points("second_over", f.SecondOver), SecondLate: f.SecondLate,
		ObjectionDays: t.number("objection_days", "几天内答复", f.ObjectionDays), AppealDays: t.number("appeal_days", "几天内可以再提", f.AppealDays),
		OwnMost: t.number("own_most", "村里最多自己加几条", f.OwnMost), OwnPoints: t.points("own_points", f.OwnPoints)}
	if f.AdoptedOn == "" {
		t.keep("adopted_on", models.ErrInput.With("还没有填哪天通过的，没有保存"))
	}
	rate, bad := models.ParseFen(f.PointRate)
	t.keep("point_rate", bad)
	a.PointRate = models.Rate(rate) * 100
	return a, t.err
}

// adoptionPage is the form with the lists it chooses from.
type adoptionPage struct {
	Form   adoptionForm
	Errors map[string]string
	County bool
	Brief  bool // the settings stay folded: a single rule is being changed
	adoptionLists
}

// adoptionLists are the lists that the settings choose from.
type adoptionLists struct{ Postings, Deducts, Reviews []web.Option }

func (f adoptionForm) page(at web.Area, errors map[string]string) adoptionPage {
	return adoptionPage{Form: f, Errors: errors, County: rulesIn{At: at}.County(), adoptionLists: f.lists()}
}

func (f adoptionForm) lists() adoptionLists {
	return adoptionLists{
		Postings: []web.Option{
			{Value: scheme.PostNotice, Text: "公示后到账", Hint: "先贴榜，期满没有意见再到账", Selected: f.Posting == scheme.PostNotice},
			{Value: scheme.PostNow, Text: "当场到账", Hint: "记了就到账，随后贴榜", Selected: f.Posting == scheme.PostNow},
		},
		Deducts: []web.Option{
			{Value: scheme.FromHonour, Text: "只减总得分", Hint: "不动能换的分（一般这样）", Selected: f.DeductFrom == scheme.FromHonour},
			{Value: scheme.FromSpend, Text: "也减能换的分", Hint: "减到 0 为止", Selected: f.DeductFrom == scheme.FromSpend},
		},
		Reviews: []web.Option{
			{Value: scheme.ReviewClaims, Text: "各户自己报的才评议", Hint: "村里自己记的直接公示", Selected: f.Review == scheme.ReviewClaims},
			{Value: scheme.ReviewAll, Text: "记的每一笔都要评议", Hint: "评议会通过了才公示", Selected: f.Review == scheme.ReviewAll},
		},
	}
}

// Wrong reports whether a setting was refused, so that it is not folded away.
func (p adoptionPage) Wrong() bool {
	for _, field := range []string{"point_rate", "posting", "notice_days", "deduct_from", "review", "second_over", "objection_days", "appeal_days", "own_most", "own_points"} {
		if p.Errors[field] != "" {
			return true
		}
	}
	return false
}

// versionFacts say what a version settles besides its rules, the same facts in
// the same order for every version.
func versionFacts(v scheme.Version, county bool) [][]string {
	facts := [][]string{{"通过", string(v.AdoptedOn) + " " + v.Meeting}}
	if v.Present > 0 {
		facts = append(facts, []string{"到会、赞成", fmt.Sprintf("%d 人、%d 人", v.Present, v.Voted)})
	}
	facts = append(facts, []string{"起执行", string(v.InForceFrom)})
	if v.RenewOn != "" {
		facts = append(facts, []string{"再议日期", string(v.RenewOn)})
	}
	if county {
		facts = append(facts, []string{"村里自己加", ownText(v)})
	}
	return append(facts, versionSettings(v)...)
}

// versionSettings are the terms that do not change from one adoption to the
// next unless somebody changes them.
func versionSettings(v scheme.Version) [][]string {
	posting := fmt.Sprintf("公示 %d 天后到账", v.NoticeDays)
	if v.Posting == scheme.PostNow {
		posting = "当场到账，随后公示"
	}
	deduct := "只减总得分"
	if v.DeductFrom == scheme.FromSpend {
		deduct = "也减能换的分，减到 0 为止"
	}
	review := "各户自己报的才评议"
	if v.Review == scheme.ReviewAll {
		review = "每一笔都要评议"
	}
	return [][]string{{"一分值", models.Fen(v.PointRate/100).String() + " 元"}, {"到账", posting}, {"扣分", deduct}, {"评议", review}, {"第二人批准", secondText(v)},
		{"提意见", fmt.Sprintf("%d 天内答复；不服 %d 天内可再提一次", v.ObjectionDays, v.AppealDays)}}
}

func secondText(v scheme.Version) string {
	switch {
	case v.SecondOver > 0 && v.SecondLate:
		return "一笔超过 " + v.SecondOver.String() + " 分的、补录的"
	case v.SecondOver > 0:
		return "一笔超过 " + v.SecondOver.String() + " 分的"
	case v.SecondLate:
		return "补录的"
	}
	return "不用"
}

func ownText(v scheme.Version) string {
	switch {
	case v.OwnMost == 0:
		return "不能加"
	case v.OwnPoints == 0:
		return fmt.Sprintf("最多 %d 条", v.OwnMost)
	}
	return fmt.Sprintf("最多 %d 条，每条最多 %s 分", v.OwnMost, v.OwnPoints)
}
