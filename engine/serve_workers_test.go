package engine

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// workSite has pages that work until a test lets them go.
func workSite() map[string]string {
	gate := `<% var gate = Server.CreateObject("Test.Gate"); `
	return map[string]string{
		"wait.asp":     `<%@ EnableSessionState=False %>` + gate + `gate.Pass("wait") %>done`,
		"count.asp":    `<%@ EnableSessionState=False %><% Application.Increment("started") %>counted`,
		"read.asp":     `<%@ EnableSessionState=False %><%= String(Application(String(Request.QueryString("key")))) %>`,
		"small.asp":    `<%@ EnableSessionState=False %>small`,
		"session.asp":  gate + `Session("n") = 1; gate.Pass("session") %><%= Session("n") %>`,
		"new.asp":      `<% Session("n") = 0 %>new`,
		"quick.asp":    `<% Session("n")++ %><%= Session("n") %>`,
		"readonly.asp": `<%@ EnableSessionState=ReadOnly %><%= String(Session("n")) %>`,
		"file.txt":     "a file",
	}
}

func workers(n, queue int) func(*Config) {
	return func(c *Config) { c.ProcessorThreadMax, c.RequestQueueMax = n, queue }
}

// waiting is how many requests wait.
func (s *served) waiting() int { return len(s.Status().Waiting) }

func wantTooBusy(t *testing.T, r *asptest.Response) {
	t.Helper()
	if r.Status != 503 || string(r.Body) != "Server Too Busy" || r.Header.Get("Retry-After") == "" || !r.KeepAlive || r.Framing != asptest.FramedByLength {
		t.Errorf("got %d %q, Retry-After %q, keep-alive %v", r.Status, r.Body, r.Header.Get("Retry-After"), r.KeepAlive)
	}
}

// TestTheQueueIsBounded: two pages run, two wait, the fifth is told so at
// once, on a connection that lives on.
func TestTheQueueIsBounded(t *testing.T) {
	gate, gated := withGate(t)
	s := serveSite(t, workSite(), gated, workers(2, 2))
	var clients []*asptest.Conn
	for i := range 4 {
		c := s.dial()
		ask(c, "/wait.asp")
		clients = append(clients, c)
		if i < 2 {
			gate.arrived(t, 1)
		}
	}
	eventually(t, "two wait", func() bool { return s.waiting() == 2 })
	extra := s.dial()
	for range 3 {
		began := time.Now()
		wantTooBusy(t, extra.Get("HTTP/1.1", "GET", "/wait.asp"))
		inTime(t, "being turned away", began, 0)
		if r := extra.Get("HTTP/1.0", "HEAD", "/wait.asp", "Connection: keep-alive"); r.Status != 503 || !r.KeepAlive {
			t.Errorf("HEAD: %d, keep-alive %v", r.Status, r.KeepAlive)
		}
	}
	// What needs no apartment is served all the while.
	want(t, extra.Get("HTTP/1.1", "GET", "/file.txt"), 200, "a file")
	if r := extra.Get("HTTP/1.1", "GET", "/none.asp"); r.Status != 404 {
		t.Errorf("got %d", r.Status)
	}
	st := s.Status()
	if st.Apartments != 2 || st.Busy != 2 || len(st.Running) != 2 || st.Refused < 6 {
		t.Errorf("%+v", st)
	}
	gate.open("wait")
	for _, c := range clients {
		want(t, c.ReadResponse("GET"), 200, "done")
	}
	want(t, extra.Get("HTTP/1.1", "GET", "/wait.asp"), 200, "done")
	s.log.has(t, "request", "status=503", "sent=refused")
}

// TestTheQueueIsFair: who came first runs first.
func TestTheQueueIsFair(t *testing.T) {
	gate, gated := withGate(t)
	files := workSite()
	files["order.asp"] = `<%@ EnableSessionState=False %><% Application.Lock(); Application("order") = String(Application("order") || "") + Request.QueryString("n"); Application.Unlock() %>`
	s := serveSite(t, files, gated, workers(1, 100))
	first := s.dial()
	ask(first, "/wait.asp")
	gate.arrived(t, 1)
	var clients []*asptest.Conn
	for i := range 8 {
		c := s.dial()
		ask(c, fmt.Sprint("/order.asp?n=", i))
		clients = append(clients, c)
		eventually(t, "it waits", func() bool { return s.waiting() == i+1 })
	}
	gate.open("wait")
	for _, c := range clients {
		want(t, c.ReadResponse("GET"), 200, "")
	}
	want(t, s.get("/read.asp?key=order"), 200, "01234567")
}

