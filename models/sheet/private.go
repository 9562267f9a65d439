package sheet

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"pointstore/models"
)

// private is what a village may not keep about people, by the words of a
// heading. Words that are harmless inside a longer heading stand in exact.
var private = []struct {
	why   string
	words []string
	exact []string
	not   []string
}{
	{why: "身份证件号码不保存", words: []string{"身份证", "证件号", "公民身份号码", "身份号码", "社会保障号", "护照", "户口本号", "户口簿号"}},
	{why: "民族不保存", words: []string{"民族", "族别"}, not: []string{"民族团结"}},
	{why: "宗教信仰不保存", words: []string{"宗教", "信仰", "教派"}},
	{why: "健康状况不保存", words: []string{"健康", "残疾", "疾病", "病史", "患病", "大病", "慢性病", "慢病", "精神障碍", "血型"}},
	{why: "低保、脱贫等救助身份不保存，积分与这些待遇无关", words: []string{"低保", "五保", "特困", "贫困", "脱贫", "建档立卡", "监测户", "监测对象", "困难户", "困难类型", "救助"}},
	{why: "银行账户不保存", words: []string{"银行卡", "账号", "帐号", "账户号", "帐户号", "开户行", "开户银行", "一卡通号", "一折通", "社保卡", "存折号"}, not: []string{"登录", "登陆"}},
	{why: "家庭收入不保存", words: []string{"家庭收入", "年收入", "人均收入", "负债"}},
	{why: "人像和指纹不保存", words: []string{"头像", "人像", "指纹", "人脸", "证件照", "免冠", "本人照片", "户主照片"}, exact: []string{"照片", "相片", "近照", "户主相片"}},
}

// Forbidden says whether a column with this heading must not be kept, and why
// in a few Chinese words.
func Forbidden(heading string) (why string, bad bool) {
	h := fold(heading)
	last := fold(bare(heading[strings.LastIndexByte(heading, '/')+1:]))
	for _, p := range private {
		has := func(w string) bool { return strings.Contains(h, w) }
		if slices.ContainsFunc(p.not, has) {
			continue
		}
		if slices.ContainsFunc(p.words, has) || slices.Contains(p.exact, h) || slices.Contains(p.exact, last) {
			return p.why, true
		}
	}
	return "", false
}

// dropForbidden blanks what must not be kept, by heading and by look.
func (t *Table) dropForbidden(titles []string) {
	for col, title := range titles {
		why, bad := Forbidden(title)
		if !bad {
			why, bad = t.looksPrivate(col)
		}
		if !bad {
			t.cutNumbers(col)
			continue
		}
		t.grid.clear(col, t.head)
		if title == "" {
			title = "第 " + letter(col) + " 列"
		}
		t.Dropped = slices.DeleteFunc(t.Dropped, func(c Column) bool { return c.Index == col })
		t.Dropped = append(t.Dropped, Column{Index: col, Title: title, Why: why})
	}
	slices.SortFunc(t.Dropped, func(a, b Column) int { return a.Index - b.Index })
}

// looksPrivate judges a column by its cells: a third of them shaped like ID
// numbers, or half like bank cards, is no accident.
func (t *Table) looksPrivate(col int) (string, bool) {
	n, ids, cards := 0, 0, 0
	for i, l := range t.grid.lines {
		if blank(l.cell(col)) || slices.Contains(t.head, i) {
			continue
		}
		n++
		s := strings.Trim(strings.ReplaceAll(models.Normal(l.cell(col)), " ", ""), `'"`)
		if idShaped(s) {
			ids++
		} else if cardShaped(s) {
			cards++
		}
	}
	switch {
	case ids > 0 && ids*3 >= n:
		return "内容像身份证号，不保存", true
	case cards > 0 && cards*2 >= n:
		return "内容像银行卡号，不保存", true
	}
	return "", false
}

var (
	id18     = regexp.MustCompile(`^[1-8]\d{16}[\dXx]$`)
	id15     = regexp.MustCompile(`^[1-8]\d{14}$`)
	idLost   = regexp.MustCompile(`^[1-8]\.\d+E\+?17$`) // what a spreadsheet leaves of one
	card     = regexp.MustCompile(`^\d{16,19}$`)
	idWithin = regexp.MustCompile(`[1-8]\d{16}[\dXx]`)
)

func idShaped(s string) bool {
	switch {
	case id18.MatchString(s):
		return day("20060102", s[6:14])
	case id15.MatchString(s):
		return day("060102", s[6:12])
	}
	return idLost.MatchString(strings.ToUpper(s))
}

func day(layout, s string) bool {
	d, err := time.Parse(layout, s)
	return err == nil && d.Year() >= 1900 && d.Year() < 2100
}

// checked is the ID number's own check digit (GB 11643).
func checked(s string) bool {
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11] == strings.ToUpper(s)[17]
}

func cardShaped(s string) bool {
	if !card.MatchString(s) {
		return false
	}
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// cutNumbers takes ID numbers out of a column of other things, a remark for
// instance, and says so.
func (t *Table) cutNumbers(col int) {
	for _, l := range t.grid.lines {
		s := l.cell(col)
		if len(s) < 18 {
			continue
		}
		cut := idWithin.ReplaceAllStringFunc(models.Normal(s), func(id string) string {
			if day("20060102", id[6:14]) && checked(id) {
				return "（证件号已删）"
			}
			return id
		})
		if strings.Contains(cut, "（证件号已删）") && !strings.Contains(s, "（证件号已删）") {
			l.cells[col] = cut
			t.Left = append(t.Left, LeftOut{l.number, letter(col) + " 列里的身份证号不保存，已删去，其余照读"})
		}
	}
}
