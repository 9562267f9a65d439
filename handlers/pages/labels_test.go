package pages

import (
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode"

	"pointstore/models"
	"pointstore/models/market"
)

func TestShelfLabelIsReadFromASmallTurnedNoisyPrint(t *testing.T) {
	p := New(Deps{Base: "https://jifen.luoyu.example.cn"})
	k := market.Counter{Village: models.NewID(), ID: models.NewID()}
	l, err := p.shelfLabel(k, market.Item{})
	if err != nil {
		t.Fatal(err)
	}
	want := "https://jifen.luoyu.example.cn/v/" + models.ID32(k.Village) + "/shop/" + models.ID32(k.ID)
	paper := onPaper(t, l.QR.D, l.QR.Size, l.QR.Size)
	for _, c := range []camera{{mmWide: 29, mmHigh: 29, dpi: 300}, {mmWide: 29, mmHigh: 29, dpi: 200, degrees: 4, noise: 15}} {
		if got := seen(c.photo(paper), qrcode.NewQRCodeReader()); got != want {
			t.Errorf("%+v: got %q, want %q", c, got, want)
		}
	}
	if l.Bars.D != "" {
		t.Error("bars were drawn of an item without a barcode")
	}
}
