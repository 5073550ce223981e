package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// meet is how a page gets at the test.
const meet = `<% var meet = Server.CreateObject("Test.Meet") %>`

func TestParallelRequestsOfASessionCountExactly(t *testing.T) {
	const parallel = 200
	pg := play(t, Config{SessionQueueMax: parallel, ProcessorThreadMax: 8}, map[string]string{
		"n.asp": `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
	})
	g := pg.guest()
	g.wants("/n.asp", "1") // the session's cookie
	var answers []<-chan guestAnswer
	for range parallel {
		answers = append(answers, g.answer("/n.asp"))
	}
	seen := map[string]bool{}
	for _, c := range answers {
		a := pg.in(c)
		if a.status != 200 || seen[a.body] {
			t.Errorf("%v, seen %t", a, seen[a.body])
		}
		seen[a.body] = true
	}
	g.wants("/n.asp", strconv.Itoa(parallel+2))
}

func TestTurnsComeInOrderOfArrival(t *testing.T) {
	const queue = 40
	pg := play(t, Config{}, map[string]string{
		"stop.asp": meet + `<% Session("n") = 0; meet.Stop("hold") %>`,
		"n.asp":    `<% Session("n")++ %><%= Session("n") %>`,
	})
	g := pg.guest()
	g.get("/n.asp")
	first := g.answer("/stop.asp")
	pg.came("hold")
	line := pg.lineUp(g, "/n.asp", queue)
	pg.open("hold")
	pg.in(first)
	for i, c := range line {
		if a := pg.in(c); a.body != strconv.Itoa(i+1) {
			t.Errorf("number %d in line got %v", i+1, a)
		}
	}
}

func TestTwoSessionsRunAtOnce(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"stop.asp": meet + `<% Session("x") = 1; meet.Stop("both") %>done`,
	})
	a, b := pg.guest(), pg.guest()
	first, second := a.answer("/stop.asp"), b.answer("/stop.asp")
	pg.came("both")
	pg.came("both") // neither waits for the other
	pg.open("both")
	if x, y := pg.in(first), pg.in(second); x.body != "done" || y.body != "done" {
		t.Error(x, y)
	}
}

const sessionObjectAsa = `<object runat=server scope=session id=basket progid=Test.Meet></object>
<script language=JavaScript runat=server>
function Session_OnStart() { Application("starts") = (Application("starts") || 0) + 1 }
</script>`

func TestPagesWithoutSessionHaveNone(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": sessionObjectAsa,
		"stop.asp":   `<%@ EnableSessionState=False %>` + meet + `<% meet.Stop("both") %>done`,
		"starts.asp": `<%@ EnableSessionState=False %><%= Application("starts") || 0 %>`,
		"touch.asp":  "<%@ EnableSessionState=False %>\n\n  <% Session(\"x\") = 1 %>",
		"object.asp": "<%@ EnableSessionState=False %>\n<% basket.Next() %>",
		"with.asp":   `<%= Session.SessionID != "" %>`,
	})
	g := pg.guest()
	g.get("/with.asp") // even a client that has a session
	first, second := g.answer("/stop.asp"), g.answer("/stop.asp")
	pg.came("both")
	pg.came("both")
	pg.open("both")
	if x, y := pg.in(first), pg.in(second); x.body != "done" || y.body != "done" {
		t.Error(x, y)
	}
	other := pg.guest()
	if a := other.fetch(t.Context(), "/stop.asp"); a.header["Set-Cookie"] != nil {
		t.Errorf("a cookie: %q", a.header)
	}
	other.wants("/starts.asp", "1")
	if s := pg.Status(); s.Sessions != 1 {
		t.Errorf("%d sessions", s.Sessions)
	}
	for page, line := range map[string]int{"touch.asp": 3, "object.asp": 2} {
		err := other.refused("/" + page)
		if err.File != page || err.Line != line || err.Code == 0 || !strings.Contains(err.Error(), "EnableSessionState=False") {
			t.Errorf("%s: %v", page, err)
		}
	}
}

func TestReadOnlyPagesWaitForNobody(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"set.asp":  `<% Session("n") = 1; Session("o") = {a: [1]} %>`,
		"stop.asp": meet + `<% Session("n") = 2; meet.Stop("hold") %>`,
		"read.asp": `<%@ EnableSessionState=ReadOnly %><%= String(Session("n")) %>`,
		"id.asp":   `<%= Session.SessionID %>`,
		"roid.asp": `<%@ EnableSessionState=ReadOnly %><%= Session.SessionID %>`,
	})
	g := pg.guest()
	g.get("/set.asp")
	held := g.answer("/stop.asp")
	pg.came("hold")
	g.wants("/read.asp", "1")
	pg.open("hold")
	pg.in(held)
	g.wants("/read.asp", "2")
	g.wants("/roid.asp", g.get("/id.asp"))
	fresh := pg.guest()
	fresh.wants("/roid.asp", fresh.get("/roid.asp")) // a first touch makes one here too
}

func TestReadOnlyPagesCannotWrite(t *testing.T) {
	files := map[string]string{
		"set.asp":  `<% Session("o") = {a: [1]}; Session("n") = 1 %>`,
		"show.asp": `<%= Session("n") %> <%= JSON.stringify(Session("o")) %> <%= Session.Contents.Count %> <%= Session.Timeout %>`,
	}
	writes := map[string]string{
		"assign":     `Session("n") = 2`,
		"new":        `Session("new") = 2`,
		"increment":  `Session("n")++`,
		"remove":     `Session.Contents.Remove("n")`,
		"removeall":  `Session.Contents.RemoveAll()`,
		"timeout":    `Session.Timeout = 5`,
		"abandon":    `Session.Abandon()`,
		"renew":      `Session.Renew()`,
		"component":  `Session("c") = Server.CreateObject("Test.Meet")`,
		"lcid":       `Session.LCID = 1031`,
		"in place":   `Session("o").a.push(2)`,
		"first page": `Session("first") = 1`,
	}
	for name, write := range writes {
		files[name+".asp"] = "<%@ EnableSessionState=ReadOnly %>\n<% " + write + " %>"
	}
	pg := play(t, Config{}, files)
	g := pg.guest()
	g.get("/set.asp")
	for name := range writes {
		visitor := g
		if name == "first page" {
			visitor = pg.guest()
		}
		err := visitor.refused("/" + strings.ReplaceAll(name, " ", "%20") + ".asp")
		if err.File != name+".asp" || err.Line != 2 && name != "in place" || !strings.Contains(err.Error(), "ReadOnly") {
			t.Errorf("%s: %v", name, err)
		}
	}
	g.wants("/show.asp", `1 {"a":[1]} 2 20`)
}

// The session that a read-only page's visit starts is filled by global.asa;
// the page itself can't write even then.
func TestReadOnlyPageAfterSessionOnStart(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": `<script language=JavaScript runat=server>function Session_OnStart() { Session("began") = "yes" }</script>`,
		"write.asp":  `<%@ EnableSessionState=ReadOnly %><% try { Session("x") = 1 } catch (e) { %>refused <% } %><%= Session("began") %> <%= String(Session("x")) %>`,
	})
	g := pg.guest()
	g.wants("/write.asp", "refused yes undefined")
	g.wants("/write.asp", "refused yes undefined")
}

func TestSessionCloseGivesTheTurnOn(t *testing.T) {
	writes := []string{`Session("late") = 1`, `Session("n")++`, `Session("c") = Server.CreateObject("Test.Meet")`,
		`Session.Contents.Remove("n")`, `Session.Contents.RemoveAll()`, `Session.Timeout = 3`, `Session.Abandon()`, `Session.Renew()`}
	var late strings.Builder
	for _, w := range writes {
		fmt.Fprintf(&late, "try { %s; Response.Write('not refused: %s; ') } catch (e) { Response.Write('.') }\n", w, strings.ReplaceAll(w, `"`, ""))
	}
	pg := play(t, Config{}, map[string]string{
		"first.asp":  meet + `<% Session("n") = 1 %>`,
		"stream.asp": meet + `<% Session("n") = 7; Response.Write("a"); Response.Flush(); Session.Close(); meet.Stop("streaming"); ` + late.String() + ` %> <%= String(Session("n")) %>`,
		"next.asp":   `<%= Session("n") %> <% Session("n") = 8 %>`,
		"show.asp":   `<%= Session("n") %> <%= Session.Contents.Count %> <%= Session.Timeout %>`,
	})
	g := pg.guest()
	g.get("/first.asp")
	stream := g.answer("/stream.asp")
	pg.came("streaming")
	g.wants("/next.asp", "7") // while the other goes on
	pg.open("streaming")
	if a, want := pg.in(stream), "a"+strings.Repeat(".", len(writes))+" 7"; a.body != want || a.err != nil {
		t.Errorf("got %v, want %q", a, want)
	}
	g.wants("/show.asp", "8 1 20")
}

// What was read before Session.Close can't be changed without a word either.
func TestChangesInPlaceAfterSessionCloseAreRefused(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"set.asp":    `<% Session("o") = {list: [1]} %>`,
		"before.asp": `<% var o = Session("o"); Session.Close(); o.list.push(2) %>`,
		"after.asp":  `<% Session.Close(); Session("o").list.push(2) %>`,
		"reads.asp":  `<% var o = Session("o"); o.list.push(2); Session.Close() %><%= o.list %> <%= Session("o") === o %>`,
		"show.asp":   `<%= Session("o").list %>`,
	})
	g := pg.guest()
	g.get("/set.asp")
	for _, page := range []string{"/before.asp", "/after.asp"} {
		if err := g.refused(page); !strings.Contains(err.Error(), `Session("o") was changed in place`) || !strings.Contains(err.Error(), "closed") {
			t.Errorf("%s: %v", page, err)
		}
		g.wants("/show.asp", "1")
	}
	g.wants("/reads.asp", "1,2 True")
	g.wants("/show.asp", "1,2")
}

