// Package assets draws: the templates, the style sheets and the one script,
// carried inside the binary. It knows nothing of the house; what a view shows
// arrives as a Screen.
//
// A view is views/<area>/<name>.html and is called "<area>/<name>". It defines
// "page"; the dot is the Screen, so a view writes .Page.Goods and .Frame.CSRF.
// It may also define
//
//	head    more lines for the document's head
//	layout  which sheet it is drawn on: screen (the default), bare (no banner
//	        and no navigation) or print (paper)
//	paper   for print: a4 (the default), a3, a4l, r58, r80 or cards
//	back    for print: where the link beside the print button leads
//
// The parts under views/parts are templates every view may call. They take a
// dict whose keys are checked, so a mistyped argument is an error and not a
// silent gap.
package assets

import (
	"embed"
	"io/fs"
	"os"
)

//go:embed views static
var embedded embed.FS

// FS is where views and static files are read from: the binary itself, or,
// while developing, the folder dir holding views/ and static/. Files on disk
// are read again at every drawing.
func FS(dir string) fs.FS {
	if dir == "" {
		return embedded
	}
	return os.DirFS(dir)
}
