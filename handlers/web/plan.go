package web

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"pointstore/models"
)

// plan is how a struct is filled, worked out once per type.
type plan struct {
	fields []field
	names  map[string]bool
}

type field struct {
	index     []int
	name, tag string // name of the input, without the star; and as tagged
	label     string
	required  bool
	id32      bool
	text      bool
	raw       bool
	list      bool // repeated
	each      bool // name.<key>
	min, max  *int64
	set, key  setter
}

type setter func(f *field, target reflect.Value, text string) error

var plans sync.Map // reflect.Type → *plan

func planFor(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{names: map[string]bool{}}
	p.add(t, nil)
	plans.Store(t, p)
	return p
}

// add panics on a struct that cannot be filled: a mistake of ours, found by the
// first request that any test makes.
func (p *plan) add(t reflect.Type, at []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		index := append(append([]int(nil), at...), i)
		tag, ok := sf.Tag.Lookup("form")
		if !ok {
			if sf.Anonymous && sf.Type.Kind() == reflect.Struct {
				p.add(sf.Type, index)
			}
			continue
		}
		f := newField(sf, tag, index)
		if p.names[f.tag] {
			panic(fmt.Sprintf("%v has two fields named %s", t, f.tag))
		}
		p.names[f.tag] = true
		p.fields = append(p.fields, f)
	}
}

func newField(sf reflect.StructField, tag string, index []int) field {
	words := strings.Split(tag, ",")
	f := field{index: index, tag: words[0], name: strings.TrimSuffix(words[0], "*"), label: sf.Tag.Get("label"), min: bound(sf, "min"), max: bound(sf, "max")}
	if f.label == "" {
		f.label = "这一项"
	}
	for _, w := range words[1:] {
		switch w {
		case "required":
			f.required = true
		case "id32":
			f.id32 = true
		case "text":
			f.text = true
		case "raw":
			f.raw = true
		default:
			panic(fmt.Sprintf("field %s: unknown word %q", sf.Name, w))
		}
	}
	t := sf.Type
	switch t.Kind() {
	case reflect.Map:
		f.each, f.key = true, setterFor(sf, t.Key(), f.id32)
		f.id32 = false // it is said of the keys
		t = t.Elem()
	case reflect.Slice:
		f.list = true
		t = t.Elem()
	}
	if f.each != strings.HasSuffix(f.tag, ".*") {
		panic(fmt.Sprintf("field %s: maps, and only maps, are named name.*", sf.Name))
	}
	f.set = setterFor(sf, t, f.id32)
	return f
}

func bound(sf reflect.StructField, name string) *int64 {
	s, ok := sf.Tag.Lookup(name)
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("field %s: %s %q is no number", sf.Name, name, s))
	}
	return &n
}

func setterFor(sf reflect.StructField, t reflect.Type, id32 bool) setter {
	switch t {
	case reflect.TypeFor[models.Points]():
		return parsed(models.ParsePoints, "“分值”")
	case reflect.TypeFor[models.Qty]():
		return parsed(models.ParseQty, "“数量”")
	case reflect.TypeFor[models.Fen]():
		return parsed(models.ParseFen, "“金额”")
	case reflect.TypeFor[models.Date]():
		return parsed(models.ParseDate, "“日期”")
	case reflect.TypeFor[models.Quarter]():
		return parsed(models.ParseQuarter, "“季度”")
	case reflect.TypeFor[models.Month]():
		return setMonth
	}
	switch t.Kind() {
	case reflect.String:
		return setString
	case reflect.Bool:
		return setBool
	case reflect.Int, reflect.Int64:
		if id32 {
			return setID
		}
		return setInt
	}
	panic(fmt.Sprintf("field %s: cannot be filled, it is %v", sf.Name, t))
}

// parsed uses a word's own reader, and says the person's name for the field
// instead of the word's.
func parsed[T any](parse func(string) (T, error), called string) setter {
	return func(f *field, target reflect.Value, text string) error {
		v, err := parse(text)
		var e *models.Error
		if errors.As(err, &e) {
			say := e.Say
			if f.label != "这一项" {
				say = strings.Replace(say, called, "“"+f.label+"”", 1)
			}
			return e.With(say).At(f.tag)
		}
		if err != nil {
			return err
		}
		target.Set(reflect.ValueOf(v))
		return nil
	}
}

func setMonth(f *field, target reflect.Value, text string) error {
	text = strings.ReplaceAll(text, "-", "")
	n, err := strconv.Atoi(text)
	if err != nil || len(text) != 6 || n%100 < 1 || n%100 > 12 || n < 190001 {
		return f.refuseValue("像 202611 这样的年月", text)
	}
	target.SetInt(int64(n))
	return nil
}

const (
	stringMost = 200
	textMost   = 2000
)

func setString(f *field, target reflect.Value, text string) error {
	most := int64(stringMost)
	if f.text || f.raw {
		most = textMost
	}
	if f.max != nil {
		most = *f.max
	}
	if n := int64(utf8.RuneCountInString(text)); n > most {
		return f.refuse(fmt.Sprintf("最多 %d 个字，您填了 %d 个，没有保存，请改短再交", most, n))
	}
	target.SetString(text)
	return nil
}

func setBool(f *field, target reflect.Value, text string) error {
	switch strings.ToLower(text) {
	case "1", "on", "true", "yes":
		target.SetBool(true)
	case "0", "off", "false", "no":
		target.SetBool(false)
	default:
		return f.refuseValue("“是”或“否”", text)
	}
	return nil
}

func setInt(f *field, target reflect.Value, text string) error {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || target.OverflowInt(n):
		return f.refuseValue("整数", text)
	case f.min != nil && n < *f.min || f.max != nil && n > *f.max:
		return f.refuseValue(f.span(), text)
	}
	target.SetInt(n)
	return nil
}

func (f *field) span() string {
	switch {
	case f.min == nil:
		return fmt.Sprintf("不大于 %d 的数", *f.max)
	case f.max == nil:
		return fmt.Sprintf("不小于 %d 的数", *f.min)
	}
	return fmt.Sprintf(" %d 到 %d 的数", *f.min, *f.max)
}

func setID(f *field, target reflect.Value, text string) error {
	id, err := models.ParseID32(strings.ToLower(text))
	if err != nil {
		return f.refuse("认不出来，没有保存，请重新选择")
	}
	target.SetInt(id)
	return nil
}

// clean takes away what nobody typed on purpose: control characters, marks that
// turn the direction of writing, and, but in free text, full-width forms.
func (f *field) clean(s string) string {
	if f.raw {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r':
			if f.text {
				return '\n'
			}
			return ' '
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
			return -1
		}
		return r
	}, s)
	if f.text {
		return strings.TrimSpace(s)
	}
	return models.Normal(s)
}
