package engine

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// stubborn is a component for one apartment that hangs.
type stubborn struct {
	*meetings
	inside atomic.Int32
	twice  atomic.Bool // two callers at once
}

func (s *stubborn) enter() func() {
	if s.inside.Add(1) > 1 {
		s.twice.Store(true)
	}
	return func() { s.inside.Add(-1) }
}

// Hang holds its caller until the point is opened.
func (s *stubborn) Hang(name string) {
	defer s.enter()()
	s.meetings.Hang(name)
}

// Touch is a call that ends.
func (s *stubborn) Touch() bool {
	defer s.enter()()
	return true
}

const afterwards = `Session("n") = "late"; Session("cart").push("late"); Session("c") = Server.CreateObject("Test.Box"); Session.Contents.Remove("kept"); Session.Abandon();
	Application("n") = "late"; Application("c") = Server.CreateObject("Test.Box"); Response.Write("late"); Response.Flush(); Response.Cookies("late") = 1; Server.ScriptTimeout = 600; basket.Add()`

// A script that doesn't stop loses its session, its lock, its apartment and
// its client; what it does afterwards changes nothing.
func TestAnOrphanLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	pg := play(t, Config{ProcessorThreadMax: 1, Components: testComponents(new(atomic.Int64))}, map[string]string{
		"global.asa": declared,
		"set.asp":    `<% Session("n") = "first"; Session("kept") = 1; Session("cart") = ["first"]; Application("n") = "first" %>`,
		"hang.asp":   meet + "\n<% Application.Lock(); Session('n') = 'before'; Application('n') = 'before'; Session('cart').push('before'); Response.Write('before')\nmeet.Hang('hang'); " + afterwards + ` %>`,
		"flush.asp":  meet + "\n<% Application.Lock(); Response.Write('before'); Response.Flush(); Session('n') = 'flushed'\nmeet.Hang('hang'); " + afterwards + ` %>`,
		"show.asp":   `<%= Session("n") %> <%= Session("kept") %> <%= Session("cart") %> <%= Session.Contents.Count %> <%= Application("n") %> <%= typeof Application("c") %>`,
		"locks.asp":  `<% Application.Lock(); Application("locked") = 1 %>locked`,
		"again.asp":  `<%= Server.ScriptTimeout %> <%= String(Session("n")) %>`,
	})
	for _, page := range []string{"hang.asp", "flush.asp"} {
		g := pg.guest()
		g.get("/set.asp")
		began := time.Now()
		hangs := g.answer("/" + page)
		pg.came("hang")
		pg.time.Out("/" + page)
		same, locks := g.answer("/show.asp"), pg.guest().answer("/locks.asp")
		for name, c := range map[string]<-chan guestAnswer{"the same session": same, "another locker": locks} {
			a := pg.in(c)
			if took := time.Since(began); a.status != 200 || took > 10*time.Second {
				t.Errorf("%s: %v after %v", name, a, took)
			}
		}
		a := pg.in(hangs)
		if page == "hang.asp" && (a.status != 500 || strings.Contains(a.body, "before")) || page == "flush.asp" && (strings.TrimSpace(a.body) != "before" || a.err == nil) {
			t.Errorf("%s: %v", page, a)
		}
		if err := pg.lastError(); err.Code != 113 || err.File != page || err.Line != 3 {
			t.Errorf("%s: %v", page, err)
		}
		if s := pg.Status(); s.Orphans != 1 || s.Busy != 0 {
			t.Errorf("%d orphans, %d apartments busy", s.Orphans, s.Busy)
		}
		const want = "first 1 first 3 first undefined"
		g.wants("/show.asp", want)
		failures := len(pg.errors)
		pg.open("hang")
		pg.until("the orphan has ended", func() bool { return pg.Status().Orphans == 0 })
		g.wants("/show.asp", want)
		g.wants("/again.asp", "90 first")
		if len(pg.errors) != failures {
			t.Errorf("its failure was told twice: %v", pg.errors[failures:])
		}
		pg.forget("hang")
	}
}

// Whatever hangs holds nothing: the error page, Application_OnError,
// Script_OnEnd, Session_OnStart, an object's making.
func TestWhatHangsBesideThePageIsGivenUpToo(t *testing.T) {
	for _, query := range []string{
		"hang=Session_OnStart", "hang=Script_OnStart", "hang=Script_OnEnd", "hang=Script_OnEnd&fail=1",
		"hang=Application_OnError&fail=1", "hang=error&fail=1",
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			checkHang(t, query)
		})
	}
}

