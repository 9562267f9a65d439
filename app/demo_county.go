package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"pointstore/models"
)

// The demonstration county is invented from end to end: no such places, no such
// people. Its tables have the shapes of real ones.

// demoVillage is one village of the county.
type demoVillage struct {
	name, township string
	class, sponsor string
	unit           string
	homes          int
	keen           float64 // share of households that take part
	notice         bool    // awards wait for a notice
	rate           models.Rate
}

var demoVillages = []demoVillage{
	{"青石村", "东岭镇", "model", "region", "自治区某厅", 180, 0.86, true, 10000},
	{"红柳村", "东岭镇", "improve", "city", "市某局", 150, 0.74, true, 10000},
	{"沙枣村", "东岭镇", "improve", "city", "市某中心", 130, 0.66, true, 10000},
	{"望山村", "东岭镇", "fix", "county", "县某局", 120, 0.38, true, 20000},
	{"清渠村", "南滩镇", "model", "region", "自治区某局", 190, 0.82, true, 10000},
	{"新渡村", "南滩镇", "improve", "city", "市某学校", 160, 0.69, false, 10000},
	{"长流村", "南滩镇", "improve", "county", "县某院", 150, 0.61, true, 5000},
	{"柳湾村", "南滩镇", "fix", "county", "县某社", 120, 0.45, false, 10000},
}

const (
	demoCity = "河湾市"
	demoName = "云川县"
	surnames = "马杨王李张丁刘白田何吴罗金哈海苏赵陈周沙虎咸"
	givenOne = "少桂建秀国玉文志学春海明金凤德晓红永福兰"
	givenTwo = "明花兰国英军平芳龙梅强霞成贵云才珍峰林义"
)

// relations are what the second, third and fourth member may be to the head; no
// household has two of a kind.
var relations = [][]string{{"配偶", "配偶", "父亲"}, {"儿子", "女儿", "儿子"}, {"母亲", "儿媳", "孙子"}}

// memberOf mints one more of a family, whose first is the head: kin in the male
// line bear the head's surname, and nobody another's name.
func memberOf(r *rand.Rand, family []string) (name, relation string) {
	name = personName(r)
	relation = relations[len(family)-1][r.IntN(3)]
	for {
		if strings.Contains("儿子 女儿 父亲 孙子", relation) && !strings.Contains(name+family[0], "·") {
			name = string([]rune(family[0])[:1]) + string([]rune(name)[1:])
		}
		if !slices.Contains(family, name) {
			return name, relation
		}
		name = personName(r)
	}
}

// personName mints names that a county could have, the long ones with a middle
// dot and a rare character among them.
func personName(r *rand.Rand) string {
	pick := func(s string) string { c := []rune(s); return string(c[r.IntN(len(c))]) }
	switch r.IntN(60) {
	case 0:
		return pick("马丁哈") + "·" + []string{"阿卜杜拉", "优素福", "伊斯玛仪", "法图麦"}[r.IntN(4)]
	case 1:
		return pick(surnames) + "𠮷" + pick(givenTwo)
	case 2, 3, 4, 5, 6:
		return pick(surnames) + pick(givenTwo)
	}
	return pick(surnames) + pick(givenOne) + pick(givenTwo)
}

// roll is the village's list of households as its own table would be: one row
// per member, the household's cells only in the first.
func (v demoVillage) roll(r *rand.Rand) []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, v.name+"户籍花名册（示例，人名均为虚构）")
	fmt.Fprintln(&b, "户号,组,巷道,户主,成员,与户主关系,居住情况,户籍,参加情况,14岁以下人数")
	for i := range v.homes {
		group := i*4/v.homes + 1
		number := fmt.Sprintf("%d%03d", group, i%(v.homes/4+1)+1)
		living, origin, joining := "常住", "在村", "参加"
		switch r.IntN(20) {
		case 0, 1:
			living = "常年外出"
		case 2:
			living = "空户"
		}
		if r.IntN(4) == 0 {
			origin = "自主迁徙"
		}
		if r.IntN(40) == 0 {
			joining = "暂不参加"
		}
		head := personName(r)
		lane := fmt.Sprintf("%s%d巷", string([]rune("清渠柳杏槐枣")[group]), i%6+1)
		fmt.Fprintf(&b, "%s,%d组,%s,%s,%s,户主,%s,%s,%s,%d\n", number, group, lane, head, head, living, origin, joining, r.IntN(3))
		family := []string{head}
		for range r.IntN(4) {
			name, relation := memberOf(r, family)
			family = append(family, name)
			fmt.Fprintf(&b, "%s,%d组,%s,%s,%s,%s,,,,\n", number, group, lane, head, name, relation)
		}
	}
	return b.Bytes()
}

// rules is a household scheme with what real tables have: tenths, ranges,
// limits in the notes, two rows under one cap, deductions.
const demoRules = `类别,项目,分值,单位,上限,周期,备注
美丽庭院,庭院整洁,5,次,,,每月限2次
美丽庭院,庭院一般,2,次,,,每月限2次
美丽庭院,垃圾分类投放,0.5,次,5,月,
美丽庭院,改厕并保持使用,20,户,,,每户限1次
志愿服务,清扫巷道,10,次,40,年,与义务植树合计每年最多40分
志愿服务,义务植树,10,次,40,年,与清扫巷道合计每年最多40分
志愿服务,志愿服务时长,2.5,小时,100,年,
志愿服务,邻里照看老人,10,次,,,每月限2次
移风易俗,婚事新办并提前报备,30,次,,,每年限1次
移风易俗,丧事简办,30,次,,,每年限1次
移风易俗,零彩礼低彩礼,50-100,次,,,由评议会定，每户限1次
公共事务,参加村民议事会,2,人次,,,每月限2次
公共事务,义务修渠,15,天,60,年,
家风典型,获评文明家庭（县级）,30,次,,,每年限1次
家风典型,获评好公婆好儿媳,20,次,,,每年限1次
产业致富,带动邻居就业,20,户,,,每年最多60分
互帮互助,调解邻里纠纷,10,次,,,每月限2次
教育,参加夜校,5,次,,,每月限4次
扣分项目,乱堆乱放经提醒不改,-10,次,,,
扣分项目,参与赌博,-20,次,,,
`

// demoCountyRules stand in the county's table besides.
const demoCountyRules = `教育,参加县里的技能培训,5,次,,,每月限2次
`

// goods are what people ask for, with opening stock in the notes.
const demoGoods = `品名,积分,单位,单价,库存,备注
大米 5公斤,50,袋,36,60,
食用油 1.8升,45,桶,33,50,清真
洗衣液 1公斤,20,瓶,12.5,80,
香皂套装,25,套,15,60,
挂面礼包,30,包,20,50,
毛巾两条,10,份,6,90,
保温壶,60,把,42,12,
理发一次,15,次,10,,服务
盐 5袋,10,份,7.5,80,
茶砖,28,块,18,30,
`
