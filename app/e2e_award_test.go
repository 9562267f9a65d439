package main

import (
	"strings"
	"testing"
)

// A committee member with a phone: one household, many at once, the notice on
// the wall, the points in the passbook after it, a mistake corrected.
func TestAwardFromThePhoneToThePassbook(t *testing.T) {
	data, people := demoCopy(t)
	p := startSite(t, data, demoOpens)
	cun := people.person(t, "cun1")
	m := p.window(t, "award", onPhone)
	m.signIn(cun.Login, cun.Password).see("等贴榜", "刚记的")
	const find = "扫卡，或输入短码、户号、姓名"

	m.open("/committee/award").fill(find, "bfy").press("找").see("白凤英")
	if !strings.Contains(m.at(), "household=") {
		m.press("白凤英")
	}
	m.see("点一下就记", "参加夜校")
	m.turn("a thumb that taps twice", func() {
		if s := m.js(`() => { const b = Array.from(document.querySelectorAll("button.rule")).find((b) => b.innerText.startsWith("参加夜校")); b.click(); b.click(); return "tapped"; }`); s != "tapped" {
			t.Fatalf("no rule to tap: %s", s)
		}
	})
	m.see("已记 参加夜校 +5", "等贴榜，贴满 3 天自动到账", "126.5 分", "撤回")
	m.open("/committee/records?waiting=1").see("白凤英")
	if n := m.count(".row", "白凤英", "参加夜校"); n != 1 {
		t.Errorf("two taps wrote %d lines, want 1", n)
	}

	m.open("/committee/cards/print?group=1&set=1").see("户号 1001")
	card := m.seen(".hcard-qr svg")
	m.open(m.path(card)).see("白凤英", "点一下就记").press("要改日期、数量、说明").press("义务修渠")
	m.fill("做了多少天", "2").fill("说明", "清淤").press("记上").see("已记 义务修渠", "+30")

	m.open("/committee/batch")
	m.turn("choosing a rule", func() { m.fill("先选一条规则", "参加村民议事会") })
	m.tap("有现成的名单？粘贴进来")
	m.fill("名单", "沙成、罗志军、没有这人").press("对上名单").see("没有这人（村里没有）", "已选 2 户").press("一次记上")
	m.see("已记 2 户：参加村民议事会", "共 +4 分", "等贴榜")

	m.open("/committee/notices").see("等着上榜").press("生成一期公示").see("贴好了，登记一下")
	notice := m.at()
	m.press("打印 A4").see("参加夜校", "白*英", "意见").lacks("白凤英")
	m.open(notice).fill("贴在哪里", "村部公示栏").press("已张贴").see("贴在村部公示栏", "到期")
	home := people.family(t, "白凤英")
	family := p.window(t, "award-family", onPhone)
	family.open("/c/" + home.Token).tap("这是我家的卡")
	family.fill("取货密码", home.PIN).press("看我家的存折").see("126.5", "还没到账", "参加夜校", "义务修渠", "已贴榜", "清淤")

	p.stop()
	p = startSite(t, data, "2026-11-24T10:30")
	m = p.window(t, "award-later", onPhone)
	m.signIn(cun.Login, cun.Password)
	m.open("/committee/award").fill(find, "1001").press("找").see("能换 163.5 分").press("看这一户的存折")
	m.see("163.5", "参加夜校", "+5", "清淤").lacks("已记、还没到账")
	m.press("更正这一笔").see("能换的分变成")
	m.fill("为什么更正", "记错户了").press("更正这一笔").see("已更正", "记错户了")
	if balance := m.read(".amount .figure"); strings.HasPrefix(balance, "163.5") {
		t.Errorf("the balance is still %s", balance)
	}
	p.proves(t)
}
