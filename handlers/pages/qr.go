package pages

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/skip2/go-qrcode"
)

// Code is a code ready for a view: the dark parts as one SVG path in module
// units, and how many modules it is wide, the light margin that readers need
// included. A QR code is as high as wide; a bar code is barHeight high.
type Code struct {
	D    string
	Size int
}

// qrModules draws the text as rows of modules, with the margin of four. Medium
// recovery bears a crease or a thumb mark. The library's NewWithForcedVersion
// can panic and is never used; Bitmap spoils its receiver and is called once.
func qrModules(text string) ([][]bool, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("drawing a QR code of %d bytes: %w", len(text), err) // the text may hold a token
	}
	return q.Bitmap(), nil
}

// qrSVG draws the text as one path; size is in modules.
func qrSVG(text string) (d string, size int, err error) {
	rows, err := qrModules(text)
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			n := x
			for n < len(row) && row[n] {
				n++
			}
			if n > x {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x, y, n-x, n-x)
				x = n
			}
		}
	}
	return b.String(), len(rows), nil
}

// qrCode is qrSVG for a page's struct.
func qrCode(text string) (Code, error) {
	d, size, err := qrSVG(text)
	return Code{D: d, Size: size}, err
}

// qrPNG draws the text as a black and white picture px pixels wide, and wider
// only if that were less than a pixel for a module. All modules are equally
// large, what is left over widens the margin: uneven ones are misread at small
// sizes.
func qrPNG(text string, px int) ([]byte, error) {
	rows, err := qrModules(text)
	if err != nil {
		return nil, err
	}
	px = min(max(px, len(rows)), 2048)
	scale := px / len(rows)
	margin := (px - scale*len(rows)) / 2
	img := image.NewPaletted(image.Rect(0, 0, px, px), color.Palette{color.White, color.Black})
	for y := range scale * len(rows) {
		for x := range scale * len(rows) {
			if rows[y/scale][x/scale] {
				img.SetColorIndex(margin+x, margin+y, 1)
			}
		}
	}
	var b bytes.Buffer
	err = png.Encode(&b, img)
	return b.Bytes(), err
}
