package engine

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/store/sqlite"
)

// onceSite has pages that count how often they run.
func onceSite() map[string]string {
	const note = `Application.Increment("runs");`
	return map[string]string{
		"pay.asp":   `<% if (Request.Once(Request("t"))) { ` + note + ` Session("n") = (Session("n") || 0) + 1; Response.Status = "201 Created"; Response.AddHeader("X-Order", "7"); Response.Cookies("c") = "v" } %>paid <%= Session("n") %>`,
		"go.asp":    `<% Request.Once(Request("t")); ` + note + ` Response.Redirect("/done?1") %>`,
		"key.asp":   `<% Request.Once(); ` + note + ` Response.ContentType = "application/json" %>{"n": <%= Application("runs") %>}`,
		"api.asp":   `<%@ EnableSessionState=False %><% Request.Once(undefined, "Application"); ` + note + ` Server.CreateObject("Test.Gate").Pass("api") %>done <%= Application("runs") %>`,
		"err.asp":   `<% Request.Once(Request("t")); ` + note + ` Session("e") = (Session("e") || 0) + 1; if (Session("e") == 1) nope() %>in the end`,
		"flush.asp": `<% Request.Once(Request("t")); ` + note + ` %>a<% Response.Flush() %>b`,
		"large.asp": `<% Request.Once(Request("t")); ` + note + ` Response.Write("x".repeat(20000)) %>`,
		"twice.asp": `<% Request.Once("a"); Request.Once("b") %>`,
		"late.asp":  `<% Response.Flush(); try { Request.Once("a") } catch (e) { Response.Write(e.description) } %>`,
		"none.asp":  `<%@ EnableSessionState=False %><% Request.Once("a") %>`,
		"what.asp":  `<% Request.Once("a", "page") %>`,
		"see.asp":   `<%= Session.Contents.Count %> <% for (var k in Session.Contents) Response.Write(k + " "); Session.Contents.Remove("\0once"); %><%= String(Session("\0once")) %><% try { Session("\0once") = 1 } catch (e) { %> refused<% } Session.Contents.RemoveAll() %>`,
		"runs.asp":  `<%@ EnableSessionState=False %><%= Application("runs") || 0 %>`,
	}
}

func sessionOf(r *asptest.Response) string {
	for _, line := range r.Header.Values("Set-Cookie") {
		if !strings.HasPrefix(line, "c=") {
			return "Cookie: " + strings.SplitN(line, ";", 2)[0]
		}
	}
	return "X-None: 1"
}

// TestOnce: the second request with a token gets the first's answer, and nothing
// runs again.
func TestOnce(t *testing.T) {
	s := serveSite(t, onceSite())
	runs := func(want int) {
		t.Helper()
		if r := s.get("/runs.asp"); string(r.Body) != fmt.Sprint(want) {
			t.Errorf("%s runs, want %d", r.Body, want)
		}
	}
	first := s.get("/pay.asp?t=one")
	want(t, first, 201, "paid 1")
	cookie := sessionOf(first)
	for range 3 {
		r := s.get("/pay.asp?t=one", cookie)
		want(t, r, 201, "paid 1")
		if r.Header.Get("X-Order") != "7" || r.Header.Get("Content-Type") != first.Header.Get("Content-Type") || len(r.Header.Values("Set-Cookie")) != 0 || r.Framing != asptest.FramedByLength {
			t.Errorf("the answer again: %v", r.Header)
		}
	}
	runs(1)
	want(t, s.get("/pay.asp?t=two", cookie), 201, "paid 2")
	want(t, s.get("/pay.asp?t=one"), 201, "paid 1") // another session
	runs(3)
	for range 2 {
		if r := s.get("/go.asp?t=one", cookie); r.Status != 302 || r.Header.Get("Location") != "/done?1" {
			t.Errorf("%d %v", r.Status, r.Header)
		}
	}
	runs(4) // a token is one page's
	for _, key := range []string{`Idempotency-Key: "a b"`, `Idempotency-Key: a b`} {
		r := s.get("/key.asp", cookie, key)
		want(t, r, 200, `{"n": 5}`)
		if got := r.Header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
			t.Error(got)
		}
	}
	wantIn(t, s.get("/key.asp", cookie), 400, "Idempotency-Key")
	wantIn(t, s.get("/key.asp", cookie, "Idempotency-Key: "+strings.Repeat("x", 256)), 400, "Idempotency-Key")
	wantIn(t, s.get("/pay.asp?t=", cookie), 400, "Idempotency-Key")
	runs(5)
	if r := s.get("/err.asp?t=one", cookie); r.Status != 500 {
		t.Errorf("%d", r.Status)
	}
	want(t, s.get("/err.asp?t=one", cookie), 200, "in the end") // what failed may run again
	want(t, s.get("/err.asp?t=one", cookie), 200, "in the end")
	runs(7)
	if r := s.get("/flush.asp?t=one", cookie); string(r.Body) != "ab" {
		t.Errorf("%q", r.Body)
	}
	wantIn(t, s.get("/flush.asp?t=one", cookie), 409, "its answer isn&#39;t kept")
	if r := s.get("/large.asp?t=one", cookie); len(r.Body) != 20000 {
		t.Errorf("%d", len(r.Body))
	}
	wantIn(t, s.get("/large.asp?t=one", cookie), 409, "its answer isn&#39;t kept")
	runs(9)
	// What pages see of it is nothing.
	want(t, s.get("/see.asp", cookie), 200, "2 n e undefined refused")
	want(t, s.get("/pay.asp?t=one", cookie), 201, "paid 1")
	for page, code := range map[string]string{"twice": "ASP 0104", "none": "ASP 0104", "what": "ASP 0104"} {
		if r := s.get("/"+page+".asp", cookie); r.Status != 500 {
			t.Errorf("%s: %d", page, r.Status)
		}
		s.log.has(t, "page="+page+".asp", code)
	}
	wantIn(t, s.get("/late.asp", cookie), 200, "Request.Once comes before anything is sent")
}