func TestAFullSessionQueueRefuses(t *testing.T) {
	pg := play(t, Config{SessionQueueMax: 2}, map[string]string{
		"stop.asp": meet + `<% Session("x") = 1; meet.Stop("hold") %>`,
		"n.asp":    `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
	})
	g := pg.guest()
	g.get("/n.asp")
	held := []<-chan guestAnswer{g.answer("/stop.asp")}
	pg.came("hold")
	for i := range 2 {
		held = append(held, g.answer("/n.asp"))
		pg.waiting(i + 1)
	}
	a := g.fetch(t.Context(), "/n.asp")
	if a.status != 503 || a.body != "Server Too Busy" || a.header.Get("Retry-After") == "" {
		t.Errorf("one too many: %v %v", a, a.header)
	}
	if a := pg.guest().fetch(t.Context(), "/n.asp"); a.status != 200 {
		t.Errorf("another session: %v", a)
	}
	pg.open("hold")
	for _, c := range held {
		if a := pg.in(c); a.status != 200 {
			t.Error(a)
		}
	}
	g.wants("/n.asp", "4")
}

func TestATurnIsNotAwaitedForEver(t *testing.T) {
	pg := play(t, Config{QueueTimeout: 50 * time.Millisecond}, map[string]string{
		"stop.asp": meet + `<% Session("x") = 1; meet.Stop("hold") %>`,
		"n.asp":    `<% Session("x") = 2 %>`,
	})
	g := pg.guest()
	g.get("/n.asp")
	held := g.answer("/stop.asp")
	pg.came("hold")
	if a := pg.in(g.answer("/n.asp")); a.status != 503 || a.header.Get("Retry-After") == "" {
		t.Errorf("a request that waited for longer than queue_timeout: %v", a)
	}
	pg.open("hold")
	pg.in(held)
}

func TestAWaiterLeavesWithItsClient(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"stop.asp": meet + `<% Session("n") = 0; meet.Stop("hold") %>`,
		"n.asp":    `<% Session("n")++ %><%= Session("n") %>`,
	})
	g := pg.guest()
	g.get("/n.asp")
	held := g.answer("/stop.asp")
	pg.came("hold")
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan guestAnswer, 1)
	go func() { gone <- g.fetch(ctx, "/n.asp") }()
	pg.waiting(1)
	stays := g.answer("/n.asp")
	pg.waiting(2)
	leave()
	<-gone
	pg.waiting(1)
	if s := pg.Status(); len(s.Waiting) != 1 {
		t.Errorf("%d wait", len(s.Waiting))
	}
	pg.open("hold")
	pg.in(held)
	if a := pg.in(stays); a.body != "1" {
		t.Errorf("who left ran: %v", a)
	}
}

func TestHammerWaitersWhoLeaveAtRandom(t *testing.T) {
	requests, parallel := 1500, 100
	if asptest.Soaking() {
		requests = 10_000
	}
	pg := play(t, Config{ProcessorThreadMax: 2, SessionQueueMax: parallel}, map[string]string{
		"n.asp": `<% for (var i = 0; i < 300; i++); Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
	})
	var cookies [][]*http.Cookie
	for range 4 {
		w := httptest.NewRecorder()
		pg.ServeHTTP(w, httptest.NewRequest("GET", "/n.asp", nil))
		cookies = append(cookies, w.Result().Cookies())
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	ran := make([][]int, len(cookies))
	slots := make(chan struct{}, parallel)
	for range requests {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots; recover() }() // net/http's way to end an answer that nobody wants
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(3000))*time.Microsecond)
			defer cancel()
			who := rand.IntN(len(cookies))
			r := httptest.NewRequest("GET", "/n.asp", nil).WithContext(ctx)
			for _, c := range cookies[who] {
				r.AddCookie(c)
			}
			w := httptest.NewRecorder()
			pg.ServeHTTP(w, r)
			if n, err := strconv.Atoi(w.Body.String()); err == nil {
				mu.Lock()
				ran[who] = append(ran[who], n)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	pg.atRest()
	left := requests
	for who, numbers := range ran {
		slices.Sort(numbers)
		left -= len(numbers)
		if len(slices.Compact(slices.Clone(numbers))) != len(numbers) {
			t.Errorf("session %d counted a number twice", who)
		}
	}
	t.Logf("%d of %d requests left before they ran", left, requests)
	if left == 0 || left == requests {
		t.Error("nobody left, or everybody did")
	}
}

