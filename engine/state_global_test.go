package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/store/memory"
)

// script wraps code into a block of global.asa.
func script(code string) string {
	return "<script language=JavaScript runat=server>\n" + code + "\n</script>"
}

// note is a function of global.asa that writes something down.
const note = `function note(text) { Server.CreateObject("Test.Meet").Note(text) }
`

func TestApplicationOnStartRunsOnceBeforeAnyPage(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": script(note + `function Application_OnStart() { note("start"); Server.CreateObject("Test.Meet").Stop("starting"); Application("ready") = (Application("ready") || 0) + 1 }`),
		"page.asp":   `<%= Application("ready") %>`,
		"file.txt":   `file`,
	})
	var answers []<-chan guestAnswer
	for _, g := range pg.guests(20) {
		answers = append(answers, g.answer("/page.asp"))
	}
	pg.came("starting")
	within20 := make(chan Status, 1)
	go func() { within20 <- pg.Status() }()
	select {
	case <-within20: // while the application starts
	case <-time.After(20 * time.Second):
		t.Fatal("Status waits for the start")
	}
	if n := len(pg.noted()); n != 1 {
		t.Errorf("%d began", n)
	}
	pg.open("starting")
	for _, c := range answers {
		if a := pg.in(c); a.body != "1" {
			t.Error(a)
		}
	}
	if got := pg.noted(); !slices.Equal(got, []string{"start"}) {
		t.Error(got)
	}
}

// Who waits for a start that takes too long is told so, and who leaves leaves.
func TestTheWaitForTheStartIsBounded(t *testing.T) {
	pg := play(t, Config{QueueTimeout: 100 * time.Millisecond}, map[string]string{
		"global.asa": script(`function Application_OnStart() { Server.CreateObject("Test.Meet").Stop("starting") }`),
		"page.asp":   `ready`,
	})
	first := pg.guest().answer("/page.asp")
	pg.came("starting")
	if a := pg.in(pg.guest().answer("/page.asp")); a.status != 503 || a.header.Get("Retry-After") == "" {
		t.Error(a)
	}
	if a := pg.in(first); a.status != 503 { // the first is bounded, too; the start goes on without it
		t.Error(a)
	}
	pg.open("starting")
	pg.until("it has started", func() bool { return pg.guest().fetch(t.Context(), "/page.asp").body == "ready" })
}

func TestAFailedStartIsToldUntilItIsMended(t *testing.T) {
	broken := map[string]string{
		"throws":           script("\nfunction Application_OnStart() { Application('n') = 1; throw new Error('no database') }"),
		"times out":        script("\nfunction Application_OnStart() {" + outOfTimeIn("Application_OnStart") + "for (;;); }"),
		"does not compile": script("\nfunction Application_OnStart() { this is no program }"),
		"misses a file":    script("\n") + `<!--#include file="inc/missing.inc"-->`,
	}
	for name, global := range broken {
		t.Run(name, func(t *testing.T) {
			pg := play(t, Config{CheckInterval: None, ScriptErrorSentToBrowser: true}, map[string]string{
				"global.asa": global,
				"page.asp":   `<% Session("x") = 1 %>page`,
			})
			for range 2 {
				a := pg.guest().fetch(t.Context(), "/page.asp")
				if a.status != 500 || !strings.Contains(a.body, "global.asa") || len(cookiesOf(a)) != 0 {
					t.Errorf("%v %q", a, cookiesOf(a))
				}
			}
			if s := pg.Status(); !strings.Contains(s.Global, "global.asa") || s.Sessions != 0 {
				t.Errorf("the status says %q, %d sessions", s.Global, s.Sessions)
			}
			if name == "misses a file" {
				pg.write("inc/missing.inc", script(`function Application_OnStart() { Application("n") = 7 }`))
			} else {
				pg.write("global.asa", script(`function Application_OnStart() { Application("n") = (Application("n") || 0) + 7 }`))
			}
			pg.write("shows.asp", `<%= String(Application("n")) %>`)
			pg.guest().wants("/shows.asp", "7")
			if s := pg.Status(); s.Global != "" {
				t.Errorf("mended, the status says %q", s.Global)
			}
		})
	}
}

