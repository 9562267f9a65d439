package award

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
	"pointstore/models/notice"
	"pointstore/models/village"
)

// Standing says why somebody may go on with an objection: the household's own
// phone, staff who take it down for them, or Code, the look-up code.
type Standing struct {
	Village, ID int64
	Code        string `json:"-"`
}

// own reads an objection for whoever made it, or staff in their name.
func (s Standing) own(ctx context.Context, c db.Conn, k *keys.Keys, by models.Actor) (notice.Objection, error) {
	o, err := notice.GetObjection(ctx, c, s.Village, s.ID)
	if err != nil {
		return o, err
	}
	if s.Code != "" {
		found, err := notice.ByLookCode(ctx, c, k, s.Code)
		if err == nil && found.ID != o.ID {
			err = keys.ErrLookCode
		}
		return o, err
	}
	if by.Account == 0 {
		if o.Household == 0 || by.Household != (models.Household{Village: o.Village, ID: o.Household}) {
			return o, models.ErrNotFound.With("没有找到这条意见，请核对后再试")
		}
		return o, nil
	}
	place, err := village.PlaceOf(ctx, c, s.Village)
	if err != nil {
		return o, err
	}
	if err := by.May(models.HearObjections, place); err != nil {
		return o, err
	}
	if o.Against == by.Account {
		return o, ErrAccused
	}
	return o, nil
}

// Appeal takes an objection that the village refused to the township, once. An
// award that has not reached the passbook is frozen again.
func Appeal(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, s Standing, text string) error {
	return d.InTx(ctx, db.Op{ID: op, Village: s.Village, Kind: "objection-appeal", Asked: []any{s, text}, By: unnamed(by), Subject: s.ID}, func(tx *db.Tx) error {
		o, err := s.own(ctx, tx, k, by)
		if err != nil {
			return err
		}
		_, days, err := hearingDays(ctx, tx, s.Village)
		if err != nil {
			return err
		}
		if err := notice.Appeal(tx, o, text, tx.Now.Add(days)); err != nil {
			return err
		}
		if err := notice.Remarked(tx, o, notice.NoteAppeal, by.Account, ""); err != nil || o.Award == 0 || o.About == notice.AboutShort {
			return err
		}
		a, err := Get(ctx, tx, s.Village, o.Award)
		if err != nil {
			return err
		}
		return freeze(tx, a, o)
	})
}

// TakeBack ends an objection that nobody has answered yet, because who made it
// wants so; the award thaws, a claim made of it goes on.
func TakeBack(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, k *keys.Keys, s Standing) error {
	return d.InTx(ctx, db.Op{ID: op, Village: s.Village, Kind: "objection-back", Asked: s, By: unnamed(by), Subject: s.ID}, func(tx *db.Tx) error {
		o, err := s.own(ctx, tx, k, by)
		if err != nil {
			return err
		}
		if s.Code == "" && by.Account != 0 {
			if err := mayTakeBack(by, o); err != nil {
				return err
			}
		}
		if err := notice.TakeBack(tx, o); err != nil {
			return err
		}
		if err := notice.Remarked(tx, o, notice.NoteBack, by.Account, ""); err != nil || o.Award == 0 {
			return err
		}
		a, err := Get(ctx, tx, s.Village, o.Award)
		if err != nil {
			return err
		}
		return thaw(tx, a, o, 0)
	})
}

// ErrNotTakenDown says that only who made an objection may take it back.
var ErrNotTakenDown = &models.Error{Kind: models.Forbidden, Code: "not_taken_down", Say: "这条意见是提意见的人自己在网上写的，只有他凭查询码或自家存折能撤回；没有改动，请照常答复"}

// mayTakeBack asks whether staff may end an objection in the name of who made it:
// only one that staff wrote down, and no relatives of either side. Else an
// inconvenient one would be gone at a tap.
func mayTakeBack(by models.Actor, o notice.Objection) error {
	if o.MadeBy == 0 {
		return ErrNotTakenDown
	}
	return impartial(by, o)
}

