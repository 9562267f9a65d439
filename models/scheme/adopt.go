package scheme

import (
	"context"
	"slices"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/sheet"
)

// Adoption is what the meeting decided besides the rules themselves. What is
// left empty is taken from the version before, or from the defaults.
type Adoption struct {
	AdoptedOn   models.Date // today when empty
	InForceFrom models.Date // AdoptedOn when empty
	Meeting     string      // 村民代表会议 when empty
	Present     int
	Voted       int // in favour
	PointRate   models.Rate
	Posting     string
	NoticeDays  int
	DeductFrom  string

	OwnMost       int           // see Version
	OwnPoints     models.Points // see Version
	Review        string
	SecondOver    models.Points
	SecondLate    bool
	ObjectionDays int
	AppealDays    int
	RenewOn       models.Date
	Caps          []CategoryDraft
	// Complete says that what can be nothing is meant so when it is empty: no
	// second approver, no day to renew, no own rules, no caps of categories.
	// Otherwise the version before is asked for them.
	Complete bool
	// Leave says that an inheriting village goes its own way from now on.
	Leave bool
}

// CategoryDraft is a cap over everything that a category earns, by its name.
type CategoryDraft struct {
	Category string
	Cap
}

// settle fills what was left empty and refuses what cannot be.
func (a *Adoption) settle(before *Version, today models.Date) error {
	was := Version{PointRate: 10000, Posting: PostNotice, NoticeDays: DaysDefault, DeductFrom: FromHonour,
		Review: ReviewClaims, ObjectionDays: ObjectionDefault, AppealDays: ObjectionDefault}
	if before != nil {
		was = *before
	}
	a.AdoptedOn = or(a.AdoptedOn, today)
	if a.InForceFrom == "" {
		a.InForceFrom = max(a.AdoptedOn, was.InForceFrom)
	}
	a.Meeting = or(models.Normal(a.Meeting), "村民代表会议")
	a.PointRate = or(a.PointRate, was.PointRate)
	a.Posting = or(a.Posting, was.Posting)
	a.NoticeDays = or(a.NoticeDays, was.NoticeDays)
	a.DeductFrom = or(a.DeductFrom, was.DeductFrom)
	a.Review = or(a.Review, was.Review)
	a.ObjectionDays = or(a.ObjectionDays, was.ObjectionDays)
	a.AppealDays = or(a.AppealDays, was.AppealDays)
	if !a.Complete {
		a.OwnMost, a.OwnPoints = or(a.OwnMost, was.OwnMost), or(a.OwnPoints, was.OwnPoints)
		a.SecondOver, a.SecondLate = or(a.SecondOver, was.SecondOver), a.SecondLate || was.SecondLate
		if was.RenewOn > a.InForceFrom {
			a.RenewOn = or(a.RenewOn, was.RenewOn)
		}
	}
	var err error
	if a.Caps, err = checkCaps(a.Caps); err != nil {
		return err
	}
	switch {
	case a.AdoptedOn > today:
		return bad("adopted_on", "通过的日期还没到，没有保存，请核对")
	case a.InForceFrom < a.AdoptedOn:
		return bad("in_force_from", "执行的日期早于通过的日期，没有保存，请核对")
	case before != nil && a.InForceFrom < before.InForceFrom:
		return bad("in_force_from", "上一版从 %s 起执行，新的一版不能比它早，没有保存，请核对", before.InForceFrom)
	case long(a.Meeting, 120):
		return bad("meeting", "会议名称太长，没有保存，请写短些")
	case a.Present < 0 || a.Voted < 0 || a.Voted > a.Present:
		return bad("voted", "赞成的人数不能多于到会的人数，没有保存，请核对")
	case a.Present > 0 && a.Voted*2 <= a.Present:
		return bad("voted", "到会 %d 人、赞成 %d 人，没有过半，不能执行；没有保存，请核对", a.Present, a.Voted)
	case a.PointRate < 0 || a.PointRate > 100*10000:
		return bad("point_rate", "一分值多少钱要在 0 到 100 元之间，没有保存，请核对")
	case a.Posting != PostNow && a.Posting != PostNotice:
		return bad("posting", "请选择加分是马上到账，还是公示后到账；没有保存")
	case a.NoticeDays < DaysLeast || a.NoticeDays > DaysMost:
		return bad("notice_days", "公示要 %d 到 %d 天，没有保存，请核对", DaysLeast, DaysMost)
	case a.DeductFrom != FromHonour && a.DeductFrom != FromSpend:
		return bad("deduct_from", "请选择扣分只减总得分，还是也减能换的分；没有保存")
	}
	return a.checkLife()
}

