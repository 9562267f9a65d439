package award

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// The results of a door. Away and Handed leave it open: somebody comes back.
const (
	Clean  = "clean"
	Fair   = "fair"
	Poor   = "poor"
	Scored = "score"  // under a full-mark table
	Away   = "away"   // nobody at home
	Vacant = "vacant" // nobody lives there
	Handed = "handed" // the inspector's own or a relative's: a colleague does it
)

// ResultNames are the results in the village's words, in the order of the
// buttons.
var ResultNames = []village.Option{{Key: Clean, Title: "整洁"}, {Key: Fair, Title: "一般"}, {Key: Poor, Title: "差"},
	{Key: Scored, Title: "打分"}, {Key: Away, Title: "无人"}, {Key: Vacant, Title: "空户"}, {Key: Handed, Title: "请同事记"}}

// The states of a round.
const (
	RoundOpen   = "open"
	RoundClosed = "closed"
)

// Round is one walk along the doors of a village, or of a part of it.
type Round struct {
	Village, ID int64
	Name        string
	Day         models.Date // the day of the acts
	Choices     Choices
	Team        string // who walks along, for the sheet
	Grid        int64  // 0: all grids
	Group       int    // 0: all groups
	State       string
	MadeAt      models.Millis
	MadeBy      int64
	ClosedAt    models.Millis
}

// Open reports whether doors may still be marked.
func (r Round) Open() bool { return r.State == RoundOpen }

// Choices are what one may tap at a door: states, or a table of full marks.
type Choices struct {
	Worths []Worth `json:",omitempty"`
	Table  *Table  `json:",omitempty"`
}

// Worth says what one result earns.
type Worth struct {
	Result string
	Rule   int64         // 0: nothing
	Points models.Points // chosen where the rule leaves a choice
	Level  string        `json:",omitempty"` // or the name of a level
	Shown  models.Points // with its sign, as on the button
	Pass   bool          // counts as passed
}

// Worth is what a result earns; ok is false for a result the round does not
// offer.
func (r Round) Worth(result string) (w Worth, ok bool) {
	switch result {
	case Away, Vacant, Handed:
		return Worth{Result: result}, true
	case Scored:
		if r.Choices.Table != nil {
			return Worth{Result: Scored, Rule: r.Choices.Table.Rule}, true
		}
	}
	for _, w := range r.Choices.Worths {
		if w.Result == result {
			return w, true
		}
	}
	return Worth{}, false
}

// Passed reports whether a mark counts as passed, and whether it counts at all.
func (r Round) Passed(m Mark) (passed, counts bool) {
	if m.Result == Scored && r.Choices.Table != nil {
		return m.Score >= r.Choices.Table.PassAt, true
	}
	w, ok := r.Worth(m.Result)
	return w.Pass, ok && (m.Result == Clean || m.Result == Fair || m.Result == Poor)
}

const roundColumns = "village_id, id, name, day, choices, team, grid_id, group_no, state, made_at, made_by, closed_at"

func scanRound(row db.Scanner) (r Round, err error) {
	var choices string
	if err = row.Scan(&r.Village, &r.ID, &r.Name, &r.Day, &choices, &r.Team, &r.Grid, &r.Group, &r.State, &r.MadeAt, &r.MadeBy, &r.ClosedAt); err == nil {
		err = json.Unmarshal([]byte(choices), &r.Choices)
	}
	return r, err
}

