package pages

import (
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing/oned"

	"pointstore/models/keys"
)

func TestCode128SVGIsReadFromACardPrintedAtLowResolution(t *testing.T) {
	_, code := keys.NewVoucher()
	for _, text := range []string{string(wang), code, "69012345678901234"} {
		d, width, err := code128SVG(text)
		if err != nil {
			t.Fatal(err)
		}
		p := onPaper(t, d, width, barHeight)
		for _, c := range []camera{
			{mmWide: 60, mmHigh: 9, dpi: 300},
			{mmWide: 60, mmHigh: 9, dpi: 200, degrees: 1, noise: 6},
			{mmWide: 60, mmHigh: 9, dpi: 250, degrees: -2, noise: 10},
		} {
			if got := seen(c.photo(p), oned.NewCode128Reader()); got != text {
				t.Errorf("%+v: got %q, want %q", c, got, text)
			}
		}
	}
}

func TestCode128SVGKeepsItsMarginAndACardFitsItsPaper(t *testing.T) {
	d, width, err := code128SVG(string(wang))
	if err != nil {
		t.Fatal(err)
	}
	if width > 250 {
		t.Errorf("%d modules: on 60 mm of a card each is thinner than a cheap gun sees (0.24 mm)", width)
	}
	dark := onPaper(t, d, width, barHeight).dark
	last := dark[len(dark)-1]
	if dark[0].x != barMargin || last.x+last.w != width-barMargin {
		t.Errorf("bars from %v to %v of %d, want %d light on both sides", dark[0].x, last.x+last.w, width, barMargin)
	}
}

func TestCode128RefusesWhatNoGunReads(t *testing.T) {
	for _, text := range []string{"", "SECRET积分", strings.Repeat("SECRET", 20)} {
		if c, err := code128Code(text); err == nil || c.D != "" || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%q: got %v, %v", text, c, err)
		}
	}
}
