package market

import (
	"context"
	"math/rand/v2"

	"pointstore/models"
	"pointstore/models/db"
)

// Check is a 抽查: a sample of a time's redemptions, whose households are asked.
// Who draws is the monitor, not the committee; the seed says which were drawn, so
// that anybody can draw them again.
type Check struct {
	Village    int64
	ID         int64
	Seed       int64
	From, Last models.Date // both belong to it
	Size       int64
	Population int64 // redemptions to draw from
	State      string
	MadeAt     models.Millis
	MadeBy     int64
	ClosedAt   models.Millis
}

// The states of a check.
const (
	CheckAsking = "asking"
	CheckClosed = "closed"
)

// What a household answers; empty while it was not asked.
const (
	CheckYes    = "yes"
	CheckNo     = "no"
	CheckUnsure = "unsure" // doesn't remember
)

// Bounds of a check: how many households one walks to, and seeds that can be
// called out and copied down.
const (
	ChecksMost = 200
	checkDays  = 366
	checkSeeds = 1_000_000
	checkNote  = 120 // characters
)

// The refusals of a check.
var (
	ErrCheckClosed = &models.Error{Kind: models.Conflict, Code: "check_closed", Say: "这次抽查已经结束，没有改动；要再问，请另抽一次"}
	ErrCheckSaid   = &models.Error{Kind: models.Conflict, Code: "check_objected", Say: "这一笔已经记成意见，没有重复记，也不能再改"}
	ErrCheckNobody = &models.Error{Kind: models.Conflict, Code: "check_empty", Field: "from", Say: "这几天没有兑换，没有可抽的；请换一段日子"}
)

// CheckAsk asks for a check; a seed of 0 is rolled.
type CheckAsk struct {
	Village    int64
	From, Last models.Date
	Size       int
	Seed       int64
}

// Closed reports whether the answers are final.
func (k Check) Closed() bool { return k.State == CheckClosed }

func (a CheckAsk) settle(today models.Date) error {
	switch {
	case a.From == "" || a.Last == "" || a.From > a.Last:
		return models.ErrInput.With("开始的日子要在结束的日子前面，还没有抽").At("from")
	case a.Last > today:
		return models.ErrInput.With("结束的日子还没到，还没有抽").At("last")
	case a.From.AddDays(checkDays) <= a.Last:
		return models.ErrInput.With("一次最多抽一年的，还没有抽").At("from")
	case a.Size < 1 || a.Size > ChecksMost:
		return models.ErrInput.With("一次抽 1 到 200 笔，还没有抽").At("size")
	case a.Seed < 0 || a.Seed >= checkSeeds:
		return models.ErrInput.With("种子是 1 到 999999 的数；留空由系统摇号，还没有抽").At("seed")
	}
	return nil
}

// DrawCheck draws a sample and keeps it. A check stays, whatever it finds, so
// nobody can draw until the sample pleases.
func DrawCheck(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, ask CheckAsk) (k Check, err error) {
	if err := may(ctx, d, by, models.WatchRecords, ask.Village); err != nil {
		return k, err
	}
	if err := ask.settle(d.Now().Day()); err != nil {
		return k, err
	}
	k = Check{Village: ask.Village, ID: models.NewID(), Seed: ask.Seed, From: ask.From, Last: ask.Last, State: CheckAsking, MadeBy: by.Account}
	if k.Seed == 0 {
		k.Seed = 1 + rand.Int64N(checkSeeds-1)
	}
	again := func(tx *db.Tx, first int64) error {
		k, err = GetCheck(ctx, tx, ask.Village, first)
		return err
	}
	err = d.InTx(ctx, db.Op{ID: op, Village: ask.Village, Kind: "check_draw", Asked: ask, By: by, Subject: k.ID, Again: again}, func(tx *db.Tx) error {
		k.MadeAt = tx.Now
		order, err := k.Order(ctx, tx)
		if err != nil {
			return err
		}
		if len(order) == 0 {
			return ErrCheckNobody
		}
		k.Population, k.Size = int64(len(order)), int64(min(ask.Size, len(order)))
		return k.write(tx, order[:k.Size])
	})
	return k, err
}

func (k Check) write(tx *db.Tx, drawn []Ticket) error {
	_, err := tx.SQL.Exec("INSERT INTO checks (village_id, id, seed, from_day, until_day, size, population, state, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		k.Village, k.ID, k.Seed, string(k.From), string(k.Last), k.Size, k.Population, k.State, int64(k.MadeAt), k.MadeBy)
	if err != nil {
		return err
	}
	var args []any
	for _, l := range drawn {
		args = append(args, k.Village, k.ID, l.Redemption, l.household)
	}
	return tx.SQL.Many("INSERT INTO check_lines (village_id, check_id, redemption_id, household_id)", "", 4, args)
}
