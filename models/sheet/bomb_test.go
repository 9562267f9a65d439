package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"pointstore/models"
)

// pour writes a text many times over into a part.
func pour(head, again string, times int, tail string) func(*zip.Writer, string) {
	return func(z *zip.Writer, part string) {
		w, err := z.Create(part)
		if err != nil {
			panic(err)
		}
		io.WriteString(w, head)
		block := strings.Repeat(again, 1000)
		for range times / 1000 {
			io.WriteString(w, block)
		}
		io.WriteString(w, tail)
	}
}

func TestReadRefusesBombsWithoutSwallowingThem(t *testing.T) {
	const head = `<worksheet><sheetData>`
	row := func(n, inner string) string { return `<row r="` + n + `">` + inner + `</row>` }
	raw := func(sheet func(*zip.Writer, string)) func() []byte {
		return func() []byte { return rawBook(t, sheet) }
	}
	text := func(again string, times int) func() []byte {
		return func() []byte { return []byte(strings.Repeat(again, times)) }
	}
	bombs := map[string]func() []byte{
		"huge text":      raw(pour(head+`<row r="1"><c r="A1" t="inlineStr"><is><t>`, "aaaaaaaaaa", 8_000_000, `</t></is></c></row></sheetData></worksheet>`)),
		"huge attribute": raw(pour(head+`<row r="1`, "1111111111", 2_000_000, `"/></sheetData></worksheet>`)),
		"deep":           raw(pour(head, "<a>", 2_000_000, "")),
		"endless rows":   raw(pour(head, `<row><c t="inlineStr"><is><t>a</t></is></c></row>`, 1_000_000, `</sheetData></worksheet>`)),
		"endless cells":  raw(pour(head+`<row r="1">`, `<c/>`, 20_000_000, `</row></sheetData></worksheet>`)),
		"comments":       raw(pour(head, `<!--<<<<<<<<<<-->`, 1_000_000, `</sheetData></worksheet>`)),
		"entities":       raw(pour(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>`+head, row("1", "&a;"), 1000, `</sheetData></worksheet>`)),
		"row -1":         raw(pour(head+row("-1", "")+row("2", `<c r="A2"><v>1</v></c>`), "", 0, `</sheetData></worksheet>`)),
		"row 2 billion":  raw(pour(head+row("2147483647", `<c><v>1</v></c>`), "", 0, `</sheetData></worksheet>`)),
		"row overflow":   raw(pour(head+row("99999999999999999999", `<c><v>1</v></c>`), "", 0, `</sheetData></worksheet>`)),
		"column XFD":     raw(pour(head+row("1", `<c r="XFD1"><v>1</v></c>`), "", 0, `</sheetData></worksheet>`)),
		"cell elsewhere": raw(pour(head+row("1", `<c r="A7"><v>1</v></c>`), "", 0, `</sheetData></worksheet>`)),
		"shared strings": raw(func(z *zip.Writer, part string) {
			pour(head+row("1", `<c r="A1" t="s"><v>0</v></c>`), "", 0, `</sheetData></worksheet>`)(z, part)
			pour(`<sst>`, `<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>`, 1_300_000, `</sst>`)(z, "xl/sharedStrings.xml")
		}),
		"many parts": raw(func(z *zip.Writer, part string) {
			for i := range 60_000 {
				if _, err := z.Create(fmt.Sprint(i)); err != nil {
					panic(err)
				}
			}
		}),
		"fields":         text(",x", MaxBytes/2-1),
		"quoted fields":  text("\"\n\",", MaxBytes/4-1),
		"lines":          text("a,b\n", MaxBytes/4-1),
		"too many bytes": text("a", MaxBytes+1),
	}
	for name, bomb := range bombs {
		b := bomb()
		if len(b) > MaxBytes && name != "too many bytes" {
			t.Errorf("%s: %d bytes would be refused for their size alone", name, len(b))
		}
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		peak := watch(func() {
			_, err := Read(name, b)
			if k := models.KindOf(err); k != models.TooLarge && k != models.Input {
				t.Errorf("%s: %v", name, err)
			}
		})
		if grown := int64(peak) - int64(before.HeapAlloc); grown > 64<<20 {
			t.Errorf("%s: the heap grew by %d MB", name, grown>>20)
		}
	}
}

// watch runs f and gives the largest heap seen meanwhile.
func watch(f func()) uint64 {
	var m runtime.MemStats
	var peak uint64
	done := make(chan struct{})
	seen := make(chan struct{})
	go func() {
		defer close(seen)
		for {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	f()
	close(done)
	<-seen
	return peak
}

func TestReadSurvivesMergesThatOverlap(t *testing.T) {
	var merges strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&merges, `<mergeCell ref="A%d:C20001"/>`, i+1)
	}
	tab, err := Read("a.xlsx", rawBook(t, pour(`<worksheet><sheetData>`, `<row><c t="inlineStr"><is><t>a</t></is></c><c><v>1</v></c></row>`, 20_000, `</sheetData><mergeCells>`+merges.String()+`</mergeCells></worksheet>`)))
	if err != nil || len(tab.Rows) < 19_999 {
		t.Fatalf("%d rows, %v", len(tab.Rows), err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("户号,户主\n1,王军\n合计,1\n"))
	f.Add([]byte("\xFF\xFEa\x00\t\x00b\x00\r\x00\n\x00"))
	f.Add([]byte("类别,项目,分值\n\"卫生\",,5\n"))
	f.Add([]byte("sep=;\n\"a;\"\"b\";c"))
	f.Add(rawBook(f, pour(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>户号</t></is></c></row><row r="2"><c r="A2"><v>5</v></c></row>`, "", 0, `</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`)))
	f.Fuzz(func(t *testing.T, b []byte) {
		tab, err := Read("a", b)
		if err != nil {
			var e *models.Error
			if !errors.As(err, &e) {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		last := 0
		for _, r := range tab.Rows {
			if r.Number <= last || len(r.Cells) > MaxColumns {
				t.Fatalf("row %d after %d with %d cells", r.Number, last, len(r.Cells))
			}
			last = r.Number
		}
		tab.Match(houseWants, nil)
		if err := WriteMarked(io.Discard, tab, nil); err != nil {
			t.Fatal(err)
		}
	})
}
