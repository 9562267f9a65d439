package main

import (
	"testing"

	"github.com/go-rod/rod/lib/input"
)

// Families claim on their phones, the grid worker checks, and the meeting decides
// by keyboard: a refusal with its reason, an answer that is lost on the way and
// asked for again, a quantity put right, and the record on paper.
func TestReviewByKeyboardDecidesEachClaimOnce(t *testing.T) {
	data, people := demoCopy(t)
	p := startSite(t, data, demoOpens)
	home := people.family(t, "白凤英")
	family := p.window(t, "review-family", onPhone)
	family.open("/c/" + home.Token).tap("这是我家的卡")
	family.fill("取货密码", home.PIN).press("看我家的存折").press("报好事").see("还没有报过")
	for _, act := range [][2]string{{"参加夜校", "周三晚上"}, {"邻里照看老人", "陪老苏看病"}} {
		family.open("/me/claims/new").press(act[0]).fill("说两句", act[1]).press("报上").see("报上了，等组长或网格员先看", act[1])
	}
	family.open("/me/claims/new").press("志愿服务时长").fill("做了多少小时", "6").press("报上").see("+15")

	who := people.person(t, "wangge1")
	grid := p.window(t, "review-grid", onPhone)
	grid.signIn(who.Login, who.Password).press("初审村民报的好事").see("陪老苏看病", "自己报的")
	for n := range 3 {
		grid.key(input.Digit1).see("已审 " + string(rune('1'+n)) + " / 3 件")
	}
	family.open("/me/claims").see("看过了，等评议会评议")

	chair := people.person(t, "cun1")
	m := p.window(t, "review", onDesk)
	m.signIn(chair.Login, chair.Password).open("/committee/meetings").press("开评议会")
	m.fill("评议小组", "马有福\n白凤英 1组001").fill("地点", "村部").press("开会").see("2026年第2次评议", "白凤英要回避", "已议 0 / 7 件")
	meeting := m.at()
	pick := func(act string) { // what other families told of waits among them
		m.js(`(act) => Array.from(document.querySelectorAll("[data-case]")).find((c) => c.innerText.includes("白凤英") && c.innerText.includes(act)).querySelector(".case-head span").click()`, act)
	}

	m.see("志愿服务时长 × 6 小时")
	pick("志愿服务时长")
	m.key(input.KeyQ, input.Digit4, input.Enter).see("已议 1 / 7 件", "通过")
	pick("邻里照看老人")
	m.js(`() => { const send = window.fetch; window.fetch = (...a) => send(...a).then(() => { window.fetch = send; throw new Error("the line is cut"); }); }`)
	m.key(input.Digit1).see("这一件还没有保存", "已议 1 / 7 件")
	m.key(input.Digit1).see("已议 2 / 7 件")
	pick("参加夜校")
	m.key(input.Digit2).see("写一句理由，按回车保存")
	m.must(m.Timeout(patience).InsertText("那天夜校没有开课"))
	m.key(input.Enter).see("已议 3 / 7 件", "那天夜校没有开课")
	m.press("打印评议表").see("邻里照看老人", "马有福", "+10", "不通过")
	m.open(meeting).see("志愿服务时长 × 4 小时")
	m.js(`() => { window.confirm = () => true; }`)
	m.press("散会").see("评议〔2026〕第2号", "通过 2，不通过 1，退回 0")
	family.open("/me/claims").see("没有通过", "那天夜校没有开课", "通过了，等贴榜", "+10")
	p.proves(t)
}
