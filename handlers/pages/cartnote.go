package pages

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
	"pointstore/models/db"
	"pointstore/models/market"
)

// cartNote is what somebody chose at a counter's poster before saying who they
// are. It waits in the browser.
type cartNote struct {
	Village, Counter int64
	Qty              map[int64]models.Qty

	// Set by tell.
	Lines  []cartLine
	Points models.Points
}

type cartLine struct {
	Name   string
	Qty    models.Qty
	Points models.Points
}

// text is the note as it is kept: village counter goods=hundredths …
func (n cartNote) text() string {
	parts := []string{models.ID32(n.Village), models.ID32(n.Counter)}
	for _, id := range sortedKeys(n.Qty) {
		parts = append(parts, models.ID32(id)+"="+n.Qty[id].Plain())
	}
	return strings.Join(parts, " ")
}

func sortedKeys[V any](m map[int64]V) []int64 {
	ids := make([]int64, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, cmp.Compare)
	return ids
}

func (p *Pages) rememberCart(c *fiber.Ctx, n cartNote) { p.remember(c, chosenGoods, n.text()) }

// recallCart is what was chosen a moment ago; false when nothing was.
func (p *Pages) recallCart(c *fiber.Ctx) (*cartNote, bool) {
	parts := strings.Fields(p.recall(c, chosenGoods))
	if len(parts) < 3 {
		return nil, false
	}
	n := &cartNote{Qty: map[int64]models.Qty{}}
	var err1, err2 error
	n.Village, err1 = models.ParseID32(parts[0])
	n.Counter, err2 = models.ParseID32(parts[1])
	if err1 != nil || err2 != nil {
		return nil, false
	}
	for _, part := range parts[2:] {
		id, qty, _ := strings.Cut(part, "=")
		goods, err := models.ParseID32(id)
		q, err2 := models.ParseQty(qty)
		if err != nil || err2 != nil {
			return nil, false
		}
		n.Qty[goods] = q
	}
	return n, true
}

// tell looks up names and today's prices.
func (n *cartNote) tell(ctx context.Context, c db.Conn) error {
	items, err := market.Shelf(ctx, c, n.Village, n.Counter, c.Handle().Now().Day())
	for _, it := range items {
		q, ok := n.Qty[it.ID]
		if !ok {
			continue
		}
		sum, _ := it.Points.Times(q)
		n.Lines = append(n.Lines, cartLine{it.Name, q, sum})
		n.Points += sum
	}
	return err
}
