package report

import (
	"math"
	"slices"

	"pointstore/models"
)

// What is watched. Nothing here proves anything: each is a question with the
// entries behind it.
const (
	WatchShare = "share" // of the village's points, one recorder's
	WatchOwn   = "own"   // to the recorder's own group
	WatchKin   = "kin"   // to families of those who record
	WatchFew   = "few"   // to the recorder's three most frequent households
	WatchLimit = "limit" // just under what a second person approves
	WatchLate  = "late"
	WatchNight = "night"
	WatchRush  = "rush" // in the last three days of the period
	WatchRate  = "rate" // awards to a household, of a village
)

// Patterns are what is watched of recorders, in the order of the page.
var Patterns = []Pattern{
	{WatchShare, "占全村的分"}, {WatchOwn, "记给自己组"}, {WatchKin, "记给工作人员家"}, {WatchFew, "集中在三户"},
	{WatchLimit, "刚好不用复核"}, {WatchLate, "补录"}, {WatchNight, "夜里记的"}, {WatchRush, "月底三天记的"},
}

// VillagePatterns are what is watched of villages.
var VillagePatterns = []Pattern{{WatchRate, "户均件次"}, {WatchRush, "季末三天记的"}, {WatchLimit, "刚好不用复核"}, {WatchLate, "补录"}}

// Pattern is one thing watched, with its name.
type Pattern struct{ Key, Name string }

// patternName is a pattern's name; empty for one that is not watched here.
func patternName(list []Pattern, key string) string {
	for _, p := range list {
		if p.Key == key {
			return p.Name
		}
	}
	return ""
}

// Known reports whether a pattern is watched of recorders, or of villages.
func Known(ofVillages bool, key string) (Pattern, bool) {
	list := Patterns
	if ofVillages {
		list = VillagePatterns
	}
	name := patternName(list, key)
	return Pattern{key, name}, name != ""
}

// Seen is one pattern of one recorder or village: Num of Den, beside the same of
// the others. Odd says that it is worth a question.
type Seen struct {
	Key      string
	Num, Den int64 // awards; of WatchShare points in hundredths
	Others   float64
	Odd      bool
	Question string // only when odd
}

// Share is Num of Den; 0 where nothing was counted.
func (s Seen) Share() float64 {
	if s.Den == 0 {
		return 0
	}
	return float64(s.Num) / float64(s.Den)
}

// From which numbers on something is called odd. They are chosen so that a
// village of twenty who record as people do is asked about nobody, most months.
const (
	oddLeast  = 3   // operations in the numerator
	oddBase   = 8   // operations of the recorder in all
	oddOthers = 20  // operations of the others, to compare with
	oddPeers  = 4   // others whose spread means something
	oddTimes  = 2.0 // times the others' share
	oddSigmas = 4.0 // beyond chance
)

// drawn is a share as chance knows it: acts written in one operation are one
// draw, not many, so that one batch recorded late is not forty late ones.
type drawn struct {
	share float64 // the mean of the operations' own shares
	k, n  int     // operations with any of it, and in all
}

// oddShare compares a share with that of all others together, and with how far
// the others lie apart among themselves.
func oddShare(own, others drawn, peers []float64, apart float64) bool {
	if own.k < oddLeast || own.n < oddBase || others.n < oddOthers || own.share < oddTimes*others.share || own.share-others.share < apart {
		return false
	}
	if _, odd := oddAmong(own.share, peers, apart); len(peers) >= oddPeers && !odd {
		return false
	}
	q := max(others.share, 0.03)
	return own.share-others.share > oddSigmas*math.Sqrt(q*(1-q)/float64(own.n))
}

// oddAmong compares a value with those of its peers, who differ among themselves:
// far from their middle, by their own measure of far.
func oddAmong(value float64, peers []float64, apart float64) (middle float64, odd bool) {
	if len(peers) < oddPeers {
		return 0, false
	}
	middle = median(peers)
	away := make([]float64, len(peers))
	for i, p := range peers {
		away[i] = math.Abs(p - middle)
	}
	return middle, value >= oddTimes*middle && value-middle > max(apart, oddSigmas*1.4826*median(away))
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	s := slices.Clone(list)
	slices.Sort(s)
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// nightFrom and nightUntil bound the hours in which nobody stands at a door.
const (
	nightFrom  = 23
	nightUntil = 6
)

func atNight(at models.Millis) bool {
	h := at.Time().Hour()
	return h >= nightFrom || h < nightUntil
}

// rushDays is how many days before a reporting date are its last.
const rushDays = 3

// monthEnd reports whether an instant lies in the last days of its month.
func monthEnd(at models.Millis) bool {
	return at.Day() >= at.Month().Add(1).First().AddDays(-rushDays)
}

// nearLimit reports whether an award is worth just so much that nobody else had
// to approve it: the last tenth under the limit.
func nearLimit(worth, limit models.Points) bool {
	return limit > 0 && worth <= limit && worth*10 >= limit*9
}
