package pages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/village"
)

// roundPage is a round under way. It is loaded once: the script keeps what is
// tapped on the phone and sends it when there is a signal; without the script
// each door is a form.
type roundPage struct {
	committeeAt
	Round   award.Round
	ID      string
	Where   string
	Doors   []roundDoor
	Now     *roundDoor // nil: none is left
	Buttons []roundButton
	Table   *roundTable
	Done    int
	Total   int
	Account string
	Send    string
	SignIn  string
	Note    string
	Errors  map[string]string
}

// roundDoor is one door in the list; the script reads all of it. There may be
// hundreds, so what doors have in common stands once.
type roundDoor struct {
	ID, Head, Mark, Lane string
	Turn                 bool   // the lane begins here
	Result, Title, Note  string // of this round
	By                   string // who marked it, when it was somebody else
	Last                 string
	Own, Empty           bool
	Search, Scan, Href   string
}

// roundButton is one result to tap.
type roundButton struct {
	Result, Title, Points string
	None                  bool // earns nothing
	Why                   bool // needs a reason: it takes points away
}

// roundTable is a full-mark table on the page; numbers begin at 1, as on paper,
// and 0 is a fault that the table does not name.
type roundTable struct {
	Full   models.Points
	Faults []roundFault
}

type roundFault struct {
	Number int
	Name   string
	Points models.Points
}

// View implements web.Page.
func (p roundPage) View() (name, title string) { return "committee/round", p.Round.Name }

// Frame keeps the bar on its entry.
func (roundPage) Frame(f *web.Frame) { f.Active = "award" }

// Round answers GET /committee/rounds/:round.
func (p *Pages) Round(c *fiber.Ctx) error {
	at, r, err := p.roundInHand(c)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	if !r.Open() {
		return web.See(c, roundPath(at, r, "/sum"))
	}
	page, err := p.roundPage(c, at, r, c.Query("door"))
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) roundPage(c *fiber.Ctx, at committeeAt, r award.Round, asked string) (page roundPage, err error) {
	ctx := c.UserContext()
	doors, err := p.doorsOf(ctx, at, r)
	if err != nil {
		return page, err
	}
	page = roundPage{committeeAt: at, Round: r, ID: models.ID32(r.ID), Total: len(doors), Account: models.ID32(at.Actor.Account),
		Send: roundPath(at, r, ""), SignIn: "/signin?next=" + roundPath(at, r, ""), Buttons: roundButtons(r), Table: roundTableOf(r)}
	if page.Where, err = p.roundWhere(ctx, r); err != nil {
		return page, err
	}
	who, err := p.namesOf(ctx, at, doors)
	if err != nil {
		return page, err
	}
	now := -1
	for i, d := range doors {
		line := p.roundDoor(at, r, d)
		line.By, line.Turn = who[d.Mark.Account], i == 0 || line.Lane != page.Doors[i-1].Lane
		page.Doors = append(page.Doors, line)
		if d.Mark.Final() {
			page.Done++
		}
		if line.ID == asked || asked == "" && now < 0 && d.Mark.Result == "" && !line.Own && !line.Empty {
			now = i
		}
	}
	if now < 0 { // what somebody has to come back to
		now = slices.IndexFunc(doors, func(d award.Door) bool { return d.Missing() && !at.Kin(d.Household) })
	}
	if now >= 0 {
		page.Now = &page.Doors[now]
	}
	return page, nil
}

func (p *Pages) roundDoor(at committeeAt, r award.Round, d award.Door) roundDoor {
	line := roundDoor{ID: models.ID32(d.ID), Head: d.Head, Mark: d.Home.Mark(), Lane: dotted(groupName(d.Group), d.Lane), Note: d.Mark.Note,
		Own: at.Kin(d.Household), Empty: d.Residence == "empty", Search: initials(d.Head)}
	_, query, _ := strings.Cut(roundPath(at, r, "", "door", line.ID), "?")
	line.Href = "?" + query
	if d.Mark.Result != "" {
		line.Result, line.Title = d.Mark.Result, markText(d.Mark)
	}
	if d.Last.Result != "" {
		line.Last = markText(d.Last)
	}
	if d.CardNo != 0 {
		line.Scan = scanMark(string(village.CardToken(p.keys, d.Home)))
	}
	return line
}