// TestAQueuedRequestWhoseClientLeftNeverStarts, with a body as without one.
func TestAQueuedRequestWhoseClientLeftNeverStarts(t *testing.T) {
	gate, gated := withGate(t)
	s := serveSite(t, workSite(), gated, workers(1, 10))
	first := s.dial()
	ask(first, "/wait.asp")
	gate.arrived(t, 1)
	for _, request := range []string{"GET /count.asp HTTP/1.1\r\nHost: test\r\n\r\n", postRequest("/count.asp", "a=1")} {
		c := s.dial()
		c.Send("%s", request)
		eventually(t, "it waits", func() bool { return s.waiting() == 1 })
		c.Close()
		eventually(t, "it is gone", func() bool { return s.waiting() == 0 })
	}
	gate.open("wait")
	want(t, first.ReadResponse("GET"), 200, "done")
	want(t, s.get("/read.asp?key=started"), 200, "undefined")
	want(t, s.get("/count.asp"), 200, "counted")
	want(t, s.get("/read.asp?key=started"), 200, "1")
}

func TestTheQueueTimesOut(t *testing.T) {
	gate, gated := withGate(t)
	s := serveSite(t, workSite(), gated, workers(1, 10), func(c *Config) { c.QueueTimeout = 50 * time.Millisecond })
	first := s.dial()
	ask(first, "/wait.asp")
	gate.arrived(t, 1)
	c := s.dial()
	began := time.Now()
	wantTooBusy(t, c.Get("HTTP/1.1", "GET", "/count.asp"))
	inTime(t, "waiting", began, 50*time.Millisecond)
	gate.open("wait")
	want(t, first.ReadResponse("GET"), 200, "done")
	want(t, c.Get("HTTP/1.1", "GET", "/count.asp"), 200, "counted")
}

// TestAFloodOfOneSessionIsItsOwn: its requests wait for their turn without an
// apartment, and only so many of them.
func TestAFloodOfOneSessionIsItsOwn(t *testing.T) {
	gate, gated := withGate(t)
	s := serveSite(t, workSite(), gated, workers(2, 100), func(c *Config) { c.SessionQueueMax = 3 })
	cookie := "Cookie: " + strings.SplitN(s.get("/new.asp").Header.Get("Set-Cookie"), ";", 2)[0]
	var clients []*asptest.Conn
	first := s.dial()
	ask(first, "/session.asp", cookie)
	gate.arrived(t, 1)
	for i := range 3 {
		c := s.dial()
		ask(c, "/quick.asp", cookie)
		clients = append(clients, c)
		eventually(t, "it waits", func() bool { return s.waiting() == i+1 })
	}
	wantTooBusy(t, s.get("/quick.asp", cookie))
	if st := s.Status(); st.Busy != 1 {
		t.Errorf("%d apartments in use", st.Busy)
	}
	want(t, s.get("/small.asp", cookie), 200, "small") // sessionless: no turn
	want(t, s.get("/readonly.asp", cookie), 200, "0")  // reads the last commit
	want(t, s.get("/new.asp"), 200, "new")             // another session
	gate.open("session")
	want(t, first.ReadResponse("GET"), 200, "1")
	for i, c := range clients {
		want(t, c.ReadResponse("GET"), 200, fmt.Sprint(i+2))
	}
}

// stopSite has pages that don't end by themselves.
func stopSite() map[string]string {
	return map[string]string{
		"loop.asp":      "<p>\n<% var i = 0;\n" + outOfTime + "for (;;) i++ %>",
		"swallow.asp":   `<% for (;;) { try { try { ` + outOfTime + ` for (;;) ; } catch (e) { Application("caught") = 1 } finally { Application("final") = 1 } } catch (e) {} } %>`,
		"finally.asp":   `<% ` + outOfTime + `for (;;) try { continue } finally { continue } %>`,
		"eval.asp":      `<% ` + outOfTime + `eval("for (;;) ;") %>`,
		"callback.asp":  `<% [1].forEach(function () { "x".replace(/x/, function () { ` + outOfTime + `for (;;) ; }) }) %>`,
		"getter.asp":    `<%= {toString: function () { ` + outOfTime + `for (;;) ; }} %>`,
		"execute.asp":   `<% Server.Execute("loop.asp") %>`,
		"transfer.asp":  `<% Server.Transfer("loop.asp") %>`,
		"timer.asp":     `<% setTimeout(function () {}, 1e6);` + outOfTime + `%>`,
		"interval.asp":  `<% var n = 0; setInterval(function () { if (++n == 3) {` + outOfTime + `} }, 1) %>`,
		"promises.asp":  `<% function again() { Promise.resolve().then(again) } again();` + outOfTime + `%>`,
		"await.asp":     `<%` + outOfTime + `await new Promise(function (done) { setTimeout(done, 1e6) }) %>`,
		"generator.asp": `<% var n = 0; function* g() { for (;;) yield 1 } for (var x of g()) if (!n++) {` + outOfTime + `} %>`,
		"deep.asp":      `<% function f(n) { if (n) [n].forEach(function (n) { f(n - 1) }); else {` + outOfTime + `for (;;) ; } } f(300) %>`,
		"small.asp":     `small`,
		"read.asp":      `<%= String(Application("caught")) %><%= String(Application("final")) %>`,
	}
}

