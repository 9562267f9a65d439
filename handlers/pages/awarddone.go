package pages

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/award"
	"pointstore/models/ledger"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// awardDonePage says what was written down, and leads on.
type awardDonePage struct {
	committeeAt
	Home    village.Home
	Award   award.Award
	What    string
	Undo    int
	Book    ledger.Passbook
	Says    string // what happens to it next
	Steps   string
	Telling string // the paper that tells the household of a deduction
	Next    *village.Home
	NextRef string
}

// View implements web.Page.
func (awardDonePage) View() (name, title string) { return "committee/awarddone", "已记" }

// Frame keeps the bar on its entry.
func (p awardDonePage) Frame(f *web.Frame) {
	f.Active = "award"
}

// AwardDone answers GET /committee/award/:award.
func (p *Pages) AwardDone(c *fiber.Ctx) error {
	at, a, err := p.awardInHand(c)
	if err != nil {
		return p.committeeAstray(c, err, models.GrantPoints)
	}
	ctx := c.UserContext()
	page := awardDonePage{committeeAt: at, Award: a, What: actText(a), Undo: p.undoLeft(at, a)}
	if page.Home, err = village.GetHome(ctx, p.db, a.Household); err != nil {
		return err
	}
	if page.Book, err = ledger.Balance(ctx, p.db, a.Household); err != nil {
		return err
	}
	book, err := scheme.Load(ctx, p.db, at.Area.ID, a.Version)
	if err != nil {
		return err
	}
	path := "/committee/awards/" + models.ID32(a.ID)
	page.Says, page.Steps = page.says(book.Version), at.Href(path)
	if a.State == award.Warned {
		page.Telling = at.Href(path + "/telling")
	}
	if page.Next, err = p.nextDoor(ctx, page.Home); err != nil {
		return err
	}
	if page.Next != nil {
		page.NextRef = at.Href("/committee/award", "household", models.ID32(page.Next.ID))
	}
	return web.Show(c, page)
}

// says tells what happens to the award next.
func (p awardDonePage) says(v scheme.Version) string {
	a, days := p.Award, countOf(v.NoticeDays)
	switch {
	case a.EntrySeq != 0:
		return "已到账，现有 " + p.Book.Balance.String() + " 分"
	case a.State == award.Claimed:
		return "替这家报上了，等初审"
	case a.State == award.Checked:
		return "已初审，等评议会评议，通过以后再贴榜"
	case a.State == award.Pending:
		return "还没有生效，等另一位同事批准以后再贴榜"
	case a.State == award.Warned:
		return "还没有扣；先告知这一户，" + minute(a.DueAt) + " 前可以申辩，到期才生效"
	case a.State == award.Frozen:
		return "有人提意见，正在核实"
	case a.Notice != 0:
		return "公示中，到期自动到账"
	}
	return "等贴榜，贴满 " + days + " 天自动到账；现有 " + p.Book.Balance.String() + " 分"
}

func (p *Pages) awardInHand(c *fiber.Ctx) (at committeeAt, a award.Award, err error) {
	if at, err = committeeFor(c, models.GrantPoints); err != nil {
		return at, a, err
	}
	id, err := web.ID(c, "award")
	if err != nil {
		return at, a, err
	}
	a, err = award.Get(c.UserContext(), p.db, at.Area.ID, id)
	return at, a, err
}

// nextDoor is the household after this one as one walks through its group; nil
// after the last.
func (p *Pages) nextDoor(ctx context.Context, h village.Home) (*village.Home, error) {
	all, err := village.Homes(ctx, p.db, h.Village, village.Filter{Group: h.Group, ByDoor: true})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(o village.Home) bool { return o.ID == h.ID })
	for _, next := range all[i+1:] {
		if next.Joining != "out" && next.Group == h.Group && next.Residence != "empty" {
			return &next, nil
		}
	}
	return nil, nil
}

// WithdrawAward answers POST /committee/award/:award/withdraw.
func (p *Pages) WithdrawAward(c *fiber.Ctx) error {
	at, a, err := p.awardInHand(c)
	if err != nil {
		return err
	}
	var f struct {
		Next string `form:"next,raw"`
	}
	op, err := web.Bind(c, &f)
	if err != nil {
		return err
	}
	if err := award.Withdraw(c.UserContext(), p.db, op, at.Actor, at.Area.ID, a.ID); err != nil {
		return err
	}
	home, err := village.GetHome(c.UserContext(), p.db, a.Household)
	if err != nil {
		return err
	}
	book, err := ledger.Balance(c.UserContext(), p.db, a.Household)
	if err != nil {
		return err
	}
	web.Flash(c, "ok", "已撤回："+home.Label()+" "+actText(a)+" "+a.Shown().Signed(), "能换的分现在是 "+book.Balance.String()+" 分。")
	if f.Next == "list" {
		return web.See(c, at.Href("/committee"))
	}
	return web.See(c, at.Href("/committee/award", "household", models.ID32(home.ID)))
}