func TestSessionOnStart(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": script(`function Session_OnStart() {
			Session("began") = Request.QueryString("from") + " " + Server.CreateObject("Test.Meet").Thread();
			Application.Lock(); Application("users") = (Application("users") || 0) + 1; Application.Unlock();
			if (Request.QueryString("login") == "1") Response.Redirect("/login.asp");
			if (Request.QueryString("fail") == "1") throw new Error("no start");
			Response.Write("hello ");
		}`),
		"page.asp":  meet + `<%= Session("began") == Request.QueryString("from") + " " + meet.Thread() %> <%= Application("users") %>`,
		"login.asp": `<%= Session("began").split(" ")[0] %> <%= Application("users") %>`,
	})
	g := pg.guest()
	first := g.fetch(t.Context(), "/page.asp?from=here") // in the same apartment, before the first line
	if strings.TrimSpace(first.body) != "hello True 1" || len(cookiesOf(first)) != 1 {
		t.Errorf("%v", first)
	}
	g.wants("/login.asp", "here 1")
	other := pg.guest()
	a := other.fetch(t.Context(), "/page.asp?from=there&login=1")
	if a.status != 302 || a.header.Get("Location") != "/login.asp" || len(cookiesOf(a)) != 1 || strings.Contains(a.body, "True") {
		t.Errorf("Redirect in Session_OnStart: %v %v", a, a.header)
	}
	other.wants("/login.asp", "there 2")
	failing := pg.guest()
	if err := failing.refused("/page.asp?from=x&fail=1"); err.File != "global.asa" || err.Line != 6 {
		t.Error(err)
	}
	failing.wants("/login.asp", "x 3") // as in ASP the session has begun
}

func TestSessionsEndOnce(t *testing.T) {
	t.Parallel()
	pg := play(t, Config{SessionTimeout: 300 * time.Millisecond}, map[string]string{
		"global.asa": script(note + `
function Session_OnEnd(reason) { note(Session("who") + " " + reason); Application.Increment("ended") }
function Application_OnEnd() { note("application " + Application("ended")) }`),
		"in.asp":   `<% Session("who") = String(Request.QueryString("who")); if (Request.QueryString("stay") == "1") Session.Timeout = 60 %>`,
		"out.asp":  `<% Session.Abandon() %>`,
		"show.asp": `<%= String(Session("who")) %>`,
	})
	ann, bob, eve := pg.guest(), pg.guest(), pg.guest()
	ann.get("/in.asp?who=ann&stay=1")
	bob.get("/in.asp?who=bob")
	eve.get("/in.asp?who=eve&stay=1")
	eve.get("/out.asp")
	pg.until("eve's and bob's sessions have ended", func() bool { return len(pg.noted()) == 2 })
	bob.wants("/show.asp", "undefined")
	ann.wants("/show.asp", "ann")
	pg.shutDown()
	got := pg.noted()
	last := got[len(got)-1]
	slices.Sort(got)
	want := []string{"ann shutdown", "bob timeout", "eve abandon"}
	for _, w := range want {
		if n := count(got, w); n != 1 {
			t.Errorf("%q %d times", w, n)
		}
	}
	if !strings.HasPrefix(last, "application ") || count(got, last) != 1 {
		t.Errorf("the last event is %q", last)
	}
}

func count(list []string, want string) (n int) {
	for _, s := range list {
		if s == want {
			n++
		}
	}
	return n
}

// A Session_OnEnd that fails, panics, loops or hangs ran: not again, and it
// holds nobody up.
func TestASessionOnEndThatFailsRunsOnce(t *testing.T) {
	t.Parallel()
	pg := play(t, Config{SessionTimeout: time.Hour}, map[string]string{
		"global.asa": script(note + `