// hear reads an open objection for staff who look into it.
func hear(ctx context.Context, tx *db.Tx, by models.Actor, v, id int64, acts ...models.Action) (notice.Objection, error) {
	o, err := notice.GetObjection(ctx, tx, v, id)
	if err != nil {
		return o, err
	}
	place, err := village.PlaceOf(ctx, tx, v)
	if err != nil {
		return o, err
	}
	err = models.ErrForbidden
	for _, act := range acts {
		if by.Can(act, place) {
			err = nil
		}
	}
	if err == nil && o.State != notice.Open {
		err = notice.ErrAnswered
	}
	return o, err
}

// AssignObjection gives an open objection to somebody who may decide it.
func AssignObjection(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id, account int64) error {
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "objection-assign", Asked: []int64{id, account}, By: by, Subject: id}, func(tx *db.Tx) error {
		o, err := hear(ctx, tx, by, v, id, models.AnswerObjections)
		if err != nil {
			return err
		}
		if err := impartial(by, o); err != nil {
			return err
		}
		able, err := Answerers(ctx, tx, o)
		if err != nil {
			return err
		}
		for _, a := range able {
			if a == account {
				if err := notice.Assign(tx, o, account); err != nil {
					return err
				}
				return notice.Remarked(tx, o, notice.NoteAssigned, account, "")
			}
		}
		return models.ErrInput.With("这位同事不能办这条意见（当事人或亲属要回避），没有改动；请换一位").At("account")
	})
}

// Said keeps what one side said about an open objection.
func Said(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, text string) error {
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "objection-said", Asked: []any{id, text}, By: by, Subject: id}, func(tx *db.Tx) error {
		o, err := hear(ctx, tx, by, v, id, models.HearObjections)
		if err != nil {
			return err
		}
		if text == "" {
			return models.ErrInput.With("请写明说了什么，还没有保存").At("said")
		}
		return notice.Remarked(tx, o, notice.NoteSaid, by.Account, text)
	})
}

// PointAt says which award an open objection means that came in words only; it is
// frozen from then on.
func PointAt(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id, award int64) error {
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "objection-point", Asked: []int64{id, award}, By: by, Subject: id}, func(tx *db.Tx) error {
		o, err := hear(ctx, tx, by, v, id, models.HearObjections)
		if err != nil {
			return err
		}
		switch {
		case o.Award != 0:
			return notice.ErrAnswered.With("这条意见已经指明了哪一笔，没有改动")
		case o.About != notice.AboutAward && o.About != notice.AboutDeduct && o.About != notice.AboutShort:
			return models.ErrInput.With("这条意见说的不是哪一笔积分，没有改动；请直接答复").At("award")
		}
		if err := impartial(by, o); err != nil {
			return err
		}
		a, err := Get(ctx, tx, v, award)
		if err != nil {
			return err
		}
		if err := notice.PointAt(tx, o, a.ID, a.Household.ID, a.Recorder); err != nil {
			return err
		}
		if o.About == notice.AboutShort {
			return nil
		}
		return freeze(tx, a, o)
	})
}

// ClaimOf makes the claim of an open objection about something missing, once it
// is known what.
func ClaimOf(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, ask Ask) error {
	ask.Village = v
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "objection-claim", Asked: []any{id, ask}, By: by, Subject: id}, func(tx *db.Tx) error {
		o, err := hear(ctx, tx, by, v, id, models.HearObjections)
		if err != nil {
			return err
		}
		if o.Result != 0 {
			return notice.ErrAnswered.With("这条意见已经记成报好事，没有重复转")
		}
		if ask.Household == 0 {
			ask.Household = o.For
		}
		ask.Way, ask.Source, ask.Due, ask.Note = WayObject, o.ID, o.DueAt, shorten(o.Text)
		claim, err := claimOf(tx, by, ask)
		if err != nil {
			return err
		}
		if err := notice.SetResult(tx, o, claim); err != nil {
			return err
		}
		return notice.Remarked(tx, o, notice.NoteClaim, by.Account, "记成报好事，和这条意见同一天到期")
	})
}
