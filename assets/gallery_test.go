package assets_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"pointstore/assets"
)

// gallery is the package's own files and a view for each file in testdata, so
// that every part is drawn at least once without being shipped as a page.
func gallery(t testing.TB) fs.FS {
	t.Helper()
	m := fstest.MapFS{}
	lay := func(fsys fs.FS, prefix string) {
		err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := fs.ReadFile(fsys, name)
			m[path.Join(prefix, name)] = &fstest.MapFile{Data: body}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	lay(assets.FS(""), "")
	lay(os.DirFS("testdata"), "views/gallery")
	return m
}

type line struct{ Who, What, Points, When, Tag, Kind string }

type good struct {
	Key, Name, Price, Note string
	Max, Qty               int
	Off                    bool
}

var lines = []line{
	{"马*明 3组012", "庭院整洁", "+5", "11月23日 · 村里巡查", "已贴榜", "wait"},
	{"李*兰 3组013", "换了 大米 5公斤", "−50", "11月15日 · 小票 012-57 · 余 128 分", "", ""},
	{"杨*花 2组008", "婚事新办，报备在先", "+30", "11月8日 · 评议会第11次 · 余 178 分", "", ""},
	{"丁* 1组009", "清扫巷道半天", "+2.5", "11月2日 · 志愿服务 · 余 148 分", "", ""},
}

// modules is a stand-in for a code: what a QR looks like, not one that scans.
func modules(n, high int) string {
	var b strings.Builder
	for y := range high {
		for x := range n {
			if (x*7+y*13+x*y)%3 == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return b.String()
}

var qr, code128 = modules(33, 33), func() string {
	var b strings.Builder
	for x := 0; x < 90; x += 2 + x%3 {
		fmt.Fprintf(&b, "M%d 0h1v10h-1z", x)
	}
	return b.String()
}()

var frame = assets.Frame{
	Title: "样张", Site: "青石村积分超市", Person: "王秀英", CSRF: "token", Area: "me", Active: "passbook", Elder: true,
	Nav:    []assets.Link{{Href: "/me", Text: "存折", Icon: "passbook", Key: "passbook"}, {Href: "/shelf", Text: "换东西", Icon: "gift", Key: "gift"}, {Href: "/board", Text: "村里的榜", Icon: "bell", Key: "board"}, {Href: "/mine", Text: "我家", Icon: "home", Key: "mine"}},
	Corner: []assets.Link{{Href: "/plain", Text: "标准版"}, {Href: "/signout", Text: "退出", Post: true}},
	Footer: []assets.Link{{Href: "/say", Text: "意见与投诉"}},
}

func screen(name string) assets.Screen {
	f := frame
	switch name {
	case "gallery/counter":
		f.Posture, f.Elder, f.Nav, f.Site, f.Corner = "counter", false, nil, "青石村兑换点 · 11月23日第3场", nil
		return assets.Screen{Frame: f, Page: struct{ Goods []good }{[]good{
			{"1", "大米 5公斤", "50", "剩 21 袋", 21, 1, false}, {"2", "食用油 1.8升", "45", "剩 9 桶 · 清真", 9, 0, false}, {"3", "洗衣液 1公斤", "20", "剩 48 瓶", 48, 1, false},
			{"4", "香皂套装", "25", "剩 60 套", 60, 0, false}, {"5", "挂面礼包", "30", "剩 36 包 · 12月到期", 36, 0, false}, {"6", "毛巾两条", "10", "剩 85", 85, 0, false},
			{"7", "保温壶", "60", "换完了，12月到货", 0, 0, true}, {"8", "理发一次", "15", "服务", 99, 0, false}, {"9", "盐 5袋", "2.5", "剩 70", 70, 0, false}, {"0", "茶砖", "28", "剩 14", 14, 0, false},
		}}}
	case "gallery/desk":
		f.Posture, f.Elder, f.Active, f.Area = "desk", false, "", "reports"
		f.Site, f.AsOf, f.Person = "永宁县 · 精神文明建设指标", "数据截至 2026-10-20 09:30", "宣传部 张主任"
		return assets.Screen{Frame: f, Page: deskPage()}
	case "gallery/forms":
		f.Elder = false
		f.Error = &assets.Say{Text: "还有一处要改，改好再交，填的都在", Code: "input", Number: "A1B2"}
		return assets.Screen{Frame: f, Page: formsPage()}
	case "gallery/door":
		f.Elder = false
		f.Flash = &assets.Flash{Kind: "ok", Text: "已记，公示至 11-30", Detail: "马少明 3组012 · 整洁 +5"}
		return assets.Screen{Frame: f}
	}
	return assets.Screen{Frame: f, Page: struct {
		Lines           []line
		QR, Bars, Paper string
	}{lines, qr, code128, "a4"}}
}

func formsPage() any {
	ticks := []assets.Tick{
		{Value: "1", Title: "马少明 3组012", Note: "上次 +5", Search: "msm 3012", Checked: true},
		{Value: "2", Title: "李桂兰 3组013", Search: "lgl 3013", Each: "2.5"},
		{Value: "3", Title: "杨彩花 2组008", Search: "ych 2008", Disabled: true, Why: "自家，请同事代记"},
	}
	return struct {
		Steps  []assets.Step
		Groups []assets.Option
		Rules  []assets.Option
		Ticks  []assets.Tick
	}{
		[]assets.Step{{Text: "地区", Href: "/1", State: "done"}, {Text: "村子", State: "done"}, {Text: "户册", State: "now"}, {Text: "规则", State: "todo"}, {Text: "商品", State: "todo"}},
		[]assets.Option{{Value: "1", Text: "1组"}, {Value: "3", Text: "3组", Selected: true}},
		[]assets.Option{{Value: "1", Text: "整洁", Hint: "+5", Selected: true}, {Value: "2", Text: "一般", Hint: "+2"}, {Value: "3", Text: "差", Hint: "0，记原因"}},
		ticks,
	}
}

func deskPage() any {
	shapes := []string{"square", "circle", "square", "triangle"}
	names := strings.Fields("永泉 北塔 青石 东渠 和顺 丰园 杏林 梨花 塘南 长渠 安和 团结 柳湾 兴民 新泉 枣园 月牙 红柳 三桥 清水 沙坡 金沙 永清 望远 杨和")
	var dots, full []assets.Dot
	table := assets.Table{Caption: "25 个村", Sort: true, Heads: []assets.Head{{Text: "村"}, {Text: "类别"}, {Text: "在册户", Num: true}, {Text: "户参与率", Num: true}, {Text: "季报"}}}
	for i, n := range names {
		v := 88.7 - float64(i*i%29) - float64(i)*1.3
		rate := fmt.Sprintf("%.1f%%", v)
		dots = append(dots, assets.Dot{Label: n + "村", Value: v, Text: rate, Shape: shapes[i%4], Href: "/reports/v/" + fmt.Sprint(i)})
		full = append(full, assets.Dot{Label: n + "村", Value: []float64{100, 100, 83, 67}[i%4], Text: "按时", Shape: shapes[i%4]})
		table.Rows = append(table.Rows, []assets.Cell{{Text: n + "村", Href: "/reports/v/" + fmt.Sprint(i)}, {Text: "提升"}, {Text: fmt.Sprint(326 + i*37)}, {Text: rate}, {Text: []string{"已锁定", "未上报"}[i%2], Tag: []string{"ok", "wait"}[i%2]}})
	}
	var now, before []assets.Point
	for i := range 12 {
		v := 310 + float64(i*i*7%160) + float64(i)*12
		now = append(now, assets.Point{Label: fmt.Sprint(i+1, "月"), Value: v, Text: fmt.Sprint(v)})
		before = append(before, assets.Point{Value: v * .8, Text: fmt.Sprint(v * .8)})
	}
	return struct {
		Strips   []assets.StripChart
		Villages assets.Table
		Bars     assets.BarChart
		Line     assets.LineChart
		Ring     assets.RingChart
		Stacked  assets.StackedChart
	}{
		[]assets.StripChart{assets.Strip("户参与率", "14,902 / 22,310 户", 60, dots), assets.Strip("按时公示率", "71 / 75 期", 90, full)},
		table,
		assets.Bars("参与率最低的三个村都是整治类", 100, []assets.Bar{{Label: "永泉村", Value: 88.7, Text: "88.7%"}, {Label: "青石村", Value: 80.3, Text: "80.3%"}, {Label: "三桥村", Value: 21, Text: "21.0%", Strong: true, Href: "/v/3"}, {Label: "红柳村", Value: 0, Text: "0.0%", Strong: true}}),
		assets.Line("兑换户次一年涨了四成", "户次", now, before),
		assets.Ring("一半的分来自美丽庭院", "1,731", "分", []assets.Share{{Label: "美丽庭院", Value: 1120, Text: "1,120", Href: "/c/1"}, {Label: "志愿服务", Value: 431, Text: "431"}, {Label: "移风易俗", Value: 180, Text: "180"}, {Label: "其他", Value: 0, Text: "0"}}),
		assets.Stacked("三类村的得分构成差不多", "分", []string{"美丽庭院", "移风易俗", "志愿服务", "邻里互助"}, []assets.Stack{{Label: "示范", Values: []float64{50, 30, 20, 12}, Text: "112"}, {Label: "提升", Values: []float64{40, 10, 30, 0}, Text: "80"}, {Label: "整治", Values: []float64{10, 5, 8, 2.5}, Text: "25.5"}}),
	}
}
