package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"time"

	"pointstore/models/account"
	"pointstore/models/award"
	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// errand is something the program does by itself. Every errand is safe to run
// twice and on two instances: its operations have fixed ids.
type errand struct {
	name  string
	every time.Duration
	run   func(ctx context.Context, d *db.DB) error
}

// errands is the whole list of what happens without anybody pressing a button.
var errands = []errand{
	{"clock", time.Minute, func(ctx context.Context, d *db.DB) error { return d.MarkClock(ctx) }},
	{"notices", 30 * time.Second, func(ctx context.Context, d *db.DB) error { _, err := award.EndNotices(ctx, d); return err }},
	{"deductions", time.Minute, func(ctx context.Context, d *db.DB) error { _, err := award.TakeEffect(ctx, d); return err }},
	{"escalate", 10 * time.Minute, func(ctx context.Context, d *db.DB) error { _, err := award.Escalate(ctx, d); return err }},
	{"objections", time.Minute, func(ctx context.Context, d *db.DB) error { _, err := award.MindObjections(ctx, d); return err }},
	{"clearings", time.Minute, func(ctx context.Context, d *db.DB) error { return award.RunClearings(ctx, d, market.OpenedBetween) }},
	{"settlements", time.Hour, market.DrawSettlements},
	{"schemes", 10 * time.Minute, func(ctx context.Context, d *db.DB) error { _, err := scheme.ComeIntoForce(ctx, d); return err }},
	{"sessions", time.Hour, account.Sweep},
	{"seals", 5 * time.Minute, sealAll},
}

// sealFrom is how long after midnight yesterday is sealed: later than any
// transaction that began before it may still commit.
const sealFrom = 10 * time.Minute

// sealAll seals the days that are over, of every village.
func sealAll(ctx context.Context, d *db.DB) error {
	now := d.Now()
	if now < now.Day().Start().Add(sealFrom) {
		return nil
	}
	all, err := village.Areas(ctx, d)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Level != village.Hamlet {
			continue
		}
		if _, err := ledger.Seal(ctx, d, a.ID); err != nil {
			return fmt.Errorf("sealing %s: %w", a.Name, err)
		}
	}
	return nil
}

// runErrands runs until the context ends. A failure is logged and the errand
// tried again at its next turn; nothing is lost by a turn that failed.
func runErrands(ctx context.Context, d *db.DB) {
	holder := fmt.Sprintf("%d-%08x", os.Getpid(), rand.Uint32())
	due := make([]time.Time, len(errands))
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		for i, e := range errands {
			if time.Now().Before(due[i]) {
				continue
			}
			due[i] = time.Now().Add(e.every)
			if err := turn(ctx, d, e, holder); err != nil && ctx.Err() == nil {
				slog.Error("errand failed", "errand", e.name, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// turn runs an errand once, when this instance holds its lease.
func turn(ctx context.Context, d *db.DB, e errand, holder string) error {
	ours, err := d.Lease(ctx, e.name, holder, 2*e.every)
	if err != nil || !ours {
		return err
	}
	return e.run(ctx, d)
}
