package photo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"testing"

	"pointstore/models/photo"
)

// scene is a picture with a red top left corner, blue elsewhere.
func scene(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{B: 0xe0, A: 0xff}
			if x < w/2 && y < h/2 {
				c = color.RGBA{R: 0xe0, A: 0xff}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// withCamera puts an EXIF block behind the first marker: how the camera was
// held, its name, and where it stood.
func withCamera(jpg []byte, turn uint16, order byteOrder) []byte {
	mark := "MM\x00*"
	if order.Uint16([]byte{1, 0}) == 1 {
		mark = "II*\x00"
	}
	row := func(b []byte, tag, kind uint16, n, value uint32) []byte {
		b = order.AppendUint16(order.AppendUint16(b, tag), kind)
		return order.AppendUint32(order.AppendUint32(b, n), value)
	}
	tiff := order.AppendUint32([]byte(mark), 8)
	tiff = order.AppendUint16(tiff, 2)
	short := uint32(turn)
	if mark == "MM\x00*" {
		short <<= 16 // a short stands at the left of its field
	}
	tiff = row(tiff, 0x0112, 3, 1, short)
	tiff = row(tiff, 0x8825, 4, 1, 38) // the GPS directory
	tiff = order.AppendUint32(tiff, 0)
	tiff = append(tiff, "HONGLIU-CUN-38.47N-106.27E"...)
	block := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(block)+2))...)
	return append(append(out, block...), jpg[2:]...)
}

func red(c color.Color) bool {
	r, _, b, _ := c.RGBA()
	return r > 0x8000 && b < 0x8000
}

func TestPrepareDropsWhatTheCameraWroteAndTurnsUpright(t *testing.T) {
	// Where the red corner must be after turning, in quarters of the picture.
	corner := map[uint16][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}
	for turn, want := range corner {
		for _, order := range []byteOrder{binary.BigEndian, binary.LittleEndian} {
			sent := withCamera(jpegOf(t, scene(400, 200)), turn, order)
			if !bytes.Contains(sent, []byte("106.27E")) {
				t.Fatal("the test's own photo says nothing about where it was taken")
			}
			p, err := photo.Prepare(t.Context(), sent)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(p.Body, []byte("Exif")) || bytes.Contains(p.Body, []byte("106.27E")) || bytes.Contains(p.Body, []byte{0xff, 0xe1}) {
				t.Errorf("turn %d: what the camera wrote is still there", turn)
			}
			img, err := jpeg.Decode(bytes.NewReader(p.Body))
			if err != nil {
				t.Fatal(err)
			}
			w, h := img.Bounds().Dx(), img.Bounds().Dy()
			if w != p.Width || h != p.Height || (turn >= 5) != (h > w) {
				t.Errorf("turn %d: %d×%d, said to be %d×%d", turn, w, h, p.Width, p.Height)
			}
			for qx := range 2 {
				for qy := range 2 {
					if got := red(img.At(w/4+qx*w/2, h/4+qy*h/2)); got != (want == [2]int{qx, qy}) {
						t.Errorf("turn %d: quarter %d,%d red is %t", turn, qx, qy, got)
					}
				}
			}
		}
	}
}

func TestPrepareBoundsPixelsAndBytes(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 3000, 2000))
	seed := uint32(1)
	for i := range noise.Pix {
		seed = seed*1664525 + 1013904223
		noise.Pix[i] = byte(seed >> 24)
	}
	p, err := photo.Prepare(t.Context(), jpegOf(t, noise))
	if err != nil || max(p.Width, p.Height) > 1600 || len(p.Body) > 600<<10 {
		t.Fatalf("%v: %d×%d, %d bytes", err, p.Width, p.Height, len(p.Body))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, scene(90, 60)); err != nil {
		t.Fatal(err)
	}
	if p, err := photo.Prepare(t.Context(), b.Bytes()); err != nil || p.Width != 90 || p.Height != 60 {
		t.Errorf("a small one: %v, %d×%d", err, p.Width, p.Height)
	}
}

// giant is a JPEG or PNG whose header claims more pixels than any memory holds.
func giantJPEG(t testing.TB) []byte {
	b := jpegOf(t, scene(16, 16))
	i := bytes.Index(b, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(b[i+5:], 65000)
	binary.BigEndian.PutUint16(b[i+7:], 65000)
	return b
}

func giantPNG(t testing.TB) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, scene(16, 16)); err != nil {
		t.Fatal(err)
	}
	head := b.Bytes()[12:29] // IHDR and its fields
	binary.BigEndian.PutUint32(head[4:], 65000)
	binary.BigEndian.PutUint32(head[8:], 65000)
	binary.BigEndian.PutUint32(b.Bytes()[29:], crc32.ChecksumIEEE(head))
	return b.Bytes()
}

func TestPrepareRefusesGiantsBeforeUnpackingThem(t *testing.T) {
	progressive := giantJPEG(t)
	progressive[bytes.Index(progressive, []byte{0xff, 0xc0})+1] = 0xc2
	for name, bomb := range map[string][]byte{"jpeg": giantJPEG(t), "progressive": progressive, "png": giantPNG(t), "bytes": make([]byte, photo.BytesMost+1)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := photo.Prepare(t.Context(), bomb)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, photo.ErrLarge) {
			t.Errorf("%s: %v", name, err)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
			t.Errorf("%s took %d bytes of memory to refuse", name, taken)
		}
	}
}

func TestPrepareRefusesWhatIsNoPhoto(t *testing.T) {
	var moving bytes.Buffer
	if err := gif.Encode(&moving, scene(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	whole := jpegOf(t, scene(300, 300))
	for name, body := range map[string][]byte{"nothing": {}, "text": []byte("<svg onload=alert(1)>"), "gif": moving.Bytes(), "half": whole[:len(whole)/2]} {
		if _, err := photo.Prepare(t.Context(), body); !errors.Is(err, photo.ErrKind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A camera's headers are whatever a stranger writes there.
func FuzzPrepareSurvivesAnyHeader(f *testing.F) {
	f.Add(withCamera(jpegOf(f, scene(8, 8)), 6, binary.BigEndian))
	f.Add(withCamera(jpegOf(f, scene(8, 8)), 6, binary.LittleEndian)[:60])
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := photo.Prepare(t.Context(), body)
		if err == nil && (p.Width < 1 || p.Height < 1 || len(p.Body) == 0) {
			t.Errorf("prepared nothing: %+v", p)
		}
	})
}
