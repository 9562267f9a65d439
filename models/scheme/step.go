package scheme

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// The steps of 四议两公开 in their order, and their names.
const (
	StepBranch  = "branch"
	StepCouncil = "council"
	StepParty   = "party"
	StepMeeting = "meeting"
	StepOpen    = "open"
	StepResult  = "result"
)

// StepNames are the steps in order.
var StepNames = []struct{ Step, Name string }{
	{StepBranch, "党支部提议"}, {StepCouncil, "两委商议"}, {StepParty, "党员大会审议"},
	{StepMeeting, "村民（代表）会议决议"}, {StepOpen, "决议公开"}, {StepResult, "实施结果公开"},
}

// StepName is the step in the village's words.
func StepName(step string) string {
	for _, s := range StepNames {
		if s.Step == step {
			return s.Name
		}
	}
	return ""
}

// Step is one dated step behind a version.
type Step struct {
	Step           string
	Day            models.Date // empty: not written down yet
	Present, Voted int         // 0 where nobody counted or voted
	Place, Note    string
	Photo          int64 // of the minutes or the board; 0: none
	NotedAt        models.Millis
	NotedBy        int64 // account
}

// Name is the step in the village's words.
func (s Step) Name() string { return StepName(s.Step) }

// StepsOf lists all six steps of a version in their order; those nobody wrote
// down yet have no day. The meeting's day stands in the version from the start.
func StepsOf(ctx context.Context, c db.Conn, village, version int64) ([]Step, error) {
	b, err := Load(ctx, c, village, version)
	if err != nil {
		return nil, err
	}
	list := make([]Step, len(StepNames))
	for i, s := range StepNames {
		list[i].Step = s.Step
		if s.Step == StepMeeting {
			v := b.Version
			list[i] = Step{Step: s.Step, Day: v.AdoptedOn, Present: v.Present, Voted: v.Voted, Note: v.Meeting, NotedAt: v.CreatedAt}
		}
	}
	err = c.Stmts(ctx).Each(func(row db.Scanner) error {
		var s Step
		err := row.Scan(&s.Step, &s.Day, &s.Present, &s.Voted, &s.Place, &s.Note, &s.Photo, &s.NotedAt, &s.NotedBy)
		if i := slices.IndexFunc(list, func(o Step) bool { return o.Step == s.Step }); i >= 0 {
			list[i] = s
		}
		return err
	}, "SELECT step, day, present, voted, place, note, photo_id, noted_at, noted_by FROM version_steps WHERE village_id = ? AND version_id = ?", village, version)
	return list, err
}

// NoteStep writes a step down, or corrects it; the trail keeps what stood there.
// Of the meeting only place, note and photo may be added: its day and votes are
// the version's own.
func NoteStep(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village, version int64, s Step) error {
	place, err := placeOf(ctx, d, village)
	if err != nil {
		return err
	}
	if err := by.May(models.SetUpVillage, place); err != nil {
		return err
	}
	s.Place, s.Note, s.NotedAt, s.NotedBy = oneLine(s.Place), oneLine(s.Note), 0, 0
	asked := struct {
		Version int64
		Step    Step
	}{version, s}
	return d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "rules-step", Asked: asked, By: by, Subject: version}, func(tx *db.Tx) error {
		steps, err := StepsOf(ctx, tx, village, version)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(steps, func(o Step) bool { return o.Step == s.Step })
		if i < 0 {
			return bad("step", "没有这一步，没有保存，请重新选择")
		}
		was, s := steps[i], s
		if s.Step == StepMeeting {
			s.Day, s.Present, s.Voted = was.Day, was.Present, was.Voted
		}
		steps[i] = s
		if err := s.check(steps, tx.Now.Day()); err != nil {
			return err
		}
		if err := tx.Note(village, db.Note{Field: s.Name(), Old: was.told(), New: s.told()}); err != nil {
			return err
		}
		columns := []string{"day", "present", "voted", "place", "note", "photo_id", "noted_at", "noted_by"}
		set := make([]string, len(columns))
		for i, c := range columns {
			set[i] = c + " = " + tx.Incoming(c)
		}
		_, err = tx.SQL.Exec(tx.Upsert("version_steps", "village_id, version_id, step", "village_id, version_id, step, "+strings.Join(columns, ", "),
			db.Holes(11), strings.Join(set, ", ")), village, version, s.Step, string(s.Day), s.Present, s.Voted, s.Place, s.Note, s.Photo, int64(tx.Now), by.Account)
		return err
	})
}

// check refuses what cannot be; days must follow one another, as far as they are
// known.
func (s Step) check(steps []Step, today models.Date) error {
	switch {
	case s.Day == "":
		return bad("day", "“%s”没有写日期，没有保存", s.Name())
	case s.Day > today:
		return bad("day", "“%s”的日期还没到，没有保存，请核对", s.Name())
	case s.Present < 0 || s.Voted < 0 || s.Voted > s.Present:
		return bad("voted", "赞成的人数不能多于到会的人数，没有保存，请核对")
	case s.Present > 0 && s.Voted > 0 && s.Voted*2 <= s.Present:
		return bad("voted", "到会 %d 人、赞成 %d 人，没有过半，这一步没有通过；没有保存，请核对", s.Present, s.Voted)
	case long(s.Place, 64) || long(s.Note, 200):
		return bad("note", "地点最多 64 个字、说明最多 200 个字，没有保存，请写短些")
	}
	before := Step{}
	for _, o := range steps {
		if o.Day == "" {
			continue
		}
		if o.Day < before.Day && (o.Step == s.Step || before.Step == s.Step) {
			return bad("day", "“%s”是 %s，早于“%s”的 %s，次序不对，没有保存，请核对日期", o.Name(), o.Day, before.Name(), before.Day)
		}
		before = o
	}
	return nil
}

// told is the step for the trail.
func (s Step) told() string {
	if s.Day == "" {
		return ""
	}
	text := string(s.Day)
	if s.Present > 0 {
		text += fmt.Sprintf("，到会 %d 人、赞成 %d 人", s.Present, s.Voted)
	}
	for _, more := range []string{s.Place, s.Note} {
		if more != "" {
			text += "，" + more
		}
	}
	if s.Photo != 0 {
		text += "，有照片"
	}
	return text
}
