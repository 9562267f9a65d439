package village

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/sheet"
)

// RollKind names rolls among uploads and imports.
const RollKind = "roll"

// RollChoice is what a reader chose about a roll.
type RollChoice struct {
	Sheet   int            `json:"sheet,omitempty"`   // the worksheet, from 1; 0: the first that holds anything
	Columns map[string]int `json:"columns,omitempty"` // key of RollColumns → column, -1 for none
}

// String is the choice as uploads keep it.
func (c RollChoice) String() string {
	b, _ := json.Marshal(c)
	return string(b)
}

// ParseRollChoice reads String back; an empty text is no choice yet.
func ParseRollChoice(s string) (c RollChoice, err error) {
	if s != "" {
		err = json.Unmarshal([]byte(s), &c)
	}
	return c, err
}

// RollPreview says how a roll was understood and what importing it would do.
type RollPreview struct {
	Table                sheet.Table
	Mapping              sheet.Mapping
	Says                 []string   // how the table as a whole was read
	Homes                []RollHome // in the order of the table
	Problems             []sheet.Problem
	Grids                []string // that would be made
	Absent               int      // households of the village that the roll does not name; they stay as they are
	Added, Changed, Same int
	// Before refuses the import because this file went in already; nil when not.
	Before error
}

// RollHome is one household as the roll was understood.
type RollHome struct {
	Rows     []int // as Excel shows them
	Number   string
	Group    int
	Head     string
	Members  []MemberForm // besides the head
	Under14  int
	State    string   // RollAdd, RollChange, RollSame
	Changes  []string // of RollChange, in people's words
	HasPhone bool
}

// Summary is the preview in one sentence.
func (p RollPreview) Summary() string {
	if len(p.Problems) > 0 {
		return sheet.Summary(len(p.Table.Rows), p.Problems)
	}
	return fmt.Sprintf("共 %d 行，读出 %d 户：新增 %d 户，更新 %d 户，不变 %d 户", len(p.Table.Rows), len(p.Homes), p.Added, p.Changed, p.Same)
}

// ReadRoll reads an uploaded roll, the chosen worksheet of it.
func ReadRoll(u db.Upload) (sheet.Table, RollChoice, error) {
	choice, err := ParseRollChoice(u.Choice)
	if err != nil {
		return sheet.Table{}, choice, err
	}
	t, err := sheet.ReadSheet(u.Name, u.Body, choice.Sheet-1)
	return t, choice, err
}

// PreviewRoll understands a roll without changing anything. A table with
// problems is no error: the preview names them.
func PreviewRoll(ctx context.Context, c db.Conn, k *keys.Keys, village int64, t sheet.Table, choice RollChoice) (RollPreview, error) {
	r, err := understand(ctx, c, k, village, &t, choice)
	if err != nil {
		return RollPreview{}, err
	}
	p := RollPreview{Table: t, Mapping: r.m, Says: r.says, Problems: r.problems, Grids: r.missing, Absent: r.absent}
	for _, pl := range r.plans {
		h := RollHome{Rows: pl.rows, Number: pl.Number, Group: pl.form.Group, Head: pl.Head, Members: pl.people, Under14: pl.form.Under14,
			State: pl.state(), Changes: pl.changes, HasPhone: pl.has["phone"]}
		switch h.State {
		case RollAdd:
			p.Added++
		case RollChange:
			p.Changed++
		default:
			p.Same++
		}
		p.Homes = append(p.Homes, h)
	}
	before := db.WasImported(ctx, c, village, RollKind, rollHash(t))
	if before != nil && models.KindOf(before) == models.Bug {
		return p, before
	}
	p.Before = before
	return p, nil
}

// rollHash is what "the same file" means: of a workbook with a sheet for every
// group each sheet goes in by itself.
func rollHash(t sheet.Table) [32]byte {
	if len(t.Sheets) < 2 {
		return t.Hash
	}
	return sha256.Sum256(append(t.Hash[:], t.Sheet...))
}

// understood is a roll against the village as it is.
type understood struct {
	*reading
	plans   []*plan
	grids   map[string]int64
	missing []string // names of grids to be made
	absent  int
}

func understand(ctx context.Context, c db.Conn, k *keys.Keys, village int64, t *sheet.Table, choice RollChoice) (understood, error) {
	u := understood{}
	r := match(t, choice)
	if !r.has("head") && !r.has("name") {
		u.reading = &reading{matched: r, problems: []sheet.Problem{{Text: "没有找到户主或姓名这一列，请指明是哪一列"}}}
		return u, nil
	}
	u.reading = read(r, c.Handle().Now().Time().Year())
	there, err := allKnown(ctx, c, village)
	if err != nil {
		return u, err
	}
	if u.grids, u.missing, err = gridsOf(ctx, c, village, u.homes); err != nil {
		return u, err
	}
	matches := u.number(there)
	for _, h := range u.homes {
		was := matches[h]
		if was != nil && was.Left() {
			u.wrong(h.first, "head", "“"+was.Head+"”（"+was.Number+"）已登记离开；要恢复请先在户信息里办，或从表里去掉这一户")
			continue
		}
		u.plans = append(u.plans, compare(h, was, k, u.grids))
	}
	u.absent = len(there) - len(matches)
	if len(u.homes) == 0 && len(u.problems) == 0 {
		u.problems = append(u.problems, sheet.Problem{Text: "表里没有读出一户人家，请核对选的是不是名册"})
	}
	slices.SortStableFunc(u.problems, func(a, b sheet.Problem) int { return a.Row - b.Row })
	return u, nil
}
