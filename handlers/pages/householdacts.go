package pages

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// householdAct is what the small forms on a household's page share: the
// household in hand, the form, the act, and the page again if it is refused.
// open names the part of the page; do answers what to say.
func (p *Pages) householdAct(c *fiber.Ctx, open string, form any, do func(at committeeAt, home village.Home, op db.OpID) (say, more string, err error)) error {
	at, home, err := p.householdInHand(c, models.SetUpVillage)
	if err != nil {
		return err
	}
	op, refused := web.Bind(c, form)
	if refused == nil {
		var say, more string
		if say, more, refused = do(at, home, op); refused == nil {
			web.Flash(c, "ok", say, more)
			return web.See(c, at.Href("/committee/households/"+models.ID32(home.ID)))
		}
	}
	page, err := p.householdPage(c, at, home, 0)
	if err != nil {
		return err
	}
	page.Errors, page.Open = web.Errors(refused), open
	for _, name := range []string{"name", "relation", "other", "reason"} {
		page.Typed[name] = c.FormValue(name)
	}
	return web.Again(c, page, refused)
}

// HouseholdLeaves answers POST /committee/households/:household/leave.
func (p *Pages) HouseholdLeaves(c *fiber.Ctx) error {
	var f struct {
		Reason string `form:"reason" label:"原因" max:"200"`
	}
	return p.householdAct(c, "leave", &f, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		return home.Label() + " 已登记离开", "存折和以前的每一笔都还在；搬回来了可以恢复。", village.Leave(c.UserContext(), p.db, op, at.Actor, home.Household, f.Reason)
	})
}

// HouseholdReturns answers POST /committee/households/:household/back.
func (p *Pages) HouseholdReturns(c *fiber.Ctx) error {
	return p.householdAct(c, "leave", &struct{}{}, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		return home.Label() + " 已恢复", "原来的积分还在，可以接着记分、换东西。", village.ComeBack(c.UserContext(), p.db, op, at.Actor, home.Household)
	})
}

// AddHouseholdMember answers POST /committee/households/:household/members.
func (p *Pages) AddHouseholdMember(c *fiber.Ctx) error {
	var f struct {
		Name     string `form:"name,required" label:"姓名" max:"64"`
		Relation string `form:"relation" label:"与户主的关系" max:"16"`
	}
	return p.householdAct(c, "members", &f, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		_, err := village.AddMember(c.UserContext(), p.db, op, at.Actor, home.Household, village.MemberForm{Name: f.Name, Relation: f.Relation})
		return f.Name + " 已添到这一户", "", err
	})
}

// RemoveHouseholdMember answers POST …/members/:member/remove.
func (p *Pages) RemoveHouseholdMember(c *fiber.Ctx) error {
	return p.householdAct(c, "members", &struct{}{}, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		id, err := web.ID(c, "member")
		if err != nil {
			return "", "", err
		}
		return "已移出这一户", "以前记在这个人名下的分不变。", village.RemoveMember(c.UserContext(), p.db, op, at.Actor, home.Household, id)
	})
}

// AddHouseholdLink answers POST /committee/households/:household/links: another
// household by its number, or a member of staff whose own home it is.
func (p *Pages) AddHouseholdLink(c *fiber.Ctx) error {
	var f struct {
		Other    string `form:"other" label:"那一户的户号" max:"64"`
		Account  int64  `form:"account,id32"`
		Relation string `form:"relation" label:"关系" max:"16"`
	}
	return p.householdAct(c, "links", &f, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		l := village.Link{Household: home.ID, Account: f.Account, Relation: f.Relation}
		if f.Other != "" {
			other, err := p.homeCalled(c, at, f.Other)
			if err != nil {
				return "", "", err
			}
			l.Other = other.ID
		}
		_, err := village.AddLink(c.UserContext(), p.db, op, at.Actor, at.Area.ID, l)
		return "亲属关系已登记", "有这层关系的工作人员，不能再给这一户记分、改分。", err
	})
}

// homeCalled is the one household that a number, a mark (3组012) or a name means;
// of several, the refusal names them.
func (p *Pages) homeCalled(c *fiber.Ctx, at committeeAt, words string) (village.Home, error) {
	found, err := p.search(c, at.Area.ID, words)
	if err != nil {
		return village.Home{}, err
	}
	if len(found) == 0 {
		return village.Home{}, models.ErrInput.With("村里没有“" + words + "”这一户，还没有登记；请核对户号").At("other")
	}
	exact := slices.DeleteFunc(slices.Clone(found), func(h village.Home) bool { return h.Number != words && h.Mark() != words && h.Head != words })
	switch {
	case len(exact) == 1:
		return exact[0], nil
	case len(found) == 1:
		return found[0], nil
	}
	var names []string
	for _, h := range found[:min(len(found), 4)] {
		names = append(names, h.Label()+"（户号 "+h.Number+"）")
	}
	return village.Home{}, models.ErrInput.With("“" + words + "”不止一户：" + strings.Join(names, "、") + "；还没有登记，请填户号").At("other")
}

// RemoveHouseholdLink answers POST …/links/:link/remove.
func (p *Pages) RemoveHouseholdLink(c *fiber.Ctx) error {
	return p.householdAct(c, "links", &struct{}{}, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		id, err := web.ID(c, "link")
		if err != nil {
			return "", "", err
		}
		return "亲属关系已取消", "", village.RemoveLink(c.UserContext(), p.db, op, at.Actor, at.Area.ID, id)
	})
}

// SetHouseholdPIN answers POST /committee/households/:household/pin: the family
// types its 取货密码 itself, twice.
func (p *Pages) SetHouseholdPIN(c *fiber.Ctx) error {
	var f struct {
		PIN   string `form:"pin,raw" label:"取货密码" max:"32"`
		Again string `form:"again,raw" label:"再输一遍" max:"32"`
	}
	return p.householdAct(c, "pin", &f, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		if f.PIN != f.Again {
			return "", "", models.ErrInput.With("两遍密码不一样，没有保存，请重新输入").At("again")
		}
		return "取货密码已设好", "从现在起用新密码；请村民自己记住，不要写在卡上。", village.SetPIN(c.UserContext(), p.db, op, at.Actor, p.keys, home.Household, f.PIN)
	})
}

// UnlockHousehold answers POST /committee/households/:household/unlock.
func (p *Pages) UnlockHousehold(c *fiber.Ctx) error {
	return p.householdAct(c, "pin", &struct{}{}, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		return "已解锁，可以重新输密码", "", village.UnlockPIN(c.UserContext(), p.db, op, at.Actor, home.Household)
	})
}

// ReissueCard answers POST /committee/households/:household/card.
func (p *Pages) ReissueCard(c *fiber.Ctx) error {
	return p.householdAct(c, "card", &struct{}{}, func(at committeeAt, home village.Home, op db.OpID) (string, string, error) {
		no, err := village.IssueCard(c.UserContext(), p.db, op, at.Actor, p.keys, home.Household)
		return "新卡已开出，第 " + countOf(int(no)) + " 张", "旧卡从现在起不能用了。请打印新卡交给村民签收。", err
	})
}
