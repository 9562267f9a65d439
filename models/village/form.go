package village

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/keys"
)

// HomeForm is a household as it is typed. Field names in refusals are the ones
// in the tags; what has no tag is not taken from a form.
type HomeForm struct {
	Village   int64
	ID        int64  // 0 for a new household
	Version   int64  `form:"version"`
	Number    string `form:"number" label:"户号"`
	Group     int    `form:"group" label:"组"`
	GridID    int64  `form:"grid,id32" label:"网格"`
	Lane      string `form:"lane" label:"巷道"`
	LaneOrder int    `form:"lane_order" label:"门序"`
	Head      string `form:"head" label:"户主"`
	Residence string `form:"residence"` // empty: resident
	Origin    string `form:"origin"`    // empty: native
	Joining   string `form:"joining"`   // empty: in
	Party     bool   `form:"party"`
	Under14   int    `form:"under14" label:"14 岁以下人数"`
	Hidden    bool   `form:"hidden"`
	// Phone is a new number; empty keeps the one that is there, and DropPhone
	// forgets it.
	Phone     string       `form:"phone" label:"联系电话" json:"-"`
	DropPhone bool         `form:"drop_phone"`
	Members   []MemberForm // of a new household, besides its head

	// PhoneFind stands for the phone in the operation's hash.
	PhoneFind []byte
	keys      *keys.Keys
}

// MemberForm is a person of a household as it is typed.
type MemberForm struct {
	ID       int64 // 0 for a new one
	Name     string
	Relation string
}

// With gives the form the keys: a phone number is sealed under them, and a new
// household's first card is made. Without keys a phone is refused and the card
// waits until cards are printed.
func (f HomeForm) With(k *keys.Keys) HomeForm {
	f.keys = k
	return f
}

// Form is the household as it stands, to be changed. The phone stays where it
// is.
func (h Home) Form() HomeForm {
	return HomeForm{Village: h.Village, ID: h.ID, Version: h.Version, Number: h.Number, Group: h.Group, GridID: h.GridID, Lane: h.Lane, LaneOrder: h.LaneOrder,
		Head: h.Head, Residence: h.Residence, Origin: h.Origin, Joining: h.Joining, Party: h.Party, Under14: h.Under14, Hidden: h.Hidden}
}

// tidy brings everything into its written form and refuses what cannot be kept.
func (f *HomeForm) tidy() error {
	f.Number, f.Head, f.Lane = models.Normal(f.Number), CleanName(f.Head), models.Normal(f.Lane)
	f.Residence, f.Origin, f.Joining = or(f.Residence, "resident"), or(f.Origin, "native"), or(f.Joining, "in")
	if err := checkNumber(f.Number); err != nil {
		return err
	}
	if err := checkName("户主", "head", f.Head); err != nil {
		return err
	}
	for i := range f.Members {
		if err := f.Members[i].tidy(); err != nil {
			return err
		}
	}
	switch {
	case f.Group < 0 || f.Group > 99:
		return models.ErrInput.With("“组”要填 0 到 99，没有分组就填 0；还没有保存").At("group")
	case utf8.RuneCountInString(f.Lane) > 64:
		return models.ErrInput.With("“巷道”最多 64 个字；还没有保存").At("lane")
	case f.LaneOrder < 0 || f.LaneOrder > 9999:
		return models.ErrInput.With("“门序”要填 0 到 9999；还没有保存").At("lane_order")
	case f.Under14 < 0 || f.Under14 > 30:
		return models.ErrInput.With("“14 岁以下人数”要填 0 到 30；还没有保存").At("under14")
	case TitleOf(Residences, f.Residence) == "":
		return models.ErrInput.With("“居住情况”要从列出的几种里选一个；还没有保存").At("residence")
	case TitleOf(Origins, f.Origin) == "":
		return models.ErrInput.With("“户籍”要从列出的几种里选一个；还没有保存").At("origin")
	case TitleOf(Joinings, f.Joining) == "":
		return models.ErrInput.With("“参加情况”要选参加或者暂不参加；还没有保存").At("joining")
	}
	return f.tidyPhone()
}

func (f *HomeForm) tidyPhone() (err error) {
	f.PhoneFind = nil
	if models.Normal(f.Phone) == "" {
		f.Phone = ""
		return nil
	}
	if f.keys == nil {
		return fmt.Errorf("a phone number without keys to seal it")
	}
	if f.Phone, err = phoneNumber(f.Phone); err == nil {
		f.PhoneFind = f.keys.Find(phonePurpose, f.Phone)
	}
	return err
}

func (m *MemberForm) tidy() error {
	m.Name, m.Relation = CleanName(m.Name), models.Normal(m.Relation)
	if err := checkName("姓名", "name", m.Name); err != nil {
		return err
	}
	if utf8.RuneCountInString(m.Relation) > 16 {
		return models.ErrInput.With("“与户主关系”最多 16 个字；还没有保存").At("relation")
	}
	return nil
}

func checkNumber(s string) error {
	switch {
	case s == "":
		return models.ErrInput.With("“户号”还没有填；还没有保存").At("number")
	case badNumber(s) != "":
		return models.ErrInput.With("“户号”" + badNumber(s) + "；还没有保存").At("number")
	}
	return nil
}

// badNumber says what is wrong with a household number that is not empty.
func badNumber(s string) string {
	if utf8.RuneCountInString(s) > 16 {
		return "最多 16 个字"
	}
	for _, r := range s {
		if !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || ideograph(r) || strings.ContainsRune("-_/.()#", r)) {
			return "里有不能用的符号“" + string(r) + "”，请用数字、字母、汉字或短横"
		}
	}
	return ""
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// diff lists what a form changes, for the trail. A phone number never gets
// there, only that it changed.
func (f HomeForm) diff(was Home) []db.Note {
	phone := func(has bool) string {
		if has {
			return "有"
		}
		return ""
	}
	notes := []db.Note{
		{Field: "number", Old: was.Number, New: f.Number}, {Field: "group", Old: strconv.Itoa(was.Group), New: strconv.Itoa(f.Group)},
		{Field: "grid", Old: strconv.FormatInt(was.GridID, 10), New: strconv.FormatInt(f.GridID, 10)},
		{Field: "lane", Old: was.Lane, New: f.Lane}, {Field: "lane_order", Old: strconv.Itoa(was.LaneOrder), New: strconv.Itoa(f.LaneOrder)},
		{Field: "head", Old: was.Head, New: f.Head}, {Field: "residence", Old: was.Residence, New: f.Residence},
		{Field: "origin", Old: was.Origin, New: f.Origin}, {Field: "joining", Old: was.Joining, New: f.Joining},
		{Field: "party", Old: strconv.FormatBool(was.Party), New: strconv.FormatBool(f.Party)},
		{Field: "under14", Old: strconv.Itoa(was.Under14), New: strconv.Itoa(f.Under14)},
		{Field: "hidden", Old: strconv.FormatBool(was.Hidden), New: strconv.FormatBool(f.Hidden)},
	}
	switch {
	case f.Phone != "":
		notes = append(notes, db.Note{Field: "phone", Old: phone(was.HasPhone), New: "换了号码"})
	case f.DropPhone:
		notes = append(notes, db.Note{Field: "phone", Old: phone(was.HasPhone), New: ""})
	}
	return notes
}
