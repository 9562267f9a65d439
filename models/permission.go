package models

// Role is what a person is in an area. Roles have terms; see account.Grant.
type Role string

// The roles, as product.md names the people.
const (
	Admin      Role = "admin"     // 管理员
	Committee  Role = "committee" // 村委
	GridWorker Role = "grid"      // 网格员
	Clerk      Role = "clerk"     // 兑换点管理员
	Monitor    Role = "monitor"   // 监督员
	FirstSec   Role = "secretary" // 驻村第一书记
	Publicity  Role = "publicity" // 宣传部、乡镇: reads reports of its area
	Inspector  Role = "inspector" // 督查、审计: reads, and the village sees the visit
)

// Roles lists every role in the order of the people page.
var Roles = []Role{Admin, Committee, GridWorker, Clerk, Monitor, FirstSec, Publicity, Inspector}

// Title is the role in the village's words.
func (r Role) Title() string { return roleTitles[r] }

var roleTitles = map[Role]string{
	Admin: "管理员", Committee: "村委", GridWorker: "网格员", Clerk: "兑换点管理员",
	Monitor: "监督员", FirstSec: "驻村第一书记", Publicity: "宣传部门", Inspector: "督查审计",
}

// Action is something the permission table decides about.
type Action string

// The actions.
const (
	RunInstance      Action = "run"       // settings of the whole instance, areas, people
	SetUpVillage     Action = "set_up"    // households, rules, goods, imports, cards of a village
	SeeHouseholds    Action = "see_house" // full names and passbooks
	GrantPoints      Action = "award"     // record an award
	CheckClaims      Action = "check"     // first check of what a family claims
	ReviewAwards     Action = "review"    // the review meeting, and a second approval
	DecideAbove      Action = "above"     // what a village has nobody left to decide, and appeals
	HearObjections   Action = "hear"      // read what people object to, and take it down for them
	AnswerObjections Action = "answer"    // decide an objection
	WatchRecords     Action = "watch"     // the odd patterns of recorders and counters, entries behind them
	CorrectEntry     Action = "correct"   // a reversing entry
	HangNotice       Action = "notice"    // make a notice and say that it hangs
	HandOverGoods    Action = "redeem"    // the till
	UndoRedemption   Action = "undo"      // undo beyond the clerk's own minutes
	KeepStock        Action = "stock"     // goods in, prices, openings
	SignStock        Action = "sign"      // counts, purchases and openings, by somebody who keeps none of it
	CloseQuarter     Action = "close"     // close a village's quarter
	ReadReport       Action = "report"    // the quarter, its entries masked
	ReadLog          Action = "log"       // the trail of operations
)

// grants is the whole permission policy. Reading a row aloud should sound like
// the village rules: a clerk may hand over goods. A grant holds for an area;
// May asks whether the place lies in it. Kinship and one's own household are
// the activity's questions, not this table's.
var grants = map[Role]map[Action]bool{
	Admin:      {RunInstance: true, SetUpVillage: true, SeeHouseholds: true, KeepStock: true, ReadReport: true, ReadLog: true},
	Committee:  {SetUpVillage: true, SeeHouseholds: true, GrantPoints: true, CheckClaims: true, ReviewAwards: true, HearObjections: true, AnswerObjections: true, CorrectEntry: true, HangNotice: true, UndoRedemption: true, KeepStock: true, CloseQuarter: true, ReadReport: true, ReadLog: true},
	GridWorker: {SeeHouseholds: true, GrantPoints: true, CheckClaims: true, HearObjections: true},
	Clerk:      {SeeHouseholds: true, HandOverGoods: true, KeepStock: true},
	Monitor:    {SeeHouseholds: true, HearObjections: true, WatchRecords: true, SignStock: true, ReadReport: true, ReadLog: true},
	FirstSec:   {SeeHouseholds: true, HearObjections: true, WatchRecords: true, ReadReport: true},
	Publicity:  {DecideAbove: true, ReadReport: true},
	Inspector:  {ReadReport: true, ReadLog: true},
}