// TestAPageThatLoopsForEver costs its client a 500 at the timeout, on a
// connection that lives on, and nobody else anything.
func TestAPageThatLoopsForEver(t *testing.T) {
	t.Parallel()
	s := serveSite(t, stopSite(), workers(4, 100), func(c *Config) { c.Dev = true })
	var wg sync.WaitGroup
	for name := range stopSite() {
		if name == "small.asp" || name == "read.asp" {
			continue
		}
		c := s.dial()
		ask(c, "/"+name)
		wg.Go(func() {
			r := c.ReadResponse("GET")
			if r.Status != 500 || !strings.Contains(string(r.Body), "ASP 0113") || !r.KeepAlive {
				t.Errorf("%s: %d %s", name, r.Status, clipBody(r.Body))
			}
		})
	}
	want(t, s.get("/small.asp"), 200, "small")
	wg.Wait()
	want(t, s.get("/read.asp"), 200, "undefinedundefined")
	eventually(t, "all is quiet", func() bool { return s.Status().Busy == 0 })
	if st := s.Status(); st.Orphans != 0 || st.Timeouts != int64(len(stopSite())-2) {
		t.Errorf("%d orphans, %d timeouts", st.Orphans, st.Timeouts)
	}
	s.log.has(t, "page failed", "page=loop.asp", "line=3", "Script timed out")
}

// TestATimeoutAfterAFlush ends the body without its end.
func TestATimeoutAfterAFlush(t *testing.T) {
	t.Parallel()
	s := serveSite(t, map[string]string{"page.asp": `some<% Response.Flush();` + outOfTime + `for (;;) ; %>`})
	if r := s.get("/page.asp"); string(r.Body) != "some" || r.Err == nil {
		t.Errorf("got %q, %v", r.Body, r.Err)
	}
}

// TestScriptTimeout: a page may have more time, up to script_timeout_max. The
// pages wait for a timer, so that the clock is the bubble's.
func TestScriptTimeout(t *testing.T) {
	const sleep = `<%@ EnableSessionState=False %><% function sleep(s) { return new Promise(function (done) { setTimeout(done, s * 1000) }) } %>`
	tests := map[string]struct {
		page   string
		status int
		body   string
		took   time.Duration
	}{
		"as set":   {`<% await sleep(9) %><%= Server.ScriptTimeout %>`, 200, "10", 9 * time.Second},
		"too long": {`<% await sleep(11) %>`, 500, "ASP 0113", 10 * time.Second},
		"more":     {`<% Server.ScriptTimeout = 20; await sleep(19) %><%= Server.ScriptTimeout %>`, 200, "20", 19 * time.Second},
		"not more": {`<% Server.ScriptTimeout = 20; await sleep(21) %>`, 500, "ASP 0113", 20 * time.Second},
		"most":     {`<% Server.ScriptTimeout = 100000; await sleep(29) %><%= Server.ScriptTimeout %>`, 200, "30", 29 * time.Second},
		"no more":  {`<% Server.ScriptTimeout = 100000; await sleep(31) %>`, 500, "ASP 0113", 30 * time.Second},
		"later":    {`<% setTimeout(function () { Response.Write("in time") }, 11000); Server.ScriptTimeout = 20 %>`, 200, "in time", 11 * time.Second},
		"less":     {`<% Server.ScriptTimeout = 1; await sleep(9) %><%= Server.ScriptTimeout %>`, 200, "10", 9 * time.Second}, // as in IIS, a page can't make it shorter
		"bad": {`<% try { Server.ScriptTimeout = 0 } catch (e) { %><%= e.description.substr(4, 8) %><% } try { Server.ScriptTimeout = -1 } catch (e) { %>x<% }
			try { Server.ScriptTimeout = "soon" } catch (e) { %>y<% } %>`, 200, "ASP 0104xy", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, _, get := inBubble(t, Config{ScriptTimeout: 10 * time.Second, ScriptTimeoutMax: 30 * time.Second, Dev: true}, map[string]string{"page.asp": sleep + tt.page})
				began := time.Now()
				w := <-get("/page.asp")
				if took := time.Since(began); w.Code != tt.status || !strings.Contains(w.Body.String(), tt.body) || took != tt.took {
					t.Errorf("%d %s after %v", w.Code, clipBody(w.Body.Bytes()), took)
				}
			})
		})
	}
}

