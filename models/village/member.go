package village

import (
	"context"

	"pointstore/models"
	"pointstore/models/db"
)

// HeadRelation is the relation of the head to the head: the head is the first
// member, so that an award can name whoever did it.
const HeadRelation = "户主"

// Relations are offered for members; others may be typed.
var Relations = []string{HeadRelation, "配偶", "儿子", "女儿", "儿媳", "女婿", "父亲", "母亲", "公公", "婆婆", "岳父", "岳母", "祖父", "祖母", "孙子", "孙女", "兄弟", "姐妹", "其他"}

// Member is a person of a household, fourteen or older; younger ones are a
// count.
type Member struct {
	ID        int64
	Household int64
	Name      string
	Relation  string // to the head; the head's own is HeadRelation
	LeftAt    models.Millis
	LeftAs    string // Died, or empty; filled in by Former only
}

const memberColumns = "m.id, m.household_id, m.name, m.relation, m.left_at"

// headFirst is the order of members everywhere.
const headFirst = " ORDER BY m.household_id, CASE m.relation WHEN '" + HeadRelation + "' THEN 0 ELSE 1 END, m.id"

func (m *Member) fields() []any {
	return []any{&m.ID, &m.Household, &m.Name, &m.Relation, &m.LeftAt}
}

// Members lists those who are there, the head first.
func Members(ctx context.Context, c db.Conn, h models.Household) ([]Member, error) {
	var all []Member
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var m Member
		err := row.Scan(m.fields()...)
		all = append(all, m)
		return err
	}, "SELECT "+memberColumns+" FROM members m WHERE m.village_id = ? AND m.household_id = ? AND m.left_at = 0"+headFirst, h.Village, h.ID)
	return all, err
}

// MembersOf is Members for many households, by household.
func MembersOf(ctx context.Context, c db.Conn, village int64, households []int64) (map[int64][]Member, error) {
	out := make(map[int64][]Member, len(households))
	err := eachOf(ctx, c, func(row db.Scanner) error {
		var m Member
		err := row.Scan(m.fields()...)
		out[m.Household] = append(out[m.Household], m)
		return err
	}, "SELECT "+memberColumns+" FROM members m WHERE m.village_id = ? AND m.household_id IN ? AND m.left_at = 0"+headFirst, village, households)
	return out, err
}

// GetMember reads one person, also one who has left: old entries name them.
func GetMember(ctx context.Context, c db.Conn, village, id int64) (Member, error) {
	var m Member
	err := c.Stmts(ctx).Row("SELECT "+memberColumns+" FROM members m WHERE m.village_id = ? AND m.id = ?", village, id).Scan(m.fields()...)
	return m, found(err)
}
