package market

import "strings"

// unfit lists what points are never exchanged for: alcohol, tobacco, and what
// is as good as cash. The words that only sound like it come first.
var (
	harmless = []string{"酒精", "油烟", "无烟", "烟灰", "烟道", "料酒", "酒酿", "酒窝"}
	unfit    = []struct{ word, why string }{
		{"烟", "是烟草"}, {"雪茄", "是烟草"},
		{"酒", "是酒"},
		{"现金", "等于现金"}, {"红包", "等于现金"}, {"购物卡", "等于现金"}, {"购物券", "等于现金"}, {"礼品卡", "等于现金"},
		{"代金券", "等于现金"}, {"消费券", "等于现金"}, {"储值卡", "等于现金"}, {"预付卡", "等于现金"}, {"充值", "等于现金"},
		{"话费", "等于现金"}, {"电话卡", "等于现金"}, {"加油卡", "等于现金"}, {"提现", "等于现金"}, {"彩票", "是彩票"},
	}
)

// Unfit says why points may not be exchanged for an item of this name.
func Unfit(name string) (why string, bad bool) {
	for _, w := range harmless {
		name = strings.ReplaceAll(name, w, "")
	}
	for _, u := range unfit {
		if strings.Contains(name, u.word) {
			return u.why + "，积分不能兑换（烟、酒、现金和购物卡一类都不行）", true
		}
	}
	return "", false
}
