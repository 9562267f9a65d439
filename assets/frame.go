package assets

// Screen is everything a view may show: the frame around it and the page's own
// struct. It is the dot of every view.
type Screen struct {
	Frame Frame
	Page  any
}

// Frame is what surrounds a page.
type Frame struct {
	Title    string // of the browser tab and of a shared link
	Site     string // left in the banner: 青石村积分超市
	SiteHref string // where the banner's name leads; empty is "/"
	Area     string // me, committee, counter, reports, admin: a class on body
	Person   string // the signed-in person's name
	CSRF     string // the form token every POST form carries
	Nav      []Link // bottom bar on phones, under the banner elsewhere; at most five
	Active   string // the Key of the Nav entry one is in
	Corner   []Link // right in the banner: sign in, sign out, 标准版
	Posture  string // phone (when empty), counter or desk
	Elder    bool   // larger type and targets
	Flash    *Flash
	Error    *Say
	Path     string
	SignedIn bool
	NoIndex  bool
	AsOf     string // the instant the numbers were taken, in words
	Footer   []Link // small links at the very end
}

// Link is one way on. A Post link is drawn as a form with a single button,
// because following it changes something.
type Link struct {
	Href, Text, Icon, Key string
	Post                  bool
}

// Flash says once, after a redirect, what has been done. Kind is ok, wait or bad.
type Flash struct{ Kind, Text, Detail string }

// Say is a refusal in words; Number is what one reads out on the telephone.
type Say struct{ Text, Code, Number string }

// Option is one answer of a select or of choices; Hint is its second line.
type Option struct {
	Value, Text, Hint  string
	Selected, Disabled bool
}

// Tick is one household in a batch list. Search holds pinyin initials, number
// and name; Each its points as a plain decimal; Why the reason it is disabled.
type Tick struct {
	Value, Title, Note, Search, Each string
	Checked, Disabled                bool
	Why                              string
}

// Step is one of several steps in order. State is done, now or todo.
type Step struct{ Text, Href, State string }

// Head heads a column; Num columns are set flush right.
type Head struct {
	Text, Key string
	Num       bool
}

// Cell is one field of a table. Sort replaces Text when sorting; Tag (ok, wait,
// past, bad) draws the text as a tag.
type Cell struct{ Text, Href, Sort, Tag string }

// Table is a plain table; Sort lets its readers order it by any column.
type Table struct {
	Caption string
	Heads   []Head
	Rows    [][]Cell
	Foot    []Cell
	Sort    bool
}

// hidden is what every POST form carries.
type hidden struct{ CSRF, Op string }
