package web

import (
	"io"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
)

// File is an uploaded file: what it was called, without any folder, and its
// bytes. A missing file is a refusal about that field.
func File(c *fiber.Ctx, field string) (name string, body []byte, err error) {
	missing := models.ErrInput.With("还没有选文件，请选好再交").At(field)
	if !isMultipart(c) {
		return "", nil, missing
	}
	f, err := c.MultipartForm()
	if err != nil {
		return "", nil, errBadHTTP.Because(err)
	}
	if len(f.File[field]) == 0 || f.File[field][0].Size == 0 {
		return "", nil, missing
	}
	h := f.File[field][0]
	r, err := h.Open()
	if err != nil {
		return "", nil, err
	}
	defer r.Close()
	body, err = io.ReadAll(r)
	return clip64(path.Base(strings.ReplaceAll(h.Filename, `\`, "/"))), body, err
}

// clip64 keeps the end of a file's name, where its kind stands.
func clip64(name string) string {
	r := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
	return string(r[max(0, len(r)-64):])
}

// Files are the bytes of all files sent under a field, empty ones left out; a
// form without any is no refusal.
func Files(c *fiber.Ctx, field string) ([][]byte, error) {
	if !isMultipart(c) {
		return nil, nil
	}
	f, err := c.MultipartForm()
	if err != nil {
		return nil, errBadHTTP.Because(err)
	}
	var all [][]byte
	for _, h := range f.File[field] {
		if h.Size == 0 {
			continue
		}
		r, err := h.Open()
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, body)
	}
	return all, nil
}
