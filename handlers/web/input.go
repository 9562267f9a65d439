package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pointstore/models"
)

// input is what was sent, in one of its shapes.
type input struct {
	args *fasthttp.Args
	more map[string][]string // multipart or JSON
	json bool
}

func read(c *fiber.Ctx) (input, error) {
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return input{args: c.Request().URI().QueryArgs()}, nil
	}
	switch contentType(c) {
	case fiber.MIMEApplicationForm, "":
		return input{args: c.Request().PostArgs()}, nil
	case fiber.MIMEMultipartForm:
		f, err := c.MultipartForm()
		if err != nil {
			return input{}, errBadHTTP.Because(err)
		}
		return input{more: f.Value}, nil
	case fiber.MIMEApplicationJSON:
		more, err := readJSON(c.Request().Body())
		return input{more: more, json: true}, err
	}
	return input{}, &models.Error{Kind: models.WrongType, Code: "wrong_type", Say: "这种内容认不出来，没有保存；请从积分超市的页面提交"}
}

// readJSON flattens one object: lists of plain values become repeated values,
// and an object inside becomes name.key.
func readJSON(body []byte) (map[string][]string, error) {
	bad := errBadHTTP.With("内容的格式不对（应为 JSON），没有保存")
	var object map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&object); err != nil || d.More() || object == nil {
		return nil, bad
	}
	out := make(map[string][]string, len(object))
	for name, raw := range object {
		if bytes.HasPrefix(raw, []byte("{")) {
			var inner map[string]json.RawMessage
			if json.Unmarshal(raw, &inner) != nil {
				return nil, bad
			}
			for key, v := range inner {
				one, err := plainJSON(v)
				if err != nil {
					return nil, bad.At(name)
				}
				out[name+"."+key] = one
			}
			continue
		}
		values, err := plainJSON(raw)
		if err != nil {
			return nil, bad.At(name)
		}
		out[name] = values
	}
	return out, nil
}

// plainJSON reads a string, number, true, false, null, or a list of these.
func plainJSON(raw json.RawMessage) ([]string, error) {
	switch raw[0] {
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, err
		}
		var out []string
		for _, item := range list {
			if item[0] == '[' || item[0] == '{' {
				return nil, errors.New("nested too deep")
			}
			one, err := plainJSON(item)
			if err != nil {
				return nil, err
			}
			out = append(out, one...)
		}
		return out, nil
	case '{':
		return nil, errors.New("nested too deep")
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return []string{s}, err
	case 'n':
		return nil, nil
	}
	return []string{string(raw)}, nil // a number or a truth, as it was written
}

func (in input) values(f *field) []string {
	if f.each {
		return nil
	}
	if in.args == nil {
		return in.more[f.name]
	}
	if !f.list {
		if b := in.args.Peek(f.name); len(b) > 0 {
			return []string{string(b)}
		}
		return nil
	}
	var out []string
	for _, b := range in.args.PeekMulti(f.name) {
		out = append(out, string(b))
	}
	return out
}

func (in input) first(name string) string {
	if in.args != nil {
		return string(in.args.Peek(name))
	}
	if v := in.more[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// under lists what was sent as prefix.<key>.
func (in input) under(prefix string) map[string]string {
	out := map[string]string{}
	if in.args != nil {
		for k, v := range in.args.All() {
			if key, ok := strings.CutPrefix(string(k), prefix); ok {
				out[key] = string(v)
			}
		}
		return out
	}
	for k, v := range in.more {
		if key, ok := strings.CutPrefix(k, prefix); ok && len(v) > 0 {
			out[key] = v[0]
		}
	}
	return out
}

// onlyKnown refuses JSON that says more than was asked: a role, a village, a
// time that somebody hopes will be taken over. In forms such keys are ignored.
func (in input) onlyKnown(p *plan) error {
	if !in.json {
		return nil
	}
	for name := range in.more {
		prefix, _, _ := strings.Cut(name, ".")
		if name != "op" && !p.names[name] && !p.names[prefix+".*"] {
			return models.ErrInput.With("有一项不认识（" + clip(name) + "），没有保存").At(clip(name))
		}
	}
	return nil
}
