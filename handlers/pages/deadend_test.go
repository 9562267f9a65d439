package pages_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"pointstore/models"
)

var hrefTag = regexp.MustCompile(`<a\b[^>]*\bhref="([^"#]*)"`)

// Whoever follows what a page offers finds an open door, and the banner leads
// back to work.
func TestNoLinkLeadsToAClosedDoor(t *testing.T) {
	f := furnish(t)
	by := models.Actor{Account: 1, Grants: []models.Grant{{Role: models.Admin, Area: models.Everywhere}}}
	who := map[string]*browser{"administrator": f.boss, "committee": f.chen,
		"grid worker":     f.staff(by, "grid", models.GridWorker, f.qing),
		"clerk":           f.staff(by, "clerk", models.Clerk, f.qing),
		"monitor":         f.staff(by, "monitor", models.Monitor, f.qing),
		"first secretary": f.staff(by, "first", models.FirstSec, f.qing),
		"inspector":       f.staff(by, "inspector", models.Inspector, f.qing),
	}
	for name, b := range who {
		t.Run(name, func(t *testing.T) { b.wander(t) })
	}
}

// wander opens every link from the sign-in page on, each address once whatever
// its query; a map of 200 addresses is more than anybody has.
func (b *browser) wander(t *testing.T) {
	seen, next := map[string]bool{"/signin": true}, [][2]string{{"/signin", "the beginning"}}
	for len(next) > 0 && len(seen) < 200 {
		path, from := next[0][0], next[0][1]
		next = next[1:]
		b.open(path)
		if b.page.code != http.StatusOK {
			t.Errorf("%s leads to %s, which answers %d: %s", from, path, b.page.code, b.text())
			continue
		}
		for _, m := range hrefTag.FindAllStringSubmatch(b.page.body, -1) {
			to := html.UnescapeString(m[1])
			bare, _, _ := strings.Cut(to, "?")
			if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/static/") && !seen[bare] {
				seen[bare] = true
				next = append(next, [2]string{to, b.page.path})
			}
		}
	}
	if len(seen) < 6 {
		t.Errorf("only these addresses were found: %v", seen)
	}
}

// Old balances before the roll would be wrong in every row; one sentence says
// what comes first.
func TestBalancesBeforeTheRollAreToldWhatComesFirst(t *testing.T) {
	f := furnish(t)
	at := f.at(f.qing, "import/balances")
	f.boss.open(at)
	f.boss.upload(at, "旧账.csv", oldPoints)
	f.boss.want(http.StatusUnprocessableEntity, "请先到“各户”导入花名册")
	f.boss.open(at)
	f.boss.wantNot("旧账.csv")
}
