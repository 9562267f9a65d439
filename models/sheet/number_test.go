package sheet

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pointstore/models"
)

func show(a Amount) string {
	if !a.OK {
		return "none"
	}
	s := a.Min.Plain()
	if a.Min != a.Max {
		s += ".." + a.Max.Plain()
	}
	if len(a.Choices) > 0 {
		var all []string
		for _, c := range a.Choices {
			all = append(all, c.Plain())
		}
		s = strings.Join(all, "|")
	}
	if a.Sign != 0 {
		s = fmt.Sprintf("%+d:", a.Sign) + s
	}
	if a.Unit != "" {
		s += " per " + a.Unit
	}
	if a.Rest != "" {
		s += " rest " + a.Rest
	}
	return s
}

func TestNumberReadsWhatRuleTablesHold(t *testing.T) {
	for in, out := range map[string]string{
		"5": "5", "5分": "5", "5.0": "5", " ５ 分": "5", "０.５": "0.5", "0.1": "0.1", ".5分": "0.5", "1,000": "1000", "5000分": "5000",
		"+5": "+1:5", "＋５": "+1:5", "加5分": "+1:5", "奖励50分": "+1:50", "-5": "-1:5", "－5": "-1:5", "−5": "-1:5", "—5分": "-1:5", "扣10分": "-1:10", "每次扣10分": "-1:10 per 次",
		"五": "5", "十五": "15", "五十分": "50", "一百五": "150", "一百零五": "105", "两百": "200", "零点五": "0.5", "半分": "0.5", "一千二百": "1200", "一万": "10000",
		"50-100": "50..100", "50—100分": "50..100", "50~100": "50..100", "50～100分": "50..100", "5至10分": "5..10", "五到十分": "5..10", "100-50": "50..100", "5分-10分/次": "5..10 per 次", "-5~-10": "-1:5..10", "5—5": "5",
		"200/300/500": "200|300|500", "200、300、500分": "200|300|500", "50，30": "50|30", "200\n300": "200|300", "1分或2分": "1|2",
		"5分/次": "5 per 次", "5/人次": "5 per 人次", "每次5分": "5 per 次", "一次5分": "5 per 次", "1分/小时": "1 per 小时", "每小时1分": "1 per 小时", "每人每次5分": "5 per 人次", "5分（每次）": "5 per 次", "10分/户": "10 per 户", "5分每人次": "5 per 人次", "5（分）": "5",
		"不超过20": "0..20", "最高20分": "0..20", "20分以内": "0..20", "≤20": "0..20", "每次不超过5分": "0..5 per 次",
		"5分（需照片）": "5 rest (需照片)", "5分，需照片": "5 rest 需照片", "一次性奖励50分": "+1:50 rest 一次性",
		"": "none", "-": "none", "—": "none", "/": "none", "无": "none", "　": "none", "0": "0",
	} {
		a, err := Number(in)
		if err != nil {
			t.Errorf("Number(%q): %v", in, err)
			continue
		}
		if got := show(a); got != out {
			t.Errorf("Number(%q) = %s, want %s", in, got, out)
		}
	}
}

func TestNumberRefusesWhatIsNoPoints(t *testing.T) {
	for _, in := range []string{"五六", "视情况", "2024年评为先进加5分", "3次", "20%", "1.234", "5 10", "1.38E+10", "2026-05-10", "5月10日", "10-May", "99999999", "±5", "+5-", "表扬", "100元", "12345678901234567890", "2千分之一", "5-10-15"} {
		a, err := Number(in)
		if err == nil {
			t.Errorf("Number(%q) = %s, want a refusal", in, show(a))
			continue
		}
		if models.KindOf(err) != models.Input {
			t.Errorf("Number(%q): kind %v", in, models.KindOf(err))
		}
	}
	var e *models.Error
	_, err := Number("2026-05-10")
	if !errors.As(err, &e) || !strings.Contains(e.Say, "日期") {
		t.Errorf("a range that became a date is not named as one: %v", e)
	}
	if _, err := Number("99999999分"); !errors.As(err, &e) || !strings.Contains(e.Say, "太大") {
		t.Errorf("a number with digits too many is not named as one: %v", e)
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"5分/次", "50-100", "200/300/500", "扣十五分", "一百五", "不超过２０", "5分（需照片）", "每人每次五分", "1.38E+10", "/(每", "零", "(分)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Number(s)
		if err != nil {
			if models.KindOf(err) != models.Input {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		if a.Min < 0 || a.Min > a.Max || a.Max > models.PointsMax || a.Sign < -1 || a.Sign > 1 {
			t.Fatalf("Number(%q) = %+v", s, a)
		}
		for _, c := range a.Choices {
			if c < a.Min || c > a.Max {
				t.Fatalf("Number(%q): choice outside the ends: %+v", s, a)
			}
		}
	})
}
