package web

import (
	"context"
	"log/slog"
	"regexp"
	"time"

	"github.com/gofiber/fiber/v2"

	"pointstore/models"
)

// slowFrom is the time from which a request is worth a line of its own.
const slowFrom = time.Second

// report writes down what is our fault, or the machine's, with the number the
// person is shown.
func (q *request) report(c *fiber.Ctx, e *models.Error, err error) {
	if status[e.Kind] < fiber.StatusInternalServerError {
		return
	}
	if e.Kind == models.Bug && q.number == "" {
		q.number = newNumber()
	}
	q.web.Log.Error("request failed", "number", q.number, "method", c.Method(), "route", q.pattern(), "code", e.Code, "err", redact(err))
}

// quoted is where databases put values into their errors.
var quoted = regexp.MustCompile(`'[^']*'|"[^"]*"`)

// redact keeps what people typed out of the log: drivers quote it.
func redact(err error) string { return quoted.ReplaceAllString(err.Error(), "'…'") }

// pattern is the route as declared: the address itself may hold a token.
func (q *request) pattern() string {
	if q.route == nil {
		return "none"
	}
	return q.route.Path
}

// end counts misses and writes the access log. What went well is of interest
// only while looking for something; a line per request would cost more than the
// request.
func (q *request) end(c *fiber.Ctx) {
	code := c.Response().StatusCode()
	q.missed(code)
	q.did(code)
	took, level := time.Since(q.begun), slog.LevelDebug
	switch {
	case code >= fiber.StatusInternalServerError, took >= slowFrom:
		level = slog.LevelWarn
	case code >= fiber.StatusBadRequest:
		level = slog.LevelInfo
	}
	if ctx := context.Background(); q.web.Log.Enabled(ctx, level) {
		q.web.Log.LogAttrs(ctx, level, "request", slog.String("method", c.Method()), slog.String("route", q.pattern()), slog.Int("status", code),
			slog.Int64("us", took.Microseconds()), slog.Int64("account", q.actor().Account), slog.Int64("session", q.actor().Session))
	}
}
