package engine

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/store/memory"
)

func TestTheApartmentPassesOnWithTheTurn(t *testing.T) {
	const queue = 10
	pg := play(t, Config{ProcessorThreadMax: 8}, map[string]string{
		"stop.asp":  meet + `<% Session("x") = 1; Response.Write(meet.Thread()); meet.Stop("hold") %>`,
		"n.asp":     meet + `<% Session("x")++ %><%= meet.Thread() %>`,
		"other.asp": meet + `<% meet.Stop("elsewhere") %>`,
	})
	g := pg.guest()
	g.get("/n.asp")
	first := g.answer("/stop.asp")
	pg.came("hold")
	line := pg.lineUp(g, "/n.asp", queue)
	pg.open("hold")
	thread := pg.in(first).body
	for i, c := range line {
		if a := pg.in(c); a.body != thread {
			t.Errorf("number %d in line ran on %s, the first one on %s", i+1, a.body, thread)
		}
	}
}

// A flood of one session must not keep the only apartment from the others; but
// while it has it, it passes on.
func TestAFloodOfOneSessionIsBounded(t *testing.T) {
	const flood = 60
	pg := play(t, Config{ProcessorThreadMax: 1, SessionQueueMax: flood}, map[string]string{
		"stop.asp": meet + `<% Session("x") = 1; meet.Stop("hold") %>`,
		"n.asp":    meet + `<% Session("x") = 2 %><%= meet.Next() %>`,
	})
	g, other := pg.guest(), pg.guest()
	g.get("/n.asp")
	first := g.answer("/stop.asp")
	pg.came("hold")
	line := pg.lineUp(g, "/n.asp", flood)
	waits := other.answer("/n.asp")
	pg.until("the other waits for the apartment", func() bool { return pg.apartments.Status().Waiting == 1 })
	pg.open("hold")
	pg.in(first)
	served, err := strconv.Atoi(pg.in(waits).body)
	if err != nil || served < 4 || served > 2+maxHops {
		t.Errorf("the other session was served as number %d, %v: at once, or after too many", served, err)
	}
	for _, c := range line {
		if a := pg.in(c); a.status != 200 {
			t.Error(a)
		}
	}
}

// As many pages that execute others as there are apartments wait for none.
func TestExecutingPagesDoNotDeadlock(t *testing.T) {
	const apartments = 4
	pg := play(t, Config{ProcessorThreadMax: apartments, QueueTimeout: None}, map[string]string{
		"outer.asp": meet + `<% Session("a") = 1; meet.Stop("outer"); Server.Execute("inner.asp") %>`,
		"inner.asp": meet + `<% Session("b") = 2; meet.Stop("inner"); Server.Transfer("last.asp") %>`,
		"last.asp":  meet + `<% meet.Stop("last") %><%= Session("a") + Session("b") %>`,
	})
	var answers []<-chan guestAnswer
	for _, g := range pg.guests(apartments) {
		answers = append(answers, g.answer("/outer.asp"))
	}
	for _, name := range []string{"outer", "inner", "last"} {
		for range apartments {
			pg.came(name)
		}
		pg.open(name)
	}
	for _, c := range answers {
		if a := pg.in(c); a.body != "3" {
			t.Error(a)
		}
	}
}

// A counter is a component for one apartment: it notes who calls it, and that
// nobody else does at the same time.
type counter struct {
	n       int // without any lock: the race detector watches
	threads map[string]bool
}

func (c *counter) Add() int {
	c.n++
	c.threads[asptest.Goroutine()] = true
	return c.n
}

// Threads is how many goroutines have called.
func (c *counter) Threads() int { return len(c.threads) }

// Part is another object of the same counter.
func (c *counter) Part() *part { return &part{Of: c.n} }

// A part may be kept like what it came from.
type part struct{ Of int }

// Twice is twice the number.
func (p *part) Twice() int { return 2 * p.Of }

