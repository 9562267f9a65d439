package village

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"pointstore/models"
	"pointstore/models/db"
)

// What a household may be. None of it has a bearing on what a household may
// earn or exchange, except that who stays out (out) has no passbook in use.
var (
	Residences = []Option{{"resident", "常住"}, {"away", "常年外出"}, {"empty", "空户"}}
	Origins    = []Option{{"native", "户籍在村"}, {"migrant", "自主迁徙"}}
	Joinings   = []Option{{"in", "参加"}, {"out", "暂不参加"}}
)

// Home is a household as the village knows it; models.Household is its name.
type Home struct {
	models.Household
	Number    string // the village's own, unique in it
	Group     int    // 村民小组; 0: none
	GridID    int64
	Lane      string
	LaneOrder int // the order of doors in the lane
	Head      string
	Residence string // resident, away, empty
	Origin    string // native, migrant
	Joining   string // in, out
	Party     bool   // 党员户
	Under14   int    // a count, never names
	Hidden    bool   // not on the public board
	HasPIN    bool
	HasPhone  bool
	CardNo    int64 // the card in force; 0: none yet
	Version   int64 // guards the form
	LeftAt    models.Millis
}

// Mark tells the household apart in public: 3组012.
func (h Home) Mark() string { return models.Mark(h.Group, h.Number) }

// Masked is the household on public pages: 马*明 3组012.
func (h Home) Masked() string { return models.MaskName(h.Head) + " " + h.Mark() }

// Label is the household for those who may see full names: 马少明 3组012.
func (h Home) Label() string { return h.Head + " " + h.Mark() }

// Left reports whether the household has left the village or withdrawn.
func (h Home) Left() bool { return h.LeftAt != 0 }

const homeColumns = `h.village_id, h.id, h.number, h.group_no, h.grid_id, h.lane, h.lane_order, h.head_name, h.residence, h.origin, h.joining, h.party, h.under14, h.hidden,
	h.pin IS NOT NULL, h.phone_sealed IS NOT NULL, h.card_no, h.version, h.left_at`

func (h *Home) fields() []any {
	return []any{&h.Village, &h.ID, &h.Number, &h.Group, &h.GridID, &h.Lane, &h.LaneOrder, &h.Head, &h.Residence, &h.Origin, &h.Joining, &h.Party, &h.Under14, &h.Hidden,
		&h.HasPIN, &h.HasPhone, &h.CardNo, &h.Version, &h.LeftAt}
}

// GetHome reads one household, also one that has left; ErrNotFound when the
// village has none of that id.
func GetHome(ctx context.Context, c db.Conn, h models.Household) (Home, error) {
	var home Home
	err := c.Stmts(ctx).Row("SELECT "+homeColumns+" FROM households h WHERE h.village_id = ? AND h.id = ?", h.Village, h.ID).Scan(home.fields()...)
	return home, found(err)
}

// HomeByNumber finds a household by the village's own number.
func HomeByNumber(ctx context.Context, c db.Conn, village int64, number string) (Home, error) {
	var home Home
	err := c.Stmts(ctx).Row("SELECT "+homeColumns+" FROM households h WHERE h.village_id = ? AND h.number = ?", village, models.Normal(number)).Scan(home.fields()...)
	return home, found(err)
}

// Filter narrows a list of households. The zero Filter is everyone still there,
// by number.
type Filter struct {
	Group       int
	Grid        int64
	IncludeLeft bool
	After       string // the number after which to go on
	Limit       int    // 0: all
	// ByDoor orders by group, lane and door instead, as one walks; After has no
	// meaning then.
	ByDoor bool
}

// Homes lists a village's households. Numbers count as people count: 9 comes
// before 10.
func Homes(ctx context.Context, c db.Conn, village int64, f Filter) ([]Home, error) {
	query := "SELECT " + homeColumns + " FROM households h WHERE h.village_id = ?"
	args := []any{village}
	add := func(sql string, more ...any) { query += sql; args = append(args, more...) }
	if !f.IncludeLeft {
		add(" AND h.left_at = 0")
	}
	if f.Group != 0 {
		add(" AND h.group_no = ?", f.Group)
	}
	if f.Grid != 0 {
		add(" AND h.grid_id = ?", f.Grid)
	}
	if f.ByDoor {
		add(" ORDER BY h.group_no, h.lane, h.lane_order, LENGTH(h.number), h.number")
	} else {
		if f.After != "" {
			add(" AND (LENGTH(h.number) > LENGTH(?) OR (LENGTH(h.number) = LENGTH(?) AND h.number > ?))", f.After, f.After, f.After)
		}
		add(" ORDER BY LENGTH(h.number), h.number")
	}
	if f.Limit > 0 {
		add(" LIMIT ?", f.Limit)
	}
	return homes(ctx, c, query, args...)
}

func homes(ctx context.Context, c db.Conn, query string, args ...any) ([]Home, error) {
	var all []Home
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var h Home
		err := row.Scan(h.fields()...)
		all = append(all, h)
		return err
	}, query, args...)
	return all, err
}

// idsAtOnce bounds an IN list.
const idsAtOnce = 500

// HomesByID reads the named households; ids that the village does not have are
// missing from the answer.
func HomesByID(ctx context.Context, c db.Conn, village int64, ids []int64) (map[int64]Home, error) {
	out := make(map[int64]Home, len(ids))
	err := eachOf(ctx, c, func(row db.Scanner) error {
		var h Home
		err := row.Scan(h.fields()...)
		out[h.ID] = h
		return err
	}, "SELECT "+homeColumns+" FROM households h WHERE h.village_id = ? AND h.id IN ?", village, ids)
	return out, err
}

// eachOf reads the rows of a list of ids, some hundred ids at a time. It goes
// through gorm because a statement with a list is not worth keeping prepared.
func eachOf(ctx context.Context, c db.Conn, fn func(db.Scanner) error, query string, village int64, ids []int64) error {
	for chunk := range slices.Chunk(ids, idsAtOnce) {
		if err := eachRow(c.Read(ctx).Raw(query, village, chunk), fn); err != nil {
			return err
		}
	}
	return nil
}

func eachRow(q *gorm.DB, fn func(db.Scanner) error) error {
	rows, err := q.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Groups lists a village's groups that have households, with how many.
func Groups(ctx context.Context, c db.Conn, village int64) ([]Group, error) {
	var all []Group
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var g Group
		err := row.Scan(&g.Number, &g.Homes)
		all = append(all, g)
		return err
	}, "SELECT group_no, COUNT(*) FROM households WHERE village_id = ? AND left_at = 0 GROUP BY group_no ORDER BY group_no", village)
	return all, err
}

// Group is a 村民小组 and how many households it has.
type Group struct{ Number, Homes int }
