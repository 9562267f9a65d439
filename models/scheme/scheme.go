// Package scheme keeps what conduct earns in a village. Its meeting adopts a
// version, which comes into force on a day and is never changed afterwards: any
// change is a new version with a full copy of the rules, and an award keeps the
// version it was given under.
package scheme

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
)

// How awards of a version reach the passbook.
const (
	PostNow    = "now"    // at once
	PostNotice = "notice" // when the notice they hang on has ended
)

// What a deduction lowers.
const (
	FromHonour = "honour" // the honour score only
	FromSpend  = "spend"  // the spendable balance too, never below zero
)

// What goes to the review meeting before it hangs.
const (
	ReviewClaims = "claims" // what families claimed
	ReviewAll    = "all"    // whatever was recorded
)

// Days that an objection and an appeal have, and the bound of both.
const (
	ObjectionDefault = 7
	ObjectionMost    = 30
)

// Bounds and default of the days a notice hangs.
const (
	DaysDefault = 3
	DaysLeast   = 3
	DaysMost    = 7
)

// Version is one adoption of the village's rules.
type Version struct {
	Village, ID, SchemeID int64
	Number                int // 1 for the first
	AdoptedOn             models.Date
	InForceFrom           models.Date
	Meeting               string
	Present, Voted        int
	PointRate             models.Rate
	Posting               string // PostNow or PostNotice
	NoticeDays            int
	DeductFrom            string // FromHonour or FromSpend
	CreatedAt             models.Millis

	TemplateID    int64         // the county's version these rules were taken over from; 0: none
	OwnMost       int           // how many rules of its own a village may add to this template
	OwnPoints     models.Points // the most that one of them may be worth; 0: no bound
	Review        string        // ReviewClaims or ReviewAll
	SecondOver    models.Points // awards of more than this want a second approver; 0: none does
	SecondLate    bool          // so does what is recorded late
	ObjectionDays int
	AppealDays    int
	RenewOn       models.Date // when the meeting wants to look at the rules again; may be empty
}

// Title names the version for people: 第 2 版（2026-11-20 村民代表会议通过）.
func (v Version) Title() string {
	return fmt.Sprintf("第 %d 版（%s %s通过）", v.Number, v.AdoptedOn, v.Meeting)
}

// ErrNoRules says that no rules are in force on the day asked for.
var ErrNoRules = &models.Error{Kind: models.Conflict, Code: "no_rules", Say: "这一天还没有执行中的积分细则，没有记分；请先在“规则”里导入村里的细则"}

const versionColumns = "village_id, id, scheme_id, number, adopted_on, in_force_from, meeting, present, voted, point_rate, posting, notice_days, deduct_from, created_at, " +
	"template_id, own_most, own_points, review, second_over, second_late, objection_days, appeal_days, renew_on"

func scanVersion(row db.Scanner) (v Version, err error) {
	err = row.Scan(&v.Village, &v.ID, &v.SchemeID, &v.Number, &v.AdoptedOn, &v.InForceFrom, &v.Meeting, &v.Present, &v.Voted,
		&v.PointRate, &v.Posting, &v.NoticeDays, &v.DeductFrom, &v.CreatedAt,
		&v.TemplateID, &v.OwnMost, &v.OwnPoints, &v.Review, &v.SecondOver, &v.SecondLate, &v.ObjectionDays, &v.AppealDays, &v.RenewOn)
	return v, err
}

// values are the columns of versionColumns.
func (v Version) values() []any {
	late := 0
	if v.SecondLate {
		late = 1
	}
	return []any{v.Village, v.ID, v.SchemeID, v.Number, string(v.AdoptedOn), string(v.InForceFrom), v.Meeting, v.Present, v.Voted,
		int64(v.PointRate), v.Posting, v.NoticeDays, v.DeductFrom, int64(v.CreatedAt),
		v.TemplateID, v.OwnMost, int64(v.OwnPoints), v.Review, int64(v.SecondOver), late, v.ObjectionDays, v.AppealDays, string(v.RenewOn)}
}

// Current is the version in force on the day; ErrNoRules when there is none.
func Current(ctx context.Context, c db.Conn, village int64, day models.Date) (Version, error) {
	id, err := InForce(ctx, c, village, day)
	if err != nil {
		return Version{}, err
	}
	b, err := Load(ctx, c, village, id)
	if err != nil {
		return Version{}, err
	}
	return b.Version, nil
}

// Versions lists the village's versions, newest first.
func Versions(ctx context.Context, c db.Conn, village int64) ([]Version, error) {
	var list []Version
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		v, err := scanVersion(row)
		list = append(list, v)
		return err
	}, "SELECT "+versionColumns+" FROM versions WHERE village_id = ? ORDER BY number DESC", village)
	return list, err
}

// latest is the version with the highest number; nil when there is none.
func latest(ctx context.Context, c db.Conn, village int64) (*Version, error) {
	v, err := scanVersion(c.Stmts(ctx).Row("SELECT "+versionColumns+" FROM versions WHERE village_id = ? ORDER BY number DESC LIMIT 1", village))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}
