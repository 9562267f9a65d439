package pages

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
	"pointstore/models/village"
)

// rememberFor is how long a scan, or goods chosen before signing in, wait in
// the browser for the next page.
const rememberFor = 15 * time.Minute

// What scans leave behind, so that no token stays in an address.
const (
	scannedCard    = "card"    // see rememberCard
	scannedVoucher = "voucher" // a voucher's token
	chosenGoods    = "goods"   // see cartNote
)

// remember keeps a small value in the browser under the key file's seal: only
// this instance reads or makes it, and a restart between two pages does no harm.
func (p *Pages) remember(c *fiber.Ctx, name, value string) {
	text := strconv.FormatInt(time.Now().Add(rememberFor).Unix(), 10) + " " + value
	sealed, err := p.keys.Seal("remember."+name, text)
	if err != nil {
		return // the next page asks again
	}
	p.rememberCookie(c, name, base64.RawURLEncoding.EncodeToString(sealed), int(rememberFor.Seconds()))
}

// recall is what remember kept; empty when there is nothing, or it is too old.
func (p *Pages) recall(c *fiber.Ctx, name string) string {
	sealed, err := base64.RawURLEncoding.DecodeString(c.Cookies("pr_" + name))
	if err != nil || len(sealed) == 0 {
		return ""
	}
	text, err := p.keys.Unseal("remember."+name, sealed)
	if err != nil {
		return ""
	}
	until, value, _ := strings.Cut(text, " ")
	if n, err := strconv.ParseInt(until, 10, 64); err != nil || time.Now().Unix() > n {
		return ""
	}
	return value
}

// forget takes a remembered value out of the browser.
func (p *Pages) forget(c *fiber.Ctx, name string) {
	if c.Cookies("pr_"+name) != "" {
		p.rememberCookie(c, name, "", -1)
	}
}

func (p *Pages) rememberCookie(c *fiber.Ctx, name, value string, age int) {
	k := &fiber.Cookie{Name: "pr_" + name, Value: value, Path: "/", HTTPOnly: true, Secure: strings.HasPrefix(p.base, "https://"), SameSite: fiber.CookieSameSiteLaxMode, MaxAge: age}
	if age < 0 {
		k.Expires = time.Unix(1, 0)
	}
	c.Cookie(k)
}

// rememberCard notes that this browser has just scanned a card in force. At the
// till it is the difference between a card on the table and a name called out.
func (p *Pages) rememberCard(c *fiber.Ctx, card village.Card) {
	p.remember(c, scannedCard, models.ID32(card.Village)+" "+models.ID32(card.ID)+" "+strconv.FormatInt(card.CardNo, 10))
}

// recallCard is the card scanned a moment ago; false when there is none. Whether
// it is still in force is asked of the household's CardNo.
func (p *Pages) recallCard(c *fiber.Ctx) (village.Card, bool) {
	parts := strings.Fields(p.recall(c, scannedCard))
	if len(parts) != 3 {
		return village.Card{}, false
	}
	v, err1 := models.ParseID32(parts[0])
	h, err2 := models.ParseID32(parts[1])
	no, err3 := strconv.ParseInt(parts[2], 10, 64)
	ok := err1 == nil && err2 == nil && err3 == nil
	return village.Card{Household: models.Household{Village: v, ID: h}, CardNo: no}, ok
}
