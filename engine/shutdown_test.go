package engine

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// ends is a global.asa that notes the events of the application's end.
const ends = `
function Session_OnEnd(reason) { note("session " + reason) }
function Application_OnEnd() { note("application") }`

// endedContext is a context that has ended.
func endedContext(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// TestShutdownCutsOff: who is still inside when nobody waits any longer gets an
// answer that isn't mistaken for a page, and costs nobody an event of the end.
func TestShutdownCutsOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page string
		want string // of the body; "" for a refusal
	}{
		"computes":        {`<% meet.Note("running"); meet.Stop("ready"); for (;;); %>`, ""},
		"waits":           {`<% setTimeout(function () { }, 1e6); meet.Note("running") %>`, ""},
		"waits in Go":     {`<% meet.Note("running"); meet.Stop("never") %>`, ""},
		"catches all":     {`<% meet.Note("running"); for (;;) try { for (;;); } catch (e) { } finally { continue } %>`, ""},
		"has flushed":     {`begun<% Response.Flush(); meet.Note("running"); for (;;); %>`, "begun"},
		"doesn't stop":    {`<% meet.Note("running"); meet.Hang("never") %>`, ""},
		"flushed, hangs":  {`begun<% Response.Flush(); meet.Note("running"); meet.Hang("never") %>`, "begun"},
		"awaits a signal": {`<% meet.Note("running"); for (;;) { await Request.Signal.wait(); } %>`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pg := play(t, Config{ErrorPage: "error.asp"}, map[string]string{
				"global.asa": script(note + ends + `
function Application_OnError() { note("error event") }
function Script_OnEnd() { if (Application("cut")) note("script end") }`),
				"in.asp":    `<% Session("x") = 1 %>`,
				"error.asp": meet + `<% meet.Note("error page") %>`,
				"page.asp":  meet + `<% Session("x") = 1; Application("cut") = true; %>` + c.page,
			})
			pg.open("ready")
			pg.guest().get("/in.asp")
			answer := pg.guest().answer("/page.asp")
			pg.until("the page runs", func() bool { return len(pg.noted()) == 1 })
			err := pg.Shutdown(endedContext(t))
			cut, ok := errors.AsType[*CutError](err)
			if !ok || cut.Requests != 1 || !errors.Is(err, context.Canceled) {
				t.Errorf("Shutdown: %v", err)
			}
			switch a := pg.in(answer); {
			case c.want == "" && (a.status != 503 || a.err != nil || !strings.Contains(a.body, "Shutting Down") || a.header.Get("Retry-After") == ""):
				t.Errorf("got %v, want 503", a)
			case c.want != "" && (a.status != 200 || a.body != c.want || a.err == nil):
				t.Errorf("got %v, want %q and an error", a, c.want)
			}
			// One that is given up before its session was stored has none.
			got := slices.DeleteFunc(pg.noted(), func(s string) bool { return s == "session evicted" })
			if !slices.Contains(got, "session shutdown") || len(got) < 3 || got[0] != "running" || got[len(got)-1] != "application" {
				t.Errorf("got %q", got)
			}
			if slices.Contains(got, "error page") || slices.Contains(got, "error event") || slices.Contains(got, "script end") {
				t.Errorf("pages of the application's ran for it: %q", got)
			}
		})
	}
}

// TestShutdownDismissesWhoWaits: requests in line for a turn or an apartment are
// refused with those that they wait for.
func TestShutdownDismissesWhoWaits(t *testing.T) {
	t.Parallel()
	pg := play(t, Config{ProcessorThreadMax: 1}, map[string]string{
		"global.asa": script(note + ends),
		"in.asp":     `<% Session("x") = 1 %>`,
		"stop.asp":   meet + `<% meet.Stop("never") %>`,
	})
	g := pg.guest()
	g.get("/in.asp")
	answers := []<-chan guestAnswer{g.answer("/stop.asp")}
	pg.came("never")
	answers = append(answers, g.answer("/in.asp"), pg.guest().answer("/in.asp"))
	pg.until("two wait", func() bool { return len(pg.Status().Waiting) == 2 })
	err := pg.Shutdown(endedContext(t))
	if cut, ok := errors.AsType[*CutError](err); !ok || cut.Requests != 3 {
		t.Errorf("Shutdown: %v", err)
	}
	for _, c := range answers {
		if a := pg.in(c); a.status != 503 || !strings.Contains(a.body, "Shutting Down") {
			t.Error(a)
		}
	}
	if got := pg.noted(); !slices.Equal(got, []string{"session shutdown", "application"}) {
		t.Error(got)
	}
}

