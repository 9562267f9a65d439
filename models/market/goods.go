package market

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// What a village offers: things that lie on a shelf, and services (a haircut, a
// repair), which have no stock.
const (
	Thing   = "goods"
	Service = "service"
)

// Goods is one item of a village's offer.
type Goods struct {
	Village  int64 `gorm:"column:village_id"`
	ID       int64
	Name     string
	Unit     string // 袋, 瓶, 次
	Kind     string // Thing or Service
	Barcode  string // EAN, empty for none
	Position int    // the number to type at the till
	Note     string
	Halal    bool          // 清真, from the label
	OffAt    models.Millis // taken off the shelf; 0 while on it
	Limit
	LowAt     models.Qty // warn from here down; 0 for the usual few
	ShelfLife int        // days from the day it was made; 0 for none
	Lots      bool       // some of it may lie in lots
	Catalogue int64      // the county's item it was taken from; 0 for the village's own
	Picture   int64      // its photo; 0 without
}

// Off reports whether the item has been taken off the shelf.
func (g Goods) Off() bool { return g.OffAt != 0 }

// Counted reports whether the item has stock at all.
func (g Goods) Counted() bool { return g.Kind != Service }

// GoodsForm is what people fill in about an item.
type GoodsForm struct {
	Village  int64
	Goods    int64 // the item being changed; 0 for a new one
	Name     string
	Unit     string
	Kind     string // Thing when empty; it never changes afterwards
	Barcode  string
	Position int // 0: behind the last one
	Note     string
	Halal    bool
	Limit
	LowAt     models.Qty
	ShelfLife int
	// The price from today on; for new items only.
	Points  models.Points
	CostFen models.Fen
}

// The refusals about items.
var (
	ErrSameName    = &models.Error{Kind: models.Conflict, Code: "goods_name", Field: "name", Say: "村里已有同名的商品，没有重复添加；请改名，或直接改那一件"}
	ErrSameBarcode = &models.Error{Kind: models.Conflict, Code: "goods_barcode", Field: "barcode", Say: "这个条码已用在别的商品上，没有保存；请核对"}
	ErrNoGoods     = models.ErrNotFound.With("没有找到这件商品，请刷新后重选；没有扣分")
)

// tidy folds the form and refuses what cannot be sold.
func (f GoodsForm) tidy() (GoodsForm, error) {
	f.Name, f.Unit, f.Note = models.Normal(f.Name), models.Normal(f.Unit), strings.TrimSpace(f.Note)
	if f.Kind == "" {
		f.Kind = Thing
	}
	switch {
	case f.Name == "":
		return f, models.ErrInput.With("“名称”不能空着，没有保存").At("name")
	case f.Kind != Thing && f.Kind != Service:
		return f, models.ErrInput.With("“类型”要选商品或服务，没有保存").At("kind")
	case f.Position < 0 || f.Position > 9999:
		return f, models.ErrInput.With("“序号”要填 1 到 9999，没有保存").At("position")
	case f.LowAt < 0 || f.LowAt > maxQty:
		return f, models.ErrInput.With("“少于几件提醒”要填 0 或更大的数字，没有保存").At("low_at")
	case f.ShelfLife < 0 || f.ShelfLife > 3660:
		return f, models.ErrInput.With("“保质期”要填天数，最多 3660 天，没有保质期就空着；没有保存").At("shelf_life")
	}
	if why, bad := Unfit(f.Name); bad {
		return f, models.ErrInput.With("“" + f.Name + "”" + why + "，没有保存").At("name")
	}
	err := cmp.Or(fits("name", "名称", f.Name, 64), fits("unit", "单位", f.Unit, 16), fits("note", "备注", f.Note, 120))
	if err != nil {
		return f, err
	}
	if f.Barcode, err = Barcode(f.Barcode); err != nil {
		return f, err
	}
	f.Limit, err = f.Limit.tidy()
	return f, err
}

