package pages

import (
	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

func (p *Pages) routesHousehold(r Routes) {
	keep := web.Staff(models.SetUpVillage)
	r.Get("/committee/households/:household/changes", keep, p.HouseholdChanges)
	r.Get("/committee/households/:household/members/:member", keep, p.HouseholdMember)
	r.Post("/committee/households/:household/members/:member", keep, p.SaveHouseholdMember)
	r.Post("/committee/households/:household/members/:member/died", keep, p.HouseholdMemberDied)
	r.Post("/committee/households/:household/hidden", keep, p.HideHousehold)
}

// memberPage is one person of a household: corrected, gone, or mourned.
type memberPage struct {
	committeeAt
	Home   village.Home
	Member village.Member
	Head   bool
	Heirs  []web.Option // who may become the head
	Typed  map[string]string
	Base   string // of the household
	Errors map[string]string
	Open   string
}

// View implements web.Page.
func (p memberPage) View() (name, title string) { return "committee/member", p.Member.Name }

// Path is the address of this person.
func (p memberPage) Path() string { return p.Base + "/members/" + models.ID32(p.Member.ID) }

func (p *Pages) memberPage(c *fiber.Ctx) (page memberPage, err error) {
	if page.committeeAt, page.Home, err = p.householdInHand(c, models.SetUpVillage); err != nil {
		return page, err
	}
	id, err := web.ID(c, "member")
	if err != nil {
		return page, err
	}
	people, err := village.Members(c.UserContext(), p.db, page.Home.Household)
	if err != nil {
		return page, err
	}
	page.Base, page.Errors = "/committee/households/"+models.ID32(page.Home.ID), map[string]string{}
	for _, m := range people {
		if m.ID == id {
			page.Member = m
		} else {
			page.Heirs = append(page.Heirs, web.Option{Value: models.ID32(m.ID), Text: m.Name, Hint: m.Relation})
		}
	}
	if page.Member.ID == 0 {
		return page, models.ErrNotFound.With("这一户现在没有这个人")
	}
	page.Head = page.Member.Relation == village.HeadRelation
	page.Typed = map[string]string{"name": page.Member.Name, "relation": page.Member.Relation}
	return page, nil
}

// HouseholdMember answers GET /committee/households/:household/members/:member.
func (p *Pages) HouseholdMember(c *fiber.Ctx) error {
	page, err := p.memberPage(c)
	if err != nil {
		return err
	}
	return web.Show(c, page)
}

// memberAct is what the forms of the page share.
func (p *Pages) memberAct(c *fiber.Ctx, open string, form any, do func(page memberPage, op db.OpID) error, say func(memberPage) (text, more string)) error {
	page, err := p.memberPage(c)
	if err != nil {
		return err
	}
	op, refused := web.Bind(c, form)
	if refused == nil {
		refused = do(page, op)
	}
	if refused == nil {
		text, more := say(page)
		web.Flash(c, "ok", text, more)
		return web.See(c, page.Href(page.Base))
	}
	page.Errors, page.Open = web.Errors(refused), open
	if open == "save" {
		page.Typed = typedOf(c, []string{"name", "relation"})
	}
	return web.Again(c, page, refused)
}

// SaveHouseholdMember answers POST …/members/:member.
func (p *Pages) SaveHouseholdMember(c *fiber.Ctx) error {
	var f struct {
		Name     string `form:"name,required" label:"姓名" max:"64"`
		Relation string `form:"relation" label:"与户主的关系" max:"16"`
	}
	return p.memberAct(c, "save", &f, func(page memberPage, op db.OpID) error {
		return village.SaveMember(c.UserContext(), p.db, op, page.Actor, page.Home.Household, village.MemberForm{ID: page.Member.ID, Name: f.Name, Relation: f.Relation})
	}, func(memberPage) (string, string) {
		return f.Name + " 的信息已改好", "改以前的也留着，在“改动记录”里看得到。"
	})
}

// HouseholdMemberDied answers POST …/members/:member/died.
func (p *Pages) HouseholdMemberDied(c *fiber.Ctx) error {
	var f struct {
		Heir int64 `form:"heir,id32" label:"接着当户主的"`
	}
	return p.memberAct(c, "died", &f, func(page memberPage, op db.OpID) error {
		return village.MemberDied(c.UserContext(), p.db, op, page.Actor, page.Home.Household, page.Member.ID, f.Heir)
	}, func(page memberPage) (string, string) {
		more := "存折、积分卡和取货密码都不变，家里人照常用。"
		if page.Head {
			more = "户主已换好。" + more
		}
		return "已登记", more
	})
}

// HideHousehold answers POST /committee/households/:household/hidden, when a
// family without a phone asks for it.
func (p *Pages) HideHousehold(c *fiber.Ctx) error {
	var f struct {
		Hidden bool `form:"hidden"`
	}
	return p.householdAct(c, "hidden", &f, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		say, more := home.Label()+" 以后不上榜", "分照样记，公示里只数一笔，红榜也不显示。"
		if !f.Hidden {
			say, more = home.Label()+" 可以上榜了", "公示里写 "+home.Masked()+"，不写全名。"
		}
		return say, more, village.SetHidden(c.UserContext(), p.db, op, at.Actor, home.Household, f.Hidden)
	})
}