// TestShutdownCutsClientsOff: a client that sends its form slowly is refused,
// and one that takes its answer slowly is left with half of it.
func TestShutdownCutsClientsOff(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"global.asa": script(note + ends),
		"in.asp":     `<% Session("x") = 1 %>`,
		"page.asp":   `<% var s = "0123456789abcdef"; while (s.length < 1 << 24) s += s; Response.Write(s) %>`,
		"large.txt":  strings.Repeat("0123456789abcdef", 1<<20),
	}
	for name, request := range map[string]string{
		"a form":     "POST /in.asp HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=",
		"chunks":     "POST /in.asp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
		"a page":     "GET /page.asp HTTP/1.1\r\nHost: x\r\n\r\n",
		"a download": "GET /large.txt HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pg := play(t, Config{BufferingLimit: 32 << 20}, files)
			pg.guest().get("/in.asp")
			conn, err := net.Dial("tcp", strings.TrimPrefix(pg.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.(*net.TCPConn).SetReadBuffer(64 << 10); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, request); err != nil {
				t.Fatal(err)
			}
			in := bufio.NewReader(conn)
			if strings.HasPrefix(request, "GET") {
				_, _ = in.Peek(1) // it is being sent
			}
			pg.until("it is inside", func() bool { return pg.gate.count() == 1 })
			if cut, ok := errors.AsType[*CutError](pg.Shutdown(endedContext(t))); !ok || cut.Requests != 1 {
				t.Errorf("Shutdown: %v", cut)
			}
			if n := pg.gate.count(); n != 0 {
				t.Errorf("%d are inside", n)
			}
			_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
			got, err := io.ReadAll(in)
			if strings.HasPrefix(request, "POST") && !strings.HasPrefix(string(got), "HTTP/1.1 503 ") {
				t.Errorf("%v %q", err, clipped(string(got), 300))
			}
			if strings.HasPrefix(request, "GET") && len(got) >= 1<<24 {
				t.Errorf("got %d bytes", len(got))
			}
			if got := pg.noted(); !slices.Equal(got, []string{"session shutdown", "application"}) {
				t.Error(got)
			}
		})
	}
}

// TestLongPagesLearnOfTheStop: a page that listens ends by itself, however much
// time there is.
func TestLongPagesLearnOfTheStop(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"a signal":  `<% while (!await Request.Signal.wait(1000000)); %>`,
		"a poll":    `<% while (Response.IsClientConnected); %>`,
		"an event":  `<% var t = setInterval(function () { }, 1000000); Request.Signal.onabort = function () { clearInterval(t) }; %>`,
		"in a page": `<% Server.Execute("inner.asp") %>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pg := play(t, Config{}, map[string]string{
				"page.asp":  meet + `a<% Response.Flush(); meet.Stop("ready"); %>` + page + `<% setTimeout(function () { Response.Write("z") }, 0) %>`,
				"inner.asp": `<% await Request.Signal.wait() %>`,
			})
			pg.open("ready")
			answer := pg.guest().answer("/page.asp")
			pg.came("ready")
			if err := pg.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			if a := pg.in(answer); a.body != "az" || a.err != nil {
				t.Error(a)
			}
		})
	}
}

// TestStopping is for those who wait for requests before they end the
// application, and may think better of it.
func TestStopping(t *testing.T) {
	t.Parallel()
	pg := play(t, Config{}, map[string]string{"page.asp": meet + `<% meet.Stop("ready"); Response.Write(Request.Signal.aborted + " " + Response.IsClientConnected) %>`})
	running := pg.guest().answer("/page.asp")
	pg.came("ready")
	pg.Stopping(true)
	pg.Stopping(true)
	pg.open("ready")
	if a := pg.in(running); a.body != "true false" {
		t.Error(a)
	}
	pg.Stopping(false)
	pg.guest().wants("/page.asp", "true false")
	pg.Stopping(false)
	pg.guest().wants("/page.asp", "false true")
}
