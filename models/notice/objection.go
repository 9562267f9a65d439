package notice

import (
	"fmt"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// The states of an objection.
const (
	Open     = "open"      // the village hears it
	Decided  = "decided"   // refused by the village; may go to the township until AppealDue
	Appealed = "appealed"  // the township hears it
	Settled  = "closed"    // nothing more comes of it
	TookBack = "withdrawn" // by who made it
)

// What an objection may be about.
const (
	AboutAward   = "award"   // one award: it is frozen
	AboutMissing = "missing" // 漏登: becomes a claim
	AboutShort   = "short"   // 少记: what is missing becomes a claim
	AboutDeduct  = "deduct"  // a deduction: it is frozen
	AboutGoods   = "goods"
	AboutPerson  = "clerk" // a clerk, or whoever records
	AboutRule    = "rule"
	AboutHonour  = "honour" // a suspension of honours
	AboutOther   = "other"
)

// Choice is one answer in the village's words.
type Choice struct{ Key, Title string }

// Abouts are what one may object to, as the form offers them.
var Abouts = []Choice{
	{AboutAward, "这一笔不对"}, {AboutMissing, "没记上（漏登）"}, {AboutShort, "记少了"}, {AboutDeduct, "扣分不对"},
	{AboutGoods, "商品"}, {AboutPerson, "工作人员"}, {AboutRule, "积分细则"}, {AboutHonour, "暂停评优"}, {AboutOther, "别的事"},
}

// Ways are how an objection may come in.
var Ways = []Choice{{"web", "网上"}, {"phone", "电话"}, {"paper", "字条、意见箱"}, {"spoken", "当面说"}}

// Titled is the title of a choice; empty when it is none of them.
func Titled(all []Choice, key string) string {
	for _, c := range all {
		if c.Key == key {
			return c.Title
		}
	}
	return ""
}

// The outcomes of a decision.
const (
	Upheld  = "upheld"
	Refused = "refused"
)

// Objection is what somebody objects to, and what became of it.
type Objection struct {
	Village, ID int64
	Year        int
	Number      int // within village and year
	About       string
	Subject     int64 // goods, account, rule or suspension, as About says
	Award       int64
	Household   int64 // who objects; 0 when they did not say
	For         int64 // the household it is about; 0: none
	Against     int64 // the account whose act it is about; 0: nobody's
	Way         string
	Text        string
	State       string
	Assigned    int64
	Above       bool // the township may decide it at once
	MadeAt      models.Millis
	MadeBy      int64 // the account that took it down; 0: they wrote it themselves
	DueAt       models.Millis

	Heard     string // what both sides said
	Outcome   string
	Reason    string
	DecidedAt models.Millis
	DecidedBy int64

	AppealedAt    models.Millis
	AppealText    string
	AppealDue     models.Millis // while decided: until when it may go up; while appealed: when the township must answer
	AppealOutcome string
	AppealReason  string
	AppealAt      models.Millis
	AppealBy      int64

	Result  int64 // the claim that came of it; 0: none
	contact []byte
}

// Name is how people speak of it: 2026年意见第3号.
func (o Objection) Name() string { return fmt.Sprintf("%d年意见第%d号", o.Year, o.Number) }

// Pending reports whether somebody still owes an answer.
func (o Objection) Pending() bool { return o.State == Open || o.State == Appealed }

// Due is when the answer that is owed must be there; 0 when none is.
func (o Objection) Due() models.Millis {
	switch o.State {
	case Open:
		return o.DueAt
	case Appealed:
		return o.AppealDue
	}
	return 0
}

// Late reports whether the answer is overdue.
func (o Objection) Late(now models.Millis) bool { return o.Pending() && now >= o.Due() }

// Appealable reports whether it may still go to the township, which it may once.
func (o Objection) Appealable(now models.Millis) bool {
	return o.State == Decided && o.Outcome == Refused && now < o.AppealDue
}

// Final is the last word spoken on it; empty before there is one.
func (o Objection) Final() (outcome, reason string, at models.Millis) {
	if o.AppealOutcome != "" {
		return o.AppealOutcome, o.AppealReason, o.AppealAt
	}
	return o.Outcome, o.Reason, o.DecidedAt
}

// HasContact reports whether a way to reach the person was left.
func (o Objection) HasContact() bool { return len(o.contact) > 0 }

// contactPurpose binds a sealed contact to this use.
const contactPurpose = "objection.contact"

// SealContact closes what somebody left to be reached by; nil for nothing.
func SealContact(k *keys.Keys, contact string) ([]byte, error) {
	if contact == "" {
		return nil, nil
	}
	return k.Seal(contactPurpose, contact)
}

// Contact opens it. Show it to nobody whom the objection is about.
func (o Objection) Contact(k *keys.Keys) (string, error) {
	if !o.HasContact() {
		return "", nil
	}
	return k.Unseal(contactPurpose, o.contact)
}

const objectionColumns = `village_id, id, year, number, about, subject_id, award_id, household_id, for_household, against_id, way, text, contact_sealed, state, assigned_to, above,
	made_at, made_by, due_at, heard, outcome, reason, decided_at, decided_by, appealed_at, appeal_text, appeal_due, appeal_outcome, appeal_reason, appeal_at, appeal_by, result_id`

func scanObjection(row db.Scanner) (o Objection, err error) {
	err = row.Scan(&o.Village, &o.ID, &o.Year, &o.Number, &o.About, &o.Subject, &o.Award, &o.Household, &o.For, &o.Against, &o.Way, &o.Text, &o.contact, &o.State, &o.Assigned, &o.Above,
		&o.MadeAt, &o.MadeBy, &o.DueAt, &o.Heard, &o.Outcome, &o.Reason, &o.DecidedAt, &o.DecidedBy, &o.AppealedAt, &o.AppealText, &o.AppealDue, &o.AppealOutcome, &o.AppealReason, &o.AppealAt, &o.AppealBy, &o.Result)
	return o, err
}
