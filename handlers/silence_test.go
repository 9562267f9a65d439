package handlers_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"pointstore/handlers"
	"pointstore/models/keys"
	"pointstore/models/modelstest"
)

// A browser keeps connections in reserve. What is written to one of them before
// anything was asked would be shown as the answer to the next click.
func TestReservedConnectionIsClosedWithoutAWord(t *testing.T) {
	d, _ := modelstest.Open(t)
	app, err := handlers.New(handlers.Deps{DB: d, Keys: keys.Test(), Base: "http://example.com"})
	if err != nil {
		t.Fatal(err)
	}
	app.Server().ReadTimeout = 50 * time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go app.Listener(l)
	t.Cleanup(func() { app.Shutdown() })

	if said := dialAnd(t, l, ""); said != "" {
		t.Errorf("a connection that asked nothing was told %q", said)
	}
	if said := dialAnd(t, l, "what is this?\r\n\r\n"); !strings.HasPrefix(said, "HTTP/1.1 4") {
		t.Errorf("a connection that spoke no HTTP was told %q, want a refusal", said)
	}
}

// dialAnd says something and reads to the end of the connection.
func dialAnd(t *testing.T, l net.Listener, say string) string {
	t.Helper()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(c, say)
	said, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}
