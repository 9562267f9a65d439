package pages

import (
	"bytes"
	"context"
	"image"
	_ "image/gif" // what phones and screens make
	_ "image/jpeg"
	_ "image/png"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"pointstore/handlers/web"
	"pointstore/models"
)

// Photos are bounded twice: in bytes as they come, and in pixels before any of
// them is unpacked. A JPEG unpacks to three bytes a pixel at most, others may
// take eight.
const (
	photoBytes  = 10 << 20
	jpegPixels  = 40_000_000
	otherPixels = 12_000_000
	codeBytes   = 600 // of text in the code; an address of ours is below 100
)

var (
	errPhotoLarge = &models.Error{Kind: models.TooLarge, Code: "photo_large", Field: "photo", Say: "照片太大，没有扣分；照片最大 10 MB、4000 万像素，请用普通画质重拍"}
	errPhotoKind  = &models.Error{Kind: models.WrongType, Code: "photo_kind", Field: "photo", Say: "这不是能看的照片，没有扣分；请用手机拍 JPG 照片，或直接输入户号"}
	errPhotoBlank = models.ErrInput.With("照片里没有看清二维码，没有扣分；请凑近、对正再拍一张，或输入户号、姓名").At("photo")
)

// Photo answers POST /counter/photo: a code photographed with the clerk's phone
// goes the way of one that was scanned. The picture is kept nowhere.
func (p *Pages) Photo(c *fiber.Ctx) error {
	s, err := p.station(c, models.HandOverGoods)
	if err != nil {
		return err
	}
	_, body, err := web.File(c, "photo")
	var text string
	if err == nil {
		text, err = readPhoto(c.UserContext(), body)
	}
	if err != nil {
		return p.emptyTill(c, s, "", err)
	}
	if text = models.Normal(strings.ToValidUTF8(text, "")); len(text) > codeBytes {
		return p.emptyTill(c, s, "", errMisread)
	}
	return p.lead(c, s, text)
}

// darkroom lets one photo be unpacked at a time: each may take a hundred
// megabytes for a moment.
var darkroom = make(chan struct{}, 1)

// readPhoto reads the QR code, or the bar code, in a photo.
func readPhoto(ctx context.Context, body []byte) (string, error) {
	if len(body) > photoBytes {
		return "", errPhotoLarge
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil || size.Width <= 0 || size.Height <= 0 {
		return "", errPhotoKind.Because(err)
	}
	most := otherPixels
	if kind == "jpeg" {
		most = jpegPixels
	}
	if size.Width > most/size.Height {
		return "", errPhotoLarge
	}
	select {
	case darkroom <- struct{}{}:
		defer func() { <-darkroom }()
	case <-ctx.Done():
		return "", models.ErrBusy.Because(ctx.Err())
	}
	img, _, err := image.Decode(bytes.NewReader(body))
	if err != nil {
		return "", errPhotoKind.Because(err)
	}
	return readCode(img)
}

// readCode looks for a code in several sizes: a large one close to the lens is
// found in a small picture, a small one far away in a large one.
func readCode(img image.Image) (string, error) {
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	for _, side := range []int{1200, 700, 2000} {
		light := gozxing.NewLuminanceSourceFromImage(shrink(img, side))
		for _, b := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(light), gozxing.NewGlobalHistgramBinarizer(light)} {
			bitmap, err := gozxing.NewBinaryBitmap(b)
			if err != nil {
				continue
			}
			for _, r := range []gozxing.Reader{qrcode.NewQRCodeReader(), oned.NewCode128Reader()} {
				if got, err := r.Decode(bitmap, hints); err == nil && got.GetText() != "" {
					return got.GetText(), nil
				}
			}
		}
	}
	return "", errPhotoBlank
}

// shrink makes a grey picture of at most side pixels either way, each pixel the
// mean of those it stands for.
func shrink(img image.Image, side int) *image.Gray {
	b := img.Bounds()
	by := max(1, (max(b.Dx(), b.Dy())+side-1)/side)
	small := image.NewGray(image.Rect(0, 0, max(1, b.Dx()/by), max(1, b.Dy()/by)))
	grey := greyAt(img)
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			sum, n := 0, 0
			for dy := 0; dy < by && y*by+dy < b.Dy(); dy++ {
				for dx := 0; dx < by && x*by+dx < b.Dx(); dx++ {
					sum += grey(b.Min.X+x*by+dx, b.Min.Y+y*by+dy)
					n++
				}
			}
			small.Pix[y*small.Stride+x] = uint8(sum / n)
		}
	}
	return small
}

// greyAt reads brightness, 0 to 255. A JPEG has it stored as it is; elsewhere
// what is transparent counts as paper.
func greyAt(img image.Image) func(x, y int) int {
	switch img := img.(type) {
	case *image.YCbCr:
		return func(x, y int) int { return int(img.Y[img.YOffset(x, y)]) }
	case *image.Gray:
		return func(x, y int) int { return int(img.Pix[img.PixOffset(x, y)]) }
	}
	return func(x, y int) int {
		r, g, b, a := img.At(x, y).RGBA()
		return int(((299*r+587*g+114*b)/1000 + 0xffff - a) >> 8)
	}
}