// GetRound reads one round; ErrNotFound when the village has none of that id.
func GetRound(ctx context.Context, c db.Conn, v, id int64) (Round, error) {
	r, err := scanRound(c.Stmts(ctx).Row("SELECT "+roundColumns+" FROM rounds WHERE village_id = ? AND id = ?", v, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = models.ErrNotFound.With("没有找到这一轮巡查，请核对后再试")
	}
	return r, err
}

// Rounds lists a village's rounds, newest first.
func Rounds(ctx context.Context, c db.Conn, v int64, at models.Cursor) ([]Round, error) {
	before := at.Before
	if before <= 0 {
		before = 1<<63 - 1
	}
	return rounds(ctx, c, "village_id = ? AND id < ? ORDER BY id DESC LIMIT ?", v, before, at.Size())
}

func rounds(ctx context.Context, c db.Conn, where string, args ...any) ([]Round, error) {
	var all []Round
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		r, err := scanRound(row)
		all = append(all, r)
		return err
	}, "SELECT "+roundColumns+" FROM rounds WHERE "+where, args...)
	return all, err
}

// CountRounds is how many rounds a village has had.
func CountRounds(ctx context.Context, c db.Conn, v int64) (n int, err error) {
	err = c.Stmts(ctx).Row("SELECT COUNT(*) FROM rounds WHERE village_id = ?", v).Scan(&n)
	return n, err
}

// NewRound is a round as it is typed.
type NewRound struct {
	Village int64
	Name    string
	Day     models.Date // empty: today
	Team    string
	Grid    int64
	Group   int
	Worths  []Worth // of clean, fair and poor; a result that is missing earns nothing
	Full    int64   // a full-mark rule instead of the states
	PassAt  models.Points
}

// StartRound opens a round: from now on its doors can be marked. What the
// results are worth is settled here, under the rules in force on its day.
func StartRound(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, ask NewRound) (Round, error) {
	ask.Name, ask.Team = models.Normal(ask.Name), models.Normal(ask.Team)
	if ask.Day == "" {
		ask.Day = d.Now().Day()
	}
	if err := ask.check(d.Now().Day()); err != nil {
		return Round{}, err
	}
	r := Round{Village: ask.Village, ID: models.NewID(), Name: ask.Name, Day: ask.Day, Team: ask.Team, Grid: ask.Grid, Group: ask.Group, State: RoundOpen, MadeBy: by.Account}
	err := d.InTx(ctx, db.Op{ID: op, Village: ask.Village, Kind: "round_start", Asked: ask, By: by, Subject: r.ID, Answer: &r}, func(tx *db.Tx) error {
		if err := may(ctx, tx, by, models.GrantPoints, ask.Village); err != nil {
			return err
		}
		var err error
		if r.Choices, err = ask.choices(ctx, tx); err != nil {
			return err
		}
		choices, err := json.Marshal(r.Choices)
		if err != nil {
			return err
		}
		r.MadeAt = tx.Now
		_, err = tx.SQL.Exec("INSERT INTO rounds ("+roundColumns+") VALUES ("+db.Holes(12)+")", r.Village, r.ID, r.Name, string(r.Day), string(choices), r.Team, r.Grid, r.Group,
			r.State, int64(r.MadeAt), r.MadeBy, 0)
		return err
	})
	return r, err
}

func (n NewRound) check(today models.Date) error {
	if err := checkDay(n.Day, today); err != nil {
		return err
	}
	switch {
	case n.Name == "" || utf8.RuneCountInString(n.Name) > 64:
		return models.ErrInput.With("“这一轮叫什么”要填 1 到 64 个字，还没有开始").At("name")
	case utf8.RuneCountInString(n.Team) > 200:
		return models.ErrInput.With("“同行的人”最多 200 个字，还没有开始").At("team")
	case n.Group < 0 || n.Group > 99:
		return models.ErrInput.With("“组”要填 0 到 99，还没有开始").At("group")
	}
	return nil
}

