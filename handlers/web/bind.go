package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pointstore/models"
	"pointstore/models/db"
)

// Bind fills the struct that into points to from path, query, form or JSON, by
// its tags, and returns the operation id that was put into the form when it was
// drawn. The error is a refusal that names the field.
//
//	form:"name,required,id32,text,raw"   name.* fills a map from name.<key>
//	label:"户主"                          what the person calls it
//	min:"0" max:"99"                     of a number; of text, max counts characters
//
// Plain text is folded by models.Normal and at most 200 characters; text keeps
// Chinese punctuation and line ends (2,000); raw is left alone, for secrets.
func Bind(c *fiber.Ctx, into any) (db.OpID, error) {
	in, err := read(c)
	if err != nil {
		return db.OpID{}, err
	}
	v := reflect.ValueOf(into).Elem()
	p := planFor(v.Type())
	if err := in.onlyKnown(p); err != nil {
		return db.OpID{}, err
	}
	params := c.Route().Params
	for i := range p.fields {
		f := &p.fields[i]
		values := in.values(f)
		for _, name := range params {
			if name == f.name {
				one, _ := url.PathUnescape(c.Params(name))
				values = []string{one}
			}
		}
		if err := f.fill(v, values, in); err != nil {
			return db.OpID{}, err
		}
	}
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return db.OpID{}, nil
	}
	op := in.first("op")
	if op == "" {
		op = c.Get("Idempotency-Key")
	}
	return db.ParseOpID(op)
}

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

func (f *field) fill(v reflect.Value, values []string, in input) error {
	target := v.FieldByIndex(f.index)
	if f.each {
		return f.fillMap(target, in.under(f.name))
	}
	if f.list {
		return f.fillList(target, values)
	}
	text := ""
	if len(values) > 0 {
		text = values[0]
	}
	if !f.raw {
		if !utf8.ValidString(text) {
			return f.refuse("有认不出的字符，没有保存，请重新输入")
		}
		text = f.clean(text)
	}
	if text == "" {
		if f.required {
			return f.refuse("还没有填，请填好再交")
		}
		target.SetZero()
		return nil
	}
	return f.set(f, target, text)
}

// listMost bounds a repeated field; a batch of households is a few hundred.
const listMost = 5000

func (f *field) fillList(target reflect.Value, values []string) error {
	if len(values) > listMost {
		return f.refuse("一次最多 " + strconv.Itoa(listMost) + " 项，没有保存，请分几次办")
	}
	list := reflect.MakeSlice(target.Type(), 0, len(values))
	for _, text := range values {
		if !utf8.ValidString(text) {
			return f.refuse("有认不出的字符，没有保存，请重新输入")
		}
		if text = f.clean(text); text == "" {
			continue
		}
		item := reflect.New(target.Type().Elem()).Elem()
		if err := f.set(f, item, text); err != nil {
			return err
		}
		list = reflect.Append(list, item)
	}
	if f.required && list.Len() == 0 {
		return f.refuse("还没有选，请选好再交")
	}
	target.Set(list)
	return nil
}

func (f *field) fillMap(target reflect.Value, sent map[string]string) error {
	if len(sent) > listMost {
		return f.refuse("一次最多 " + strconv.Itoa(listMost) + " 项，没有保存，请分几次办")
	}
	m := reflect.MakeMapWithSize(target.Type(), len(sent))
	for key, text := range sent {
		if !utf8.ValidString(key + text) {
			return f.refuse("有认不出的字符，没有保存，请重新输入")
		}
		text = f.clean(text)
		if text == "" || text == "0" {
			continue
		}
		k, item := reflect.New(target.Type().Key()).Elem(), reflect.New(target.Type().Elem()).Elem()
		if err := f.key(f, k, key); err != nil {
			return err
		}
		if err := f.set(f, item, text); err != nil {
			return err
		}
		m.SetMapIndex(k, item)
	}
	target.Set(m)
	return nil
}

func (f *field) refuse(what string) error {
	return models.ErrInput.With("“" + f.label + "”" + what).At(f.tag)
}

func (f *field) refuseValue(wants, got string) error {
	return f.refuse(fmt.Sprintf("要填%s，没有保存；您填的是“%s”", wants, clip(got)))
}

// clip keeps a quoted piece of somebody's input short enough to be read.
func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}
