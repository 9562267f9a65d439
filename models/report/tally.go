package report

import (
	"encoding/json"

	"pointstore/models"
)

// Tally holds everything a quarter's indicators are made of, as numbers that
// add: a township's is the sum of its villages', a county's the sum of its
// townships'. Rates are never stored and never averaged; each is worked out
// from its numerator and denominator at its own level.
type Tally struct {
	Villages int64
	Returned int64 // villages that have closed the quarter

	// The roll at the end of the period, whoever lives where.
	Roll      int64
	Resident  int64 // of these, 常住
	StayedOut int64 // of these, 暂不参加

	Participants         int64 // households on the roll with at least one act
	ResidentParticipants int64
	Active               int64 // households with at least one act, also those that left meanwhile
	New                  int64 // households whose first act of all lies in the period

	Acts      int64
	Late      int64         // acts that were recorded late
	Earned    models.Points // spendable points of conduct
	EarnedFen models.Fen    // their value when they were posted
	Deducted  models.Points // as a magnitude

	Visits         int64
	Redeemers      int64 // distinct households
	Spent          models.Points
	SpentFen       models.Fen
	Outstanding    models.Points // unspent at the end of the period, carried-over points and gifts included
	OutstandingFen models.Fen

	// 0 or 1 in a village.
	WithRules    int64
	WithNotice   int64
	WithPrices   int64
	WithExchange int64
	Covered      int64 // all four

	Periods int64 // periods whose notice was due, or hung already
	OnTime  int64
	Days    int64 // days that are over, since the village has a roll
	Sealed  int64
}

type cell struct {
	name string
	at   *int64
}

// cells lists every field once, in the order in which a closed sheet keeps
// them. A field missing here would not add up and not be kept; the tests count.
func (t *Tally) cells() []cell {
	return []cell{
		{"villages", &t.Villages}, {"returned", &t.Returned},
		{"roll", &t.Roll}, {"resident", &t.Resident}, {"stayed_out", &t.StayedOut},
		{"participants", &t.Participants}, {"resident_participants", &t.ResidentParticipants}, {"active", &t.Active}, {"new", &t.New},
		{"acts", &t.Acts}, {"late", &t.Late}, {"earned", (*int64)(&t.Earned)}, {"earned_fen", (*int64)(&t.EarnedFen)}, {"deducted", (*int64)(&t.Deducted)},
		{"visits", &t.Visits}, {"redeemers", &t.Redeemers}, {"spent", (*int64)(&t.Spent)}, {"spent_fen", (*int64)(&t.SpentFen)},
		{"outstanding", (*int64)(&t.Outstanding)}, {"outstanding_fen", (*int64)(&t.OutstandingFen)},
		{"with_rules", &t.WithRules}, {"with_notice", &t.WithNotice}, {"with_prices", &t.WithPrices}, {"with_exchange", &t.WithExchange}, {"covered", &t.Covered},
		{"periods", &t.Periods}, {"on_time", &t.OnTime}, {"days", &t.Days}, {"sealed", &t.Sealed},
	}
}

// Add adds another area's tally.
func (t *Tally) Add(o Tally) {
	mine, theirs := t.cells(), o.cells()
	for i := range mine {
		*mine[i].at += *theirs[i].at
	}
}

// MarshalJSON writes points as hundredths and money as fen: whole numbers
// without a bound, unlike the decimals of a single entry.
func (t Tally) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, c := range t.cells() {
		if i > 0 {
			b = append(b, ',')
		}
		name, _ := json.Marshal(c.name)
		value, _ := json.Marshal(*c.at)
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads MarshalJSON back. Names it does not know are left out, so
// that a sheet closed by a later version can still be read.
func (t *Tally) UnmarshalJSON(b []byte) error {
	var kept map[string]int64
	if err := json.Unmarshal(b, &kept); err != nil {
		return err
	}
	*t = Tally{}
	for _, c := range t.cells() {
		*c.at = kept[c.name]
	}
	return nil
}
