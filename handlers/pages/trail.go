package pages

import (
	"context"
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/account"
	"pointstore/models/db"
	"pointstore/models/village"
)

// trailRows is how many operations a page of the log shows.
const trailRows = 50

// logPage lists what was done in a place, newest first.
type logPage struct {
	Places []web.Option
	Place  string
	Kinds  []web.Option
	Rows   []logRow
	Older  string
}

type logRow struct {
	At, Who, What string
	Changes       []string
}

func (logPage) View() (name, title string) { return "admin/log", "操作记录" }

// Log answers GET /admin/log.
func (p *Pages) Log(c *fiber.Ctx) error {
	ctx, by := c.UserContext(), web.Actor(c)
	places, err := p.logPlaces(ctx, by)
	if err != nil {
		return err
	}
	at, err := pickArea(places, c.Query("village"))
	if err != nil {
		return err
	}
	kind := c.Query("kind")
	done, err := db.Trail(ctx, p.db, at.ID, kind, trailAfter(c), trailRows+1)
	if err != nil {
		return err
	}
	page := logPage{Places: areaOptions(places, at.ID), Place: at.Name, Kinds: kindOptions(kind)}
	if len(done) > trailRows {
		done = done[:trailRows]
		last := done[trailRows-1]
		page.Older = "/admin/log?" + url.Values{"village": {models.ID32(at.ID)}, "kind": {kind}, "before": {models.ID32(int64(last.At))}, "op": {last.ID.String()}}.Encode()
	}
	page.Rows, err = p.logRows(ctx, at.ID, done)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// trailAfter is where the page before ended; a broken address begins anew.
func trailAfter(c *fiber.Ctx) db.Done {
	at, err := models.ParseID32(c.Query("before"))
	op, bad := db.ParseOpID(c.Query("op"))
	if err != nil || bad != nil {
		return db.Done{}
	}
	return db.Done{At: models.Millis(at), ID: op}
}

// logPlaces are the villages, and for whoever runs them the areas, whose trail
// the actor may read.
func (p *Pages) logPlaces(ctx context.Context, by models.Actor) ([]staffArea, error) {
	var out, upper []staffArea
	all, err := village.Areas(ctx, p.db)
	for _, a := range all {
		if !by.Can(models.ReadLog, a.Place()) {
			continue
		}
		if a.Level == village.Hamlet {
			out = append(out, staffArea{a.ID, a.Name, a.Level})
		} else {
			upper = append(upper, staffArea{a.ID, a.Name, a.Level})
		}
	}
	if by.Can(models.RunInstance, models.Place{}) {
		upper = append(upper, staffArea{models.Everywhere, "整个系统", ""})
	}
	return append(out, upper...), err
}

func kindOptions(now string) []web.Option {
	out := []web.Option{{Text: "全部操作"}}
	for _, k := range operationKinds {
		out = append(out, web.Option{Value: k.Key, Text: k.Title, Selected: k.Key == now})
	}
	return out
}

func (p *Pages) logRows(ctx context.Context, v int64, done []db.Done) ([]logRow, error) {
	who := map[int64]string{0: "系统"}
	rows := make([]logRow, len(done))
	for i, o := range done {
		if who[o.Actor] == "" {
			name, err := p.actorName(ctx, v, o.Actor)
			if err != nil {
				return nil, err
			}
			who[o.Actor] = name
		}
		rows[i] = logRow{At: o.At.String(), Who: who[o.Actor], What: kindTitle(o.Kind)}
		for _, n := range o.Notes {
			rows[i].Changes = append(rows[i].Changes, noteText(n))
		}
	}
	return rows, nil
}

// actorName is a member of staff, or a household at its own phone.
func (p *Pages) actorName(ctx context.Context, v, id int64) (string, error) {
	a, err := account.Get(ctx, p.db, id)
	if err == nil {
		return a.Name, nil
	}
	if !errors.Is(err, models.ErrNotFound) {
		return "", err
	}
	h, err := village.GetHome(ctx, p.db, models.Household{Village: v, ID: id})
	if errors.Is(err, models.ErrNotFound) {
		return "未知", nil
	}
	return "村民 " + h.Mark(), err
}

// noteText says what changed: 免密码额度：0 → 20.
func noteText(n db.Note) string {
	name := n.Field
	if title := fieldTitles[name]; title != "" {
		name = title
	}
	if n.Field == "grid" { // kept by number, which says nothing to a reader
		return name + "改了"
	}
	old, is := valueTitle(n.Field, n.Old), valueTitle(n.Field, n.New)
	switch {
	case old == "":
		return name + "：" + is
	case is == "":
		return name + "：" + old + "（去掉了）"
	}
	return name + "：" + old + " → " + is
}