// choices settles what the results are worth, and refuses a rule that cannot be
// recorded by a tap.
func (n NewRound) choices(ctx context.Context, tx *db.Tx) (Choices, error) {
	id, err := scheme.InForce(ctx, tx, n.Village, n.Day)
	if err != nil {
		return Choices{}, notInForce(err, n.Day)
	}
	b, err := scheme.Load(ctx, tx, n.Village, id)
	if err != nil {
		return Choices{}, err
	}
	if n.Full != 0 {
		r, err := ruleIn(ctx, tx, b, n.Village, n.Full, n.Day)
		if err != nil {
			return Choices{}, err
		}
		t, err := tableOf(r, n.PassAt)
		return Choices{Table: t}, err
	}
	var out Choices
	for _, result := range []string{Clean, Fair, Poor} {
		w := Worth{Result: result, Pass: result == Clean}
		for _, asked := range n.Worths {
			if asked.Result == result && asked.Rule != 0 {
				r, err := ruleIn(ctx, tx, b, n.Village, asked.Rule, n.Day)
				if err != nil {
					return out, err
				}
				w.Rule, w.Points, w.Level = r.ID, asked.Points, asked.Level
				if w.Shown, err = shownAtDoor(r, asked); err != nil {
					return out, err
				}
			}
		}
		out.Worths = append(out.Worths, w)
	}
	if out.Worths[0].Rule == 0 && out.Worths[1].Rule == 0 && out.Worths[2].Rule == 0 {
		return out, models.ErrInput.With("还没有选“整洁”记哪一条规则，还没有开始；请至少选一条").At("clean")
	}
	return out, nil
}

// shownAtDoor is what one tap under the rule moves, with its sign.
func shownAtDoor(r scheme.Rule, w Worth) (models.Points, error) {
	at := func(say string) error {
		return models.ErrInput.With(fmt.Sprintf("“%s”%s，不能在巡查里一点就记；还没有开始，请换一条", r.Item, say)).At(w.Result)
	}
	switch {
	case r.Direction != scheme.Plus && r.Direction != scheme.Minus:
		return 0, at("不是加分也不是扣分")
	case r.Capped() && r.CapPer == "member":
		return 0, at("按人算上限")
	}
	points := w.Points
	if w.Level != "" {
		var ok bool
		if points, ok = r.Level(w.Level); !ok {
			return 0, at("没有“" + w.Level + "”这一档")
		}
	}
	v, err := r.Value(models.One, points)
	if err != nil {
		var e *models.Error
		if errors.As(err, &e) {
			return 0, models.ErrInput.With(strings.ReplaceAll(e.Say, "没有记分", "还没有开始")).At(w.Result)
		}
		return 0, err
	}
	if r.Direction == scheme.Minus {
		v = -v
	}
	return v, nil
}

// ErrRoundOver refuses marks for a round that has ended. Whoever still holds
// marks keeps them: opened again, the round takes them.
var ErrRoundOver = &models.Error{Kind: models.Conflict, Code: "round_over", Say: "这一轮已经结束，没有再记；手机里和纸上的还在，要补记请先点“重新打开这一轮”"}

// CloseRound ends a round; the doors that are missing stay listed on it.
// Closing twice is no error.
func CloseRound(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64) error {
	return turnRound(ctx, d, db.Op{ID: op, Village: v, Kind: "round_close", Asked: id, By: by, Subject: id}, RoundClosed)
}

// ReopenRound takes CloseRound back, for marks that came too late.
func ReopenRound(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64) error {
	return turnRound(ctx, d, db.Op{ID: op, Village: v, Kind: "round_open", Asked: id, By: by, Subject: id}, RoundOpen)
}

func turnRound(ctx context.Context, d *db.DB, op db.Op, state string) error {
	return d.InTx(ctx, op, func(tx *db.Tx) error {
		r, err := GetRound(ctx, tx, op.Village, op.Subject)
		if err != nil {
			return err
		}
		if err := may(ctx, tx, op.By, models.GrantPoints, op.Village); err != nil || r.State == state {
			return err
		}
		closed := models.Millis(0)
		if state == RoundClosed {
			closed = tx.Now
		}
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE rounds SET state = ?, closed_at = ? WHERE village_id = ? AND id = ? AND state = ?", state, int64(closed), op.Village, r.ID, r.State); err != nil {
			return err
		}
		return tx.Note(op.Village, db.Note{Field: "round", Old: r.State, New: state})
	})
}
