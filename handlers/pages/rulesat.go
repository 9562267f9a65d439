package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"pointstore/handlers/web"
	"pointstore/models"
	"pointstore/models/scheme"
	"pointstore/models/village"
)

// rulesAt is the place whose rules are in hand: a village, or the county whose
// template its villages take over.
func rulesAt(c *fiber.Ctx) (web.Area, error) {
	at, err := web.AreaFor(c, models.SetUpVillage)
	if err == nil && at.Level != village.Hamlet && at.Level != village.County {
		err = models.ErrNotFound
	}
	return at, err
}

// siteOf is the name in the banner.
func siteOf(at web.Area) string { return at.Name + "积分超市" }

// rulesIn is the place that a page about rules is in, and the version it shows.
type rulesIn struct {
	At      web.Area
	Version scheme.Version
}

// Frame names the place.
func (p rulesIn) Frame(f *web.Frame) { f.Site = siteOf(p.At) }

// County reports whether these are a county's rules for its villages.
func (p rulesIn) County() bool { return p.At.Level == village.County }

// What is what the table is called there.
func (p rulesIn) What() string {
	if p.County() {
		return p.At.Name + "积分细则范本"
	}
	return p.At.Name + "积分细则"
}

// Path is an address below the place's rules.
func (p rulesIn) Path(rest ...string) string { return rulesPath(p.At.ID, rest...) }

// Back leads out of the rules.
func (p rulesIn) Back() string {
	if p.County() {
		return adminPath(p.At.ID, "template")
	}
	return adminPath(p.At.ID)
}

// Import is where a table comes in.
func (p rulesIn) Import() string { return importPath(p.At.ID, rulesImport.Key) }

func rulesPath(at int64, rest ...string) string {
	return adminPath(at, append([]string{"rules"}, rest...)...)
}

func versionQuery(v int64) string { return "?version=" + models.ID32(v) }

// newestRules is the last version of a place and its rules; ErrNoRules when
// there is none.
func (p *Pages) newestRules(ctx context.Context, at int64) (*scheme.Book, error) {
	versions, err := scheme.Versions(ctx, p.db, at)
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, scheme.ErrNoRules
	}
	return scheme.Load(ctx, p.db, at, versions[0].ID)
}

// ruleCategories are the headings of a place by id.
func (p *Pages) ruleCategories(ctx context.Context, at int64) (map[int64]scheme.Category, error) {
	all, err := scheme.Categories(ctx, p.db, at)
	names := make(map[int64]scheme.Category, len(all))
	for _, k := range all {
		names[k.ID] = k
	}
	return names, err
}