// componentsOf are the test's components; made counts the counters.
func testComponents(made *atomic.Int64) map[string]Component {
	return map[string]Component{
		"Test.Counter": {Threading: Apartment, New: func(context.Context) (any, error) {
			made.Add(1)
			return &counter{threads: map[string]bool{}}, nil
		}},
		"Test.Box": {Threading: Agile, New: func(context.Context) (any, error) {
			made.Add(1)
			return &box{}, nil
		}},
		"Test.Once": {Threading: PerRequest, New: func(context.Context) (any, error) {
			made.Add(1)
			return &box{}, nil
		}},
	}
}

// A box is a component for any goroutine.
type box struct{ n atomic.Int64 }

// Add counts.
func (b *box) Add() int { return int(b.n.Add(1)) }

const countingPage = `<% if (!Session("c")) Session("c") = Server.CreateObject("Test.Counter") %><%= Session("c").Add() %> <%= Session("c").Threads() %>`

func TestAPinnedSessionIsAlwaysServedByItsApartment(t *testing.T) {
	const rounds, parallel = 40, 8
	var made atomic.Int64
	pg := play(t, Config{ProcessorThreadMax: 4, Components: testComponents(&made)}, map[string]string{
		"count.asp": countingPage,
		"read.asp":  `<%@ EnableSessionState=ReadOnly %><%= Session("c").Threads() %>`,
		"moves.asp": meet + `<% Session("x") = 1 %><%= meet.Thread() %>`,
	})
	pg.client.Transport.(*http.Transport).DisableKeepAlives = true // many connections
	pinned, moving := pg.guests(2), pg.guests(4)
	for _, g := range pinned {
		g.wants("/count.asp", "1 1")
	}
	var mu sync.Mutex
	threads := map[string]bool{}
	var wg sync.WaitGroup
	for i := range parallel {
		wg.Go(func() {
			for range rounds {
				a := moving[i%len(moving)].fetch(t.Context(), "/moves.asp")
				mu.Lock()
				threads[a.body] = true
				mu.Unlock()
			}
		})
		wg.Go(func() {
			for range rounds {
				g := pinned[i%len(pinned)]
				if a := g.fetch(t.Context(), "/count.asp"); a.status != 200 || !strings.HasSuffix(a.body, " 1") {
					t.Errorf("a pinned session: %v", a)
				}
				if a := g.fetch(t.Context(), "/read.asp"); a.body != "1" {
					t.Errorf("read-only: %v", a)
				}
			}
		})
	}
	wg.Wait()
	for _, g := range pinned {
		g.wants("/count.asp", fmt.Sprintf("%d 1", 2+rounds*parallel/len(pinned)))
	}
	if len(threads) < 2 {
		t.Errorf("the other sessions never moved")
	}
	if s := pg.Status(); s.Pinned != len(pinned) || made.Load() != int64(len(pinned)) {
		t.Errorf("%d sessions are pinned, %d counters were made", s.Pinned, made.Load())
	}
}

func TestAPinEndsWithItsComponent(t *testing.T) {
	pg := play(t, Config{Components: testComponents(new(atomic.Int64))}, map[string]string{
		"count.asp":     countingPage,
		"remove.asp":    `<% Session.Contents.Remove("C") %>`,
		"all.asp":       `<% Session.Contents.RemoveAll() %>`,
		"overwrite.asp": `<% Session("c") = 1; Session("c") = 0 %>`,
		"agile.asp":     `<% Session("c") = Server.CreateObject("Test.Box") %>`,
		"abandon.asp":   `<% Session.Abandon() %><%= Session("c").Add() %>`,
	})
	for _, page := range []string{"remove", "all", "overwrite", "agile"} {
		g := pg.guest()
		g.get("/count.asp")
		if n := pg.Status().Pinned; n != 1 {
			t.Errorf("%d pinned", n)
		}
		g.get("/" + page + ".asp")
		if n := pg.Status().Pinned; n != 0 {
			t.Errorf("after %s.asp %d are pinned", page, n)
		}
	}
	g := pg.guest()
	g.get("/count.asp")
	g.wants("/abandon.asp", "2")
	pg.until("the pin of an abandoned session ends", func() bool { return pg.Status().Pinned == 0 })
	g.wants("/count.asp", "1 1")
}

