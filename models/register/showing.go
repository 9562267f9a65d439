package register

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// The lists. The black one exists only where the village switched it on.
const (
	Red   = "red"
	Black = "black"
)

// ListTitle is a list in the village's words.
func ListTitle(list string) string {
	return map[string]string{Red: "红榜", Black: "黑榜"}[list]
}

// Consents are how somebody may agree to stand on the red list.
var Consents = []string{"书面签字", "当面口头", "电话"}

// Most is how many days somebody may stand on a list without being asked anew.
var Most = map[string]int{Red: 366, Black: 30}

// Showing is a household on a list of the board, both days included. Masked, and
// without family or address, is all the board ever says of it.
type Showing struct {
	ID          int64
	Household   models.Household
	Home        village.Home
	List        string
	Title       string // 好婆婆、示范户; on the black list the conduct in a word
	Reason      string
	Consent     string
	ConsentOn   models.Date
	From, Until models.Date
	DroppedAt   models.Millis
	DroppedBy   int64
	MadeAt      models.Millis
	MadeBy      int64
}

// On reports whether it counts on a day; whether the board shows it depends on
// the household and the village besides.
func (s Showing) On(day models.Date) bool { return s.DroppedAt == 0 && s.From <= day && day <= s.Until }

// The refusals.
var (
	ErrHidden     = &models.Error{Kind: models.Conflict, Code: "household_hidden", Say: "这一户说过不想让名字上榜，没有登记；本人改了主意，先在“我家”或者户信息里改"}
	ErrNoBlack    = &models.Error{Kind: models.Conflict, Code: "no_black_list", Say: "本村没有开黑榜，没有登记"}
	ErrNoHonour   = &models.Error{Kind: models.Conflict, Code: "honours_suspended", Say: "这一户正在暂停评优，没有登记；到期或者解除以后再上红榜"}
	ErrShown      = &models.Error{Kind: models.Conflict, Code: "shown", Say: "这一户已经在这张榜上，没有重复登记"}
	ErrNotShowing = &models.Error{Kind: models.Conflict, Code: "not_shown", Say: "这一条已经撤下了，没有改动"}
)

const titleMost = 20

func (s *Showing) check(today models.Date) error {
	if ListTitle(s.List) == "" {
		return models.ErrNotFound
	}
	if err := written(words{"title", "称号", &s.Title, titleMost}, words{"reason", "事由", &s.Reason, 60}); err != nil {
		return err
	}
	for _, d := range []struct {
		field, title string
		d            *models.Date
	}{{"from", "从哪天起", &s.From}, {"until", "到哪天止", &s.Until}} {
		if err := day(d.field, d.title, d.d); err != nil {
			return err
		}
	}
	switch {
	case s.From < today.AddDays(-1):
		return wrong("from", "上榜的日子不能早于今天")
	case s.Until < s.From:
		return wrong("until", "截止日期不能早于开始日期")
	case s.List == Red && s.Until > s.From.AddDays(Most[Red]-1):
		return wrong("until", "红榜最多上一年，到期再问本人")
	case s.List == Black && s.Until > s.From.AddDays(Most[Black]-1):
		return wrong("until", "黑榜最多上 30 天")
	case s.List == Black:
		s.Consent, s.ConsentOn = "", ""
		return lawful("reason", s.Title+" "+s.Reason)
	}
	if err := written(words{"consent", "怎样同意的", &s.Consent, 12}); err != nil {
		return err
	}
	if err := day("consent_on", "哪天同意的", &s.ConsentOn); err != nil {
		return err
	}
	if s.ConsentOn > today {
		return wrong("consent_on", "本人同意的日子还没到")
	}
	return nil
}

// Show puts a household on a list until a day. On the red one only with consent;
// on either never one that asked not to be shown.
func Show(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, s Showing) (id int64, err error) {
	s = Showing{ID: models.NewID(), Household: s.Household, List: s.List, Title: s.Title, Reason: s.Reason, Consent: s.Consent, ConsentOn: s.ConsentOn, From: s.From, Until: s.Until}
	if err := s.check(today(d)); err != nil {
		return 0, err
	}
	h, asked := s.Household, s
	asked.ID = 0
	id = s.ID
	again := func(_ *db.Tx, first int64) error { id = first; return nil }
	err = d.InTx(ctx, db.Op{ID: op, Village: h.Village, Kind: "show", Asked: asked, By: by, Subject: s.ID, Again: again}, func(tx *db.Tx) error {
		home, err := mayFor(tx, by, models.ReviewAwards, h)
		if err != nil {
			return err
		}
		if err := s.fitting(tx, home); err != nil {
			return err
		}
		// Guarded as in Suspend: hiding a household moves its version too.
		if err := tx.SQL.Must(1, db.ErrLost, "UPDATE households SET version = version + 1 WHERE village_id = ? AND id = ? AND version = ?", h.Village, h.ID, home.Version); err != nil {
			return err
		}
		return s.write(tx, by)
	})
	return id, err
}

// fitting asks whether this household may stand on this list now.
func (s Showing) fitting(tx *db.Tx, home village.Home) error {
	ctx, v := tx.Statement.Context, s.Household.Village
	switch {
	case home.Left():
		return errGone
	case home.Hidden:
		return ErrHidden
	}
	if s.List == Black {
		if on, err := village.HasBlackList(ctx, tx, v); err != nil || !on {
			return or(err, ErrNoBlack)
		}
	} else {
		if out, err := Suspended(ctx, tx, v, max(tx.Now.Day(), s.From)); err != nil || out[home.ID] {
			return or(err, ErrNoHonour)
		}
	}
	all, err := ShowingsOf(ctx, tx, s.Household)
	for _, o := range all {
		if o.List == s.List && o.DroppedAt == 0 && o.Until >= s.From && o.From <= s.Until && o.Title == s.Title {
			return ErrShown
		}
	}
	return err
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func (s Showing) write(tx *db.Tx, by models.Actor) error {
	_, err := tx.SQL.Exec(`INSERT INTO showings (village_id, id, list, household_id, title, reason, consent, consent_on, from_day, until_day, made_at, made_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Household.Village, s.ID, s.List, s.Household.ID, s.Title, s.Reason, s.Consent, string(s.ConsentOn), string(s.From), string(s.Until), int64(tx.Now), by.Account)
	if err != nil {
		return err
	}
	return tx.Note(s.Household.Village, db.Note{Field: "list", New: s.List}, db.Note{Field: "title", New: s.Title})
}

// Drop takes a household off a list: the committee, or the family itself, which
// may take its consent back at any time. Nobody takes their own household off
// the black list.
func Drop(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64) error {
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "show_drop", Asked: id, By: by, Subject: id}, func(tx *db.Tx) error {
		s, err := GetShowing(ctx, tx, v, id)
		if err != nil {
			return err
		}
		switch {
		case by.Household == s.Household && s.List == Red:
		case s.List == Red:
			at, err := village.PlaceOf(ctx, tx, v)
			if err == nil {
				err = by.May(models.ReviewAwards, at)
			}
			if err != nil {
				return err
			}
		default:
			if _, err := mayFor(tx, by, models.ReviewAwards, s.Household); err != nil {
				return err
			}
		}
		if err := tx.SQL.Must(1, ErrNotShowing, "UPDATE showings SET dropped_at = ?, dropped_by = ? WHERE village_id = ? AND id = ? AND dropped_at = 0", int64(tx.Now), by.Account, v, id); err != nil {
			return err
		}
		return tx.Note(v, db.Note{Field: "list", Old: s.List}, db.Note{Field: "title", Old: s.Title})
	})
}