function Session_OnEnd() {
	note(Session("how"));
	Application.Lock(); Application("left") = Session("how");
	var meet = Server.CreateObject("Test.Meet");
	switch (Session("how")) {
	case "throws": throw new Error("no");
	case "panics": meet.Panic();
	case "loops": ` + outOfTimeIn("Session_OnEnd") + `for (;;);
	case "hangs": Server.CreateObject("Test.Time").Hang("global.asa Session_OnEnd", "end");
	}
	Application("ok") = Session("how");
}`),
		"in.asp":   `<% Session("how") = String(Request.QueryString("how")) %>`,
		"out.asp":  `<% Session.Abandon() %>`,
		"show.asp": `<%@ EnableSessionState=False %><%= Application("left") %> <%= Application("ok") %>`,
	})
	ways := []string{"throws", "panics", "loops", "hangs", "works"}
	for _, how := range ways {
		g := pg.guest()
		g.get("/in.asp?how=" + how)
		g.get("/out.asp")
		pg.until(how+" has ended", func() bool { return count(pg.noted(), how) == 1 && pg.Status().Sessions == 0 && pg.Status().Busy == 0 })
	}
	pg.guest().wants("/show.asp", "works works")
	pg.open("end")
	pg.until("the one that hung has ended", func() bool { return pg.Status().Orphans == 0 })
	pg.shutDown()
	if got := pg.noted(); !slices.Equal(got, ways) {
		t.Errorf("ran %v", got)
	}
}

func TestEventsHaveTheIntrinsicsOfASP(t *testing.T) {
	tries := `function tries(event) {
	var all = {
		Session: function () { return Session.SessionID }, Request: function () { return Request.QueryString("a") },
		Response: function () { Response.Write("") }, Application: function () { return Application("x") },
		MapPath: function () { return Server.MapPath("/") }, CreateObject: function () { return Server.CreateObject("Test.Meet") },
		HTMLEncode: function () { return Server.HTMLEncode("<") }, Execute: function () { Server.Execute("/other.asp") },
		agile: function () { return hits.Next() }, own: function () { return basket.Next() } };
	var ok = [];
	for (var name in all) try { all[name](); ok.push(name) } catch (e) { if (!e.description) throw e }
	Server.CreateObject("Test.Meet").Note(event + ": " + ok.join(" "));
}
`
	var events strings.Builder
	for _, event := range []string{"Application_OnStart", "Application_OnEnd", "Session_OnStart", "Session_OnEnd", "Script_OnStart", "Script_OnEnd"} {
		fmt.Fprintf(&events, "function %s() { tries(%q) }\n", event, event)
	}
	pg := play(t, Config{}, map[string]string{
		"global.asa": `<object runat=server scope=application id=hits progid=Test.Meet></object>
<object runat=server scope=session id=basket progid=Test.Meet></object>` + script(tries+events.String()),
		"page.asp":  `<% Session("x") = 1 %>`,
		"other.asp": ``,
	})
	pg.guest().get("/page.asp")
	pg.shutDown()
	want := map[string]string{
		"Application_OnStart": "Application MapPath CreateObject HTMLEncode agile",
		"Session_OnStart":     "Session Request Response Application MapPath CreateObject HTMLEncode Execute agile own",
		"Script_OnStart":      "Session Request Response Application MapPath CreateObject HTMLEncode Execute agile own",
		"Script_OnEnd":        "Session Request Response Application MapPath CreateObject HTMLEncode Execute agile own",
		"Session_OnEnd":       "Session Application CreateObject HTMLEncode agile own",
		"Application_OnEnd":   "Application CreateObject HTMLEncode agile",
	}
	var order []string
	for _, n := range pg.noted() {
		event, members, _ := strings.Cut(n, ": ")
		order = append(order, event)
		if members != want[event] {
			t.Errorf("%s has  %s\nwant %s", event, members, want[event])
		}
	}
	if got := strings.Join(order, " "); got != "Application_OnStart Session_OnStart Script_OnStart Script_OnEnd Session_OnEnd Application_OnEnd" {
		t.Errorf("the order is %s", got)
	}
}

func TestScriptOnStartAndOnEnd(t *testing.T) {
	t.Parallel()
	pg := play(t, Config{}, map[string]string{
		"global.asa": script(`