// AddGoods puts a new item on the village's list, with its price from today.
func AddGoods(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, form GoodsForm) (Goods, error) {
	form, err := form.tidy()
	if err == nil {
		err = checkPrice(form.Points, form.CostFen)
	}
	if err == nil {
		err = may(ctx, d, by, models.KeepStock, form.Village)
	}
	if err != nil {
		return Goods{}, err
	}
	var g Goods
	id := models.NewID()
	err = d.InTx(ctx, db.Op{ID: op, Village: form.Village, Kind: "goods_add", Asked: form, By: by, Subject: id,
		Again: func(tx *db.Tx, subject int64) (err error) {
			g, err = GetGoods(ctx, tx, form.Village, subject)
			return err
		}}, func(tx *db.Tx) error {
		if form.Position == 0 {
			last, err := lastPosition(tx, form.Village)
			if err != nil {
				return err
			}
			form.Position = last + 1
		}
		form.Goods = id
		if err := insertGoods(tx, form); err != nil {
			return err
		}
		g = form.goods()
		return putPrice(tx, form.Village, id, Price{FromDay: tx.Now.Day(), Points: form.Points, CostFen: form.CostFen})
	})
	return g, err
}

func (f GoodsForm) goods() Goods {
	return Goods{Village: f.Village, ID: f.Goods, Name: f.Name, Unit: f.Unit, Kind: f.Kind, Barcode: f.Barcode, Position: f.Position, Note: f.Note, Halal: f.Halal,
		Limit: f.Limit, LowAt: f.LowAt, ShelfLife: f.ShelfLife}
}

