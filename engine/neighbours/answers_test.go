//go:build unix

package neighbours

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A visit is somebody who comes by a proxy.
type visit struct {
	t    *testing.T
	site *site
	tap  *tap
	url  string
	conn *http.Transport
	// waits is how long is waited for a piece of a page that isn't expected.
	waits time.Duration
}

// patience is for what has to come.
const patience = time.Minute

// come makes a visitor of a proxy.
func come(t *testing.T, p proxy, s *site, tp *tap, at place) *visit {
	v := &visit{t: t, site: s, tap: tp, url: "http://example.com", conn: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, at.addr)
		},
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: "example.com"}, TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
		DisableCompression: true,
	}}
	if p.tls {
		v.url = "https://example.com:" + port(at.addr)
	}
	t.Cleanup(v.conn.CloseIdleConnections)
	return v
}

// An answer is what a visitor got.
type answer struct {
	status int
	header http.Header
	length int64 // as it was said; -1: it wasn't
	body   string
	err    error // of the body
}

// ask sends a request, whose headers are pairs.
func (v *visit) ask(method, path, body string, headers ...string) answer {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	defer cancel()
	resp, err := v.conn.RoundTrip(v.request(ctx, method, path, body, headers...))
	if err != nil {
		return answer{err: err}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, resp.ContentLength, string(text), err}
}

