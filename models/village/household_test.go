package village_test

import (
	"errors"
	"strings"
	"testing"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
	"pointstore/models/village"
)

func TestHomeKeepsWhatWasTyped(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx, op := t.Context(), db.NewOpID()
		f := village.HomeForm{Village: s.v, Number: " ０１２ ", Group: 3, Head: "马•阿卜杜拉", Phone: "138 0013 8000", Under14: 2, Lane: "东巷",
			Members: []village.MemberForm{{Name: "王　芳", Relation: "配偶"}, {Name: "𠮷木木呷", Relation: "母亲"}}}
		h, err := village.AddHome(ctx, d, op, s.by, f.With(s.k))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := village.AddHome(ctx, d, op, s.by, f.With(s.k)); err != nil || again != h {
			t.Errorf("the same form again: %v %v", again, err)
		}
		home := s.get(h)
		if home.Number != "012" || home.Label() != "马·阿卜杜拉 3组012" || home.Masked() != "马·阿*拉 3组012" || home.CardNo != 1 || !home.HasPhone || home.HasPIN || home.Joining != "in" {
			t.Errorf("%+v", home)
		}
		if got := s.names(h); got != "马·阿卜杜拉(户主) 王芳(配偶) 𠮷木木呷(母亲)" {
			t.Error(got)
		}
		if phone, err := village.PhoneOf(ctx, d, s.k, h); phone != "13800138000" || err != nil {
			t.Errorf("%q %v", phone, err)
		}
		found, err := village.FindPhone(ctx, d, s.k, s.v, "+86 138-0013-8000")
		if err != nil || len(found) != 1 || found[0].Household != h {
			t.Errorf("by phone: %v %v", found, err)
		}
		for _, part := range []string{"8000", "1380013800"} {
			if found, err := village.FindPhone(ctx, d, s.k, s.v, part); len(found) != 0 || err != nil {
				t.Errorf("by %s: %v %v", part, found, err)
			}
		}
		var plain int
		if d.Stmts(ctx).Row("SELECT COUNT(*) FROM households WHERE INSTR(search, '138') > 0 OR INSTR(HEX(phone_sealed), HEX('13800138000')) > 0").Scan(&plain); plain != 0 {
			t.Error("the number lies in the database in the clear")
		}
	})
}

func TestHomeRefusesInPlainChinese(t *testing.T) {
	d, _ := modelstest.Open(t)
	s := newStage(t, d)
	s.home(village.HomeForm{Number: "1", Head: "马少明"})
	for _, c := range []struct {
		change func(*village.HomeForm)
		field  string
		says   string
	}{
		{func(f *village.HomeForm) { f.Number = "1" }, "number", "户号 1 已经有一户在用"},
		{func(f *village.HomeForm) { f.Number = strings.Repeat("9", 17) }, "number", "最多 16 个字"},
		{func(f *village.HomeForm) { f.Number = "12<b>" }, "number", "不能用的符号"},
		{func(f *village.HomeForm) { f.Head = "马*明" }, "head", "星号"},
		{func(f *village.HomeForm) { f.Head = "马少明2" }, "head", "数字"},
		{func(f *village.HomeForm) { f.Head = "马□明" }, "head", "没有显示出来"},
		{func(f *village.HomeForm) { f.Head = "<script>" }, "head", "不是姓名的符号"},
		{func(f *village.HomeForm) { f.Head = strings.Repeat("马", 65) }, "head", "64"},
		{func(f *village.HomeForm) { f.Head = " · " }, "head", "还没有填"},
		{func(f *village.HomeForm) { f.Group = 100 }, "group", "0 到 99"},
		{func(f *village.HomeForm) { f.Phone = "138****8000" }, "phone", "星号"},
		{func(f *village.HomeForm) { f.Joining = "never" }, "joining", "参加"},
		{func(f *village.HomeForm) { f.GridID = 99 }, "grid", "没有这个网格"},
	} {
		f := village.HomeForm{Village: s.v, Number: "2", Head: "马少军"}
		c.change(&f)
		_, err := village.AddHome(t.Context(), d, db.NewOpID(), s.by, f.With(s.k))
		var e *models.Error
		if !errors.As(err, &e) || e.Field != c.field || !strings.Contains(e.Say, c.says) {
			t.Errorf("%+v: %v %+v", f, err, e)
		}
	}
	if all, _ := village.Homes(t.Context(), d, s.v, village.Filter{}); len(all) != 1 {
		t.Errorf("refused, yet there: %v", all)
	}
	long := strings.Repeat("阿", 31) + "·" + strings.Repeat("吾", 32)
	if h := s.home(village.HomeForm{Number: "3", Head: long}); s.get(h).Head != long {
		t.Error("a long name was cut")
	}
}

