package web

import (
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

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
	in, err := bind(c, into)
	if err != nil || c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return db.OpID{}, err
	}
	op := in.first("op")
	if op == "" {
		op = c.Get("Idempotency-Key")
	}
	return db.ParseOpID(op)
}

// Read is Bind for what is no operation and may be done twice.
func Read(c *fiber.Ctx, into any) error {
	_, err := bind(c, into)
	return err
}

func bind(c *fiber.Ctx, into any) (input, error) {
	in, err := read(c)
	if err != nil {
		return in, err
	}
	v := reflect.ValueOf(into).Elem()
	p := planFor(v.Type())
	if err := in.onlyKnown(p); err != nil {
		return in, err
	}
	params := c.Route().Params
	var refused error // the first one; the rest is filled all the same, so that the page keeps what was typed
	for i := range p.fields {
		f := &p.fields[i]
		values := in.values(f)
		for _, name := range params {
			if name == f.name {
				one, _ := url.PathUnescape(c.Params(name))
				values = []string{one}
			}
		}
		if err := f.fill(v, values, in); err != nil && refused == nil {
			refused = err
		}
	}
	return in, refused
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
