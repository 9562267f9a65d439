package models_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"pointstore/models"
)

func TestMaskNameTellsNeighboursApartAndNoMore(t *testing.T) {
	for name, want := range map[string]string{
		"马小明": "马*明", "马明": "马*", "马": "马*", "欧阳小明": "欧*明", "": "", "  马小明 ": "马*明",
		"马·阿卜杜拉": "马·阿*拉", "马·阿里": "马·阿*", "马·阿": "马·*", "马•阿卜杜拉": "马·阿*拉", "穆罕默德・阿里木": "穆罕默德·阿*木",
		"·马小明": "·*明", "马小明·": "马*·", "𠮷田明": "𠮷*明", "<script>": "<*>",
	} {
		if got := models.MaskName(name); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}

func TestMaskNameNeverShowsThreeCharactersInARow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.RuneFrom([]rune("马王李明小花阿卜杜拉𠮷")), 1, 64, -1).Draw(t, "name")
		masked := models.MaskName(name)
		if !strings.Contains(masked, "*") || utf8.RuneCountInString(masked) > 3 || !utf8.ValidString(masked) {
			t.Fatalf("%q is shown as %q", name, masked)
		}
		if !strings.HasPrefix(name, strings.Split(masked, "*")[0]) || !strings.HasSuffix(name, strings.Split(masked, "*")[1]) {
			t.Fatalf("%q is shown as somebody else: %q", name, masked)
		}
	})
}

func TestMarkIsGroupAndEndOfTheNumber(t *testing.T) {
	for _, c := range []struct {
		group  int
		number string
		want   string
	}{{3, "3012", "3组012"}, {0, "3012", "012"}, {12, "7", "12组7"}, {-1, "A-45", "-45"}, {2, "东庄003", "2组003"}, {1, "", "1组"}} {
		if got := models.Mark(c.group, c.number); got != c.want {
			t.Errorf("group %d, number %q is %q, want %q", c.group, c.number, got, c.want)
		}
	}
}
