package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// What must stay inside: thirty marked families and the number that no list
// should carry.
const (
	canaries   = 30
	phoneMark  = "1390000%04d"
	idMark     = "640300199001019"
	setupPass  = "qing-shi-2026-cun"
	setupClock = "2026-11-20T08:00"
)

// messyRoll writes a list as villages send it: a title over merged cells, a
// number column nobody needs, an ID number that must not be kept, members under
// the household's row.
func messyRoll(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{{"洛峪村农户花名册（2026年11月）"}, {"填表人：", "", "王会计"}, {"序号", "户 号", "组别", "户主姓名", "家庭成员", "身份证号", "联系电话", "居住状况"}}
	for i := range 300 {
		phone := ""
		if i < canaries {
			phone = fmt.Sprintf(phoneMark, i)
		}
		rows = append(rows, []any{i + 1, fmt.Sprintf("%03d", i+1), []string{"一组", "2组", "第3组"}[i/100], headOf(i), "李二、王小三", idMark + fmt.Sprintf("%03d", i), phone, []string{"常住", "常年外出"}[i%17/16]})
	}
	for i, row := range rows {
		for j, v := range row {
			cell, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.MergeCell("Sheet1", "A1", "H1"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "花名册.xlsx")
	if err := f.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	return file
}

// headOf is the head of the n-th household; the first ones bear the mark.
func headOf(n int) string {
	tail := string([]rune{'一' + rune(n%20), '丁' + rune(n/20)})
	if n < canaries {
		return "鸾" + tail
	}
	return "马" + tail
}

// listed writes a table where the tests can upload it from.
func listed(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// realTable is a table that a village really uses.
func realTable(name string) string { return filepath.Join("..", "models", "sheet", "testdata", name) }

// upload chooses a file and looks at how it was understood.
func (s *screen) upload(file string) *screen {
	s.Helper()
	el, err := s.Timeout(patience).Element("input[type=file]")
	s.must(err)
	s.must(el.SetFiles([]string{file}))
	return s.press("上传，先看一看")
}

// imported confirms a preview and waits for the end of the import.
func (s *screen) imported(what string, says ...string) *screen {
	s.Helper()
	s.press("确认" + what)
	return s.see(says...)
}

var setupCodeLine = regexp.MustCompile(`set-up code (\S+)`)

// Somebody who has never seen the program starts it on nothing and ends with a
// sheet of cards; a family and the shop use it the same morning. Nothing that was
// told in confidence comes out anywhere.
func TestSetUpFromAnEmptyDirectoryToCards(t *testing.T) {
	p := startSite(t, filepath.Join(t.TempDir(), "data"), setupClock)
	code := setupCodeLine.FindStringSubmatch(p.said.text())
	if code == nil {
		t.Fatalf("no set-up code was printed:\n%s", p.said.text())
	}
	admin := p.window(t, "setup", onDesk)
	admin.open("/setup").fill("设置码", "AAAA-AAAA").tap("县级")
	admin.press("下一步").see("不对").fill("设置码", code[1]).tap("县级")
	admin.press("下一步").see("没有默认密码")
	admin.fill("姓名", "陈管理").fill("登录名", "chen").fill("密码", setupPass).fill("再填一次密码", setupPass).press("保存并登录")
	admin.see("建县、乡、村").fill("市", "河湾市").fill("县（区）", "云川县").fill("乡镇（街道）", "东岭镇").fill("村（社区）", "洛峪村").press("建好，下一步")
	admin.see("洛峪村建好了", "还差什么")
	at := admin.at()

	admin.open(at+"/import/roll").upload(messyRoll(t)).see("300", "没有读入（不应保存）", "身份证").lacks(idMark)
	admin.imported("导入户和成员", "300 户")
	admin.open(at+"/import/rules").upload(realTable("rules-luoyu.csv")).see("党日活动签到", "会议怎么定的")
	admin.fill("哪天通过", "2026-11-18").fill("从哪天起执行", "2026-11-20").fill("一分值多少钱", "1").tap("记了就到账")
	admin.imported("导入积分细则", "条")
	admin.open(at + "/import/goods").upload(realTable("goods-luoyu.csv")).see("洗衣液")
	admin.imported("导入商品", "价目表导好了")
	var old strings.Builder
	fmt.Fprintln(&old, "户号,户主,可兑积分,荣誉积分")
	for i := range canaries {
		fmt.Fprintf(&old, "%03d,%s,%d,%d\n", i+1, headOf(i), 100+i, 200+i)
	}
	balances := listed(t, "旧账.csv", old.String())
	admin.open(at + "/import/balances").upload(balances).see(headOf(0))
	preview := admin.at()
	admin.press("打印旧积分核对表").see("核对", headOf(29), "129")
	admin.open(preview).fill("旧账截至哪天", "2026-11-19").fill("哪次会议、几号决议", "2026年第3号").tap("核对表已打印，各户核对过、签过字")
	admin.imported("旧账结转", "30 户")
	admin.open(at + "/import/balances").upload(balances).see("没有重复导入")

	clerk := admin.newPerson(at, "兑换点管理员", "田秀才", "dian")
	admin.open("/committee/cards?village=" + strings.TrimPrefix(at, "/admin/"))
	admin.see("一张 A4 纸印 10 张卡")
	cards := admin.at()
	pins := map[string]string{}
	admin.press("生成 300 张密码条并打印").see("只显示这一次")
	for _, m := range regexp.MustCompile(`(鸾\S+|马\S+) \S*组(\d{3})[\s\S]*?(\d{6})`).FindAllStringSubmatch(admin.text(), -1) {
		pins[m[1]] = m[3]
	}
	if len(pins) != 300 {
		t.Fatalf("%d families got a PIN, want 300", len(pins))
	}
	admin.open(cards).press("签收表").see(headOf(0), "领卡人签字")
	admin.open(cards).press("印卡").see("洛峪村积分超市", "户号 001")
	card := admin.seen(".hcard-qr svg")
	if !strings.HasPrefix(card, strings.ToUpper(p.base)+"/C/") {
		t.Errorf("the card carries %q", card)
	}

	phone := p.window(t, "setup-phone", onPhone)
	phone.open(phone.path(card)).lacks(headOf(0)).tap("这是我家的卡")
	phone.fill("取货密码", pins[headOf(0)]).press("看我家的存折").see("100", "200", "旧账结转")
	till := p.window(t, "setup-till", onTill)
	till.signIn("dian", clerk).fill("原密码", clerk).fill("新密码", setupPass).fill("新密码再输一遍", setupPass).press("保存新密码")
	till.open("/counter").gun(card).see(headOf(0), "100").key('1').see("共20 分", "换后还剩 80 分")
	till.fill("取货密码", pins[headOf(0)]).press("确认兑换").see("已兑换，扣 20 分", "80")
	phone.open("/me").see("80", "洗衣液")
	p.proves(t)
	p.keepsSecrets(t, pins, card[strings.LastIndex(card, "/")+1:], admin, phone, till)
}

// newPerson adds somebody with a role and answers the one-time password.
func (s *screen) newPerson(at, role, name, login string) string {
	s.Helper()
	s.open("/admin/people/new?area=" + strings.TrimPrefix(at, "/admin/"))
	s.tap(role)
	s.fill("姓名", name).fill("登录名", login).press("添加，看一次性密码").see("一次性密码")
	return s.read("#once")
}

// keepsSecrets looks for what was told in confidence where it must not be: in
// the log, in addresses, and, for phone numbers, in the files.
func (p *site) keepsSecrets(t *testing.T, pins map[string]string, token string, windows ...*screen) {
	t.Helper()
	log, addresses := p.said.text(), ""
	if strings.Count(log, "msg=request") < 30 {
		t.Errorf("the log of a morning has only these lines:\n%s", log)
	}
	for _, w := range windows {
		for _, asked := range w.addresses() {
			if !strings.HasPrefix(asked, p.base+"/C/") && !strings.HasPrefix(asked, p.base+"/c/") {
				addresses += asked + "\n"
			}
		}
	}
	if !strings.Contains(addresses, "/counter/receipts/") {
		t.Errorf("the addresses of a morning were not kept:\n%s", addresses)
	}
	var files []byte
	for _, name := range []string{"points.db", "points.db-wal"} {
		b, err := os.ReadFile(filepath.Join(p.data, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		files = append(files, b...)
	}
	if !strings.Contains(string(files), headOf(0)) {
		t.Error("the files do not even hold a name: they were not read")
	}
	secret := func(what, text string, filed bool) {
		if strings.Contains(log, text) {
			t.Errorf("the log tells %s", what)
		}
		if strings.Contains(addresses, text) {
			t.Errorf("an address tells %s", what)
		}
		if !filed && strings.Contains(string(files), text) {
			t.Errorf("the database holds %s in the clear", what)
		}
	}
	for i := range canaries {
		secret("a name", headOf(i), true)
		secret("a phone number", fmt.Sprintf(phoneMark, i), false)
		secret("an ID number", idMark+fmt.Sprintf("%03d", i), false)
	}
	secret("a password", setupPass, false)
	secret("a card", token, false)
	pin := pins[headOf(0)]
	for _, around := range []string{"=" + pin, "\"" + pin, " " + pin + "\n"} {
		secret("a PIN", around, false)
	}
}
