package assets

import (
	"bytes"
	"regexp"
)

var (
	cssRemark = regexp.MustCompile(`(?s)/\*.*?\*/`)
	// A remark behind code: what has a quote in it may be the inside of a string.
	jsRemark = regexp.MustCompile("[ \t]+// [^\"'`]*$")
)

// lean leaves out what only readers of the source need, remarks and indents: on a
// slow line they are a fifth of a page. Lines stay lines, because JavaScript reads
// meaning into where they end.
func lean(ext string, body []byte) []byte {
	switch ext {
	case ".css":
		body = cssRemark.ReplaceAll(body, nil)
	case ".js":
	default:
		return body
	}
	var out bytes.Buffer
	for line := range bytes.Lines(body) {
		line = bytes.TrimSpace(line)
		if ext == ".js" {
			if bytes.HasPrefix(line, []byte("//")) {
				continue
			}
			line = jsRemark.ReplaceAll(line, nil)
		}
		if len(line) > 0 {
			out.Write(line)
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}