func TestSaveHomeRefusesAStaleForm(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		h := s.home(village.HomeForm{Number: "012", Group: 3, Head: "马少明", Members: []village.MemberForm{{Name: "马小军", Relation: "儿子"}}})
		mine, theirs := s.get(h).Form(), s.get(h).Form()
		theirs.Under14, theirs.Head = 1, "马小军"
		op := db.NewOpID()
		if err := village.SaveHome(t.Context(), d, op, s.by, theirs); err != nil {
			t.Fatal(err)
		}
		mine.Lane = "西巷"
		if err := village.SaveHome(t.Context(), d, db.NewOpID(), s.by, mine); !errors.Is(err, models.ErrStale) {
			t.Fatalf("stale: %v", err)
		}
		if home := s.get(h); home.Lane != "" || home.Under14 != 1 || home.Version != 2 {
			t.Errorf("%+v", home)
		}
		if got := s.names(h); got != "马小军(户主) 马少明()" {
			t.Errorf("after the head handed over: %s", got)
		}
		var notes []string
		err := d.Stmts(t.Context()).Each(func(row db.Scanner) error {
			var f, o, n string
			err := row.Scan(&f, &o, &n)
			notes = append(notes, f+":"+o+">"+n)
			return err
		}, "SELECT field, old_value, new_value FROM operation_notes WHERE village_id = ? AND op_id = ? ORDER BY n", s.v, op[:])
		if got := strings.Join(notes, " "); err != nil || got != "head:马少明>马小军 under14:0>1" {
			t.Errorf("trail: %s %v", got, err)
		}
	})
}

func TestMembersComeAndGo(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		h := s.home(village.HomeForm{Number: "1", Head: "马少明"})
		id, err := village.AddMember(ctx, d, db.NewOpID(), s.by, h, village.MemberForm{Name: "单雄信", Relation: "其他"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := village.AddMember(ctx, d, db.NewOpID(), s.by, h, village.MemberForm{Name: "单雄信"}); models.KindOf(err) != models.Input {
			t.Errorf("twice: %v", err)
		}
		if err := village.SaveMember(ctx, d, db.NewOpID(), s.by, h, village.MemberForm{ID: id, Name: "单雄信", Relation: "女婿"}); err != nil {
			t.Fatal(err)
		}
		if found, _ := village.Search(ctx, d, s.v, "shanx", 5); len(found) != 1 {
			t.Errorf("a new member is not found: %v", found)
		}
		if err := village.RemoveMember(ctx, d, db.NewOpID(), s.by, h, id); err != nil {
			t.Fatal(err)
		}
		if got := s.names(h); got != "马少明(户主)" {
			t.Error(got)
		}
		if found, _ := village.Search(ctx, d, s.v, "shanx", 5); len(found) != 0 {
			t.Errorf("one who left is still found: %v", found)
		}
		if m, err := village.GetMember(ctx, d, s.v, id); err != nil || m.Name != "单雄信" || m.LeftAt == 0 {
			t.Errorf("old entries lose the name: %+v %v", m, err)
		}
		all, _ := village.Members(ctx, d, h)
		if err := village.RemoveMember(ctx, d, db.NewOpID(), s.by, h, all[0].ID); models.KindOf(err) != models.Input {
			t.Errorf("the head was removed: %v", err)
		}
	})
}

func TestLeaveDeletesNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		h := s.home(village.HomeForm{Number: "1", Head: "马少明"})
		if err := village.Leave(ctx, d, db.NewOpID(), s.by, h, "搬到县城"); err != nil {
			t.Fatal(err)
		}
		if err := village.Leave(ctx, d, db.NewOpID(), s.by, h, "又一次"); models.KindOf(err) != models.Conflict {
			t.Errorf("left twice: %v", err)
		}
		if all, _ := village.Homes(ctx, d, s.v, village.Filter{}); len(all) != 0 {
			t.Errorf("still listed: %v", all)
		}
		if !s.get(h).Left() {
			t.Error("not marked")
		}
		if _, err := village.AddHome(ctx, d, db.NewOpID(), s.by, village.HomeForm{Village: s.v, Number: "1", Head: "李四"}); !errors.Is(err, village.ErrNumberTaken) {
			t.Errorf("the number was given away: %v", err)
		}
		if err := village.ComeBack(ctx, d, db.NewOpID(), s.by, h); err != nil || s.get(h).Left() {
			t.Errorf("did not come back: %v", err)
		}
	})
}

func TestNextDoorIsNotFound(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx, k := t.Context(), s.k
		h := s.home(village.HomeForm{Number: "1", Head: "马少明"})
		theirs := models.Household{Village: s.next, ID: h.ID}
		stranger := committee(s.next)
		form := s.get(h).Form()
		form.Village = s.next
		_, getErr := village.GetHome(ctx, d, theirs)
		_, addErr := village.AddMember(ctx, d, db.NewOpID(), stranger, theirs, village.MemberForm{Name: "李花"})
		_, cardErr := village.IssueCard(ctx, d, db.NewOpID(), stranger, k, theirs)
		for what, err := range map[string]error{
			"get": getErr, "add member": addErr, "card": cardErr,
			"save":  village.SaveHome(ctx, d, db.NewOpID(), stranger, form),
			"leave": village.Leave(ctx, d, db.NewOpID(), stranger, theirs, "x"),
			"pin":   village.SetPIN(ctx, d, db.NewOpID(), stranger, k, theirs, "4839"),
			"check": village.CheckPIN(ctx, d, k, theirs, village.OnPhone, "4839"),
			"phone": func() error { _, err := village.PhoneOf(ctx, d, k, theirs); return err }(),
		} {
			if !errors.Is(err, models.ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if all, err := village.HomesByID(ctx, d, s.next, []int64{h.ID}); len(all) != 0 || err != nil {
			t.Errorf("by id: %v %v", all, err)
		}
		if _, err := village.AddHome(ctx, d, db.NewOpID(), stranger, village.HomeForm{Village: s.v, Number: "2", Head: "李四"}); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("a neighbour added a household: %v", err)
		}
	})
}