function Script_OnStart() { Response.Write("<"); if (Request.QueryString("stop") == "1") Response.End(); if (Request.QueryString("bad") == "1") throw new Error("start") }
function Script_OnEnd() {
	Server.CreateObject("Test.Meet").Note("end " + Request.QueryString("page") + " " + (Server.GetLastError().Line || 0));
	Application("free") = 1; Response.Write(">");
	if (Request.QueryString("loop") == "1") {` + outOfTime + `for (;;); } }`),
		"page.asp":  `page`,
		"End.asp":   `page<% Response.End() %>`,
		"fail.asp":  "\n\n<% Application.Lock(); Application('n') = 1; throw new Error('no') %>",
		"loop.asp":  "\n<% Application.Lock(); Application('n') = 1;" + outOfTime + "for (;;); %>",
		"show.asp":  `<%= String(Application("n")) %>`,
		"moved.asp": `<% Response.Redirect("/page.asp") %>`,
	})
	g := pg.guest()
	g.wants("/page.asp?page=1", "<page>")
	g.wants("/page.asp?page=2&stop=1", "<")
	g.refused("/page.asp?page=3&bad=1")
	if a := g.fetch(t.Context(), "/End.asp?page=4"); a.status != 200 || !strings.HasPrefix(a.body, "<page") {
		t.Error(a)
	}
	if a := g.fetch(t.Context(), "/moved.asp?page=5"); a.status != 302 {
		t.Error(a)
	}
	if err := g.refused("/fail.asp?page=6"); err.File != "fail.asp" || err.Line != 3 {
		t.Error(err)
	}
	if err := g.refused("/loop.asp?page=7"); err.Code != asp.CodeTimeout || err.File != "loop.asp" {
		t.Error(err)
	}
	began := time.Now()
	if err := g.refused("/page.asp?page=8&loop=1"); err.Code != asp.CodeTimeout || err.File != "global.asa" {
		t.Error(err)
	}
	if n := pg.apartments.Status().OrphansEver; n != 0 || time.Since(began) > 10*time.Second {
		t.Errorf("%d orphans: Script_OnEnd could not be stopped", n)
	}
	if got, want := strings.Join(pg.noted(), ", "), "end 1 0, end 4 0, end 5 0, end 6 3, end 7 2, end 8 0"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	g.get("/show.asp")
	if got := g.get("/show.asp"); !strings.Contains(got, "undefined") {
		t.Errorf("what failed pages wrote under the lock: %s", got)
	}
}

func TestAnErrorEventSeesTheSessionOfTheFailedPage(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": script(`function Application_OnError() { var e = Server.GetLastError(); Session("error") = e.File + ":" + e.Line; Application("errors") = (Application("errors") || 0) + 1; if (Request.QueryString("answer") == "1") Response.Redirect("/sorry.asp") }`),
		"fail.asp":   "\n<% Session('kept') = 1; Application.Lock(); Application('dropped') = 1; throw new Error('no') %>",
		"sorry.asp":  `<%= Session("error") %> <%= Session("kept") %> <%= Application("errors") %> <%= String(Application("dropped")) %>`,
	})
	g := pg.guest()
	g.refused("/fail.asp")
	if a := g.fetch(t.Context(), "/fail.asp?answer=1"); a.status != 302 {
		t.Error(a)
	}
	g.wants("/sorry.asp", "/fail.asp:2 1 2 undefined")
}

// global.asa changed: new requests wait, running ones finish, the old
// application ends, the new one starts.
func TestAChangedGlobalAsaMakesANewApplication(t *testing.T) {
	t.Run("own memory", func(t *testing.T) { checkChangedGlobalAsa(t, Config{CheckInterval: None}) })
	t.Run("memory of the program", func(t *testing.T) {
		checkChangedGlobalAsa(t, Config{CheckInterval: None, Backend: memory.New(), StateEnds: true})
	})
}

func checkChangedGlobalAsa(t *testing.T, cfg Config) {
	version := func(n int) string {
		return script(fmt.Sprintf(note+`
