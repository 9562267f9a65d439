package pages

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/market"
	"pointstore/models/notice"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// boardState is what boardTag needs, read once for every change of the village.
type boardState struct {
	changes uint64
	beat    int64 // where other instances write too, a page lives no longer than a beat
	ends    []models.Millis
}

// beatMillis is how long another instance's change may go unseen: 2 seconds.
const beatMillis = 2000

func (p *Pages) boardState(ctx context.Context, v int64) (boardState, error) {
	now := boardState{changes: p.db.ChangesIn(v)}
	if p.db.Dialect != db.SQLite {
		now.beat = int64(p.db.Now()) / beatMillis
	}
	if last, ok := p.kept.boards.Load(v); ok && last.(boardState).changes == now.changes && last.(boardState).beat == now.beat {
		return last.(boardState), nil
	}
	hanging, err := notice.OnTheWall(ctx, p.db, v, p.db.Now())
	if err != nil {
		return now, err
	}
	for _, n := range hanging {
		now.ends = append(now.ends, n.EndsAt)
	}
	p.kept.boards.Store(v, now)
	return now, nil
}

// public shows a page of a village that everybody sees alike, kept as it was
// drawn until something changes.
func (p *Pages) public(c *fiber.Ctx, page func(ctx context.Context, v web.Area) (web.Page, error)) error {
	v, err := web.Village(c)
	if err != nil {
		return err
	}
	tag, err := p.boardTag(c.UserContext(), v.ID)
	if err != nil {
		return err
	}
	return web.ShowPublic(c, tag, func() (web.Page, error) { return page(c.UserContext(), v) })
}

// boardLines is how many lines of a notice the board shows before it leads to
// the notice's own page.
const boardLines = 12

// boardPage is the village's board.
type boardPage struct {
	Village  web.Area
	Path     string // /v/…
	Notices  []boardNotice
	Rules    int
	Since    models.Date
	Goods    []shopItem // the first few
	AllGoods int
	Counters []counterState
	Plans    []market.Plan // announced openings
	Showings boardShowings
	Clearing []clearingPoster // announced, or done lately
	Work     *web.Link
	Q        string
	Found    []foundLine
	Errors   map[string]string
}

// boardNotice is a notice that hangs, with its first lines.
type boardNotice struct {
	award.Poster
	Href string
	More int // lines that are not shown here
}

// Since is when it was hung.
func (n boardNotice) Since() string { return dayTime(n.HungAt) }

// Until is when it ends.
func (n boardNotice) Until() string { return dayTime(n.EndsAt) }

// dayTime is an instant of these days: 11月24日 10:00.
func dayTime(m models.Millis) string {
	if m == 0 {
		return ""
	}
	return m.Day().Short() + m.Time().Format(" 15:04")
}

// counterState says whether a counter is at work.
type counterState struct {
	Name, Href string
	Since      models.Millis // 0 while it is closed
}

// Opened is when the counter opened.
func (s counterState) Opened() string { return dayTime(s.Since) }

// foundLine is a line of a notice about the household that was asked for.
type foundLine struct {
	award.Line
	Notice string
	Ends   models.Millis
}

// View implements web.Page.
func (p boardPage) View() (name, title string) { return "board/board", p.Village.Name + "公开榜" }

// Frame leads home to this very board.
func (p boardPage) Frame(f *web.Frame) { f.SiteHref = p.Path }

// Board answers GET /v/:village; with ?q= it looks a household up among what
// hangs there.
func (p *Pages) Board(c *fiber.Ctx) error {
	q := models.Normal(c.Query("q"))
	if q == "" {
		return p.public(c, func(ctx context.Context, v web.Area) (web.Page, error) {
			page, err := p.boardPage(ctx, v)
			page.Work = workLink(web.Actor(c))
			return page, err
		})
	}
	v, err := web.Village(c)
	if err != nil {
		return err
	}
	page, err := p.boardPage(c.UserContext(), v)
	if err != nil {
		return err
	}
	page.Work = workLink(web.Actor(c))
	if page.Q = q; len([]rune(q)) > 20 {
		return web.Again(c, page, models.ErrInput.With("户号太长，请核对后再查").At("q"))
	}
	if page.Found, err = p.foundOnBoard(c.UserContext(), v.ID, q, page.Notices); err != nil {
		return err
	}
	return web.Show(c, page)
}

func (p *Pages) boardPage(ctx context.Context, v web.Area) (boardPage, error) {
	page := boardPage{Village: v, Path: "/v/" + models.ID32(v.ID)}
	posters, err := award.Board(ctx, p.db, v.ID)
	if err != nil {
		return page, err
	}
	for _, n := range posters {
		page.Notices = append(page.Notices, boardNotice{Poster: n, Href: page.Path + "/notice/" + models.ID32(n.ID), More: max(len(n.Lines)-boardLines, 0)})
	}
	day := p.db.Now().Day()
	version, err := scheme.Current(ctx, p.db, v.ID, day)
	if err == nil {
		book, err := scheme.Load(ctx, p.db, v.ID, version.ID)
		if err != nil {
			return page, err
		}
		page.Rules, page.Since = len(book.Rules), version.InForceFrom
	} else if !errors.Is(err, scheme.ErrNoRules) {
		return page, err
	}
	items, err := market.Shelf(ctx, p.db, v.ID, 0, day)
	if err != nil {
		return page, err
	}
	page.AllGoods, page.Goods = len(items), shopItems(items[:min(len(items), 6)], nil)
	if page.Showings, err = p.boardShowings(ctx, v.ID); err != nil {
		return page, err
	}
	if page.Clearing, err = p.boardClearings(ctx, v); err != nil {
		return page, err
	}
	if page.Plans, err = boardPlans(ctx, p.db, v.ID, day); err != nil {
		return page, err
	}
	page.Counters, err = counterStates(ctx, p.db, v.ID)
	return page, err
}

// First are the lines shown on the board.
func (n boardNotice) First() []award.Line { return n.Lines[:min(len(n.Lines), boardLines)] }

func counterStates(ctx context.Context, c db.Conn, v int64) ([]counterState, error) {
	all, err := market.Counters(ctx, c, v)
	var list []counterState
	for _, k := range all {
		s := counterState{Name: k.Name, Href: shopPath(k)}
		if k.Opening != 0 {
			o, err := market.GetOpening(ctx, c, v, k.Opening)
			if err != nil {
				return nil, err
			}
			s.Since = o.OpenedAt
		}
		list = append(list, s)
	}
	return list, err
}

// foundOnBoard finds lines by the village's own household number, or by the mark
// that stands on the board: 3组012 or 012.
func (p *Pages) foundOnBoard(ctx context.Context, v int64, q string, notices []boardNotice) ([]foundLine, error) {
	home, err := village.HomeByNumber(ctx, p.db, v, q)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	var found []foundLine
	for _, n := range notices {
		for _, l := range n.Lines {
			_, mark, _ := strings.Cut(l.Household, " ")
			if err == nil && l.Household == home.Masked() || err != nil && (mark == q || strings.HasSuffix(mark, "组"+q)) {
				found = append(found, foundLine{l, n.Name(), n.EndsAt})
			}
		}
	}
	return found, nil
}