func TestKinIsOwnHomeAndThoseLinkedToIt(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		own, parents, far := s.home(village.HomeForm{Number: "1", Head: "马少明"}), s.home(village.HomeForm{Number: "2", Head: "马老汉"}), s.home(village.HomeForm{Number: "3", Head: "李四"})
		id, err := village.AddLink(ctx, d, db.NewOpID(), admin, s.v, village.Link{Household: own.ID, Account: s.by.Account})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := village.AddLink(ctx, d, db.NewOpID(), admin, s.v, village.Link{Household: parents.ID, Other: own.ID, Relation: "子女家"}); err != nil {
			t.Fatal(err)
		}
		if _, err := village.AddLink(ctx, d, db.NewOpID(), admin, s.v, village.Link{Household: own.ID, Other: parents.ID, Relation: "父母家"}); models.KindOf(err) != models.Input {
			t.Errorf("the same kinship twice: %v", err)
		}
		kin, err := village.Kin(ctx, d, s.by.Account)
		if err != nil || len(kin) != 2 || kin[0] != own || kin[1] != parents {
			t.Fatalf("%v %v", kin, err)
		}
		s.by.Kin = kin
		if err := village.SetPIN(ctx, d, db.NewOpID(), s.by, keys.Test(), parents, "4839"); !errors.Is(err, models.ErrOwnHome) {
			t.Errorf("set the PIN of the own parents: %v", err)
		}
		if err := village.SetPIN(ctx, d, db.NewOpID(), s.by, keys.Test(), far, "4839"); err != nil {
			t.Errorf("a stranger's: %v", err)
		}
		if err := village.RemoveLink(ctx, d, db.NewOpID(), s.by, s.v, id); !errors.Is(err, models.ErrOwnHome) {
			t.Errorf("took the own link away: %v", err)
		}
		if err := village.RemoveLink(ctx, d, db.NewOpID(), admin, s.v, id); err != nil {
			t.Error(err)
		}
	})
}

func TestMemberDiesAndTheHouseholdGoesOn(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, d *db.DB, _ *modelstest.Clock) {
		s := newStage(t, d)
		ctx := t.Context()
		h := s.home(village.HomeForm{Number: "1", Head: "马少明"})
		wife, err := village.AddMember(ctx, d, db.NewOpID(), s.by, h, village.MemberForm{Name: "李桂兰", Relation: "配偶"})
		if err != nil {
			t.Fatal(err)
		}
		all, _ := village.Members(ctx, d, h)
		card, op := s.get(h).CardNo, db.NewOpID()
		for _, heir := range []int64{0, all[0].ID, 12345} {
			if err := village.MemberDied(ctx, d, db.NewOpID(), s.by, h, all[0].ID, heir); models.KindOf(err) != models.Input {
				t.Errorf("heir %d: %v", heir, err)
			}
		}
		for range 2 { // the second time is the same act
			if err := village.MemberDied(ctx, d, op, s.by, h, all[0].ID, wife); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.names(h); got != "李桂兰(户主)" {
			t.Error(got)
		}
		if home := s.get(h); home.Head != "李桂兰" || home.CardNo != card {
			t.Errorf("the household is %+v", home)
		}
		if gone, err := village.Former(ctx, d, h); err != nil || len(gone) != 1 || gone[0].Name != "马少明" || gone[0].LeftAs != village.Died {
			t.Errorf("who is gone: %+v %v", gone, err)
		}
		if found, _ := village.Search(ctx, d, s.v, "李桂兰", 5); len(found) != 1 {
			t.Errorf("the new head is not found: %v", found)
		}
		if err := village.MemberDied(ctx, d, db.NewOpID(), s.by, h, wife, 0); models.KindOf(err) != models.Input {
			t.Errorf("a household without anybody: %v", err)
		}

		changes, err := village.HomeChanges(ctx, d, h, 10)
		if err != nil || len(changes) != 3 {
			t.Fatalf("%d changes: %v", len(changes), err)
		}
		var notes []string
		for _, c := range changes {
			for _, n := range c.Notes {
				notes = append(notes, n.Field+":"+n.Old+">"+n.New)
			}
		}
		if got := strings.Join(notes, " "); got != "head:马少明>李桂兰 member:马少明>" {
			t.Errorf("the trail tells %s", got)
		}
	})
}
