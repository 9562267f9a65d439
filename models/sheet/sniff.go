package sheet

import (
	"bytes"
	"unicode/utf16"
)

// sniff says what a file is by its first bytes: "xlsx", "text", or else the
// sentence with which it is refused.
func sniff(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return sniffZip(b)
	case bytes.HasPrefix(b, []byte("\xD0\xCF\x11\xE0")):
		if bytes.Contains(b, wide("EncryptedPackage")) {
			return "这个表格设了打开密码，没有导入；请去掉密码再另存为 .xlsx"
		}
		if bytes.Contains(b, wide("WordDocument")) {
			return sayWord
		}
		return "这是旧版 .xls 表格，没有导入；请用 Excel 或 WPS 打开，另存为 .xlsx 再选一次"
	case bytes.HasPrefix(b, []byte("%PDF")):
		return "这是 PDF 文件，不是表格，没有导入；请选 Excel 或 WPS 的表"
	case bytes.HasPrefix(b, []byte("\xFF\xD8\xFF")), bytes.HasPrefix(b, []byte("\x89PNG")), bytes.HasPrefix(b, []byte("GIF8")):
		return "这是图片，不是表格，没有导入；请选 Excel 或 WPS 的表"
	case bytes.HasPrefix(b, []byte("{\\rtf")):
		return sayWord
	}
	start := bytes.ToLower(bytes.TrimLeft(b[:min(len(b), 512)], "\uFEFF \t\r\n"))
	for _, tag := range []string{"<html", "<!doctype", "<?xml", "<table", "<meta"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return "这是网页格式的表（名字可能叫 .xls），没有导入；请用 Excel 或 WPS 打开，另存为 .xlsx 再选一次"
		}
	}
	return "text"
}

const sayWord = "这是 Word 文档，没有导入；请把里面的表复制到 Excel 或 WPS 表格，另存为 .xlsx 再选一次"

func sniffZip(b []byte) string {
	switch {
	case bytes.Contains(b, []byte("xl/workbook.xml")):
		return "xlsx"
	case bytes.Contains(b, []byte("xl/workbook.bin")):
		return "这是 .xlsb 表格，没有导入；请用 Excel 打开，另存为 .xlsx 再选一次"
	case bytes.Contains(b, []byte("word/document.xml")):
		return sayWord
	case bytes.Contains(b, []byte("vnd.oasis.opendocument")):
		return "这是 .ods 表格，没有导入；请另存为 .xlsx 再选一次"
	}
	return "这是压缩包，不是表格，没有导入；请先解压，再选里面的 .xlsx"
}

// wide is a text as old Office files spell names: UTF-16, low byte first.
func wide(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}
