package assets

import "testing"

func TestPctSaysNothingOfNothing(t *testing.T) {
	for _, c := range []struct {
		num, den any
		want     string
	}{{14902, 22310, "66.8%"}, {int64(1), uint8(8), "12.5%"}, {0, 0, "—"}, {3, 0.0, "—"}, {0, 5, "0.0%"}} {
		if got, err := pct(c.num, c.den); err != nil || got != c.want {
			t.Errorf("%v of %v is %q, %v; want %q", c.num, c.den, got, err, c.want)
		}
	}
	if _, err := pct("一", 2); err == nil {
		t.Error("text passed as a number")
	}
}

func TestNumSeparatesThousands(t *testing.T) {
	for v, want := range map[any]string{0: "0", 999: "999", 1000: "1,000", 22310: "22,310", int64(1234567): "1,234,567", -4500: "−4,500"} {
		if got, err := num(v); err != nil || got != want {
			t.Errorf("%v is %q, %v; want %q", v, got, err, want)
		}
	}
}

func TestToneReadsTheSign(t *testing.T) {
	for v, want := range map[string]string{"+5": "gain", "−2.5": "spend", "-1": "spend", "128": "", "": ""} {
		if got := tone(v); got != want {
			t.Errorf("%q is %q, want %q", v, got, want)
		}
	}
}

func TestQueryEncodesAndDropsTheEmpty(t *testing.T) {
	got, err := query("/r", "q", "马 & 李", "page", "", "n", 2, "x", nil)
	if want := "/r?n=2&q=%E9%A9%AC+%26+%E6%9D%8E"; err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if got, _ := query("/r", "q", ""); got != "/r" {
		t.Errorf("got %q", got)
	}
}

func TestJoinLeavesOutTheEmpty(t *testing.T) {
	if got, err := join(" · ", []any{"3组", "", 12}); err != nil || got != "3组 · 12" {
		t.Errorf("got %q, %v", got, err)
	}
}