func TestTheQueuesAreBoundedInAll(t *testing.T) {
	pg := play(t, Config{RequestQueueMax: 2}, map[string]string{
		"stop.asp": meet + `<% Session("x") = 1; meet.Stop("hold") %>`,
		"n.asp":    `<% Session("x") = 2 %>`,
	})
	all := pg.guests(3)
	var answers []<-chan guestAnswer
	for i, g := range all {
		g.get("/n.asp")
		answers = append(answers, g.answer("/stop.asp"))
		pg.came("hold")
		if i < 2 {
			answers = append(answers, g.answer("/n.asp"))
			pg.waiting(i + 1)
		}
	}
	if a := all[2].fetch(t.Context(), "/n.asp"); a.status != 503 || a.header.Get("Retry-After") == "" {
		t.Errorf("one too many of another session: %v", a)
	}
	pg.open("hold")
	for _, c := range answers {
		if a := pg.in(c); a.status != 200 {
			t.Error(a)
		}
	}
}

// A page that made or renewed its session and flushed goes on: who learned of
// the token meanwhile waits for it like anybody else.
func TestANewTokenHasItsTurn(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"new.asp":   meet + `<% Session("n") = 1; Response.Write("x"); Response.Flush(); meet.Stop("flushed"); Session("n")++ %>`,
		"renew.asp": meet + `<% Session.Renew(); Session("n") = 1; Response.Write("x"); Response.Flush(); meet.Stop("flushed"); Session("n")++ %>`,
		"n.asp":     `<% Session("n")++ %><%= Session("n") %>`,
	})
	for _, page := range []string{"/new.asp", "/renew.asp"} {
		g := pg.guest()
		if page == "/renew.asp" {
			g.get("/n.asp")
		}
		before := fmt.Sprint(g.client.Jar.Cookies(mustURL(t, pg.url)))
		first := g.answer(page)
		pg.came("flushed")
		pg.until("the client knows the token", func() bool { return fmt.Sprint(g.client.Jar.Cookies(mustURL(t, pg.url))) != before })
		second := g.answer("/n.asp")
		pg.waiting(1)
		pg.open("flushed")
		pg.in(first)
		if a := pg.in(second); a.body != "3" {
			t.Errorf("%s: %v", page, a)
		}
		pg.forget("flushed")
	}
}
