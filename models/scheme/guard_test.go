package scheme_test

import (
	"strings"
	"testing"

	"pointstore/models/scheme"
)

func TestPreviewWarnsRowByRowWhereverTheWordStands(t *testing.T) {
	text := "类别,项目,级别,分值,证据,备注,扣分点\n" +
		"文明,评为文明户,,10,,可优先申请低保,\n" +
		"信用积分,按时还款,,5,,,\n" +
		"环境,庭院整洁,,满分10分，每处扣1分,,,未下载App\n" +
		"学习,参加夜校,,2,扫码签到,,\n" +
		"环境,清扫巷道,,2,照片,,\n"
	p := preview(t, csv(t, text), scheme.Choice{})
	for i, want := range []string{"低保", "信用", "安装", "", ""} {
		got := strings.Join(p.Rows[i].Warnings, "；")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("row %d: %q, want something about %q", p.Rows[i].Row, got, want)
		}
	}
}