func TestPinnedSessionMax(t *testing.T) {
	pg := play(t, Config{PinnedSessionMax: 1, Components: testComponents(new(atomic.Int64))}, map[string]string{
		"count.asp": "\n" + countingPage,
		"agile.asp": `<% Session("c") = Server.CreateObject("Test.Box") %><%= Session("c").Add() %>`,
		"show.asp":  `<%= Session("c") %>`,
		"value.asp": `<% Session("c") = 0 %>`,
	})
	a, b := pg.guest(), pg.guest()
	a.wants("/count.asp", "1 1")
	b.get("/value.asp")
	if err := b.refused("/count.asp"); err.Line != 2 || !strings.Contains(err.Error(), "pinned_session_max") {
		t.Error(err)
	}
	b.wants("/show.asp", "0") // what was there stays
	b.wants("/agile.asp", "1")
	a.wants("/count.asp", "2 1")
	none := play(t, Config{PinnedSessionMax: None, Components: testComponents(new(atomic.Int64))}, map[string]string{"count.asp": countingPage})
	if err := none.guest().refused("/count.asp"); !strings.Contains(err.Error(), "pinned_session_max") {
		t.Error(err)
	}
}

// Where somebody else keeps the sessions, a component can't go there.
func TestComponentsAreRefusedBySessionsElsewhere(t *testing.T) {
	elsewhere, err := sessions.NewManager(sessions.Config{Store: memory.NewSessions()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { asptest.Check(t, elsewhere.Close(context.Background())) })
	pg := play(t, Config{Sessions: elsewhere, Components: testComponents(new(atomic.Int64))}, map[string]string{
		"pins.asp":  "\n<% Session('c') = Server.CreateObject('Test.Counter') %>",
		"agile.asp": "\n<% Session('c') = Server.CreateObject('Test.Box') %>",
		"n.asp":     `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
		"app.asp":   `<% Application("c") = Server.CreateObject("Test.Box") %><%= Application("c").Add() %>`,
	})
	g := pg.guest()
	g.wants("/n.asp", "1")
	for _, page := range []string{"/pins.asp", "/agile.asp"} {
		if err := g.refused(page); err.Code != 188 || err.Line != 2 || !strings.Contains(err.Error(), `Session("c")`) || !strings.Contains(err.Error(), "outside the process") {
			t.Errorf("%s: %v", page, err)
		}
	}
	g.wants("/n.asp", "2")
	g.wants("/app.asp", "1")
	if s := pg.Status(); s.Pinned != 0 || s.Sessions != -1 {
		t.Errorf("%d pinned of %d", s.Pinned, s.Sessions)
	}
}

func TestANewApplicationHasNoPins(t *testing.T) {
	pg := play(t, Config{CheckInterval: None, Components: testComponents(new(atomic.Int64))}, map[string]string{
		"global.asa": script("// one"), "count.asp": countingPage,
	})
	g := pg.guest()
	g.wants("/count.asp", "1 1")
	g.wants("/count.asp", "2 1")
	pg.write("global.asa", script("// another one"))
	g.wants("/count.asp", "1 1")
	if n := pg.Status().Pinned; n != 1 {
		t.Errorf("%d pinned", n)
	}
}

// A page that runs beside the one that pins its session is in the wrong
// apartment for the component.
func TestAComponentIsRefusedToOtherApartments(t *testing.T) {
	pg := play(t, Config{Components: testComponents(new(atomic.Int64))}, map[string]string{
		"global.asa": `<object runat=server scope=session id=tally progid=Test.Counter></object>`,
		"start.asp":  `<% Session("x") = 1 %>`,
		"beside.asp": meet + "<%@ EnableSessionState=ReadOnly %>\n<% meet.Stop('beside'); Session('c').Add() %>",
		"static.asp": meet + "<%@ EnableSessionState=ReadOnly %>\n<% meet.Stop('beside'); tally.Add() %>",
		"count.asp":  countingPage + `<% tally.Add() %>`,
	})
	for _, page := range []string{"/beside.asp", "/static.asp"} {
		g := pg.guest()
		g.get("/start.asp")
		beside := g.answer(page)
		pg.came("beside")
		g.wants("/count.asp", "1 1")
		pg.open("beside")
		if a := pg.in(beside); a.status != 500 {
			t.Errorf("%s: %v", page, a)
		}
		if err := pg.lastError(); err.Line != 2 || !strings.Contains(err.Error(), "apartment") {
			t.Errorf("%s: %v", page, err)
		}
		g.wants("/count.asp", "2 1")
		pg.forget("beside")
	}
}

func TestAgileComponentsAreKeptByReference(t *testing.T) {
	var made atomic.Int64
	pg := play(t, Config{Components: testComponents(&made)}, map[string]string{
		"both.asp": `<% if (!Application("b")) Application("b") = Server.CreateObject("Test.Box")
			if (!Session("b")) Session("b") = Application("b") %><%= Application("b").Add() %> <%= Session("b").Add() %> <%= Session.Contents.Count %> <%= Session.Contents.Key(1) %> <%= Application.Contents.Count %>`,
		"lock.asp":  `<% Application.Lock(); Application("c") = Server.CreateObject("Test.Box"); %><%= Application("c").Add() %><% Application.Unlock() %><%= Application("c").Add() %>`,
		"drop.asp":  `<% Application.Lock(); Application("d") = Server.CreateObject("Test.Box"); throw new Error("no") %>`,
		"has.asp":   `<%= typeof Application("d") %>`,
		"other.asp": `<% Application("b") = 1 %><%= typeof Application("b") %>`,
	})
	a, b := pg.guest(), pg.guest()
	a.wants("/both.asp", "1 2 1 b 1")
	b.wants("/both.asp", "3 4 1 b 1")
	a.wants("/both.asp", "5 6 1 b 1")
	if made.Load() != 1 || pg.Status().Pinned != 0 {
		t.Errorf("%d made, %d pinned", made.Load(), pg.Status().Pinned)
	}
	a.wants("/lock.asp", "12")
	a.refused("/drop.asp")
	a.wants("/has.asp", "undefined")
	a.wants("/other.asp", "number")
}

// What belongs to one script engine, or to one apartment, is refused where it
// is assigned, with its key, the way to it, and the page's line.
func TestWhatCannotBeKeptIsRefusedAtTheAssignment(t *testing.T) {
	values := []struct{ name, setup, value, want string }{
		{"function", "", `function () {}`, "a function cannot be stored"},
		{"nested function", "", `{a: [1, {b: function () {}}]}`, `.a[1].b: a function`},
		{"arrow", "", `[() => 1]`, `[0]: a function`},
		{"class", "class Cart {}", `{in: new Cart()}`, `.in: an instance of a class cannot be stored (Cart)`},
		{"constructor", "function Old() { this.x = 1 }", `new Old()`, `an instance of a class cannot be stored (Old)`},
		{"subclass", "class Stack extends Array {}", `new Stack()`, `an instance of a class cannot be stored (Stack)`},
		{"submap", "class Index extends Map {}", `{i: new Index()}`, `.i: an instance of a class cannot be stored (Index)`},
		{"cycle", "var o = {a: {}}; o.a.back = o", `o`, `.a.back: the value contains itself`},
		{"map cycle", "var m = new Map(); m.set('m', m)", `m`, `.value(0): the value contains itself`},
		{"symbol", "", `{s: Symbol("x")}`, `.s: a symbol`},
		{"promise", "", `Promise.resolve(1)`, `a Promise cannot be stored`},
		{"generator", "function* gen() {}", `gen()`, `cannot be stored`},
		{"weak", "", `new WeakMap()`, `cannot be stored`},
		{"surrogate", "", `"\ud800"`, `half of a surrogate pair`},
		{"intrinsic", "", `Server`, `Server cannot be stored`},
		{"response", "", `{r: Response}`, `.r: Response cannot be stored`},
		{"nested component", "", `{c: Server.CreateObject("Test.Box")}`, `.c: Test.Box cannot be stored`},
		{"per request", "", `Server.CreateObject("Test.Once")`, `Test.Once is`},
		{"deep", "var d = {}, at = d; for (var i = 0; i < 100; i++) at = at.n = {}", `d`, `nested deeper than 64`},
		{"large", "", `"x".repeat(2000000)`, `larger than 1048576 bytes`},
	}
	stores := []struct {
		object string
		code   int
	}{{"Session", 199}, {"Application", 197}}
	files := map[string]string{"show.asp": `<%= Session.Contents.Count %> <%= Application.Contents.Count %>`}
	for _, v := range values {
		for _, s := range stores {
			files[s.object+" "+v.name+".asp"] = fmt.Sprintf("<%% %s %%>\n\n<%% %s(%q) = %s %%>", v.setup, s.object, "The Key", v.value)
		}
	}
	files["Application apartment.asp"] = "\n\n<% Application('The Key') = Server.CreateObject('Test.Counter') %>"
	files["Application update.asp"] = "\n\n<% Application.Update('The Key', function (old) { return function () {} }) %>"
	files["Application compare.asp"] = "\n\n<% Application.CompareAndSet('The Key', undefined, [function () {}]) %>"
	files["Application part.asp"] = "\n\n<% Application('The Key') = Server.CreateObject('Test.Counter').Part() %>"
	pg := play(t, Config{Components: testComponents(new(atomic.Int64))}, files)
	g := pg.guest()
	refuse := func(object, name, want string, code int) {
		err := g.refused("/" + strings.ReplaceAll(object+" "+name, " ", "%20") + ".asp")
		if err.File != object+" "+name+".asp" || err.Line != 3 || err.Code != code || !strings.Contains(err.Error(), want) {
			t.Errorf("%s, %s: %v\nwant %s on line 3 with ASP %04d", object, name, err, want, code)
		}
		if !strings.Contains(err.Error(), object+`("The Key")`) || strings.Count(err.Error(), "Disallowed object use") != 1 {
			t.Errorf("%s, %s: %v", object, name, err)
		}
	}
	for _, v := range values {
		for _, s := range stores {
			code := s.code
			if v.name == "per request" && s.object == "Session" {
				code = 188
			}
			refuse(s.object, v.name, v.want, code)
		}
	}
	refuse("Application", "apartment", "Test.Counter is apartment-threaded", 197)
	refuse("Application", "part", "is apartment-threaded", 197)
	refuse("Application", "update", "a function cannot be stored", 197)
	refuse("Application", "compare", "[0]: a function cannot be stored", 197)
	g.wants("/show.asp", "0 0")
}

func TestRefusalsCanBeCaught(t *testing.T) {
	pg := play(t, Config{Components: testComponents(new(atomic.Int64))}, map[string]string{
		"x.asp": `<% Session("x") = 1; try { Session("x") = function () {} } catch (e) { Response.Write(e instanceof Error) } %> <%= String(Session("x")) %>
			<% try { Application("c") = Server.CreateObject("Test.Counter") } catch (e) { Response.Write(e.description.indexOf("ASP 0197") >= 0) } %>`,
	})
	if got := strings.Fields(pg.guest().get("/x.asp")); !slices.Equal(got, []string{"True", "1", "True"}) {
		t.Error(got)
	}
}
