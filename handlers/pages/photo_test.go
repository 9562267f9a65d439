package pages_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/skip2/go-qrcode"

	"pointstore/models/keys"
)

// snapshot photographs a QR code: turned by degrees, in a picture of side
// pixels of which it fills a part, on a table, with noise from a fixed seed.
func snapshot(t *testing.T, text string, side int, fills, degrees, noise float64) image.Image {
	t.Helper()
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	rows := q.Bitmap()
	n := float64(len(rows))
	img := image.NewRGBA(image.Rect(0, 0, side, side*3/4))
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	random := rand.New(rand.NewPCG(3, 4))
	width := float64(side) * fills
	for y := range side * 3 / 4 {
		for x := range side {
			dx, dy := float64(x)-float64(side)/2, float64(y)-float64(side)*3/8
			mx, my := ((dx*cos+dy*sin)/width+.5)*n, ((dy*cos-dx*sin)/width+.5)*n
			light := 150.0
			if mx >= 0 && my >= 0 && mx < n && my < n {
				light = 220
				if rows[int(my)][int(mx)] {
					light = 50
				}
			}
			light += random.NormFloat64() * noise
			g := uint8(min(max(light, 0), 255))
			img.SetRGBA(x, y, color.RGBA{g, g, uint8(float64(g) * .9), 255})
		}
	}
	return img
}

func asJPEG(t *testing.T, img image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPhotoOfACardOpensTheTill(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	text := keys.CardText("https://jf.example.cn", s.cardOf(s.ma))
	for _, shot := range []struct {
		side                  int
		fills, degrees, noise float64
	}{{800, .5, 0, 0}, {1600, .35, 8, 12}, {3000, .4, -20, 15}, {2400, .2, 90, 8}} {
		v.get("/counter")
		page := v.follow(v.photo("/counter/photo", asJPEG(t, snapshot(t, text, shot.side, shot.fills, shot.degrees, shot.noise), 70)))
		v.wants(page, 200, `<b class="who">马少明</b>`, "存折卡已刷")
	}
	var b bytes.Buffer
	s.must(png.Encode(&b, snapshot(t, string(s.cardOf(s.yang)), 600, .6, 3, 5)))
	v.wants(v.follow(v.photo("/counter/photo", b.Bytes())), 200, `<b class="who">杨桂兰</b>`)
}

// pngClaiming is a picture's header that claims to be as large as it says, and
// nothing behind it.
func pngClaiming(w, h uint32) []byte {
	var head bytes.Buffer
	head.WriteString("\x89PNG\r\n\x1a\n")
	chunk := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	chunk = append(chunk, 8, 6, 0, 0, 0)
	head.Write(binary.BigEndian.AppendUint32(nil, 13))
	head.Write(chunk)
	head.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk)))
	return head.Bytes()
}

func TestPhotoRefusesWhatItCannotReadBeforeUnpackingIt(t *testing.T) {
	s := newShop(t)
	v := s.as("xiaoli")
	bomb := asJPEG(t, image.NewGray(image.Rect(0, 0, 16, 16)), 50)
	at := bytes.Index(bomb, []byte{0xFF, 0xC0}) // the frame's height and width follow its length and depth
	copy(bomb[at+5:], []byte{0xFD, 0xE8, 0xFD, 0xE8})
	for name, c := range map[string]struct {
		body []byte
		code int
		say  string
	}{
		"65000×65000 PNG":              {pngClaiming(65000, 65000), 413, "照片太大"},
		"65000×65000 JPEG":             {bomb, 413, "照片太大"},
		"12 million and more in a PNG": {pngClaiming(4000, 3100), 413, "照片太大"},
		"cut off":                      {pngClaiming(400, 300), 415, "这不是能看的照片"},
		"no photo":                     {[]byte("%PDF-1.7 not a photo"), 415, "这不是能看的照片"},
		"too heavy":                    {bytes.Repeat([]byte{0xFF}, 10<<20+1), 413, "照片太大"},
		"no code":                      {asJPEG(t, image.NewGray(image.Rect(0, 0, 300, 200)), 50), 422, "照片里没有看清二维码"},
		"empty":                        {nil, 422, "还没有选文件"},
	} {
		v.get("/counter")
		r := v.photo("/counter/photo", c.body)
		if r.code != c.code {
			t.Errorf("%s: got %d, want %d", name, r.code, c.code)
			continue
		}
		v.wants(r, c.code, c.say)
	}
	strange := asJPEG(t, snapshot(t, "WIFI:S:village;T:WPA;P:12345678;;", 600, .6, 0, 0), 80)
	if r := v.follow(v.photo("/counter/photo", strange)); r.code != 404 {
		t.Errorf("some other QR code: got %d, want 404", r.code)
	}
}
