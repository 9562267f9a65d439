package photo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // what phones and screens make

	"pointstore/models"
)

// What a photo may be before it is unpacked. Bytes are counted first, pixels
// second, from the header alone. A JPEG unpacks to three bytes a pixel at most;
// a progressive one holds twelve more while it is being read, others up to eight.
const (
	BytesMost   = 10 << 20
	jpegPixels  = 40_000_000
	otherPixels = 12_000_000
)

// What a photo is afterwards: at most side pixels either way and weighs at
// most heavy bytes.
const (
	side  = 1600
	heavy = 600 << 10
)

// The refusals. What was to be saved beside the photo is the caller's to say.
var (
	ErrLarge = &models.Error{Kind: models.TooLarge, Code: "photo_large", Field: "photo", Say: "照片太大，没有存；照片最大 10 MB、4000 万像素，请用普通画质重拍"}
	ErrKind  = &models.Error{Kind: models.WrongType, Code: "photo_kind", Field: "photo", Say: "这不是能看的照片，没有存；请选手机拍的 JPG 照片"}
)

// Prepared is a photo drawn anew: upright, bounded, and without anything the
// camera wrote beside the picture.
type Prepared struct {
	Width, Height int
	Body          []byte `json:"-"` // JPEG
	Hash          []byte // SHA-256 of Body: the same photo sent twice is the same
}

// darkroom lets one photo be unpacked at a time: each may take some hundred
// megabytes for a moment.
var darkroom = make(chan struct{}, 1)

// Prepare draws a photo anew from what somebody sent. It belongs outside any
// transaction: it takes up to a second.
func Prepare(ctx context.Context, body []byte) (Prepared, error) { return prepare(ctx, body, side) }

// PrepareSmall is Prepare for a picture that stands among many on a page: at most
// 360 pixels either way.
func PrepareSmall(ctx context.Context, body []byte) (Prepared, error) { return prepare(ctx, body, 360) }

func prepare(ctx context.Context, body []byte, side int) (Prepared, error) {
	if len(body) > BytesMost {
		return Prepared{}, ErrLarge
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil || size.Width <= 0 || size.Height <= 0 || kind != "jpeg" && kind != "png" {
		return Prepared{}, ErrKind.Because(err)
	}
	turn, progressive := look(body)
	most := otherPixels
	if kind == "jpeg" && !progressive {
		most = jpegPixels
	}
	if size.Width > most/size.Height {
		return Prepared{}, ErrLarge
	}
	select {
	case darkroom <- struct{}{}:
		defer func() { <-darkroom }()
	case <-ctx.Done():
		return Prepared{}, models.ErrBusy.Because(ctx.Err())
	}
	img, _, err := image.Decode(bytes.NewReader(body))
	if err != nil {
		return Prepared{}, ErrKind.Because(err)
	}
	return develop(upright(shrink(img, side), turn))
}

// develop writes the picture as JPEG, coarser until it is light enough.
func develop(img *image.RGBA) (Prepared, error) {
	for {
		for _, quality := range []int{80, 65, 50} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
				return Prepared{}, err
			}
			if b.Len() <= heavy {
				sum := sha256.Sum256(b.Bytes())
				return Prepared{Width: img.Rect.Dx(), Height: img.Rect.Dy(), Body: b.Bytes(), Hash: sum[:]}, nil
			}
		}
		img = shrink(img, max(img.Rect.Dx(), img.Rect.Dy())*3/4)
	}
}

// shrink makes a picture of at most most pixels either way, each pixel the mean
// of those it stands for. What is transparent counts as paper.
func shrink(img image.Image, most int) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > most {
		w, h = max(1, w*most/long), max(1, h*most/long)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	at := colours(img)
	for y := range h {
		y0, y1 := y*b.Dy()/h, max((y+1)*b.Dy()/h, y*b.Dy()/h+1)
		for x := range w {
			x0, x1 := x*b.Dx()/w, max((x+1)*b.Dx()/w, x*b.Dx()/w+1)
			var sum [3]uint32
			for sy := y0; sy < y1; sy++ {
				for sx := x0; sx < x1; sx++ {
					r, g, bl := at(b.Min.X+sx, b.Min.Y+sy)
					sum[0], sum[1], sum[2] = sum[0]+r, sum[1]+g, sum[2]+bl
				}
			}
			n := uint32((y1 - y0) * (x1 - x0))
			i := small.PixOffset(x, y)
			small.Pix[i], small.Pix[i+1], small.Pix[i+2], small.Pix[i+3] = uint8(sum[0]/n), uint8(sum[1]/n), uint8(sum[2]/n), 0xff
		}
	}
	return small
}

// colours reads a pixel as three values of 0 to 255, without the detour over
// color.Color where pictures are large.
func colours(img image.Image) func(x, y int) (r, g, b uint32) {
	switch img := img.(type) {
	case *image.YCbCr:
		return func(x, y int) (uint32, uint32, uint32) {
			i := img.COffset(x, y)
			r, g, b := color.YCbCrToRGB(img.Y[img.YOffset(x, y)], img.Cb[i], img.Cr[i])
			return uint32(r), uint32(g), uint32(b)
		}
	case *image.RGBA:
		return func(x, y int) (uint32, uint32, uint32) {
			p := img.Pix[img.PixOffset(x, y):]
			white := uint32(0xff - p[3])
			return uint32(p[0]) + white, uint32(p[1]) + white, uint32(p[2]) + white
		}
	}
	return func(x, y int) (uint32, uint32, uint32) {
		r, g, b, a := img.At(x, y).RGBA()
		white := 0xffff - a
		return (r + white) >> 8, (g + white) >> 8, (b + white) >> 8
	}
}
