package scheme

import (
	"strings"

	"pointstore/models"
)

// guarded are words that a rule should not be about, with the reason. Warn
// shows the reason; what becomes of the rule the village decides.
var guarded = []struct {
	words, why string
	notes      bool // look in the note as well
}{
	{"低保 五保 特困 救助 补贴 补助 惠农 粮补 扶贫款 帮扶资金 集体福利 福利分配 分红", "积分不能和低保、救助、补贴挂钩：这些依法享受，不能因积分多少给或者停", true},
	{"办证 开证明 开具证明 出具证明 盖章 不予办理 暂停办理 暂缓办理 限制办理 优先办理 不给办 不予开具 代办优先", "积分不能作为办证、盖章、开证明的条件：村里的手续要依法给每一户办", true},
	{"上学 入学 学籍 入园 入托 转学 择校 劝退", "积分不能影响孩子上学", true},
	{"信用 征信 失信 诚信档案 贷款 积分贷 授信 黑名单", "积分不能算作信用记录：信用信息只按国家目录采集", true},
	{"医保 就医 看病 养老金 社保 选举权 被选举 参选 投票资格 宅基地分配 取消资格 土地承包权 政审", "积分不能影响就医、养老、选举、土地等权利", true},
	{"宗教 信教 信仰 礼拜 念经 封斋 开斋 古尔邦 圣纪 阿訇 清真 朝觐 教派 邪教 迷信 烧香", "涉及信仰：不能按信仰给分或者扣分；违法的事由有关部门依法认定和处理", false},
	{"民族 回族 汉族 族别", "涉及民族：不能按民族给分或者扣分，请确认这一条对每一户都一样", false},
	{"健康 疾病 残疾 患病 献血 体检 疫苗 接种 怀孕 生育 二孩 三孩 节育 戒毒 精神病 慢病", "涉及健康：属于个人敏感信息，不宜用来记分；要记也不要公开", false},
	{"登录 注册 安装 下载 转发 点赞 集赞 扫码关注 关注公众号 朋友圈 发抖音 发视频 小程序 APP App app 答题 网上投票 学习时长 在线时长 截图", "不能奖励登录、安装、转发这类动作：国家整治“指尖上的形式主义”明令禁止", true},
	{"签到 打卡", "不能奖励签到、打卡本身：国家整治“指尖上的形式主义”明令禁止；请改成奖励做了什么事", false},
}

// Warn is the law guard: what is doubtful about a rule, one plain sentence for
// each reason; empty when nothing is. It refuses nothing.
func Warn(item, note string) []string {
	item, note = squeezed(item), squeezed(note)
	var why []string
	for _, g := range guarded {
		word := contains(item, g.words)
		if word == "" && g.notes {
			word = contains(note, g.words)
		}
		if word != "" {
			why = append(why, "提到“"+word+"”。"+g.why)
		}
	}
	return why
}

// squeezed is a text without the blanks and full-width letters that hide a word.
func squeezed(s string) string {
	return strings.Join(strings.Fields(models.Normal(s)), "")
}

// Warnings is the law guard about all that the rule says: its item and the names
// of its levels and faults, the note and the evidence.
func (r Rule) Warnings() []string {
	item := r.Item
	for _, b := range r.Bands {
		item += " " + b.Name
	}
	for _, f := range r.Faults {
		item += " " + f.Name
	}
	return Warn(item, r.Note+" "+r.Evidence)
}

// Warnings is Rule.Warnings with the name of the category.
func (d Draft) Warnings() []string {
	d.Item = d.Category + "：" + d.Item
	return d.Rule.Warnings()
}

// privately are words that make a rule private from the start: bride price,
// disputes, health, minors, and what else reveals a family's troubles.
const privately = "彩礼 嫁妆 纠纷 调解 矛盾 家暴 家庭暴力 离婚 献血 捐献 健康 疾病 残疾 患病 体检 疫苗 戒毒 吸毒 赌 邪教 信仰 宗教 信访 服刑 刑满 矫正 " +
	"学生 状元 升学 考上 考取 录取 中考 高考 奖学 成绩 小学 中学 初中 高中 幼儿 儿童 孩子 子女 未成年 少年 孤儿 低保 困难户 贫困"

// PrivateByDefault reports whether a rule should be counted and never listed
// unless the village decides otherwise.
func PrivateByDefault(direction, category, item string) bool {
	return direction == Minus || contains(category+" "+item, privately) != ""
}

// costWords and the like are what section titles and category names say about
// the direction of the rows under them.
const (
	costWords = "扣分 减分 负面 惩戒 处罚 负向 禁止性 反向"
	baseWords = "基础分 基本分 基础积分 底分"
	giftWords = "赠送 赠予 送分"
)

// directionOf guesses the direction from titles; "" when they say nothing.
func directionOf(titles ...string) string {
	for _, t := range titles {
		switch {
		case contains(t, baseWords) != "":
			return Base
		case contains(t, giftWords) != "":
			return Gift
		case contains(t, costWords) != "" && !strings.Contains(t, "加"):
			return Minus
		}
	}
	return ""
}
