package pages

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/code128"
)

const (
	barHeight = 10 // of the path's box; the page stretches it to the paper's height
	barMargin = 10 // light modules on each side, without which guns don't see where bars begin
)

// code128SVG draws the text as bars for guns that read no QR code, as one path
// barHeight high; width is in modules. The text is ASCII, at most 80 characters;
// capitals and digits read best.
func code128SVG(text string) (d string, width int, err error) {
	bars, err := code128.Encode(text)
	if err != nil {
		// The library's own error repeats the text, which may be a token.
		return "", 0, fmt.Errorf("no bar code holds these %d bytes", len(text))
	}
	n := bars.Bounds().Dx()
	dark := func(x int) bool {
		if x >= n {
			return false
		}
		r, _, _, _ := bars.At(x, 0).RGBA()
		return r == 0
	}
	var b strings.Builder
	for x := 0; x < n; x++ {
		from := x
		for dark(x) {
			x++
		}
		if x > from {
			fmt.Fprintf(&b, "M%d 0h%dv%dh-%dz", barMargin+from, x-from, barHeight, x-from)
		}
	}
	return b.String(), n + 2*barMargin, nil
}

// code128Code is code128SVG for a page's struct.
func code128Code(text string) (Code, error) {
	d, width, err := code128SVG(text)
	return Code{D: d, Size: width}, err
}
