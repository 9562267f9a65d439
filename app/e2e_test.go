package main

import (
	"bytes"
	"errors"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/valyala/fasthttp"
)

// The journeys below drive the real program with a real browser. Both run as
// processes of their own; nothing is reached but through pages.

// patience bounds every wait for something to appear: two busy cores are slow,
// and a page that needs longer than this is broken.
const patience = 30 * time.Second

// siteHost is a name that only the tests' browser resolves, so that cards print
// as they would in a county and not as a trial.
const siteHost = "jifen.e2e.example"

// site is the real program, serving.
type site struct {
	testing.TB
	cmd   *exec.Cmd
	addr  string
	base  string
	data  string
	clock string // where it was started, empty for the real one
	said  *output
}

// output keeps what a process says while it is still talking.
type output struct {
	sync.Mutex
	bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.Lock()
	defer o.Unlock()
	return o.Buffer.Write(b)
}

func (o *output) text() string {
	o.Lock()
	defer o.Unlock()
	return o.String()
}

// startSite serves a data directory until the test ends.
func startSite(t testing.TB, data, clock string) *site {
	t.Helper()
	addr, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(addr, ":")
	p := &site{TB: t, addr: addr, base: "http://" + siteHost + ":" + port, data: data, clock: clock, said: &output{}}
	p.cmd = exec.Command(self, "serve", "--data", data, "--addr", addr, "--base-url", p.base, "--clock", clock, "--log", "debug", "--rate", "1e6")
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	p.cmd.SysProcAttr = orphanless()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	p.until("the program answers", func() bool {
		status, _, err := fasthttp.GetTimeout(nil, "http://"+addr+"/healthz", time.Second)
		return err == nil && status == fasthttp.StatusOK
	})
	return p
}

// stop ends the program as an operator would, and wants it to end well.
func (p *site) stop() {
	if p.cmd.ProcessState != nil {
		return
	}
	p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		p.Errorf("the program ended with %v:\n%s", err, p.said.text())
	}
}

// proves stops the program and lets it recount everything.
func (p *site) proves(t testing.TB) {
	t.Helper()
	p.stop()
	s := settings{Data: p.data, Clock: p.clock}
	var said bytes.Buffer
	if err := (verifyCommand{}).Run(t.Context(), &said, s); err != nil {
		t.Errorf("%v\n%s", err, said.String())
	}
}

// until asks again and again, for as long as patience lasts.
func (p *site) until(what string, ok func() bool) {
	p.Helper()
	if !eventually(ok) {
		p.Fatalf("waited %v in vain until %s; the program said:\n%s", patience, what, p.said.text())
	}
}

func eventually(ok func() bool) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if ok() {
			return true
		}
	}
	return ok()
}

// The demonstration county of the tests ends at demoClock, when its quarter is
// half over; the tests' own day begins later, so that time never goes back.
const (
	demoClock = "2026-11-20T09:00"
	demoOpens = "2026-11-20T10:30"
)

var demoDir string

var demoOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "points-e2e")
	if err != nil {
		return dir, err
	}
	demoDir = dir
	self, err := os.Executable()
	if err != nil {
		return dir, err
	}
	out, err := exec.Command(self, "demo", "--build", "--data", filepath.Join(dir, "data"), "--clock", demoClock).CombinedOutput()
	if err != nil {
		err = errors.Join(err, errors.New(string(out)))
	}
	return dir, err
})

// demoCopy is a data directory of the test's own with the demonstration county
// in it, which is built once.
func demoCopy(t testing.TB) (data string, people *cast) {
	t.Helper()
	dir, err := demoOnce()
	if err != nil {
		t.Fatal(err)
	}
	data = filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(data, os.DirFS(filepath.Join(dir, "data"))); err != nil {
		t.Fatal(err)
	}
	if people, err = loadCast(data); err != nil || people == nil {
		t.Fatalf("no cast: %v", err)
	}
	return data, people
}

// person finds somebody of the cast by login.
func (c *cast) person(t testing.TB, login string) demoPerson {
	t.Helper()
	for _, p := range c.People {
		if p.Login == login {
			return p
		}
	}
	t.Fatalf("nobody is called %s", login)
	return demoPerson{}
}

// family finds a household of the cast by its head.
func (c *cast) family(t testing.TB, head string) demoHousehold {
	t.Helper()
	for _, h := range c.Households {
		if strings.HasPrefix(h.Household, head+" ") {
			return h
		}
	}
	t.Fatalf("no family of the cast is %s's", head)
	return demoHousehold{}
}

// theBrowser is one Chromium for the whole run.
var theBrowser struct {
	sync.Once
	*rod.Browser
	launched *launcher.Launcher
	err      error
}

func browser(t testing.TB) *rod.Browser {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: journeys with a browser take a minute")
	}
	path := "/usr/bin/chromium"
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is not installed")
		}
		t.Skip("SKIPPED: chromium is not installed (apt-get install chromium fonts-noto-cjk)")
	}
	b := &theBrowser
	b.Do(func() {
		b.launched = launcher.New().Bin(path).Headless(true).NoSandbox(true).Leakless(false).
			Set("disable-gpu").Set("disable-quic").Set("no-first-run").Set("disable-background-networking").
			Set("disable-component-update").Set("disable-sync").Set("lang", "zh-CN").Set("disable-features", "Translate,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable").
			Set("host-resolver-rules", "MAP "+siteHost+" 127.0.0.1")
		var at string
		if at, b.err = b.launched.Launch(); b.err == nil {
			b.Browser = rod.New().ControlURL(at)
			b.err = b.Browser.Connect()
		}
	})
	if b.err != nil {
		t.Fatal(b.err)
	}
	return b.Browser
}

