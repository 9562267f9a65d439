package pages

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
)

const mmPerInch = 25.4

// paper is a drawn code on a sheet: the path's rectangles in module units.
type paper struct {
	wide, high int // modules
	dark       []rect
	ink        []bool // row by row
}

type rect struct{ x, y, w, h int }

// onPaper reads the path back the way a browser would, and insists that every
// piece lies on the sheet.
func onPaper(t *testing.T, d string, wide, high int) paper {
	t.Helper()
	p := paper{wide: wide, high: high, ink: make([]bool, wide*high)}
	for piece := range strings.SplitSeq(strings.TrimSuffix(d, "z"), "z") {
		var r rect
		var back int
		if n, err := fmt.Sscanf(piece, "M%d %dh%dv%dh-%d", &r.x, &r.y, &r.w, &r.h, &back); n != 5 || err != nil || back != r.w {
			t.Fatalf("path piece %q is no rectangle", piece)
		}
		if r.x < 0 || r.y < 0 || r.x+r.w > p.wide || r.y+r.h > p.high {
			t.Fatalf("path piece %q leaves the box %d×%d", piece, wide, high)
		}
		p.dark = append(p.dark, r)
		for i := range r.w * r.h {
			p.ink[(r.y+i/r.w)*wide+r.x+i%r.w] = true
		}
	}
	return p
}

// at is 1 on ink, 0 on paper and on the table around it.
func (p paper) at(x, y float64) float64 {
	mx, my := int(math.Floor(x)), int(math.Floor(y))
	if mx >= 0 && my >= 0 && mx < p.wide && my < p.high && p.ink[my*p.wide+mx] {
		return 1
	}
	return 0
}

// camera is how badly the printed code is seen.
type camera struct {
	mmWide, mmHigh float64 // printed size
	dpi            float64
	degrees        float64 // turned in the hand
	noise          float64 // standard deviation in grey levels
}

// photo takes the picture: 4×4 samples a pixel, faded ink, noise from a fixed
// seed, and half as much table around the sheet.
func (c camera) photo(p paper) image.Image {
	w, h := c.mmWide/mmPerInch*c.dpi, c.mmHigh/mmPerInch*c.dpi
	pw, ph := int(w*1.3)+10, int(h*1.3)+int(w*math.Abs(math.Sin(c.degrees*math.Pi/180)))+10
	sin, cos := math.Sincos(c.degrees * math.Pi / 180)
	random := rand.New(rand.NewPCG(1, 2))
	img := image.NewGray(image.Rect(0, 0, pw, ph))
	for y := range ph {
		for x := range pw {
			ink := 0.0
			for i := range 16 {
				dx := float64(x) + (float64(i%4)+.5)/4 - float64(pw)/2
				dy := float64(y) + (float64(i/4)+.5)/4 - float64(ph)/2
				ink += p.at(((dx*cos+dy*sin)/w+.5)*float64(p.wide), ((dy*cos-dx*sin)/h+.5)*float64(p.high))
			}
			grey := 225 - ink/16*170 + random.NormFloat64()*c.noise
			img.SetGray(x, y, color.Gray{Y: uint8(min(max(grey, 0), 255))})
		}
	}
	return img
}

// seen decodes a picture, or gives the reason why not.
func seen(img image.Image, reader gozxing.Reader) string {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return err.Error()
	}
	got, err := reader.Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return err.Error()
	}
	return got.GetText()
}
