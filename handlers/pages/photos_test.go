package pages_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"pointstore/handlers/web"
	"pointstore/models"
)

// upload sends a form with one file.
func (w *hall) upload(who, path, field string, file []byte, pairs ...string) hallAnswer {
	w.Helper()
	if w.tokens[who] == "" {
		w.get(who, "/account")
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		w.must(m.WriteField(pairs[i], pairs[i+1]))
	}
	w.must(m.WriteField("csrf", w.tokens[who]))
	w.must(m.WriteField("op", web.NewOp()))
	part, err := m.CreateFormFile(field, "C:\\照片.jpg")
	w.must(err)
	_, err = part.Write(file)
	w.must(err)
	w.must(m.Close())
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return w.send(who, r)
}

func snap(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 200)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPhotoOfAHungNoticeIsSeenByItsVillageOnly(t *testing.T) {
	w := newHall(t)
	w.see(w.post("he", "/committee/award", "household", models.ID32(w.ma.ID), "rule", w.rule("庭院整洁")), 303)
	made := w.see(w.post("he", "/committee/notices"), 303)
	hang := []string{"where", "村部公示栏", "day", "2026-11-23", "time", "09:00"}
	w.see(w.upload("he", made.location+"/hang", "photo", []byte("<svg onload=alert(1)>"), hang...), 415, "没有存", "村部公示栏")
	w.see(w.get("he", made.location), 200, "贴好了，登记一下") // nothing was done
	w.see(w.upload("he", made.location+"/hang", "photo", snap(t), hang...), 303)
	page := w.see(w.get("he", made.location), 200, "公示中", `<img src="/photos/`)
	_, path, _ := strings.Cut(page.body, `<img src="`)
	path, _, _ = strings.Cut(path, `"`)
	if got := w.see(w.get("he", path), 200); !strings.Contains(got.body, "\xff\xd8") && len(got.body) < 300 {
		t.Errorf("%d bytes are no picture", len(got.body))
	}
	w.see(w.get("next", path), 404)
	w.see(w.get("nobody", path), 303, "/signin")
	w.see(w.post("next", path+"/remove"), 404)
	w.see(w.post("he", path+"/remove", "back", made.location), 303, made.location)
	w.see(w.get("he", path), 404)
}