// closeEndToEnd ends the browser and throws the shared county away.
func closeEndToEnd() {
	if theBrowser.launched != nil {
		if theBrowser.Browser != nil {
			theBrowser.Browser.Close()
		}
		theBrowser.launched.Kill()
		theBrowser.launched.Cleanup()
	}
	if demoDir != "" {
		os.RemoveAll(demoDir)
	}
}

// screen is somebody's browser window, with cookies of its own.
type screen struct {
	testing.TB
	*rod.Page
	p     *site
	name  string
	step  int
	mu    sync.Mutex
	wrong []string // what the browser complained about since the last look
	asked []string // every address that was asked for, with where it was sent on
}

// The sizes that pages must fit: a phone, a till's cheap display, a desk.
var (
	onPhone = [2]int{390, 844}
	onTill  = [2]int{1366, 650}
	onDesk  = [2]int{1440, 900}
)

// window opens a window of its own for somebody.
func (p *site) window(t testing.TB, name string, size [2]int) *screen {
	t.Helper()
	b, err := browser(t).Incognito()
	if err != nil {
		t.Fatal(err)
	}
	page, err := b.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{TB: t, Page: page, p: p, name: name}
	s.must(page.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: size[0], Height: size[1], DeviceScaleFactor: 1, Mobile: size == onPhone}))
	s.must(proto.EmulationSetTimezoneOverride{TimezoneID: "Asia/Shanghai"}.Call(page))
	if size == onPhone {
		s.must(proto.EmulationSetTouchEmulationEnabled{Enabled: true}.Call(page))
	}
	s.must(proto.LogEnable{}.Call(page))
	go page.EachEvent(func(e *proto.RuntimeConsoleAPICalled) {
		if e.Type == proto.RuntimeConsoleAPICalledTypeError || e.Type == proto.RuntimeConsoleAPICalledTypeWarning {
			s.complain("console: %v", e.Args)
		}
	}, func(e *proto.RuntimeExceptionThrown) {
		s.complain("exception: %s", e.ExceptionDetails.Text)
	}, func(e *proto.LogEntryAdded) {
		// A refusal is a page with a status of its own, which the browser notes too.
		refused := e.Entry.Source == proto.LogLogEntrySourceNetwork && !strings.Contains(e.Entry.URL, "/static/")
		if e.Entry.Level == proto.LogLogEntryLevelError && !refused {
			s.complain("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	}, func(e *proto.NetworkRequestWillBeSent) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = append(s.asked, e.Request.URL)
		if e.RedirectResponse != nil {
			s.asked = append(s.asked, e.RedirectResponse.Headers["Location"].Str(), e.RedirectResponse.Headers["location"].Str())
		}
	}, func(e *proto.PageJavascriptDialogOpening) {
		go proto.PageHandleJavaScriptDialog{Accept: true}.Call(page)
	})()
	t.Cleanup(func() {
		if t.Failed() {
			if text, err := page.Timeout(5 * time.Second).Eval(`() => location.href + "\n" + document.body.innerText`); err == nil {
				t.Logf("%s was looking at:\n%s", name, text.Value.Str())
			}
			s.shot("failed")
		}
		page.Close()
	})
	return s
}

// addresses are all that the window asked for or was sent to.
func (s *screen) addresses() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

var errPicture = errors.New("no code in the picture")

// seen decodes the QR code in a picture of an element, as a phone would.
func (s *screen) seen(selector string) string {
	s.Helper()
	var text string
	ok := eventually(func() bool {
		el, err := s.Timeout(patience).Element(selector)
		if err != nil {
			return false
		}
		shot, err := s.photo(el)
		if err == nil {
			text, err = decodeQR(shot)
		}
		return err == nil
	})
	if !ok {
		s.Fatalf("%s: no readable code at %s", s.name, selector)
	}
	return text
}

// photo pictures an element with three pixels for each that the page counts, as
// phones have them.
func (s *screen) photo(el *rod.Element) ([]byte, error) {
	if err := el.ScrollIntoView(); err != nil {
		return nil, err
	}
	shape, err := el.Shape()
	if err != nil {
		return nil, err
	}
	at, err := s.Eval(`() => [scrollX, scrollY]`)
	if err != nil {
		return nil, err
	}
	box := shape.Box()
	clip := &proto.PageViewport{X: box.X + at.Value.Get("0").Num(), Y: box.Y + at.Value.Get("1").Num(), Width: box.Width, Height: box.Height, Scale: 3}
	shot, err := proto.PageCaptureScreenshot{Format: proto.PageCaptureScreenshotFormatPng, Clip: clip, CaptureBeyondViewport: true}.Call(s)
	if err != nil {
		return nil, err
	}
	return shot.Data, nil
}

func decodeQR(picture []byte) (string, error) {
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return "", err
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", err
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	r, err := qrcode.NewQRCodeReader().Decode(bits, hints)
	if err != nil {
		return "", errors.Join(errPicture, err)
	}
	return r.GetText(), nil
}

// path is the way behind the host of an address that a code carries.
func (s *screen) path(address string) string {
	s.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.EqualFold(u.Host, strings.TrimPrefix(s.p.base, "http://")) {
		s.Fatalf("a code carries %q, which does not lead to %s", address, s.p.base)
	}
	return u.Path
}

var spaces = regexp.MustCompile(`\s+`)

// plainText is text without its white space, for comparing what people see.
func plainText(s string) string { return spaces.ReplaceAllString(s, "") }