function Application_OnStart() { note("start %[1]d"); Application("version") = %[1]d }
function Application_OnEnd() { note("end %[1]d " + Application("version") + " " + Application("late")) }
function Session_OnEnd(reason) { note("session %[1]d " + Session("who") + " " + reason) }`, n))
	}
	pg := play(t, cfg, map[string]string{
		"global.asa": version(1),
		"show.asp":   `<%= Application("version") %> <%= String(Session("who")) %>`,
		"in.asp":     `<% Session("who") = "ann" %>`,
		"stop.asp":   meet + `<% meet.Stop("running"); Application("late") = "yes" %><%= Application("version") %>`,
	})
	ann := pg.guest()
	ann.get("/in.asp")
	running := pg.guest().answer("/stop.asp")
	pg.came("running")
	pg.write("global.asa", version(2))
	var waits []<-chan guestAnswer
	for range 5 {
		waits = append(waits, ann.answer("/show.asp"))
	}
	select {
	case a := <-waits[0]:
		t.Errorf("a request didn't wait for the old pages: %v", a)
	case <-time.After(50 * time.Millisecond):
	}
	pg.open("running")
	if a := pg.in(running); a.body != "1" {
		t.Errorf("the running page: %v", a)
	}
	for _, c := range waits {
		if a := pg.in(c); a.body != "2 undefined" {
			t.Error(a)
		}
	}
	want := "start 1, session 1 ann shutdown, end 1 1 yes, start 2"
	if got := strings.Join(pg.noted(), ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}

	// One that doesn't compile changes nothing, and the status says so.
	ann.get("/in.asp")
	pg.write("global.asa", script("function Application_OnStart() { broken"))
	ann.wants("/show.asp", "2 ann")
	ann.wants("/show.asp", "2 ann")
	if s := pg.Status(); !strings.Contains(s.Global, "global.asa") {
		t.Errorf("the status says %q", s.Global)
	}
	if n := strings.Count(pg.log.String(), "global.asa does not compile"); n != 1 {
		t.Errorf("the log says it %d times", n)
	}
	pg.write("global.asa", version(3))
	ann.wants("/show.asp", "3 undefined")
	if s := pg.Status(); s.Global != "" {
		t.Errorf("mended, the status says %q", s.Global)
	}
}

// Pages that don't end hold a new global.asa up for a bounded time, and what
// is left of it doesn't cut the start short.
func TestAChangeDoesNotWaitForEverForOldPages(t *testing.T) {
	pg := play(t, Config{CheckInterval: None}, map[string]string{
		"global.asa": script(`function Application_OnEnd() { Application.Lock(); Server.CreateObject("Test.Meet").Note("old ended") }`),
		"stop.asp":   `<%@ EnableSessionState=False %>` + meet + `<% meet.Stop("forever"); try { Application("late") = 1 } catch (e) { Response.Write("refused") } %>`,
		"show.asp":   `<%= Application("version") %> <%= String(Application("late")) %>`,
	})
	pg.life.patience = 50 * time.Millisecond
	old := pg.guest().answer("/stop.asp")
	pg.came("forever")
	pg.write("global.asa", script(`function Application_OnStart() { Application.Lock(); Application("version") = 2; Application.Unlock() }`))
	pg.guest().wants("/show.asp", "2 undefined")
	pg.open("forever")
	if a := pg.in(old); a.body != "refused" {
		t.Errorf("the old page: %v", a)
	}
	pg.guest().wants("/show.asp", "2 undefined")
	if got := pg.noted(); !slices.Equal(got, []string{"old ended"}) {
		t.Error(got)
	}
}

func TestShutdownComesInOrder(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": script(note + `
function Session_OnEnd(reason) { Server.CreateObject("Test.Meet").Stop("ending"); note("session " + reason); Application.Increment("n") }
function Application_OnEnd() { note("application " + Application("n")) }`),
		"in.asp":   `<% Session("x") = 1 %>`,
		"ask.asp":  `<%@ EnableSessionState=False %>`, // may come in before the shutdown begins, and leaves nothing
		"stop.asp": meet + `<% Session("x") = 1; meet.Stop("running"); meet.Note("page") %>done`,
	})
	pg.guest().get("/in.asp")
	running := pg.guest().answer("/stop.asp")
	pg.came("running")
	done := make(chan error, 1)
	go func() { done <- pg.Shutdown(context.Background()) }()
	pg.until("new requests are refused", func() bool {
		a := pg.guest().fetch(t.Context(), "/ask.asp")
		return a.status == 503 && a.header.Get("Retry-After") != ""
	})
	if len(pg.noted()) != 0 || len(pg.point("ending").came) != 0 {
		t.Error("something ended before the running page")
	}
	pg.open("running")
	if a := pg.in(running); a.body != "done" {
		t.Error(a)
	}
	pg.came("ending")
	if got := pg.noted(); !slices.Equal(got, []string{"page"}) {
		t.Error(got)
	}
	pg.open("ending")
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got, want := strings.Join(pg.noted(), ", "), "page, session shutdown, session shutdown, application 2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A Session_OnEnd that doesn't end is not waited for beyond its part of the
// time; Application_OnEnd still comes.
func TestShutdownIsBounded(t *testing.T) {
	t.Parallel()
	// A quarter of it is Application_OnEnd's.
	pg := play(t, Config{EndTimeout: 8 * time.Second}, map[string]string{
		"global.asa": script(note + `
function Session_OnEnd() { note("ending"); Server.CreateObject("Test.Meet").Stop("never"); note("not reached") }
function Application_OnEnd() { note("application") }`),
		"in.asp": `<% Session("x") = 1 %>`,
	})
	pg.guest().get("/in.asp")
	began := time.Now()
	if err := pg.Shutdown(t.Context()); err == nil {
		t.Error("Shutdown doesn't say that it was cut short")
	}
	if took := time.Since(began); took > 60*time.Second {
		t.Errorf("it took %v", took)
	}
	if got := pg.noted(); !slices.Equal(got, []string{"ending", "application"}) {
		t.Error(got)
	}
}