func (v *visit) request(ctx context.Context, method, path, body string, headers ...string) *http.Request {
	v.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, v.url+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	if body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	} else {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.GetBody = nil // nothing is sent twice by this visitor
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// What says whether a proxy collects what it gets.
const (
	flushedRow = "a page that flushes"
	eventsRow  = "an event stream"
	atItsEnd   = "only at its end"
)

// A row is one thing that is looked at.
type row struct {
	name string // as the table has it
	look func(v *visit) string
}

// rows are all, in the order of the table.
func rows() []row {
	return []row{
		{"a buffered page", func(v *visit) string {
			a := v.ask("GET", "/buffered.asp", "")
			return whole(a, pages["buffered.asp"]) + lengthOf(a)
		}},
		{"ten of them, one after the other", func(v *visit) string {
			before := v.tap.connections.Load()
			for range 10 {
				if a := v.ask("GET", "/buffered.asp", ""); a.body != pages["buffered.asp"] {
					return whole(a, pages["buffered.asp"])
				}
			}
			if v.tap.connections.Load()-before > 2 {
				return "each by a connection of its own"
			}
			return "by one connection"
		}},
		{flushedRow, func(v *visit) string { return v.pieces("/flushed.asp", "<p>one") }},
		{eventsRow, func(v *visit) string { return v.pieces("/events.asp", "data: one") }},
		{"a page that breaks off behind a flush", func(v *visit) string { return v.breaks("/broken.asp") }},
		{"a page that stays short of its length", func(v *visit) string { return v.breaks("/short.asp") }},
		{"413", func(v *visit) string { return status(v.ask("POST", "/form.asp", "a="+strings.Repeat("x", bodyMax))) }},
		{"413, of a body of 900 KB", func(v *visit) string { return status(v.ask("POST", "/form.asp", "a="+strings.Repeat("x", 900<<10))) }},
		{"503 with Retry-After", func(v *visit) string {
			a := v.ask("GET", "/busy.asp", "")
			if after := a.header.Get("Retry-After"); after != "" {
				return status(a) + ", Retry-After"
			}
			return status(a)
		}},
		{"HEAD", func(v *visit) string {
			a := v.ask("HEAD", "/buffered.asp", "")
			return whole(a, "") + lengthOf(a)
		}},
		{"Range, of a page", func(v *visit) string { return piece(v.ask("GET", "/buffered.asp", "", "Range", "bytes=3-12")) }},
		{"Range, of a file", func(v *visit) string {
			return piece(v.ask("GET", "/picture.png", "", "Range", "bytes=3-12"))
		}},
		{"Accept-Encoding: gzip", func(v *visit) string {
			a := v.ask("GET", "/buffered.asp", "", "Accept-Encoding", "gzip")
			said := "as it is"
			if coding := a.header.Get("Content-Encoding"); coding != "" {
				said = coding
			}
			if strings.Contains(strings.ToLower(a.header.Get("Vary")), "accept-encoding") {
				said += ", Vary"
			}
			return said
		}},
		{"a forged `X-Forwarded-For`", func(v *visit) string { return v.told(0, "203.0.113.9", "X-Forwarded-For") }},
		{"a forged `X-Forwarded-Proto`", func(v *visit) string { return v.told(1, "gopher", "X-Forwarded-Proto") }},
		{"GET, naja's kept connection dies", func(v *visit) string { return v.again("GET", "") }},
		{"POST, naja's kept connection dies", func(v *visit) string { return v.again("POST", "a=1") }},
	}
}

func status(a answer) string {
	if a.status == 0 {
		return "no answer"
	}
	return fmt.Sprint(a.status)
}

// whole says whether it is the page.
func whole(a answer, body string) string {
	switch {
	case a.status != 200:
		return status(a)
	case a.err != nil:
		return "breaks off"
	case a.body != body:
		return "another text"
	}
	return "whole"
}

func lengthOf(a answer) string {
	if a.length > 0 {
		return ", with its length"
	}
	return ", without its length"
}

func piece(a answer) string {
	switch {
	case a.status == 206 && len(a.body) == 10:
		return "206, the piece"
	case a.status == 200 && len(a.body) > 1000:
		return "200, all of it"
	}
	return status(a)
}

// pieces says whether the first piece of a page comes before the page has ended.
func (v *visit) pieces(path, first string) string {
	early, a := v.waiting(path, first)
	switch {
	case a.status != 200:
		return status(a)
	case early:
		return "piece by piece"
	}
	return atItsEnd
}

// breaks says whether a visitor can tell that a page broke off: its answer does, or
// is a 502 or 503, of a proxy that had passed nothing on yet.
func (v *visit) breaks(path string) string {
	v.waits = min(v.waits, time.Second)
	_, a := v.waiting(path, "<p>one")
	if a.status == 200 && a.err == nil {
		return "looks whole"
	}
	return "seen to be broken"
}

// waiting asks for a page that waits behind its first piece until that has come, or
// hasn't for a while.
func (v *visit) waiting(path, first string) (early bool, a answer) {
	open := v.site.shut()
	defer open()
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	defer cancel()
	came, done := make(chan struct{}), make(chan answer, 1)
	go func() {
		resp, err := v.conn.RoundTrip(v.request(ctx, "GET", path, ""))
		if err != nil {
			done <- answer{err: err}
			return
		}
		defer resp.Body.Close()
		a := answer{status: resp.StatusCode, header: resp.Header}
		for in := bufio.NewReader(resp.Body); a.err == nil; {
			var b byte
			if b, a.err = in.ReadByte(); a.err == nil {
				a.body += string(b)
			}
			if a.err == nil && strings.HasSuffix(a.body, first) {
				close(came) // there is one such place
			}
		}
		if a.err == io.EOF {
			a.err = nil
		}
		done <- a
	}()
	select {
	case <-came:
		open()
		return true, <-done
	case a := <-done:
		return false, a
	case <-time.After(v.waits):
		open()
		return false, <-done
	}
}

// told says what becomes of a header that only a proxy should set: the n-th that
// told.asp shows.
func (v *visit) told(n int, forged, name string) string {
	a := v.ask("GET", "/told.asp", "", name, forged)
	seen := strings.Split(a.body, " ")
	switch {
	case a.status != 200 || len(seen) < 2:
		return status(a)
	case seen[n] == forged:
		return "passed on"
	case strings.Contains(a.body, forged):
		return "added to"
	}
	return "replaced"
}

// again says what becomes of a request whose connection to naja dies without an
// answer, although naja has run the page. The visitor asks on one connection, and
// doesn't try again by himself.
func (v *visit) again(method, body string) string {
	conn, err := v.conn.DialContext(v.t.Context(), "tcp", "")
	if err != nil {
		v.t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if strings.HasPrefix(v.url, "https") {
		conn = tls.Client(conn, v.conn.TLSClientConfig)
	}
	in := bufio.NewReader(conn)
	ask := func(method, path, body string) string {
		r := v.request(v.t.Context(), method, path, body)
		if err := r.Write(conn); err != nil {
			return "no answer"
		}
		resp, err := http.ReadResponse(in, r)
		if err != nil {
			return "no answer"
		}
		defer resp.Body.Close()
		_, _ = io.Copy(io.Discard, resp.Body)
		return fmt.Sprint(resp.StatusCode)
	}
	for range 3 { // so that there is a kept connection
		if said := ask("GET", "/small.asp", ""); said != "200" {
			return said
		}
	}
	v.site.counted()
	v.tap.mortal.Store(true)
	defer v.tap.mortal.Store(false)
	said := ask(method, "/again.asp?n=1", body)
	switch runs := v.site.counted()["1"]; runs {
	case 1:
		return "runs once: " + said
	case 2:
		return "runs twice: " + said
	default:
		return fmt.Sprintf("runs %d times: %s", runs, said)
	}
}
