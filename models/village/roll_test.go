package village_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/modelstest"
	"pointstore/models/sheet"
	"pointstore/models/village"
)

// preview reads a roll as the page does.
func (s *stage) preview(name string, body []byte, choice village.RollChoice) village.RollPreview {
	s.Helper()
	t, choice, err := village.ReadRoll(db.Upload{Name: name, Body: body, Choice: choice.String()})
	if err != nil {
		s.Fatal(err)
	}
	p, err := village.PreviewRoll(s.Context(), s.d, s.k, s.v, t, choice)
	if err != nil {
		s.Fatal(err)
	}
	return p
}

func (s *stage) load(name, body string) (village.RollCount, error) {
	return village.ImportRoll(s.Context(), s.d, db.NewOpID(), s.by, s.k, s.v, db.Upload{Name: name, Body: []byte(body)}, nil)
}

// roll writes the village's households, one a line.
func (s *stage) roll() string {
	s.Helper()
	all, err := village.Homes(s.Context(), s.d, s.v, village.Filter{})
	if err != nil {
		s.Fatal(err)
	}
	var out []string
	for _, h := range all {
		out = append(out, fmt.Sprintf("%d组 %s %s", h.Group, h.Number, s.names(h.Household)))
	}
	return strings.Join(out, "\n")
}

// workbook makes a table as villages make them: a title over the header,
// merged cells, a total and a signature below.
func workbook(t *testing.T, merges []string, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range merges {
		from, to, _ := strings.Cut(m, ":")
		if err := f.MergeCell("Sheet1", from, to); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// messy is a roll with one person a row, numbers that begin anew in every group,
// and columns that must not be kept.
func messy(t *testing.T) []byte {
	return workbook(t, []string{"A1:I1", "A3:A5", "B3:B5", "A6:A7", "B6:B7", "A8:A9", "B8:B9"},
		[]any{"青石村农户花名册（2026 年）"},
		[]any{"村民小组", "户号", "姓名", "与户主关系", "身份证号码", "民族", "手机", "居住状况", "年龄"},
		[]any{"三组", 1, "马·阿卜杜拉", "户主", "642221198003050017", "回", "13800138000", "常住", 46},
		[]any{nil, nil, "王　芳", "配偶", "642221198203050027", "回", nil, nil, 44},
		[]any{nil, nil, "马小宝", "儿子", "642221201803050017", "回", nil, nil, 8},
		[]any{"三组", 2, "李𠮷", "户主", "64222119700305001X", "汉", nil, "常年外出", 56},
		[]any{nil, nil, "单雄信", "女婿", "", "", nil, nil, 31},
		[]any{"四组", 1, "仇长兴", "本人", "", "", "0951-8012345", "", 60},
		[]any{nil, nil, "吕布", "儿子", "", "", nil, nil, 30},
		[]any{"合计", 3, "7 人"},
		[]any{"填表人：张三"},
	)
}

func TestRollReadsAMessyWorkbook(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		body := messy(t)
		p := s.preview("花名册.xlsx", body, village.RollChoice{})
		if len(p.Problems) > 0 || p.Added != 3 || p.Before != nil {
			t.Fatalf("%v, %d new, %v", p.Problems, p.Added, p.Before)
		}
		var dropped []string
		for _, c := range p.Table.Dropped {
			dropped = append(dropped, c.Title)
		}
		if got := strings.Join(dropped, " "); got != "身份证号码 民族" {
			t.Errorf("dropped: %s", got)
		}
		if says := strings.Join(p.Says, "；"); !strings.Contains(says, "一人一行") || !strings.Contains(says, "3 组 12 号写成 3012") {
			t.Errorf("says: %s", says)
		}
		if h := p.Homes[0]; !slices.Equal(h.Rows, []int{3, 4, 5}) || h.Under14 != 1 || h.State != village.RollAdd {
			t.Errorf("%+v", h)
		}
		n, err := s.load("花名册.xlsx", string(body))
		if err != nil || n != (village.RollCount{Added: 3}) {
			t.Fatalf("%+v %v", n, err)
		}
		want := "3组 3001 马·阿卜杜拉(户主) 王芳(配偶)\n3组 3002 李𠮷(户主) 单雄信(女婿)\n4组 4001 仇长兴(户主) 吕布(儿子)"
		if got := s.roll(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		h, err := village.HomeByNumber(t.Context(), d, s.v, "3001")
		if err != nil || h.CardNo != 1 || !h.HasPhone || h.Under14 != 1 || h.Residence != "resident" {
			t.Errorf("%+v %v", h, err)
		}
		if found, _ := village.Search(t.Context(), d, s.v, "𠮷", 5); len(found) != 1 || found[0].Residence != "away" {
			t.Errorf("%+v", found)
		}
		if phone, _ := village.PhoneOf(t.Context(), d, s.k, h.Household); phone != "13800138000" {
			t.Error(phone)
		}
		var leaked int
		if err := d.Stmts(t.Context()).Row("SELECT COUNT(*) FROM members WHERE INSTR(search, '马小宝') > 0 OR INSTR(search, '6422') > 0").Scan(&leaked); err != nil || leaked != 0 {
			t.Errorf("a child's name or an ID number was kept: %d %v", leaked, err)
		}
	})
}

func TestRollSameFileTwiceIsRefused(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, clock *modelstest.Clock) {
		s := newStage(t, d)
		body := "户号,户主\n1,马少明\n"
		op := db.NewOpID()
		up := db.Upload{Name: "a.csv", Body: []byte(body)}
		for range 2 { // one press of the button, sent twice
			if n, err := village.ImportRoll(t.Context(), d, op, s.by, s.k, s.v, up, nil); err != nil || n.Added != 1 {
				t.Fatalf("%+v %v", n, err)
			}
		}
		_, err := s.load("another name.csv", body)
		if models.KindOf(err) != models.Conflict || say(err) != "这个文件 11 月 23 日已导入过，没有重复导入" {
			t.Errorf("%v %s", err, say(err))
		}
		if p := s.preview("a.csv", []byte(body), village.RollChoice{}); p.Before == nil || p.Same != 1 {
			t.Errorf("the preview does not say so: %+v", p)
		}
	})
}

func TestRollIsAllOrNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		body := "户号,组,户主,联系电话,居住情况\n" +
			"1,1,马少明,13800138000,常住\n" +
			"2,1,李*,,常住\n" +
			"3,1,王芳,1.38E+10,常住\n" +
			"1,1,赵六,,空户\n" +
			"5,1,孙七,,火星\n" +
			"6,1,周八,138****8000,常住\n"
		p := s.preview("a.csv", []byte(body), village.RollChoice{})
		var got []string
		for _, pr := range p.Problems {
			got = append(got, pr.String())
		}
		all := strings.Join(got, "\n")
		for _, want := range []string{"第 3 行“户主”里有星号", "第 4 行“联系电话”被表格改成 1.38E+10", "第 5 行“户号”“1”和第 2 行重复", "第 6 行“居住情况”要填常住", "第 7 行“联系电话”是遮住的"} {
			if !strings.Contains(all, want) {
				t.Errorf("missing %s in\n%s", want, all)
			}
		}
		_, err := s.load("a.csv", body)
		if !errors.Is(err, village.ErrRoll) || say(err) != "共 6 行，5 行有误（第 3、4、5、6、7 行），一行都没有导入" {
			t.Errorf("%v %s", err, say(err))
		}
		if got := s.roll(); got != "" {
			t.Errorf("some went in: %s", got)
		}
		if _, err := s.load("a.csv", "户号,户主\n1,马少明\n"); err != nil {
			t.Errorf("and then the good one: %v", err)
		}
	})
}

func TestRollAgainUpdatesInsteadOfDoubling(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		if _, err := s.load("a.csv", "户号,组,户主,家庭成员,联系电话,网格\n001,1,马少明,李花（配偶）、马小军,13800138000,第一网格\n002,1,王芳,,,第一网格\n003,2,赵六,钱七,,\n"); err != nil {
			t.Fatal(err)
		}
		first, _ := village.HomeByNumber(t.Context(), d, s.v, "001")
		// Excel ate the leading noughts; 003 is not in it; 004 is new
		second := "户号,组,户主,家庭成员,联系电话,网格\n1,1,马小军,李花、马老汉,13800138000,第二网格\n2,1,王芳,,,第一网格\n4,2,孙八,,,\n"
		p := s.preview("b.csv", []byte(second), village.RollChoice{})
		if len(p.Problems) > 0 || p.Added != 1 || p.Changed != 1 || p.Same != 1 || p.Absent != 1 || !slices.Equal(p.Grids, []string{"第二网格"}) {
			t.Fatalf("%+v", p)
		}
		want := "网格改为 第二网格；户主 马少明 → 马小军；加上成员 马老汉；移出成员 马少明"
		if got := strings.Join(p.Homes[0].Changes, "；"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		n, err := s.load("b.csv", second)
		if err != nil || n != (village.RollCount{Added: 1, Changed: 1, Same: 1}) {
			t.Fatalf("%+v %v", n, err)
		}
		if got := s.roll(); got != "2组 4 孙八(户主)\n1组 001 马小军(户主) 李花(配偶) 马老汉()\n1组 002 王芳(户主)\n2组 003 赵六(户主) 钱七()" {
			t.Error(got)
		}
		now, _ := village.HomeByNumber(t.Context(), d, s.v, "001")
		if now.ID != first.ID || now.CardNo != 1 || !now.HasPhone {
			t.Errorf("became another household: %+v", now)
		}
		if found, _ := village.Search(t.Context(), d, s.v, "malaohan", 5); len(found) != 1 {
			t.Error("the new member is not found")
		}
		var notes int
		d.Stmts(t.Context()).Row("SELECT COUNT(*) FROM operation_notes WHERE village_id = ? AND field = '001 head' AND old_value = '马少明'", s.v).Scan(&notes)
		if notes != 1 {
			t.Error("the old head is not in the trail")
		}
	})
}

