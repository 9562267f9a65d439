package web

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Public marks a page that everybody who is not signed in sees alike. tag
// changes whenever what the page shows does. It answers true when the browser
// has this very page already; then there is nothing more to send.
func Public(c *fiber.Ctx, tag string) bool {
	q := of(c)
	if q.signed != nil || c.Cookies(flashCookie) != "" {
		return false
	}
	q.public = true
	h := fnv.New64a()
	fmt.Fprint(h, q.web.build, Elder(c), tag)
	etag := fmt.Sprintf(`W/"%x"`, h.Sum64())
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	c.Set(fiber.HeaderETag, etag)
	if !strings.Contains(c.Get(fiber.HeaderIfNoneMatch), etag) {
		return false
	}
	c.Status(fiber.StatusNotModified)
	return true
}

// ShowPublic is Show for such a page, kept as it was drawn until the tag changes.
// make is only called when it has to be drawn.
func ShowPublic(c *fiber.Ctx, tag string, make func() (Page, error)) error {
	if Public(c, tag) {
		return nil
	}
	q := of(c)
	key := fmt.Sprint(c.OriginalURL(), "|", Elder(c))
	if q.public {
		if p, ok := q.web.shown.get(key, tag); ok {
			p.send(c)
			return nil
		}
	}
	page, err := make()
	if err != nil || !q.public {
		return orShow(c, page, err)
	}
	var b bytes.Buffer
	if err := render(c, &b, page, nil); err != nil {
		return err
	}
	p := keptPage{tag, b.Bytes(), fasthttp.AppendGzipBytesLevel(nil, b.Bytes(), fasthttp.CompressDefaultCompression)}
	q.web.shown.put(key, p)
	p.send(c)
	return nil
}

func orShow(c *fiber.Ctx, page Page, err error) error {
	if err != nil {
		of(c).public = false
		return err
	}
	return Show(c, page)
}

// pageCache keeps pages as they were drawn, up to keptMost bytes.
type pageCache struct {
	mu    sync.RWMutex
	pages map[string]keptPage
	size  int
}

const keptMost = 16 << 20

type keptPage struct {
	tag           string
	body, gzipped []byte
}

func (p keptPage) send(c *fiber.Ctx) {
	h := &c.Response().Header
	h.SetContentType(fiber.MIMETextHTMLCharsetUTF8)
	h.Add(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if gzips(c) {
		h.Set(fiber.HeaderContentEncoding, "gzip")
		c.Response().SetBodyRaw(p.gzipped)
		return
	}
	c.Response().SetBodyRaw(p.body)
}

func (s *pageCache) get(key, tag string) (keptPage, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.pages[key]
	return p, ok && p.tag == tag
}

func (s *pageCache) put(key string, p keptPage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(key) + len(p.body) + len(p.gzipped)
	if s.pages == nil || s.size+n > keptMost {
		s.pages, s.size = map[string]keptPage{}, 0
	}
	s.pages[key] = p
	s.size += n // a replaced page is counted twice until the next clearing
}
