package photo

import (
	"bytes"
	"encoding/binary"
	"image"
)

// look walks the headers of a JPEG, up to its first picture data: how the camera
// was held (1 to 8, as EXIF counts; 1 when it does not say) and whether the
// picture comes in several passes.
func look(body []byte) (turn int, progressive bool) {
	turn = 1
	if len(body) < 4 || body[0] != 0xff || body[1] != 0xd8 {
		return turn, false
	}
	for i := 2; i+4 <= len(body) && body[i] == 0xff; {
		marker, n := body[i+1], int(binary.BigEndian.Uint16(body[i+2:]))
		switch {
		case marker == 0xff: // padding
			i++
			continue
		case marker == 0xda || n < 2 || i+2+n > len(body):
			return turn, progressive
		case marker == 0xc2:
			progressive = true
		case marker == 0xe1:
			if t, ok := orientation(body[i+4 : i+2+n]); ok {
				turn = t
			}
		}
		i += 2 + n
	}
	return turn, progressive
}

// orientation finds tag 0x0112 in the first directory of an EXIF block.
func orientation(block []byte) (int, bool) {
	tiff, ok := bytes.CutPrefix(block, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0, false
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0, false
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0, false
	}
	for k := range int64(order.Uint16(tiff[at:])) {
		row := at + 2 + 12*k
		if row+12 > int64(len(tiff)) {
			return 0, false
		}
		if order.Uint16(tiff[row:]) == 0x0112 {
			t := int(order.Uint16(tiff[row+8:]))
			return t, t >= 1 && t <= 8
		}
	}
	return 0, false
}

// upright turns the picture as it was seen. Of the eight ways, 5 to 8 lie on
// their side.
func upright(img *image.RGBA, turn int) *image.RGBA {
	if turn <= 1 || turn > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var tx, ty int
			switch turn {
			case 2:
				tx, ty = w-1-x, y
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				tx, ty = x, h-1-y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(tx, ty):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}
