package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// records and what stands below them: the bottom of the house.
var (
	below   = []string{"models", "models/db", "models/sheet", "models/keys"}
	records = []string{"models/village", "models/account", "models/scheme", "models/notice", "models/ledger", "models/photo"}
	all     = append(append([]string{"models/award", "models/market", "models/register", "models/report"}, records...), below...)
)

// mayImport is the shape of the house. A package missing from it fails the
// test, so a new room is always a decision.
var mayImport = map[string][]string{
	"models":            {},
	"models/db":         {"models"},
	"models/sheet":      {"models"},
	"models/keys":       {"models"},
	"models/village":    below,
	"models/account":    below,
	"models/scheme":     below,
	"models/notice":     below,
	"models/ledger":     below,
	"models/photo":      below,
	"models/award":      append([]string{"models/village", "models/account", "models/scheme", "models/notice", "models/ledger", "models/photo"}, below...),
	"models/market":     append([]string{"models/village", "models/notice", "models/ledger", "models/photo"}, below...),
	"models/register":   {"models", "models/db", "models/village", "models/scheme", "models/notice", "models/award"},
	"models/report":     {"models", "models/db", "models/sheet"},
	"models/modelstest": append([]string{"migrations"}, all...),
	"migrations":        {},
	"assets":            {},
	"handlers/web":      {"models", "models/db", "models/account", "assets"},
	"handlers/pages":    append([]string{"handlers/web"}, all...),
	"handlers/api":      append([]string{"handlers/web"}, all...),
	"handlers":          {"handlers/pages", "handlers/api", "handlers/web", "assets", "models/db", "models/keys"},
	"app":               append([]string{"handlers", "handlers/pages", "handlers/web", "assets", "migrations"}, all...),
}

// outside names the imports from elsewhere that only one room may have.
var outside = map[string][]string{
	"github.com/gofiber/fiber/v2":                  {"handlers", "handlers/web", "handlers/pages", "handlers/api", "app"},
	"github.com/skip2/go-qrcode":                   {"handlers/pages"},
	"gorm.io/gorm":                                 {"models/db", "models/village", "models/account", "models/scheme", "models/notice", "models/ledger", "models/award", "models/market", "models/report"},
	"modernc.org/sqlite":                           {"models/db"},
	"github.com/xuri/excelize/v2":                  {"models/sheet"},
	"github.com/alecthomas/kong":                   {"app"},
	"github.com/pressly/goose/v3":                  {"migrations"},
	"github.com/go-rod/rod":                        {},
	"github.com/gofiber/fiber/v2/middleware/proxy": {}, // a known hole without a patch
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "pointstore/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

func TestImportsKeepTheShapeOfTheHouse(t *testing.T) {
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, "pointstore/")
		may, known := mayImport[room]
		if !known {
			t.Errorf("%s is not in the plan of the house: a new room needs a page in docs/decisions", room)
			continue
		}
		for _, i := range p.Imports {
			if own, ok := strings.CutPrefix(i, "pointstore/"); ok && !slices.Contains(may, own) {
				t.Errorf("%s imports %s", room, own)
			}
			if rooms, guarded := outside[i]; guarded && !slices.Contains(rooms, room) {
				t.Errorf("%s imports %s", room, i)
			}
		}
	}
}
