package sheet

import (
	"fmt"
	"strings"
	"testing"

	"pointstore/models"
)

func showSteps(s string) string {
	steps, month, ok := Steps(s)
	if !ok {
		return "no"
	}
	var out []string
	for _, one := range steps {
		name := one.Name
		if name == "" {
			name = models.Points(one.At).Plain() + one.Unit
		}
		out = append(out, name+"="+one.Points.Plain())
	}
	if month {
		out = append(out, "monthly")
	}
	return strings.Join(out, " ")
}

func TestStepsReadsATableWithinACell(t *testing.T) {
	for in, want := range map[string]string{
		"4小时1分，10小时2分、２０小时５分":                "4小时=1 10小时=2 20小时=5",
		"满4h→1；满10h→2":                       "4小时=1 10小时=2",
		"4个小时计1分\n10个小时计2.5分":                "4小时=1 10小时=2.5",
		"1000元以下1分；1,000—5,000元2分；5000元以上5分": "0.01元=1 1000元=2 5000元=5",
		"1万元以上10分，5000元5分":                   "10000元=10 5000元=5",
		"起步：1；满4：2":                          "0.01=1 4=2",
		"国家级50分、省级30分、市级20分":                 "国家级=50 省级=30 市级=20",
		"国家级：50/省级：30":                       "国家级=50 省级=30",
		"一等奖50 二等奖30 三等奖10":                  "一等奖=50 二等奖=30 三等奖=10",
		"50分（国家级）、30分（省级）":                   "国家级=50 省级=30", "1分(4小时)/2分(10小时以上)": "4小时=1 10小时=2", "5分（每次）、10分（每户）": "no",
		"2级：5；1级：10":               "2级=5 1级=10",
		"月得分80分以上奖200分，90分以上奖300分": "80分=200 90分=300 monthly",
		"当月满80分：200；当月满90分：300":    "80分=200 90分=300 monthly",
		"每月积分达到80分加200":            "80分=200 monthly",
		"5分/次":                     "no", "50-100分": "no", "200/300/500": "no", "5": "no", "满4小时1分": "no", "每满4小时1分": "no", "不超过20": "no", "满510": "no", "": "no",
		"5分，每年最多40分": "no", "加5分，扣3分": "no", "10分，每处扣0.5分": "no", "国家级50分，10小时5分": "no", "50-100，20-30": "no", "5分/次，最多40分": "no",
	} {
		if got := showSteps(in); got != want {
			t.Errorf("Steps(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestThresholdTellsAmountsFromNames(t *testing.T) {
	for in, want := range map[string]string{
		"4小时以上": "4小时", "1000-5000元": "1000元", "不足100元": "0.01元", "８０分": "80分", "月得分90分以上": "90分 monthly", "2万元": "20000元",
		"国家级": "no", "3": "no", "一等奖": "no", "第2名": "no",
	} {
		at, unit, month, ok := Threshold(in)
		got := models.Points(at).Plain() + unit
		if month {
			got += " monthly"
		}
		if !ok {
			got = "no"
		}
		if got != want {
			t.Errorf("Threshold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMarksReadsWhatIsTakenOff(t *testing.T) {
	for in, want := range map[string]string{
		"满分10分，每处扣0.5分":           "10 0.5 []",
		"满分１０分，发现一处不合格扣0.5分，扣完为止": "10 0.5 []",
		"10分满分；每项不达标扣1分":          "10 1 []",
		"门前有垃圾扣1分、杂物乱堆每处扣0.5分":    "0 0 [门前有垃圾=1 杂物乱堆=0.5]",
		"每缺一项扣2分":                 "0 2 []",
		"满分10，每月检查一次":             "10 0 [] 每月检查一次",
		"每处扣0.5分，每户扣1分":           "0 0.5 [] 每户扣1分",
		"由网格员认定":                  "0 0 [] 由网格员认定",
	} {
		m := MarksIn(in)
		var faults []string
		for _, f := range m.Faults {
			faults = append(faults, f.Name+"="+f.Points.Plain())
		}
		got := strings.TrimSpace(fmt.Sprintf("%s %s %v %s", m.Full.Plain(), m.Each.Plain(), faults, m.Rest))
		if got != want {
			t.Errorf("MarksIn(%q) = %q, want %q", in, got, want)
		}
	}
	if got := fmt.Sprint(FaultsIn("地面不洁扣1；物品、杂物乱放；垃圾未清扣0.5分")); got != "{0 0 [{地面不洁 1} {物品、杂物乱放 0} {垃圾未清 0.5}] }" {
		t.Errorf("FaultsIn: %s", got)
	}
}