// initials are a name's pinyin initials, msm for 马少明: what one types to find
// somebody, and light enough for a page that lists a whole village.
func initials(name string) string {
	n := len([]rune(name))
	return strings.Join(slices.DeleteFunc(strings.Fields(village.Spelt(name)), func(s string) bool { return len(s) > n }), " ")
}

// scanMark is enough of a card's hash to tell the village's doors apart on a
// phone without a signal; the cards themselves are not given away.
func scanMark(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:4])
}

// namesOf names the colleagues who marked doors.
func (p *Pages) namesOf(ctx context.Context, at committeeAt, doors []award.Door) (map[int64]string, error) {
	names := map[int64]string{}
	for _, d := range doors {
		id := d.Mark.Account
		if _, ok := names[id]; ok || id == 0 || id == at.Actor.Account {
			continue
		}
		a, err := account.Get(ctx, p.db, id)
		if err != nil {
			return nil, err
		}
		names[id] = a.Name
	}
	return names, nil
}

func roundButtons(r award.Round) (out []roundButton) {
	for _, w := range r.Choices.Worths {
		b := roundButton{Result: w.Result, Title: village.TitleOf(award.ResultNames, w.Result), Points: w.Shown.Signed(), None: w.Rule == 0, Why: w.Shown < 0}
		if b.None {
			b.Points = "不记分"
		}
		out = append(out, b)
	}
	return append(out, roundButton{Result: award.Away, Title: "无人", Points: "回头再来", None: true}, roundButton{Result: award.Vacant, Title: "空户", Points: "没人住", None: true})
}

func roundTableOf(r award.Round) *roundTable {
	t := r.Choices.Table
	if t == nil {
		return nil
	}
	out := &roundTable{Full: t.Full}
	for i, f := range t.Faults {
		out.Faults = append(out.Faults, roundFault{i + 1, f.Name, f.Points})
	}
	if t.Each > 0 {
		out.Faults = append(out.Faults, roundFault{0, "其他问题", t.Each})
	}
	return out
}

// markText is a mark in a word or two: 整洁, 9.5 分.
func markText(m award.Mark) string {
	if m.Result == award.Scored {
		return m.Score.String() + " 分"
	}
	return village.TitleOf(award.ResultNames, m.Result)
}

// roundForm is any number of doors, from the phone's script, a door's form or
// the keyed-in sheet: values stand under the household they are of.
type roundForm struct {
	Result map[int64]string `form:"result.*,id32" label:"结果" max:"16"`
	Note   map[int64]string `form:"note.*,id32" label:"说明" max:"200"`
	Faults map[int64]string `form:"faults.*,id32" label:"扣分项" max:"400"`
	Tap    map[int64]string `form:"tap.*,id32" max:"32"`
	At     map[int64]int64  `form:"at.*,id32"`
	Fault  []string         `form:"fault" max:"4"` // of the one door of a plain form
	From   string           `form:"from" max:"8"`  // key: the keyed-in sheet
}

// marks are the doors of a form, always in the same order, so that the same
// form sent twice is the same form.
func (f roundForm) marks() ([]award.Mark, error) {
	var all []award.Mark
	for h, result := range f.Result {
		m := award.Mark{Household: h, Result: result, Note: f.Note[h], MarkedAt: models.Millis(f.At[h])}
		if tap := f.Tap[h]; tap != "" {
			op, err := db.ParseOpID(tap)
			if err != nil {
				return nil, err
			}
			m.Op = op
		}
		faults := f.Faults[h]
		if len(f.Result) == 1 && len(f.Fault) > 0 {
			faults = strings.Join(f.Fault, " ")
		}
		var err error
		if m.Faults, err = readFaults(faults); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b award.Mark) int { return int(max(-1, min(1, a.Household-b.Household))) })
	return all, nil
}

// readFaults reads the numbers of faults as they stand on paper: 1 3 3, 0 for
// one that has no number.
func readFaults(text string) (faults []int, err error) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,，、;；/.", r) }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 || n > 99 {
			return nil, models.ErrInput.With(fmt.Sprintf("“扣分项”要填表头上的号，比如 1 3；没有保存，您填的是“%s”", word)).At("faults")
		}
		faults = append(faults, n-1) // 0 becomes award.OtherFault
	}
	return faults, nil
}
