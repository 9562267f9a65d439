package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"pointstore/models"
	"pointstore/models/db"
)

// Recorder is one person's records of a time, pattern by pattern, beside what
// their colleagues recorded. It is for the village's own monitor and first
// secretary, and ranks nobody: the order is that of names.
type Recorder struct {
	Account int64
	Name    string
	Awards  int64
	Points  models.Points
	Seen    []Seen // in the order of Patterns
}

// Odd lists the patterns of the recorder that are worth a question.
func (r Recorder) Odd() []Seen {
	return slices.DeleteFunc(slices.Clone(r.Seen), func(s Seen) bool { return !s.Odd })
}

// Recorders watches what was recorded in a village from a day until before
// another, by whom.
func Recorders(ctx context.Context, c db.Conn, village int64, from, until models.Date) ([]Recorder, error) {
	all, err := readWatched(ctx, c, village, from, until)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f, err := readFamilies(ctx, c, village)
	if err != nil {
		return nil, err
	}
	homes, err := homesOf(ctx, c, village)
	if err != nil {
		return nil, err
	}
	by := map[int64][]watched{}
	for _, w := range all {
		by[w.recorder] = append(by[w.recorder], w)
	}
	var list []Recorder
	for account, records := range by {
		r := Recorder{Account: account, Awards: int64(len(records))}
		for _, w := range records {
			r.Points += w.worth
		}
		list = append(list, r)
	}
	if err := nameRecorders(ctx, c, list); err != nil {
		return nil, err
	}
	watch := watching{all: all, by: by, f: f, homes: homes, top: map[int64]map[int64]bool{}}
	for i := range list {
		for _, p := range Patterns {
			s := watch.see(list, &list[i], p.Key)
			if s.Odd {
				s.Question = recorderQuestion(list[i].Name, s)
			}
			list[i].Seen = append(list[i].Seen, s)
		}
	}
	return list, nil
}

// nameRecorders fills in the names and sorts by them.
func nameRecorders(ctx context.Context, c db.Conn, list []Recorder) error {
	for i, r := range list {
		err := c.Stmts(ctx).Row("SELECT name FROM accounts WHERE id = ?", r.Account).Scan(&list[i].Name)
		if err != nil {
			list[i].Name = "已停用的账号"
		}
	}
	slices.SortFunc(list, func(a, b Recorder) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Account, b.Account)) })
	return nil
}

// watching is everything recorded in a village in a time.
type watching struct {
	all   []watched
	by    map[int64][]watched
	f     families
	homes map[int64][2]int64
	top   map[int64]map[int64]bool
}

// test is the condition under which an award of a recorder counts for a pattern;
// nil when the pattern does not apply to them.
func (w *watching) test(account int64, key string) func(watched) bool {
	switch key {
	case WatchOwn:
		g := w.f.ownGroup(account, w.homes)
		if g == 0 {
			return nil
		}
		return func(a watched) bool { return a.group == g }
	case WatchKin:
		return func(a watched) bool { return w.f.all[a.household] }
	case WatchFew:
		top := w.topThree(account)
		return func(a watched) bool { return top[a.household] }
	case WatchLimit:
		return func(a watched) bool { return nearLimit(a.worth, a.limit) }
	case WatchLate:
		return func(a watched) bool { return a.late }
	case WatchNight:
		return func(a watched) bool { return atNight(a.at) }
	case WatchRush:
		return func(a watched) bool { return monthEnd(a.at) }
	case WatchHours:
		return func(a watched) bool { return a.hours }
	case WatchVoid:
		return func(a watched) bool { return a.void }
	case WatchEmptied:
		return func(a watched) bool { return a.emptied }
	}
	return nil
}

// topThree are the households an account recorded most often for.
func (w *watching) topThree(account int64) map[int64]bool {
	if t := w.top[account]; t != nil {
		return t
	}
	n := map[int64]int{}
	var ids []int64
	for _, a := range w.by[account] {
		if n[a.household]++; n[a.household] == 1 {
			ids = append(ids, a.household)
		}
	}
	slices.SortStableFunc(ids, func(a, b int64) int { return cmp.Compare(n[b], n[a]) })
	top := map[int64]bool{}
	for _, id := range ids[:min(len(ids), 3)] {
		top[id] = true
	}
	w.top[account] = top
	return top
}

// apartBy is how far, at least, a share must be from the others' before anybody is
// asked about it.
var apartBy = map[string]float64{WatchOwn: 0.30, WatchKin: 0.20, WatchFew: 0.30, WatchLimit: 0.15, WatchLate: 0.25, WatchNight: 0.15, WatchRush: 0.30,
	WatchHours: 0.15, WatchVoid: 0.10, WatchEmptied: 0.25}

