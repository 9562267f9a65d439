package models

import "errors"

// Kind is what a refusal means to the program; handlers/web maps it to a status.
type Kind int

// The kinds of refusal, with the status each becomes.
const (
	Bug       Kind = iota // 500: ours, logged in full
	Input                 // 422: what was typed cannot be used
	NotFound              // 404: nothing there, or not theirs to see
	Forbidden             // 403: this person may not
	SignIn                // 401: nobody is signed in, or a wrong password
	Conflict              // 409: the world has moved on
	Gone                  // 410: it was there and is used up
	Locked                // 423: too many wrong guesses
	TooMany               // 429: too fast
	TooLarge              // 413
	WrongType             // 415
	Busy                  // 503: nothing happened, try again
	Unknown               // 503: the outcome is not known yet
	DiskFull              // 507
	Unhealthy             // 503: clock, chain or file not to be trusted
)

// Error is a refusal that speaks to three readers: Kind to the program, Code
// to the API client, Say to the person. Say is a short Chinese sentence: what
// happened, that nothing was lost, what to do next.
type Error struct {
	Kind Kind
	Code string
	Say  string
	// Field names the form field the sentence is about, when there is one.
	Field string
	// Cause is for the log only.
	Cause error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Code + ": " + e.Cause.Error()
	}
	return e.Code
}

func (e *Error) Unwrap() error { return e.Cause }

// Is compares codes, so a refusal that says more is still the same refusal.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// With is the same refusal with a sentence that says more.
func (e *Error) With(say string) *Error {
	c := *e
	c.Say = say
	return &c
}

// At is the same refusal, about one form field.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Because is the same refusal with its cause kept for the log.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Cause = err
	return &c
}

// KindOf finds the kind of an error; what nobody declared is a Bug.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Bug
}

// The handful of refusals that everyone needs. The others live beside the rule
// they protect.
var (
	ErrInput     = &Error{Kind: Input, Code: "bad_input", Say: "有一处填得不对，没有保存，请改好再交"}
	ErrNotFound  = &Error{Kind: NotFound, Code: "not_found", Say: "没有找到，请核对后再试"}
	ErrForbidden = &Error{Kind: Forbidden, Code: "forbidden", Say: "没有权限办这件事，没有改动任何内容；请找村里的管理员"}
	ErrOwnHome   = &Error{Kind: Forbidden, Code: "own_household", Say: "不能给自己家办理，请换一位同事"}
	ErrSignIn    = &Error{Kind: SignIn, Code: "sign_in", Say: "登录已过期，登录后回到这一页"}
	ErrStale     = &Error{Kind: Conflict, Code: "stale", Say: "别人刚改过，请看最新内容再保存"}
	ErrReused    = &Error{Kind: Input, Code: "operation_reused", Say: "这张单子已用过，请重新打开页面再办"}
	ErrBusy      = &Error{Kind: Busy, Code: "busy", Say: "系统忙，这一笔还没有办，请再点一次（不会重复）"}
	ErrUnknown   = &Error{Kind: Unknown, Code: "outcome_unknown", Say: "正在确认这一笔，请点“查看结果”，不要重办"}
	ErrDiskFull  = &Error{Kind: DiskFull, Code: "disk_full", Say: "电脑磁盘满了，暂时只能查不能记，请联系管理员"}
	ErrClock     = &Error{Kind: Unhealthy, Code: "clock", Say: "电脑时间不对，校准后才能记账；没有改动任何内容"}
)