// TestScriptTimeoutOfALoop is by the clock of the world.
func TestScriptTimeoutOfALoop(t *testing.T) {
	t.Parallel()
	s := serveSite(t, map[string]string{"loop.asp": `<% for (;;) ; %>`}, func(c *Config) { c.ScriptTimeout, c.Dev = 50*time.Millisecond, true })
	began := time.Now()
	wantIn(t, s.get("/loop.asp"), 500, "ASP 0113")
	inTime(t, "the loop", began, 0)
}

// TestATimeoutBeforeThePage: a page whose time is over before its first
// instruction fails; it isn't taken for one that ended itself.
func TestATimeoutBeforeThePage(t *testing.T) {
	for name, global := range map[string]string{"no events": "", "events": `<script runat=server>function Script_OnStart() {} function Session_OnStart() {}</script>`} {
		t.Run(name, func(t *testing.T) {
			s := serveSite(t, map[string]string{"page.asp": `<% Session("n") = 1 %>whole`, "global.asa": global})
			want(t, s.get("/page.asp"), 200, "whole")
			next := *s.live()
			next.ScriptTimeout = 1
			s.current.Store(&next)
			for range 200 {
				w, _ := s.record(httptest.NewRequest("GET", "/page.asp", nil))
				if w.Code != 500 && w.Body.String() != "whole" {
					t.Fatalf("%d %q", w.Code, w.Body)
				}
			}
		})
	}
}

// TestAnOrphan: a script that is inside a component hears of no timeout. Its
// client has the answer a second later all the same, its place is free, and
// what it does afterwards goes nowhere.
func TestAnOrphan(t *testing.T) {
	t.Parallel()
	gate, gated := withGate(t)
	s := serveSite(t, map[string]string{
		// The value that is written, added or kept comes when nobody waits for
		// it any more; no instruction of the script is between.
		"writes.asp": `<% var late = Server.CreateObject("Test.Late"); Response.Write("early"); Response.Write(late) %>`,
		"counts.asp": `<% var late = Server.CreateObject("Test.Late"); Session("of") = "orphan"; Application.Lock(); Application.Increment("never", late) %>`,
		"keeps.asp":  `<% var late = Server.CreateObject("Test.Late"); Application("never") = late %>`,
		"ends.asp":   `<% var late = Server.CreateObject("Test.Late"); Session("never") = late %>`,
		// Go code of a component that doesn't come back.
		"blocked.asp": `<% Session("of") = "orphan"; Application.Lock(); Server.CreateObject("Test.Gate").Pass("late");
Application("never") = 1; Session("never") = 1; Response.Write("never") %>`,
		"small.asp": `small`,
		"new.asp":   `<% Session("of") = "client" %>`,
		"lock.asp":  `<% Application.Lock(); Application("free")++; Application.Unlock() %>`,
		"read.asp":  `<%= String(Application("never")) %>|<%= Session("of") %>|<%= String(Session("never")) %>`,
	}, gated, func(c *Config) { c.ProcessorThreadMax, c.Dev = 1, true })
	cookie := "Cookie: " + strings.SplitN(s.get("/new.asp").Header.Get("Set-Cookie"), ";", 2)[0]
	for i, target := range []string{"/writes.asp", "/blocked.asp", "/counts.asp", "/keeps.asp", "/ends.asp"} {
		c := s.dial()
		ask(c, target, cookie)
		gate.arrived(t, 1)
		began := time.Now()
		s.time.Out(target)
		r := c.ReadResponse("GET")
		inTime(t, target, began, stopGrace)
		wantIn(t, r, 500, "ASP 0113")
		if !r.KeepAlive {
			t.Error("the connection is closed")
		}
		// Place, turn and lock are free at once.
		want(t, c.Get("HTTP/1.1", "GET", "/small.asp", cookie), 200, "small")
		want(t, c.Get("HTTP/1.1", "GET", "/lock.asp", cookie), 200, "")
		st := s.Status()
		if st.Orphans != i+1 || st.Busy != 0 || len(st.Turns) != 0 {
			t.Errorf("%s: %d orphans, %d busy, turns %v", target, st.Orphans, st.Busy, st.Turns)
		}
		s.log.has(t, "does not stop", "page="+target[1:])
	}
	want(t, s.get("/read.asp", cookie), 200, "undefined|client|undefined")
	gate.openAll()
	eventually(t, "the orphans ended", func() bool { return s.Status().Orphans == 0 })
	want(t, s.get("/read.asp", cookie), 200, "undefined|client|undefined")
	want(t, s.get("/small.asp"), 200, "small")
}