// checkLife refuses impossible terms of what happens to an award.
func (a *Adoption) checkLife() error {
	switch {
	case a.Review != ReviewClaims && a.Review != ReviewAll:
		return bad("review", "请选择只评议各户报的，还是都要评议；没有保存")
	case a.SecondOver < 0 || a.SecondOver > models.PointsMax:
		return bad("second_over", "要第二人批准的分值填得不对，没有保存，请核对")
	case a.ObjectionDays < 1 || a.ObjectionDays > ObjectionMost:
		return bad("objection_days", "提意见后几天内答复，要在 1 到 %d 天之间，没有保存，请核对", ObjectionMost)
	case a.AppealDays < 1 || a.AppealDays > ObjectionMost:
		return bad("appeal_days", "不服再提的天数要在 1 到 %d 天之间，没有保存，请核对", ObjectionMost)
	case a.RenewOn != "" && a.RenewOn <= a.InForceFrom:
		return bad("renew_on", "再议的日期要在执行的日期以后，没有保存，请核对")
	case a.OwnMost < 0 || a.OwnMost > rulesMost || a.OwnPoints < 0 || a.OwnPoints > models.PointsMax:
		return bad("own_most", "村里自加的条数或分值填得不对，没有保存，请核对")
	}
	return nil
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// ImportAsk is a table of rules that goes in as a new version.
type ImportAsk struct {
	Adoption
	Table  sheet.Table
	Choice Choice
}

// ImportRules makes a new version of the village's own table: all rows or none.
// The same file a second time is refused. Rules that the version before had
// under the same category and name keep their caps' history.
func ImportRules(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village int64, ask ImportAsk) (Version, error) {
	p, err := PreviewRules(ask.Table, ask.Choice)
	if err != nil {
		return Version{}, err
	}
	if err := p.Ready(); err != nil {
		return Version{}, err
	}
	drafts := make([]Draft, len(p.Rows))
	for i, r := range p.Rows {
		drafts[i] = r.Draft
		drafts[i].remember(r.Unclear)
	}
	h := headings{county: map[string]string{}}
	for _, c := range p.Categories {
		h.county[c.Name] = c.CountyKey
	}
	a := ask.Adoption
	if a.Caps == nil {
		a.Caps = p.Caps
	}
	asked := struct {
		File   [32]byte
		Choice Choice
		Adoption
	}{ask.Table.Hash, ask.Choice, ask.Adoption}
	return adopt(ctx, d, op, by, village, plan{kind: "import-rules", asked: asked, a: a, headings: h, build: func(tx *db.Tx, s *settled) error {
		before := s.drafts
		s.drafts = slices.Clone(drafts)
		inherit(s.drafts, before)
		if s.template != nil {
			s.drafts = append(s.drafts, missing(s.drafts, before)...)
		}
		return db.Imported(tx, village, "rules", ask.Table.Hash, ask.Table.Name, len(drafts), by)
	}})
}

// missing are the county's rules that a table left out: a village that inherits
// keeps them.
func missing(drafts, before []Draft) []Draft {
	return slices.DeleteFunc(slices.Clone(before), func(b Draft) bool {
		return b.TemplateID == 0 || slices.ContainsFunc(drafts, func(d Draft) bool { return d.TemplateID == b.TemplateID })
	})
}