func insertGoods(tx *db.Tx, f GoodsForm) error {
	if err := freeBarcode(tx, f.Village, f.Goods, f.Barcode); err != nil {
		return err
	}
	_, err := tx.SQL.Exec(`INSERT INTO goods (village_id, id, name, unit, kind, barcode, position, note, halal, min_balance, limit_qty, limit_period, limit_per, low_at, shelf_life)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		f.Village, f.Goods, f.Name, f.Unit, f.Kind, f.Barcode, f.Position, f.Note, number(f.Halal), int64(f.MinBalance), int64(f.LimitQty), f.Period, f.Per, int64(f.LowAt), f.ShelfLife)
	if db.IsDuplicate(err) {
		return ErrSameName
	}
	return err
}

// number is how both databases keep a yes.
func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func lastPosition(tx *db.Tx, v int64) (int, error) {
	var last int
	err := tx.SQL.Row("SELECT COALESCE(MAX(position), 0) FROM goods WHERE village_id = ?", v).Scan(&last)
	return last, err
}

// SaveGoods changes what is written about an item. Its kind and its price are
// not changed here: a kind never is, prices have their own days.
func SaveGoods(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, form GoodsForm) error {
	form, err := form.tidy()
	if err == nil {
		err = may(ctx, d, by, models.KeepStock, form.Village)
	}
	if err != nil {
		return err
	}
	return d.InTx(ctx, db.Op{ID: op, Village: form.Village, Kind: "goods_save", Asked: form, By: by, Subject: form.Goods}, func(tx *db.Tx) error {
		was, err := GetGoods(ctx, tx, form.Village, form.Goods)
		if err != nil {
			return err
		}
		is := form.goods()
		if is.Position == 0 {
			is.Position = was.Position
		}
		if err := freeBarcode(tx, is.Village, is.ID, is.Barcode); err != nil {
			return err
		}
		return is.save(tx, was)
	})
}

// save writes what people fill in about an item over what was there.
func (g Goods) save(tx *db.Tx, was Goods) error {
	_, err := tx.SQL.Exec(`UPDATE goods SET name = ?, unit = ?, barcode = ?, position = ?, note = ?, halal = ?,
		min_balance = ?, limit_qty = ?, limit_period = ?, limit_per = ?, low_at = ?, shelf_life = ? WHERE village_id = ? AND id = ?`,
		g.Name, g.Unit, g.Barcode, g.Position, g.Note, number(g.Halal),
		int64(g.MinBalance), int64(g.LimitQty), g.Period, g.Per, int64(g.LowAt), g.ShelfLife, g.Village, g.ID)
	if db.IsDuplicate(err) {
		return ErrSameName
	}
	if err != nil {
		return err
	}
	return tx.Note(g.Village, changes(was, g)...)
}

// changes are old and new values for the trail.
func changes(was, is Goods) []db.Note {
	return []db.Note{
		{Field: "name", Old: was.Name, New: is.Name},
		{Field: "unit", Old: was.Unit, New: is.Unit},
		{Field: "barcode", Old: was.Barcode, New: is.Barcode},
		{Field: "position", Old: strconv.Itoa(was.Position), New: strconv.Itoa(is.Position)},
		{Field: "note", Old: was.Note, New: is.Note},
		{Field: "halal", Old: strconv.FormatBool(was.Halal), New: strconv.FormatBool(is.Halal)},
		{Field: "limit", Old: was.Limit.Says(was.Unit), New: is.Limit.Says(is.Unit)},
		{Field: "low_at", Old: was.LowAt.String(), New: is.LowAt.String()},
		{Field: "shelf_life", Old: strconv.Itoa(was.ShelfLife), New: strconv.Itoa(is.ShelfLife)},
	}
}

// ShelveGoods takes an item off the shelf or puts it back. Nothing else about it
// changes; its stock stays where it is.
func ShelveGoods(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, v, goods int64, on bool) error {
	if err := may(ctx, d, by, models.KeepStock, v); err != nil {
		return err
	}
	asked := struct {
		Goods int64
		On    bool
	}{goods, on}
	return d.InTx(ctx, db.Op{ID: op, Village: v, Kind: "goods_shelve", Asked: asked, By: by, Subject: goods}, func(tx *db.Tx) error {
		off := tx.Now
		if on {
			off = 0
		}
		return tx.SQL.Must(1, ErrNoGoods, "UPDATE goods SET off_at = ? WHERE village_id = ? AND id = ?", int64(off), v, goods)
	})
}

// goodsColumns are what scanGoods reads of an item g.
const goodsColumns = "g.village_id, g.id, g.name, g.unit, g.kind, g.barcode, g.position, g.note, g.halal, g.off_at, " +
	"g.min_balance, g.limit_qty, g.limit_period, g.limit_per, g.low_at, g.shelf_life, g.lots, g.catalogue_id, g.picture_id"

// GetGoods reads one item of the village, on the shelf or off it.
func GetGoods(ctx context.Context, c db.Conn, v, id int64) (Goods, error) {
	g, err := scanGoods(c.Stmts(ctx).Row("SELECT "+goodsColumns+" FROM goods g WHERE g.village_id = ? AND g.id = ?", v, id))
	if errors.Is(err, sql.ErrNoRows) {
		return g, ErrNoGoods
	}
	return g, err
}

// FindBarcode finds the item a barcode gun has read.
func FindBarcode(ctx context.Context, c db.Conn, v int64, code string) (Goods, error) {
	code, err := Barcode(code)
	if err != nil || code == "" {
		return Goods{}, ErrNoGoods
	}
	g, err := scanGoods(c.Stmts(ctx).Row("SELECT "+goodsColumns+" FROM goods g WHERE g.village_id = ? AND g.barcode = ? AND g.off_at = 0", v, code))
	if errors.Is(err, sql.ErrNoRows) {
		return g, ErrNoGoods
	}
	return g, err
}

func scanGoods(row db.Scanner, more ...any) (Goods, error) {
	var g Goods
	err := row.Scan(append([]any{&g.Village, &g.ID, &g.Name, &g.Unit, &g.Kind, &g.Barcode, &g.Position, &g.Note, &g.Halal, &g.OffAt,
		&g.MinBalance, &g.LimitQty, &g.Period, &g.Per, &g.LowAt, &g.ShelfLife, &g.Lots, &g.Catalogue, &g.Picture}, more...)...)
	return g, err
}
