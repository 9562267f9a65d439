package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestForbiddenNamesWhatAVillageMayNotKeep(t *testing.T) {
	for _, h := range []string{"身份证号", "身份证 号码", "公民身份号码", "户主证件号", "成员/身份证号", "民 族", "宗教信仰", "健康状况", "是否残疾", "慢性病", "低保户", "是否贫困户（脱贫）", "建档立卡", "监测户", "五保", "特困人员", "银行卡号", "一卡通账号", "开户行", "照片", "户主照片", "家庭年收入"} {
		if why, bad := Forbidden(h); !bad || why == "" {
			t.Errorf("%s may be kept", h)
		}
	}
	for _, h := range []string{"户号", "户主", "手机号", "组", "积分卡号", "登录账号", "民族团结加分", "政治面貌", "佐证照片", "证据", "备注", "项目", "分值", "上限", "荣誉", "收入积分", ""} {
		if why, bad := Forbidden(h); bad {
			t.Errorf("%s is refused: %s", h, why)
		}
	}
}

func TestReadForgetsWhatMustNotBeKept(t *testing.T) {
	const id, card = "64010219900307123X", "6228480402564890018"
	secrets := []string{id, card, "回族", "二类保障"}
	rows := [][]any{
		{"户号", "户主", "身份证号", "民族", "编码", "卡", "低保/五保", "备注"},
		{"1", "王军", id, "回族", "640102199003071233", card, "二类保障", "证件 " + checkedID},
		{"2", "李梅", id, "汉族", "", card, "", "外出"},
	}
	book := workbookOf(t, func(f *excelize.File) { fillRows(t, f, "Sheet1", rows...) })
	var text strings.Builder
	for _, r := range rows {
		fmt.Fprintln(&text, strings.Trim(fmt.Sprintf("%q", r), "[]"))
	}
	for name, b := range map[string][]byte{"a.xlsx": book, "a.csv": []byte(strings.ReplaceAll(text.String(), `" "`, `","`))} {
		tab := mustRead(t, name, b)
		m := tab.Match(houseWants, map[string]int{"phone": 2}) // choosing a dropped column brings nothing back
		want(t, name+" columns", headsOf(tab.Columns), "户号|户主|备注")
		want(t, name+" dropped", headsOf(tab.Dropped), "身份证号|民族|编码|卡|低保/五保")
		if m.Get(tab.Rows[0], "phone") != "" {
			t.Errorf("%s: a dropped cell is still readable", name)
		}
		want(t, name+" remark", tab.Rows[0].Cell(7), "证件 （证件号已删）")
		var back bytes.Buffer
		if err := WriteMarked(&back, tab, nil); err != nil {
			t.Fatal(err)
		}
		all := fmt.Sprintf("%+v", tab) + fmt.Sprintf("%+v", mustRead(t, "marked.xlsx", back.Bytes()))
		for _, s := range append(secrets, checkedID) {
			if strings.Contains(all, s) {
				t.Errorf("%s: %s is still in the table", name, s)
			}
		}
	}
}

// checkedID is made up; its check digit is right.
const checkedID = "11010519491231002X"

func TestReadDropsIDNumbersThatASpreadsheetRounded(t *testing.T) {
	tab := mustRead(t, "a.csv", []byte("户号,户主,号码\n1,王军,6.40102E+17\n2,李梅,6.40102E+17\n"))
	want(t, "dropped", headsOf(tab.Dropped), "号码")
	tab = mustRead(t, "b.csv", []byte("户号,条码\n1,6901234567892\n2,6901234567893\n"))
	want(t, "a bar code is kept", headsOf(tab.Columns), "户号|条码")
}
