package award

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/village"
)

// The states of a review meeting.
const (
	MeetingOpen   = "open"
	MeetingClosed = "closed"
)

// Meeting is one sitting of the review group.
type Meeting struct {
	Village, ID        int64
	Year, Number       int // within village and year
	HeldOn             models.Date
	Place, Chair, Note string
	Present            []Present
	State              string
	Resolution         string // the number that ties what was decided together; empty until it is closed
	MadeAt, ClosedAt   models.Millis
	MadeBy, ClosedBy   int64
}

// Name is how people speak of it: 2026年第3次评议.
func (m Meeting) Name() string { return fmt.Sprintf("%d年第%d次评议", m.Year, m.Number) }

// Open reports whether it still decides.
func (m Meeting) Open() bool { return m.State == MeetingOpen }

// meetingAhead is how many days ahead a meeting may be prepared and its sheet
// printed.
const meetingAhead = 31

// PresentMost bounds who is written down as present.
const PresentMost = 100

// ErrMeetingClosed says that the meeting has ended.
var ErrMeetingClosed = &models.Error{Kind: models.Conflict, Code: "meeting_closed", Say: "这次评议已经结束，没有改动；要改请在下一次评议里办"}

// OpenMeeting opens a review meeting under the village's next number.
func OpenMeeting(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, m Meeting) (Meeting, error) {
	m, err := m.good(d.Now().Day())
	if err != nil {
		return m, err
	}
	if err := may(ctx, d, by, models.ReviewAwards, v); err != nil {
		return m, err
	}
	id := models.NewID()
	again := func(_ *db.Tx, first int64) error { id = first; return nil }
	err = d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "meeting-open", Asked: m, By: by, Subject: id, Again: again}, func(tx *db.Tx) error {
		m.Year = int(m.HeldOn.Month()) / 100
		if err := tx.SQL.Row("SELECT COALESCE(MAX(number), 0) + 1 FROM meetings WHERE village_id = ? AND year = ?", v, m.Year).Scan(&m.Number); err != nil {
			return err
		}
		_, err := tx.SQL.Exec("INSERT INTO meetings (village_id, id, number, year, held_on, place, chair, present, state, note, made_at, made_by) VALUES ("+db.Holes(12)+")",
			v, id, m.Number, m.Year, string(m.HeldOn), m.Place, m.Chair, m.presentText(), MeetingOpen, m.Note, int64(tx.Now), by.Account)
		if db.IsDuplicate(err) {
			return db.ErrLost // another meeting took the number
		}
		return err
	})
	if err != nil {
		return m, err
	}
	return GetMeeting(ctx, d, v, id)
}

// SaveMeeting corrects who was present, when and where, while it is open.
func SaveMeeting(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v int64, m Meeting) error {
	m, err := m.good(d.Now().Day())
	if err != nil {
		return err
	}
	if err := may(ctx, d, by, models.ReviewAwards, v); err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "meeting-save", Asked: m, By: by, Subject: m.ID}, func(tx *db.Tx) error {
		was, err := GetMeeting(ctx, tx, v, m.ID)
		if err != nil {
			return err
		}
		if int(m.HeldOn.Month())/100 != was.Year {
			return models.ErrInput.With("评议的编号是按年排的，日期不能改到另一年，没有保存").At("held_on")
		}
		err = tx.Note(v, db.Note{Field: "held_on", Old: string(was.HeldOn), New: string(m.HeldOn)}, db.Note{Field: "place", Old: was.Place, New: m.Place},
			db.Note{Field: "chair", Old: was.Chair, New: m.Chair}, db.Note{Field: "present", Old: was.names(), New: m.names()}, db.Note{Field: "note", Old: was.Note, New: m.Note})
		if err != nil {
			return err
		}
		return tx.SQL.Must(1, ErrMeetingClosed, "UPDATE meetings SET held_on = ?, place = ?, chair = ?, present = ?, note = ? WHERE village_id = ? AND id = ? AND state = ?",
			string(m.HeldOn), m.Place, m.Chair, m.presentText(), m.Note, v, m.ID, MeetingOpen)
	})
}