// TestOnceIsBounded: the oldest tokens go, and answers before tokens.
func TestOnceIsBounded(t *testing.T) {
	s := serveSite(t, onceSite())
	cookie := sessionOf(s.get("/pay.asp?t=0"))
	for i := range maxTokens {
		s.get(fmt.Sprintf("/pay.asp?t=%d", i+1), cookie)
	}
	want(t, s.get(fmt.Sprintf("/pay.asp?t=%d", maxTokens), cookie), 201, fmt.Sprint("paid ", maxTokens+1))
	want(t, s.get("/pay.asp?t=0", cookie), 201, fmt.Sprint("paid ", maxTokens+2)) // forgotten: it runs

	var list tokens
	for i := range 20 {
		list = list.with(token{Name: fmt.Sprint(i), Status: 200, Body: []byte(strings.Repeat("x", 4000))})
	}
	raw, err := list.raw(maxInSession)
	if err != nil || len(raw) > maxInSession+16 {
		t.Fatal(len(raw), err)
	}
	kept := readTokens(raw)
	if len(kept) != 20 || kept[0].Status != 0 || kept[19].Status != 200 || len(kept[19].Body) != 4000 {
		t.Errorf("%d tokens, the first %d, the last %d", len(kept), kept[0].Status, kept[19].Status)
	}
	for _, bad := range []string{"", "\x01", "\x63abc"} {
		if got := readTokens([]byte(bad)); got != nil {
			t.Errorf("%q: %v", bad, got)
		}
	}
}

// TestOnceAtOnce: a session's requests come one after the other, so that all who
// bring the same token at once get the one answer.
func TestOnceAtOnce(t *testing.T) {
	s := serveSite(t, onceSite())
	cookie := sessionOf(s.get("/pay.asp?t=first"))
	var wrong atomic.Int64
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if r := s.get("/pay.asp?t=same", cookie); r.Status != 201 || string(r.Body) != "paid 2" {
				wrong.Add(1)
			}
		})
	}
	all.Wait()
	if r := s.get("/runs.asp"); wrong.Load() != 0 || string(r.Body) != "2" {
		t.Errorf("%d wrong answers, %s runs", wrong.Load(), r.Body)
	}
}

// TestOnceForAll: clients without a session share their tokens, in one process or
// in two on one file; while the first runs the others are told so.
func TestOnceForAll(t *testing.T) {
	for name, durable := range map[string]bool{"memory": false, "sqlite": true} {
		t.Run(name, func(t *testing.T) {
			gate, gated := withGate(t)
			state := func(*Config) {}
			if durable {
				file := filepath.Join(t.TempDir(), "state.db")
				state = func(c *Config) { c.Backend = openState(t, sqlite.Config{Path: file, Application: "/"}) }
			}
			a := serveSite(t, onceSite(), gated, state)
			b := a
			if durable {
				b = serveSite(t, onceSite(), gated, state)
			}
			const key = "Idempotency-Key: 8e03978e-40d5-43e8-bc93-6894a57f9324"
			first := a.dial()
			ask(first, "/api.asp", key)
			gate.arrived(t, 1)
			wantIn(t, b.get("/api.asp", key), 409, "is being worked on")
			gate.open("api")
			want(t, first.ReadResponse("GET"), 200, "done 1")
			for _, s := range []*served{a, b} {
				want(t, s.get("/api.asp", key), 200, "done 1")
				wantIn(t, s.get("/api.asp", "Idempotency-Key: short"), 400, "16 to 255")
			}
			want(t, b.get("/api.asp", key+"2"), 200, "done 2")
			if got := a.Status().Application; strings.Contains(fmt.Sprint(got), "once") {
				t.Errorf("operators see %v", got)
			}
		})
	}
}

// TestOnceSurvivesARestart with a session that does.
func TestOnceSurvivesARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.db")
	first := durable(t, file, Config{}, onceSite())
	g := first.guest()
	if a := g.fetch(t.Context(), "/pay.asp?t=one"); a.body != "paid 1" {
		t.Error(a)
	}
	first.shutDown()
	second := durable(t, file, Config{}, onceSite())
	if a := g.move(second).fetch(t.Context(), "/pay.asp?t=one"); a.status != http.StatusCreated || a.body != "paid 1" {
		t.Error(a)
	}
	g.move(second).wants("/runs.asp", "1")
}