func checkHang(t *testing.T, query string) {
	hang := `if (Request.QueryString("hang") == "%s") { Application.Lock(); Session("n") = "late"; Application("n") = "late"; Server.CreateObject("Test.Meet").Hang("hang") }`
	event := func(name string) string { return "function " + name + "() { " + fmt.Sprintf(hang, name) + " }\n" }
	pg := play(t, Config{ErrorPage: "/sorry.asp"}, map[string]string{
		"global.asa": script(event("Session_OnStart") + event("Script_OnStart") + event("Script_OnEnd") + event("Application_OnError")),
		"sorry.asp":  `sorry <% ` + fmt.Sprintf(hang, "error") + ` %>`,
		"page.asp":   `<% if (Request.QueryString("fail") == "1") throw new Error("no") %>fine`,
		"locks.asp":  `<% Application.Lock(); %><%= String(Application("n")) %> <%= String(Session("n")) %>`,
	})
	g := pg.guest()
	if query != "hang=Session_OnStart" {
		g.get("/page.asp")
	}
	began := time.Now()
	hangs := g.answer("/page.asp?" + query)
	pg.came("hang")
	pg.time.Out("/page.asp")
	locks := pg.guest().answer("/locks.asp")
	same := g.answer("/locks.asp")
	for _, c := range []<-chan guestAnswer{locks, same} {
		if a := pg.in(c); a.body != "undefined undefined" || time.Since(began) > 10*time.Second {
			t.Errorf("another's %v after %v", a, time.Since(began))
		}
	}
	if a := pg.in(hangs); a.status != 500 {
		t.Error(a)
	}
	pg.open("hang")
	pg.until("the orphan has ended", func() bool { return pg.Status().Orphans == 0 })
	pg.guest().wants("/locks.asp", "undefined undefined")
}

// A component for one apartment is never called by two goroutines, though the
// one that hangs in it was given up.
func TestAHangingComponentIsNotCalledByTheNext(t *testing.T) {
	t.Parallel()
	var last atomic.Pointer[stubborn]
	components := testComponents(new(atomic.Int64))
	var m *meetings
	components["Test.Stubborn"] = Component{Threading: Apartment, New: func(context.Context) (any, error) {
		s := &stubborn{meetings: m}
		last.Store(s)
		return s, nil
	}}
	pg := play(t, Config{Components: components}, map[string]string{
		"set.asp":  `<% Session("s") = Server.CreateObject("Test.Stubborn"); Session("agile") = Server.CreateObject("Test.Box"); Session("n") = 1 %>`,
		"hang.asp": `<% Session("s").Hang("inside") %>`,
		"loop.asp": `<% Session("s").Touch();` + outOfTime + `for (;;); %>`,
		"next.asp": `<%= Session("s") ? Session("s").Touch() : "gone" %> <%= Session("agile").Add() %> <%= String(Session("n")) %>`,
	})
	m = pg.meetings
	g := pg.guest()
	g.get("/set.asp")
	g.wants("/next.asp", "True 1 1")
	g.refused("/loop.asp")
	g.wants("/next.asp", "True 2 1") // one that could be stopped harms nobody
	first := last.Load()
	hangs := g.answer("/hang.asp")
	pg.came("inside")
	pg.time.Out("/hang.asp")
	if a := pg.in(hangs); a.status != 500 {
		t.Error(a)
	}
	g.wants("/next.asp", "gone 3 1")
	if s := pg.Status(); s.Pinned != 0 || s.Orphans != 1 {
		t.Errorf("%+v", s)
	}
	g.get("/set.asp")
	g.wants("/next.asp", "True 1 1")
	pg.open("inside")
	pg.until("the orphan has ended", func() bool { return pg.Status().Orphans == 0 })
	if first.twice.Load() {
		t.Error("two callers were in the component")
	}
}

// A regular expression that takes long, under Application.Lock and in a
// session, ends at the script timeout: no orphan, and others are answered then.
func TestALongMatchHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	const match = `var r = /(?:ab|aac|aaac|aaaac)[bc]/g; r.lastIndex = {valueOf: Server.CreateObject("Test.Meet")?.Ticks}; r.test("a".repeat(33000000));`
	pg := play(t, Config{}, map[string]string{
		"set.asp":   `<% Session("n") = "first"; Application("n") = "first" %>`,
		"long.asp":  "<% Session('n') = 'before'; Application.Lock(); Application('n') = 'before' %>\n<% " + match + ` Session("n") = "late"; Application("n") = "late"; Application.Unlock() %>`,
		"show.asp":  `<%= String(Session("n")) %> <%= String(Application("n")) %>`,
		"locks.asp": `<% Application.Lock(); Application("m") = Application("n") %><%= Application("m") %>`,
	})
	g := pg.guest()
	g.get("/set.asp")
	long := g.answer("/long.asp")
	pg.came("ticks")
	pg.time.Out("/long.asp")
	same, locks := g.answer("/show.asp"), pg.guest().answer("/locks.asp")
	if a := pg.in(long); a.status != 500 {
		t.Error(a)
	}
	if a := pg.in(same); a.body != "before first" {
		t.Errorf("the same session: %v", a)
	}
	if a := pg.in(locks); a.body != "first" {
		t.Errorf("another locker: %v", a)
	}
	if n := pg.apartments.Status().OrphansEver; n != 0 {
		t.Errorf("%d orphans", n)
	}
	pg.guest().wants("/show.asp", "undefined first")
}
