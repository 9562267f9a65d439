package scheme

import (
	"context"
	"slices"
	"strings"

	"pointstore/models"
	"pointstore/models/db"
)

// CountyCategory is one of the headings under which a county adds up what its
// villages call by many names.
type CountyCategory struct{ Key, Name string }

// CountyCategories are all of them, in the order of the reports. A category
// without a key is shown as 未归类.
var CountyCategories = []CountyCategory{
	{"courtyard", "美丽庭院"}, {"customs", "移风易俗"}, {"volunteer", "志愿服务"}, {"neighbour", "邻里互助"}, {"affairs", "公共事务"},
	{"education", "教育"}, {"models", "家风典型"}, {"work", "产业致富"}, {"law", "遵纪守法"}, {"other", "其他"},
}

// CountyName is the heading for a key; 未归类 for the empty one.
func CountyName(key string) string {
	for _, c := range CountyCategories {
		if c.Key == key {
			return c.Name
		}
	}
	return "未归类"
}

// Category is one of the village's own headings.
type Category struct {
	Village, ID     int64
	Name, CountyKey string
	Parent          int64 // 0: at the top of the tree
}

// countyWords guess the heading from a village's own name; the first hit wins,
// so what is particular stands before what is general.
var countyWords = []struct{ key, words string }{
	{"customs", "移风易俗 婚 丧 彩礼 红白 喜事 白事 新风 厚养薄葬 节俭"},
	{"law", "守法 法治 法纪 平安 纠纷 调解 矛盾 治安 禁毒 综治 信访 安全"},
	{"courtyard", "庭院 环境 卫生 生态 清洁 整洁 人居 垃圾 绿化 美丽 村容 家园"},
	{"volunteer", "志愿 公益 义务 文明实践"},
	{"neighbour", "邻里 互助 互帮 帮扶 帮助 关爱 助人 助老"},
	{"models", "表彰 荣誉 家风 家庭 典型 孝 评优 先进 贡献 文明户"},
	{"education", "教育 学习 培训 夜校 升学 读书 科教"},
	{"work", "致富 产业 就业 创业 增收 生产 务工 种植 养殖"},
	{"affairs", "公共 参与 村务 党建 党组织 议事 会议 组织 治理 集体 活动"},
	{"other", "其他 其它"},
}

// GuessCounty guesses the county's key for a category's name; "" when nothing
// speaks for one.
func GuessCounty(name string) string {
	for _, w := range countyWords {
		if contains(name, w.words) != "" {
			return w.key
		}
	}
	return ""
}

// contains returns the first of the blank-separated words that occurs in s.
func contains(s, words string) string {
	for w := range strings.FieldsSeq(words) {
		if strings.Contains(s, w) {
			return w
		}
	}
	return ""
}

// Categories lists the village's categories in the order they were first used.
func Categories(ctx context.Context, c db.Conn, village int64) ([]Category, error) {
	var list []Category
	err := c.Stmts(ctx).Each(func(row db.Scanner) error {
		var k Category
		err := row.Scan(&k.Village, &k.ID, &k.Name, &k.CountyKey, &k.Parent)
		list = append(list, k)
		return err
	}, "SELECT village_id, id, name, county_key, parent_id FROM categories WHERE village_id = ? ORDER BY id", village)
	return list, err
}

// MapCategory says under which of the county's headings a category counts; the
// empty key is 未归类. Quarters that are closed keep what they were closed with.
func MapCategory(ctx context.Context, d *db.DB, op db.OpID, by models.Actor, village, category int64, key string) error {
	if key != "" && !slices.ContainsFunc(CountyCategories, func(c CountyCategory) bool { return c.Key == key }) {
		return models.ErrInput.With("没有这个归类，没有改动，请重新选择").At("county")
	}
	place, err := placeOf(ctx, d, village)
	if err != nil {
		return err
	}
	if err := by.May(models.SetUpVillage, place); err != nil {
		return err
	}
	all, err := Categories(ctx, d, village)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(c Category) bool { return c.ID == category })
	if at < 0 {
		return models.ErrNotFound
	}
	ask := struct {
		Category int64
		Key      string
	}{category, key}
	notes := []db.Note{{Field: "归类：" + all[at].Name, Old: CountyName(all[at].CountyKey), New: CountyName(key)}}
	return d.InTx(ctx, db.Op{ID: op, Village: village, Kind: "map-category", Asked: ask, By: by, Subject: category, Notes: notes}, func(tx *db.Tx) error {
		return tx.SQL.Must(1, models.ErrNotFound, "UPDATE categories SET county_key = ? WHERE village_id = ? AND id = ?", key, village, category)
	})
}

// placeOf reads where the village lies, for asking permission. A county keeps the
// rules that its villages take over under its own id.
func placeOf(ctx context.Context, c db.Conn, area int64) (models.Place, error) {
	var p models.Place
	var level string
	err := c.Stmts(ctx).Row("SELECT level, city_id, county_id, township_id FROM areas WHERE id = ? AND level IN ('village', 'county')", area).
		Scan(&level, &p.City, &p.County, &p.Township)
	if level == "county" {
		p.County = area
	} else {
		p.Village = area
	}
	return p, notFound(err)
}
