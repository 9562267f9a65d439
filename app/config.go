package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"pointstore/models"
)

// settings are what every command takes: a flag, else the environment
// (POINTSTORE_ADDR …), else the default.
type settings struct {
	Addr     string   `help:"Address to listen on." default:"127.0.0.1:8080"`
	Data     string   `help:"Data directory: database, keys. Made on first start (default: data)." placeholder:"DIR"`
	DB       string   `name:"db" help:"MySQL address user:password@tcp(host:port)/name; empty for the embedded database." placeholder:"DSN"`
	BaseURL  string   `name:"base-url" help:"What QR codes carry, such as https://jf.example.cn (default: http:// and the address)." placeholder:"URL"`
	Clock    string   `help:"Start the program's clock at this instant (2026-10-08 or 2026-10-08T09:30), for demos and tests." placeholder:"INSTANT"`
	Proxy    []string `help:"Addresses of a reverse proxy that may say whom it speaks for." placeholder:"IP"`
	Instance int      `help:"Number of this program in a cluster, 0 to 63." default:"0"`
	Rate     float64  `help:"Requests a second that one network address may make in the long run." default:"300"`
	LogLevel string   `name:"log" help:"What to log: debug, info, warn or error." default:"info" enum:"debug,info,warn,error"`
}

// dataDir is the data directory, with its default.
func (s settings) dataDir() string {
	if s.Data == "" {
		return "data"
	}
	return s.Data
}

// base is the public address without a trailing slash. Cards carry it, so it is
// checked before anything is printed with it.
func (s settings) base() (string, error) {
	if s.BaseURL == "" {
		host := s.Addr
		if strings.HasPrefix(host, ":") {
			host = "127.0.0.1" + host
		}
		return "http://" + host, nil
	}
	u, err := url.Parse(s.BaseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return "", fmt.Errorf("--base-url must look like https://jf.example.cn, got %q", s.BaseURL)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// clock is the program's clock: the machine's, or one that starts elsewhere and
// runs at the same pace.
func (s settings) clock() (func() models.Millis, error) {
	if s.Clock == "" {
		return func() models.Millis { return models.MillisOf(time.Now()) }, nil
	}
	var at time.Time
	var err error
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if at, err = time.ParseInLocation(layout, s.Clock, models.China); err == nil {
			begun := time.Now()
			return func() models.Millis { return models.MillisOf(at.Add(time.Since(begun))) }, nil
		}
	}
	return nil, errors.New("--clock must look like 2026-10-08 or 2026-10-08T09:30, got " + s.Clock)
}
