package pages

import (
	"context"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/sheet"
)

// importKind is one of the four tables a village brings along. All four take
// the same way: choose the file, see how it was understood, confirm, watch.
type importKind struct {
	Key   string
	Title string // 导入户和成员
	Noun  string // 花名册
	Lead  string // what the file looks like
	Next  string // the kind that comes after it in the first run; empty: the people
	Wants []sheet.Want

	// sample is an example to fill in.
	sample func() sheet.Sheet
	// read says how the file was understood under what was chosen so far.
	read func(ctx context.Context, p *Pages, v int64, u db.Upload, f importForm) (importReading, error)
	// run imports all of it or nothing.
	run func(ctx context.Context, p *Pages, op db.OpID, by models.Actor, v int64, u db.Upload, f importForm, step func(done, total int)) (importResult, error)
	// check refuses options that cannot be, before anything is started.
	check func(f importForm) error
	// start fills in what the form of options begins with.
	start func(ctx context.Context, p *Pages, op db.OpID, by models.Actor, v web.Area, f *importForm) error
}

var importKinds = []importKind{rollImport, rulesImport, goodsImport, balancesImport}

func importKindOf(key string) (importKind, error) {
	for _, k := range importKinds {
		if k.Key == key {
			return k, nil
		}
	}
	return importKind{}, models.ErrNotFound
}

// importReading is how a file was understood.
type importReading struct {
	Table      sheet.Table
	Mapping    sheet.Mapping
	Rows       []importRow
	Problems   []sheet.Problem
	Before     error    // this file went in already
	Totals     []string // what will happen, in words
	Says       []string // how the table as a whole was read
	Warnings   []string // what a person should look at; refuses nothing
	Fine       bool     // can go in as it is
	Categories []importCategory
}

// importRow is how one row, or one household of several rows, was understood.
type importRow struct {
	Number int
	Title  string // whom or what it is about
	Text   string // how it was understood
	Tag    string // 新增, 更新, 不变
	Kind   string // colour of the tag
	Notes  []string
	Bad    []string
	Rule   *importRule
}

// importRule is what a person may decide about a row of a table of rules.
type importRule struct {
	Unclear bool // a limit that nobody could read: settle it by hand
	Private bool
	Times   string
	Most    string
	Period  string
	Per     string
}

// importCategory is one heading of a table of rules, to be placed under one of
// the county's.
type importCategory struct {
	Name    string
	Rules   int
	Choices []web.Option
}

// importForm is what the reader of a preview has chosen so far. It is kept with
// the waiting file, as text: nothing that was typed is lost on the way.
type importForm struct {
	Go      string            `form:"go" json:"-" max:"8"`
	Sheet   string            `form:"sheet" json:"sheet,omitempty" max:"4"`
	Columns map[string]string `form:"col.*" json:"col,omitempty"`

	// Rules.
	adoptionForm
	Shown    map[string]string `form:"shown.*" json:"shown,omitempty"`
	Private  []string          `form:"private" json:"private,omitempty"`
	Skip     []string          `form:"skip" json:"skip,omitempty"`
	Times    map[string]string `form:"times.*" json:"times,omitempty"`
	Most     map[string]string `form:"most.*" json:"most,omitempty"`
	Period   map[string]string `form:"period.*" json:"period,omitempty"`
	Per      map[string]string `form:"per.*" json:"per,omitempty"`
	Counties map[string]string `form:"county.*" json:"county,omitempty"` // by position of the category
	Names    map[string]string `form:"category.*" json:"category,omitempty"`

	// Goods.
	Counter  string `form:"counter" json:"counter,omitempty" max:"20"`
	AddStock string `form:"add_stock" json:"add_stock,omitempty" max:"4"`

	// Balances.
	AsOf       string `form:"as_of" json:"as_of,omitempty" max:"20"`
	Resolution string `form:"resolution" json:"resolution,omitempty" max:"64"`
	Checked    string `form:"checked" json:"checked,omitempty" max:"4"`
}

// chosen are the columns as sheet.Match takes them; what was never asked is
// left out.
func (f importForm) chosen() map[string]int {
	out := map[string]int{}
	for key, text := range f.Columns {
		if text == noColumn {
			out[key] = -1
		} else if n, ok := wholeNumber(text); ok && n > 0 {
			out[key] = n - 1
		}
	}
	return out
}

// noColumn is the answer that the table has no such column; the others count
// from 1.
const noColumn = "none"

// worksheet is the one that was chosen, which the form counts from 1; -1 for
// the first that holds anything.
func (f importForm) worksheet() int {
	if n, ok := wholeNumber(f.Sheet); ok && n > 0 {
		return n - 1
	}
	return -1
}
