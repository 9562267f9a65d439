package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// workbookOf builds an xlsx file as a village's computer would.
func workbookOf(t testing.TB, build func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	build(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fillRows(t testing.TB, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	for i, r := range rows {
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
}

func mergeCells(t testing.TB, f *excelize.File, sheet string, spans ...string) {
	t.Helper()
	for _, s := range spans {
		a, b, _ := strings.Cut(s, ":")
		if err := f.MergeCell(sheet, a, b); err != nil {
			t.Fatal(err)
		}
	}
}

// rawBook is a workbook whose worksheet XML is given byte by byte, for what no
// honest program writes.
func rawBook(t testing.TB, sheetXML func(w *zip.Writer, part string)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, text string) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	add("_rels/.rels", `<Relationships><Relationship Id="r1" Type="`+rel+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	add("xl/workbook.xml", `<workbook xmlns:r="`+rel+`"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>`)
	add("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="`+rel+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="`+rel+`/sharedStrings" Target="sharedStrings.xml"/></Relationships>`)
	sheetXML(z, "xl/worksheets/sheet1.xml")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func mustRead(t testing.TB, name string, b []byte) Table {
	t.Helper()
	tab, err := Read(name, b)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return tab
}

func headsOf(cols []Column) string {
	var out []string
	for _, c := range cols {
		out = append(out, c.Title)
	}
	return strings.Join(out, "|")
}

func rowsOf(tab Table) string {
	var out []string
	for _, r := range tab.Rows {
		out = append(out, fmt.Sprintf("%d:%s", r.Number, strings.Join(r.Cells, ",")))
	}
	return strings.Join(out, "\n")
}

func leftOf(tab Table) string {
	var out []string
	for _, l := range tab.Left {
		out = append(out, fmt.Sprintf("%d %s", l.Row, l.Why))
	}
	return strings.Join(out, "; ")
}

func want(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}
