package engine

import (
	"fmt"
	"html"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asptest"
)

// TestServedPages serves the pages of runtime/testdata, which say themselves
// what comes out of them, in the ways in which a page can go out: in one
// piece, twenty at once, and flushed before its first line.
func TestServedPages(t *testing.T) {
	paths, _ := filepath.Glob("../runtime/testdata/*.asp")
	if len(paths) == 0 {
		t.Fatal("no test files")
	}
	for _, p := range paths {
		name := strings.TrimSuffix(filepath.Base(p), ".asp")
		for _, c := range asptest.Read(t, p) {
			t.Run(name+"/"+c.Name, func(t *testing.T) {
				t.Parallel()
				t.Logf("%s:%d", p, c.Line)
				serveCase(t, c)
			})
		}
	}
}

func serveCase(t *testing.T, c asptest.Case) {
	page := c.Files["page.asp"]
	flushes := strings.Contains(page, "Flush(") || strings.Contains(page, "Buffer = false")
	errs := &pageErrors{}
	s := serveSite(t, c.Site(), errs.attach, withProxy)
	compareServed(t, c, s, errs, flushes)
	if !strings.Contains(page, "Application") { // which all requests share
		atOnce(t, c, s)
	}
	if c.NeedsHeader() {
		return // which a page that has flushed can't change any more
	}
	flushed := c.Site()
	flushed["global.asa"] = `<script runat=server>function Script_OnStart() { Response.Flush() }</script>`
	errs = &pageErrors{}
	compareServed(t, c, serveSite(t, flushed, errs.attach, withProxy), errs, true)
}

// withProxy gives the pages what they test the refusal of.
func withProxy(c *Config) { c.AllowProxy = true }

// compareServed sends the case's request and compares what comes back.
func compareServed(t *testing.T, c asptest.Case, s *served, errs *pageErrors, flushed bool) {
	t.Helper()
	conn := s.dial()
	conn.Send("%s", c.RawRequest())
	r := conn.ReadResponse(c.Request().Method)
	f := errs.first()
	if msg := c.CompareFailure(f); msg != "" {
		t.Errorf("flushed %v: %s", flushed, msg)
		return
	}
	switch {
	case f == nil:
		answer := asptest.Answer{Status: fmt.Sprint(r.Status), Header: r.Header, Body: r.Body, Log: c.Files["log"]}
		if msg := c.CompareAnswer(answer); msg != "" || r.Err != nil {
			t.Errorf("flushed %v: %s %v", flushed, msg, r.Err)
		}
		framed := asptest.FramedByLength
		if flushed {
			framed = asptest.FramedByChunks
		}
		if r.Framing != framed || !r.KeepAlive {
			t.Errorf("flushed %v: framed by %v, keep-alive %v", flushed, r.Framing, r.KeepAlive)
		}
	case r.Status == 500: // with the place of the error, on a connection that lives on
		place := html.EscapeString(fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column))
		if !strings.Contains(string(r.Body), place) || r.Framing != asptest.FramedByLength || !r.KeepAlive {
			t.Errorf("%s isn't in %s", place, r.Body)
		}
	case !flushed || r.Err == nil:
		t.Errorf("flushed %v: the failed page was sent as if it were whole: %d %s", flushed, r.Status, r.Body)
	}
	for line := range strings.Lines(c.Files["log"]) {
		level, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if place, text, ok := strings.Cut(rest, ": "); ok {
			file, row, _ := strings.Cut(place, ":")
			s.log.has(t, level, text, "page="+file, "line="+row)
		}
	}
}

// atOnce runs a case's page twenty times at once, without sockets.
func atOnce(t *testing.T, c asptest.Case, s *served) {
	t.Helper()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			w, aborted := s.record(c.Request())
			if len(c.Wants) > 0 {
				if w.Code != 500 && !aborted {
					t.Errorf("at once: %d %s", w.Code, w.Body)
				}
				return
			}
			answer := asptest.Answer{Status: fmt.Sprint(w.Code), Header: w.Header(), Body: w.Body.Bytes(), Log: c.Files["log"]}
			if msg := c.CompareAnswer(answer); msg != "" {
				t.Errorf("at once: %s", msg)
			}
		})
	}
	wg.Wait()
}

// pageErrors are the errors that an engine reports.
type pageErrors struct {
	mu   sync.Mutex
	list []*asp.Error
}

func (p *pageErrors) attach(c *Config) {
	c.ScriptErrorSentToBrowser = true
	c.OnError = func(e *asp.Error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.list = append(p.list, e)
	}
}

// first is the first of them, as a case's mark names it.
func (p *pageErrors) first() *asptest.Failure {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.list) == 0 {
		return nil
	}
	e := p.list[0]
	f := &asptest.Failure{File: e.File, Line: e.Line, Column: e.Column, Code: fmt.Sprintf("%04d", e.Code), Text: e.Error()}
	if e.Code == 0 || e.Code == 132 {
		f.Code = fmt.Sprintf("%08x", uint32(e.Number))
	}
	return f
}
