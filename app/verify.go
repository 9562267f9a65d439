package main

import (
	"context"
	"fmt"
	"io"

	"pointstore/models/db"
	"pointstore/models/ledger"
	"pointstore/models/market"
	"pointstore/models/report"
	"pointstore/models/village"
)

// verifyCommand recounts everything that must add up.
type verifyCommand struct{}

// Run prints the first faults and fails when there are any.
func (verifyCommand) Run(ctx context.Context, out io.Writer, s settings) error {
	o, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer o.Close()
	return verify(ctx, out, o.db)
}

// verify walks every village: chains, balances, kept sums, corrections and
// seals, then stock and receipts, then the quarters that were closed.
func verify(ctx context.Context, out io.Writer, d *db.DB) error {
	all, err := village.Areas(ctx, d)
	if err != nil {
		return err
	}
	var villages []village.Area
	for _, a := range all {
		if a.Level == village.Hamlet {
			villages = append(villages, a)
		}
	}
	bar := progress(out, "verify", len(villages))
	entries, faults := 0, []string{}
	for _, v := range villages {
		n := 0
		found, err := ledger.Audit(ctx, d, v.ID, func(walked int) { n = walked })
		if err != nil {
			return err
		}
		goods, err := market.Audit(ctx, d, v.ID)
		if err != nil {
			return err
		}
		for _, f := range found {
			faults = append(faults, v.Name+": "+f.String())
		}
		for _, f := range goods {
			faults = append(faults, v.Name+": "+f.String())
		}
		closed, err := report.VerifyReturns(ctx, d, v.ID)
		if err != nil {
			return err
		}
		for _, f := range closed {
			faults = append(faults, v.Name+": "+f)
		}
		entries += n
		bar.Add(1)
	}
	bar.Finish()
	if len(faults) > 0 {
		for _, f := range faults[:min(len(faults), 20)] {
			fmt.Fprintln(out, "FAULT", f)
		}
		return fmt.Errorf("%d faults; the first is in %s", len(faults), faults[0])
	}
	fmt.Fprintf(out, "verified: %d villages, %d entries; balances, chains, sums, stock and seals all add up.\n", len(villages), entries)
	return nil
}