func TestRollUnderstandsTheLayoutsPeopleUse(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("户号,户主姓名,村民小组\n12,𠮷木木呷,三社\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ body, want string }{
		"GB18030":                        {gbk, "3组 12 𠮷木木呷(户主)"},
		"several columns of members":     {"编号,户主,成员1,成员2,成员3\n1,马少明,李花,马小军,\n2,王 芳,,,\n", "0组 1 马少明(户主) 李花() 马小军()\n0组 2 王芳(户主)"},
		"no number":                      {"组,户主\n3,马少明\n3,王芳\n4,李花\n", "3组 3001 马少明(户主)\n3组 3002 王芳(户主)\n4组 4001 李花(户主)"},
		"group at the head of its block": {"组,户号,户主\n三组,1,马少明\n,2,王芳\n四组,3,李花\n", "3组 1 马少明(户主)\n3组 2 王芳(户主)\n4组 3 李花(户主)"},
		"one name a row, no relation":    {"户号,姓名\n1,马少明\n1,李花\n2,王芳\n", "0组 1 马少明(户主) 李花()\n0组 2 王芳(户主)"},
		"blank below the number":         {"户号,姓名,关系\n1,马少明,户主\n,李花,妻\n2,王芳,户主\n", "0组 1 马少明(户主) 李花(妻)\n0组 2 王芳(户主)"},
		"head beside every person":       {"户主姓名,姓名,与户主关系\n马少明,李花,妻\n马少明,马少明,户主\n王芳,王芳,户主\n", "0组 001 马少明(户主) 李花(妻)\n0组 002 王芳(户主)"},
		"head after the others":          {"户号,姓名,关系\n7,李花,妻\n7,马少明,户主\n", "0组 7 马少明(户主) 李花(妻)"},
		"only names":                     {"姓名,手机\n马少明,13800138000\n王芳,\n", "0组 001 马少明(户主)\n0组 002 王芳(户主)"},
		"relation before the name":       {"户号,户主,家庭成员\n1,马少明,\"妻：李花；长子：马小军，马小宝（9岁）\"\n", "0组 1 马少明(户主) 李花(妻) 马小军(长子)"},
		"names parted by blanks":         {"户号,户主,家庭成员\n1,马少明,李花 马小军 王 芳\n", "0组 1 马少明(户主) 李花() 马小军() 王芳()"},
		"address instead of 户籍":          {"户号,户主,户籍地址,网格员\n1,马少明,贺兰县洪广镇,李四\n", "0组 1 马少明(户主)"},
		"a row that says the group":      {"户号,户主,备注\n一组,,\n1,马少明,\n二组,,\n2,王芳,\n", "1组 1 马少明(户主)\n2组 2 王芳(户主)"},
		"numbers of persons":             {"编号,姓名,与户主关系\n1,马少明,户主\n2,李花,妻\n3,王芳,户主\n4,赵六,夫\n", "0组 001 马少明(户主) 李花(妻)\n0组 002 王芳(户主) 赵六(夫)"},
		"title says the group":           {"青石村三组农户花名册,,\n户号,户主,备注\n1,马少明,\n2,王芳,\n", "3组 1 马少明(户主)\n3组 2 王芳(户主)"},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := modelstest.Open(t)
			s := newStage(t, d)
			if _, err := s.load("名册.csv", c.body); err != nil {
				t.Fatalf("%v %s\n%v", err, say(err), s.preview("名册.csv", []byte(c.body), village.RollChoice{}).Problems)
			}
			if got := s.roll(); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestRollWithoutNumbersKeepsWhoIsWho(t *testing.T) {
	d, _ := modelstest.Open(t)
	s := newStage(t, d)
	if _, err := s.load("a.csv", "组,户主\n3,马少明\n3,王芳\n"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.load("b.csv", "组,户主\n3,李花\n3,马少明\n3,王芳\n"); err != nil || n.Added != 1 || n.Same != 2 {
		t.Fatalf("%+v %v", n, err)
	}
	if got := s.roll(); got != "3组 3001 马少明(户主)\n3组 3002 王芳(户主)\n3组 3003 李花(户主)" {
		t.Error(got)
	}
	p := s.preview("c.csv", []byte("组,户主\n3,马少明\n3,马少明\n"), village.RollChoice{})
	if len(p.Problems) != 2 || !strings.Contains(p.Problems[0].Text, "分不清是哪一户") {
		t.Errorf("two of one name: %v", p.Problems)
	}
}

func TestRollFollowsTheReadersChoice(t *testing.T) {
	d, _ := modelstest.Open(t)
	s := newStage(t, d)
	body := []byte("甲,乙,丙\n1,马少明,李花\n2,王芳,\n")
	if p := s.preview("x.csv", body, village.RollChoice{}); len(p.Problems) != 1 || !strings.Contains(p.Problems[0].Text, "没有找到户主") {
		t.Fatalf("%v", p.Problems)
	}
	choice := village.RollChoice{Columns: map[string]int{"number": 0, "head": 1, "members": 2}}
	n, err := village.ImportRoll(t.Context(), d, db.NewOpID(), s.by, s.k, s.v, db.Upload{Name: "x.csv", Body: body, Choice: choice.String()}, nil)
	if err != nil || n.Added != 2 || s.roll() != "0组 1 马少明(户主) 李花()\n0组 2 王芳(户主)" {
		t.Errorf("%+v %v\n%s", n, err, s.roll())
	}
}

func TestRollOfThreeThousandHouseholdsGoesIn(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		var b strings.Builder
		b.WriteString("户号,组,户主,家庭成员,手机\n")
		family, given := []rune("马王李赵杨丁单仇长曾"), []rune("少明芳花军强乐兴燕华")
		for i := range 3000 {
			name := string(family[i%10]) + string(given[i/10%10]) + string(given[i/100%10])
			fmt.Fprintf(&b, "%04d,%d,%s,%s甲、%s乙,139%08d\n", i+1, i/150+1, name, name, name, i)
		}
		var heard []int
		n, err := village.ImportRoll(t.Context(), d, db.NewOpID(), s.by, s.k, s.v, db.Upload{Name: "大村.csv", Body: []byte(b.String())}, func(done, total int) {
			if total != 3000 {
				t.Errorf("of %d", total)
			}
			heard = append(heard, done)
		})
		if err != nil || n.Added != 3000 {
			t.Fatalf("%+v %v", n, err)
		}
		if len(heard) != 15 || !slices.IsSorted(heard) || heard[14] != 3000 {
			t.Errorf("progress: %v", heard)
		}
		last, err := village.HomeByNumber(t.Context(), d, s.v, "3000")
		if err != nil || last.Group != 20 || len(s.names(last.Household)) == 0 {
			t.Fatalf("%+v %v", last, err)
		}
		if card, err := village.FindCard(t.Context(), d, village.CardToken(s.k, last)); err != nil || card.Household != last.Household {
			t.Errorf("%+v %v", card, err)
		}
		if found, err := village.FindPhone(t.Context(), d, s.k, s.v, "13900002999"); err != nil || len(found) != 1 || found[0].Household != last.Household {
			t.Errorf("%v %v", found, err)
		}
	})
}

func TestRollBelongsToItsVillage(t *testing.T) {
	d, _ := modelstest.Open(t)
	s := newStage(t, d)
	_, err := village.ImportRoll(t.Context(), d, db.NewOpID(), committee(s.next), s.k, s.v, db.Upload{Name: "a.csv", Body: []byte("户号,户主\n1,马少明\n")}, nil)
	if !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a neighbour imported: %v", err)
	}
	if _, _, err := village.ReadRoll(db.Upload{Name: "a.doc", Body: []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}); !errors.Is(err, sheet.ErrWrongType) {
		t.Errorf("a Word file: %v", err)
	}
}