// CloseMeeting ends a meeting under a resolution number; an empty one gets the
// meeting's own. What it did not decide waits for the next.
func CloseMeeting(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, id int64, resolution string) (Meeting, error) {
	resolution = models.Normal(resolution)
	if utf8.RuneCountInString(resolution) > 64 {
		return Meeting{}, models.ErrInput.With("决议编号最多 64 个字，没有保存").At("resolution")
	}
	if err := may(ctx, d, by, models.ReviewAwards, v); err != nil {
		return Meeting{}, err
	}
	asked := struct {
		Meeting    int64
		Resolution string
	}{id, resolution}
	err := d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "meeting-close", Asked: asked, By: by, Subject: id}, func(tx *db.Tx) error {
		m, err := GetMeeting(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if resolution == "" {
			resolution = fmt.Sprintf("评议〔%d〕第%d号", m.Year, m.Number)
		}
		return tx.SQL.Must(1, ErrMeetingClosed, "UPDATE meetings SET state = ?, resolution = ?, closed_at = ?, closed_by = ? WHERE village_id = ? AND id = ? AND state = ?",
			MeetingClosed, resolution, int64(tx.Now), by.Account, v, id, MeetingOpen)
	})
	if err != nil {
		return Meeting{}, err
	}
	return GetMeeting(ctx, d, v, id)
}

// good folds what was typed and refuses what cannot be.
func (m Meeting) good(today models.Date) (Meeting, error) {
	m.Place, m.Chair, m.Note = models.Normal(m.Place), models.Normal(m.Chair), models.Prose(m.Note)
	if m.HeldOn == "" {
		m.HeldOn = today
	}
	if _, err := models.ParseDate(string(m.HeldOn)); err != nil || len(m.HeldOn) != 10 || m.HeldOn > today.AddDays(meetingAhead) || m.HeldOn < today.AddDays(-TooLateFor) {
		return m, models.ErrInput.With("“开会日期”填得不对，没有保存，请核对").At("held_on")
	}
	for _, f := range []struct {
		text, name, field string
		most              int
	}{{m.Place, "地点", "place", 64}, {m.Chair, "主持人", "chair", 64}, {m.Note, "备注", "note", 500}} {
		if utf8.RuneCountInString(f.text) > f.most {
			return m, models.ErrInput.With(fmt.Sprintf("“%s”最多 %d 个字，没有保存，请写短些", f.name, f.most)).At(f.field)
		}
	}
	m.Present = slices.Clone(m.Present)
	for i := range m.Present {
		p := &m.Present[i]
		p.Name = models.Normal(p.Name)
		if n := utf8.RuneCountInString(p.Name); n == 0 || n > 32 {
			return m, models.ErrInput.With("到会的人要写名字（最多 32 个字），没有保存，请改好再交").At("present")
		}
		if slices.ContainsFunc(m.Present[:i], func(o Present) bool { return o.Account == p.Account && o.Name == p.Name }) {
			return m, models.ErrInput.With("到会的人里“" + p.Name + "”写了两次，没有保存").At("present")
		}
	}
	if len(m.Present) == 0 || len(m.Present) > PresentMost {
		return m, models.ErrInput.With(fmt.Sprintf("请选到会的人（最多 %d 人），没有保存", PresentMost)).At("present")
	}
	return m, nil
}

func (m Meeting) presentText() string {
	b, _ := json.Marshal(m.Present)
	return string(b)
}

func (m Meeting) names() string {
	names := make([]string, len(m.Present))
	for i, p := range m.Present {
		names[i] = p.Name
	}
	return strings.Join(names, "、")
}

const meetingColumns = "village_id, id, year, number, held_on, place, chair, note, present, state, resolution, made_at, closed_at, made_by, closed_by"

func scanMeeting(row db.Scanner) (m Meeting, err error) {
	var present string
	if err = row.Scan(&m.Village, &m.ID, &m.Year, &m.Number, &m.HeldOn, &m.Place, &m.Chair, &m.Note, &present, &m.State, &m.Resolution, &m.MadeAt, &m.ClosedAt, &m.MadeBy, &m.ClosedBy); err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(present), &m.Present)
}

// GetMeeting reads a meeting and for whom those present stand aside;
// ErrNotFound when the village has none of that id.
func GetMeeting(ctx context.Context, c db.Conn, v, id int64) (Meeting, error) {
	m, err := scanMeeting(c.Stmts(ctx).Row("SELECT "+meetingColumns+" FROM meetings WHERE village_id = ? AND id = ?", v, id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, models.ErrNotFound.With("没有找到这次评议，请核对后再试")
	}
	if err != nil {
		return m, err
	}
	links, err := village.Links(ctx, c, v, 0)
	for i := range m.Present {
		m.Present[i].Kin = m.Present[i].kin(links)
	}
	return m, err
}

// Meetings lists a village's meetings, newest first.
func Meetings(ctx context.Context, c db.Conn, v int64, at models.Cursor) ([]Meeting, error) {
	before := at.Before
	if before <= 0 {
		before = 1<<63 - 1
	}
	var all []Meeting
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		m, err := scanMeeting(row)
		all = append(all, m)
		return err
	}, "SELECT "+meetingColumns+" FROM meetings WHERE village_id = ? AND id < ? ORDER BY id DESC LIMIT ?", v, before, at.Size())
	return all, err
}