func (w *watching) see(list []Recorder, r *Recorder, key string) Seen {
	if key == WatchShare {
		return seeShare(list, r)
	}
	s := Seen{Key: key}
	test := w.test(r.Account, key)
	if test == nil {
		return s
	}
	var own drawn
	s.Num, s.Den, own = tally(w.by[r.Account], test)
	var others []watched
	var peers []float64
	for _, o := range list {
		if o.Account == r.Account {
			continue
		}
		others = append(others, w.by[o.Account]...)
		same := test
		if key == WatchFew { // everybody has three of their own; how close they lie is the question
			same = w.test(o.Account, key)
		}
		if num, den, theirs := tally(w.by[o.Account], same); theirs.n >= oddBase {
			if key == WatchFew {
				theirs.share = Seen{Num: num, Den: den}.Share()
			}
			peers = append(peers, theirs.share)
		}
	}
	if key == WatchFew {
		s.Others, s.Odd = oddAmong(s.Share(), peers, apartBy[key])
		s.Odd = s.Odd && own.n >= 2*oddBase
		return s
	}
	num, den, theirs := tally(others, test)
	s.Others = Seen{Num: num, Den: den}.Share()
	s.Odd = oddShare(own, theirs, peers, apartBy[key]) && s.Share() > s.Others
	return s
}

// tally counts awards, and how the operations they were written in fall out.
func tally(all []watched, test func(watched) bool) (num, den int64, d drawn) {
	type count struct{ hits, all int }
	ops := map[string]*count{}
	for _, a := range all {
		if ops[a.op] == nil {
			ops[a.op] = &count{}
		}
		den++
		ops[a.op].all++
		if test(a) {
			num++
			ops[a.op].hits++
		}
	}
	for _, o := range ops {
		d.n++
		if o.hits > 0 {
			d.k++
			d.share += float64(o.hits) / float64(o.all)
		}
	}
	d.share /= max(float64(d.n), 1)
	return num, den, d
}

// seeShare compares what one person recorded with what their colleagues did.
func seeShare(list []Recorder, r *Recorder) Seen {
	s := Seen{Key: WatchShare, Num: int64(r.Points)}
	var peers []float64
	for _, o := range list {
		s.Den += int64(o.Points)
	}
	for _, o := range list {
		if o.Account != r.Account && s.Den > 0 {
			peers = append(peers, float64(o.Points)/float64(s.Den))
		}
	}
	s.Others, s.Odd = oddAmong(s.Share(), peers, 0.15)
	s.Odd = s.Odd && r.Awards >= 2*oddBase
	return s
}

func recorderQuestion(name string, s Seen) string {
	n, all, share, others := strconv.FormatInt(s.Num, 10), strconv.FormatInt(s.Den, 10), sharePercent(s.Share()), sharePercent(s.Others)
	switch s.Key {
	case WatchShare:
		return fmt.Sprintf("全村的分有 %s 是%s一个人记的（同事一般是 %s）。是分工就这样，还是别人没空记？", share, name, others)
	case WatchOwn:
		return fmt.Sprintf("%s记的 %s 笔里有 %s 笔（%s）给了自己住的组，别人给那个组的是 %s。是不是就负责这一片？", name, all, n, share, others)
	case WatchKin:
		return fmt.Sprintf("%s记的 %s 笔里有 %s 笔（%s）给了工作人员的本人家或亲属家，别人是 %s。这几笔有旁人在场吗？", name, all, n, share, others)
	case WatchFew:
		return fmt.Sprintf("%s记的 %s 笔里有 %s 笔（%s）集中在三户，同事一般是 %s。这三户做的事都有人看见吗？", name, all, n, share, others)
	case WatchLimit:
		return fmt.Sprintf("%s记的 %s 笔里有 %s 笔（%s）刚好不到要第二人批准的分数，别人是 %s。是细则里正好有这样的分值吗？", name, all, n, share, others)
	case WatchLate:
		return fmt.Sprintf("%s记的 %s 笔里有 %s 笔（%s）是事后补录的，别人是 %s。为什么当时没有记？", name, all, n, share, others)
	case WatchNight:
		return fmt.Sprintf("%s记的 %s 笔里有 %s 笔（%s）是夜里 11 点到早上 6 点记的，别人是 %s。是白天忙、晚上补的吗？", name, all, n, share, others)
	}
	return fmt.Sprintf("%s记的 %s 笔里有 %s 笔（%s）赶在月底最后三天记，别人是 %s。是活动正好在月底吗？", name, all, n, share, others)
}

func sharePercent(v float64) string { return fmt.Sprintf("%.0f%%", v*100) }