// TestAnOrphanThatFlushed ends its client's body without an end.
func TestAnOrphanThatFlushed(t *testing.T) {
	t.Parallel()
	gate, gated := withGate(t)
	s := serveSite(t, map[string]string{
		"page.asp":  `early<% Response.Flush(); Server.CreateObject("Test.Gate").Pass("hold") %>late<% Response.Flush() %>`,
		"small.asp": `small`,
	}, gated, func(c *Config) { c.ProcessorThreadMax = 1 })
	c := s.dial()
	ask(c, "/page.asp")
	gate.arrived(t, 1)
	s.time.Out("/page.asp")
	if r := c.ReadResponse("GET"); string(r.Body) != "early" || r.Err == nil || !c.Closed() {
		t.Errorf("got %q, %v", r.Body, r.Err)
	}
	want(t, s.get("/small.asp"), 200, "small")
	gate.open("hold")
	eventually(t, "the orphan ended", func() bool { return s.Status().Orphans == 0 })
}

// TestAGoPanicIsOnePages500, beneath the page or in a component.
func TestAGoPanicIsOnePages500(t *testing.T) {
	_, gated := withGate(t)
	s := serveSite(t, map[string]string{
		"beneath.asp":   `text<% Promise.resolve().then(function () { Application("job") = 1 }); console.log("the log panics") %>`,
		"catch.asp":     `<% try { console.log("the log panics") } catch (e) { %>caught<% } %>`,
		"component.asp": `<% Server.CreateObject("Test.Gate").Panic() %>`,
		"caught.asp":    `<% try { Server.CreateObject("Test.Gate").Panic() } catch (e) { %><%= e.description.substr(4, 8) %><% } %>`,
		"small.asp":     `<%= String(Application("job")) %>`,
	}, gated, func(c *Config) { c.ProcessorThreadMax, c.Dev = 1, true })
	c := s.dial()
	for range 3 {
		wantIn(t, c.Get("HTTP/1.1", "GET", "/beneath.asp"), 500, "ASP 0240")
		wantIn(t, c.Get("HTTP/1.1", "GET", "/catch.asp"), 500, "ASP 0240")
		wantIn(t, c.Get("HTTP/1.1", "GET", "/component.asp"), 500, "ASP 0115")
		want(t, c.Get("HTTP/1.1", "GET", "/caught.asp"), 200, "ASP 0115")
		want(t, c.Get("HTTP/1.1", "GET", "/small.asp"), 200, "undefined")
	}
	s.log.has(t, "page failed", "beneath.asp", "panic=", "goroutine=")
	for _, secret := range []string{"goroutine", "goja.", ".go:"} {
		if r := s.get("/beneath.asp"); strings.Contains(string(r.Body), secret) {
			t.Errorf("the browser sees %q of %s", secret, r.Body)
		}
	}
}

// TestPagesThatExecuteOthersNeedNoSecondApartment: as many as there are at
// once, none waits for another's.
func TestPagesThatExecuteOthersNeedNoSecondApartment(t *testing.T) {
	s := serveSite(t, map[string]string{
		"page.asp": `<% Server.Execute("part.asp"); Server.Execute("part.asp") %>`,
		"part.asp": `<% Server.Execute("leaf.asp") %>`,
		"leaf.asp": `leaf `,
	}, workers(3, 1000))
	var wg sync.WaitGroup
	for range 30 {
		c := s.dial()
		wg.Go(func() {
			for range 5 {
				ask(c, "/page.asp")
				if r := c.ReadResponse("GET"); string(r.Body) != "leaf leaf " || r.Status != 200 {
					t.Errorf("got %d %q", r.Status, r.Body)
				}
			}
		})
	}
	wg.Wait()
}
