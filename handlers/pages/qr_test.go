package pages

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode"

	"pointstore/models"
	"pointstore/models/keys"
)

var wang = keys.Test().Card(models.Household{Village: 7, ID: 12}, 1)

func TestQRSVGIsReadFromASmallTurnedNoisyPrint(t *testing.T) {
	const voucher = keys.Token("7K2M9QXF4T8R1C6WB5H3J0NPD2Z") // always the same: a picture that is read once is read always
	for _, text := range []string{
		keys.CardText("https://jifen.luoyu.example.cn", wang),
		keys.VoucherText("http://192.168.31.205:8080", voucher),
		"https://jifen.luoyu.example.cn/board/verify?code=7K2M-Q9XF",
	} {
		d, size, err := qrSVG(text)
		if err != nil {
			t.Fatal(err)
		}
		p := onPaper(t, d, size, size)
		for _, c := range []camera{
			{mmWide: 25, mmHigh: 25, dpi: 300},
			{mmWide: 25, mmHigh: 25, dpi: 150},
			{mmWide: 25, mmHigh: 25, dpi: 150, degrees: 4, noise: 15},
			{mmWide: 25, mmHigh: 25, dpi: 200, degrees: -12, noise: 25},
		} {
			if got := seen(c.photo(p), qrcode.NewQRCodeReader()); got != text {
				t.Errorf("%+v: got %q, want %q", c, got, text)
			}
		}
	}
}

func TestQRSVGKeepsItsMarginAndACardStaysSmall(t *testing.T) {
	d, size, err := qrSVG(keys.CardText("https://jifen.luoyu.example.cn", wang))
	if err != nil {
		t.Fatal(err)
	}
	if most := 29 + 8; size > most {
		t.Errorf("%d modules, want at most %d: is the text no longer alphanumeric?", size, most)
	}
	for _, r := range onPaper(t, d, size, size).dark {
		if r.x < 4 || r.y < 4 || r.x+r.w > size-4 || r.y+r.h > size-4 {
			t.Fatalf("%v lies in the margin of four", r)
		}
	}
}

func TestQRPNGIsReadAtEverySizeAsked(t *testing.T) {
	text := keys.CardText("https://jifen.luoyu.example.cn", wang)
	for px, want := range map[int]int{120: 120, 147: 147, 390: 390, 1: 37, -5: 37, 1 << 30: 2048} {
		b, err := qrPNG(text, px)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if got := img.Bounds().Dx(); got != want || img.Bounds().Dy() != want {
			t.Errorf("asked for %d px: got %v, want %d", px, img.Bounds(), want)
		}
		if got := seen(img, qrcode.NewQRCodeReader()); want >= 100 && got != text {
			t.Errorf("%d px: got %q", px, got)
		}
	}
}

func TestQRRefusesWhatNoCodeHolds(t *testing.T) {
	for _, text := range []string{"", strings.Repeat("secret", 1000)} {
		if d, _, err := qrSVG(text); err == nil || d != "" || strings.Contains(err.Error(), "secret") {
			t.Errorf("%d bytes: got %v", len(text), err)
		}
		if _, err := qrPNG(text, 200); err == nil {
			t.Errorf("%d bytes as PNG: no refusal", len(text))
		}
		if _, err := qrCode(text); err == nil {
			t.Errorf("%d bytes as Code: no refusal", len(text))
		}
	}
}
