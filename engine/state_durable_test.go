package engine

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/sqlite"
)

// durable is a site whose state is in a file; several playgrounds may share it.
func durable(t *testing.T, file string, cfg Config, files map[string]string) *playground {
	t.Helper()
	db := openState(t, sqlite.Config{Path: file, Application: cfg.Path})
	cfg.Backend = db
	pg := play(t, cfg, files)
	pg.close = db.Close
	return pg
}

// openState opens a file until the test ends.
func openState(t testing.TB, cfg sqlite.Config) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// move lets a guest go to another playground's server with its cookies.
func (g *guest) move(to *playground) *guest {
	return &guest{to, &http.Client{Transport: to.client.Transport, CheckRedirect: noRedirect, Jar: hostless{g.client.Jar}}}
}

// hostless is a jar whose cookies go to any server.
type hostless struct{ http.CookieJar }

var hitCounter = map[string]string{
	"global.asa": script(`
		function Application_OnStart() { Application.Increment("starts"); Application("kept") = "first" }
		function Application_OnEnd() { Application.Increment("ends") }`),
	"n.asp":    `<% Session("n") = (Session("n") || 0) + 1; Application.Increment("hits") %><%= Session("n") %>`,
	"show.asp": `<%@ EnableSessionState=False %><%= Application("starts") %> <%= String(Application("hits")) %> <%= String(Application("ends")) %> <%= String(Application("kept")) %>`,
}

func TestStateSurvivesARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.db")
	first := durable(t, file, Config{}, hitCounter)
	g := first.guest()
	g.wants("/n.asp", "1")
	g.wants("/n.asp", "2")
	g.wants("/show.asp", "1 2 undefined first")
	first.shutDown()

	second := durable(t, file, Config{}, hitCounter)
	g = g.move(second)
	g.wants("/show.asp", "1 2 1 first") // Application_OnStart isn't run again
	g.wants("/n.asp", "3")
	third := durable(t, file, Config{}, hitCounter) // at the same time
	g.move(third).wants("/n.asp", "4")
	g.wants("/n.asp", "5")
	second.until("a change is seen in the other process", func() bool {
		return strings.HasPrefix(strings.TrimSpace(g.move(third).get("/show.asp")), "1 5 1 ")
	})
}

// A component in Application stays in its process. What global.asa declares is
// made in each.
func TestComponentsOfADurableApplication(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.db")
	site := map[string]string{
		"global.asa": `<object runat=server scope=application id=box progid="Test.Box"></object>`,
		"set.asp":    `<% Application("c") = Server.CreateObject("Test.Box") %><%= Application("c").Add() %>`,
		"hit.asp":    `<%= String(Application("c") && Application("c").Add()) %> <%= box.Add() %>`,
	}
	cfg := Config{Components: testComponents(new(atomic.Int64))}
	first := durable(t, file, cfg, site)
	g := first.guest()
	g.wants("/set.asp", "1")
	g.wants("/hit.asp", "2 1")
	durable(t, file, cfg, site).guest().wants("/hit.asp", "undefined 1") // at the same time
	g.wants("/hit.asp", "3 2")
	first.shutDown()
	durable(t, file, cfg, site).guest().wants("/hit.asp", "undefined 1")
}

// Another text of global.asa is another generation: Application_OnStart runs
// once, in one of the processes, and sessions and values stay.
func TestAChangedGlobalAsaKeepsDurableState(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.db")
	a := durable(t, file, Config{CheckInterval: None}, hitCounter)
	b := durable(t, file, Config{CheckInterval: None}, hitCounter)
	g := a.guest()
	g.wants("/n.asp", "1")
	g.move(b).wants("/n.asp", "2")
	changed := script(`
		function Application_OnStart() { Application.Increment("starts"); Application("kept") = "second" }`)
	a.write("global.asa", changed)
	g.wants("/n.asp", "3")
	g.wants("/show.asp", "2 3 1 second")
	b.write("global.asa", changed)
	g.move(b).wants("/n.asp", "4")
	g.move(b).wants("/show.asp", "2 4 1 second")
}

// One that fails is run again, by whoever comes next.
func TestAFailedStartLeavesNoMark(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.db")
	files := map[string]string{
		"global.asa": script(`function Application_OnStart() { Application.Increment("starts"); throw new Error("not yet") }`),
		"show.asp":   hitCounter["show.asp"],
	}
	a := durable(t, file, Config{}, files)
	a.guest().refused("/show.asp")
	files["global.asa"] = script(`function Application_OnStart() { Application.Increment("starts") }`)
	b := durable(t, file, Config{}, files)
	b.guest().wants("/show.asp", "1 undefined undefined undefined")
}

// Sessions that expired while nothing ran are ended at the start, with what
// their ends did, once, and without a request.
func TestSessionsThatExpiredMeanwhileEnd(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	files := map[string]string{
		"global.asa": script(`
			function Application_OnStart() { Application("ids") = "" }
			function Session_OnEnd(reason, id) {
				Application.Increment("ended");
				Application("ids") += Session("who") + " " + reason + " " + Session.EndReason + " " + Session.EndAttempt + " " + (Session.EndId == id && id.length) + ";";
			}`),
		"who.asp":  `<% Session("who") = "ann" %><%= String(Session.EndId) %>`,
		"show.asp": `<%@ EnableSessionState=False %><%= Application("ended") %> <%= Application("ids") %>`,
	}
	first := durable(t, file, Config{SessionTimeout: 50 * time.Millisecond}, files)
	first.guest().wants("/who.asp", "undefined")
	first.shutDown()
	second := durable(t, file, Config{}, files)
	second.until("the session has ended", func() bool { return second.Status().Application.Version >= 2 && second.Status().Sessions == 0 })
	second.guest().wants("/show.asp", "1 ann timeout timeout 1 24;")
}

// What a Session_OnEnd wrote before it failed is dropped; the session is gone.
func TestADurableOnEndThatFailsHasNoEffect(t *testing.T) {
	pg := durable(t, filepath.Join(t.TempDir(), "state.db"), Config{}, map[string]string{
		"global.asa": script(`
			function Session_OnEnd() {
				Application.Lock(); Application("a") = 1; Application.Unlock();
				Application.Increment("n");
				if (Session("bad")) throw new Error("no");
			}`),
		"bad.asp":  `<% Session("bad") = true; Session.Abandon() %>`,
		"good.asp": `<% Session("bad") = false; Session.Abandon() %>`,
		"show.asp": `<%@ EnableSessionState=False %><%= String(Application("a")) %> <%= String(Application("n")) %>`,
	})
	g := pg.guest()
	g.get("/bad.asp")
	pg.until("the session is gone", func() bool { return pg.Status().Failed == 1 })
	g.wants("/show.asp", "undefined undefined")
	g.get("/good.asp")
	pg.until("the other has ended", func() bool { return strings.TrimSpace(g.get("/show.asp")) == "1 1" })
}

// Who waits for a session that another process has waits as long as for one of
// its own process, and then comes again.
func TestTheWaitForAnotherProcessIsBounded(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	files := map[string]string{
		"n.asp":    hitCounter["n.asp"],
		"hold.asp": `<% Session("n") = 10; Server.CreateObject("Test.Meet").Stop("held") %><%= Session("n") %>`,
	}
	a := durable(t, file, Config{}, files)
	b := durable(t, file, Config{QueueTimeout: 300 * time.Millisecond}, files)
	g := a.guest()
	g.wants("/n.asp", "1")
	held := g.answer("/hold.asp")
	<-a.point("held").came
	if got := g.move(b).fetch(t.Context(), "/n.asp"); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("while the other has the session: %v", got)
	}
	waiting := g.move(a).answer("/n.asp") // in the holder's own process
	a.waiting(1)
	a.point("held").release()
	if got := a.in(held); got.body != "10" {
		t.Errorf("the holder: %v", got)
	}
	if got := a.in(waiting); strings.TrimSpace(got.body) != "11" {
		t.Errorf("the next one: %v", got)
	}
	g.move(b).wants("/n.asp", "12")
}

// A store that can't be used is told by 503 and a time to come again, to pages
// that need it; it is used again when it can be.
func TestAStoreThatFails(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "state.db")
	pg := durable(t, file, Config{}, map[string]string{
		"n.asp":     hitCounter["n.asp"],
		"new.asp":   `<% try { Session("x") = 1 } catch (e) {} %>fine`,
		"plain.asp": `<%@ EnableSessionState=False %>plain`,
		"app.asp":   `<%@ EnableSessionState=False %><% Application("x") = 1 %>`,
		"read.asp":  `<%@ EnableSessionState=False %><%= Application("hits") %>`,
		"none.asp":  `no session is touched`,
	})
	g := pg.guest()
	g.wants("/n.asp", "1")
	away := filepath.Join(folder, "away.db")
	if err := os.Rename(file, away); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o755); err != nil {
		t.Fatal(err)
	}
	pg.until("the store fails", func() bool { return g.fetch(context.Background(), "/n.asp").status == http.StatusServiceUnavailable })
	for _, path := range []string{"/n.asp", "/new.asp", "/app.asp"} {
		who := pg.guest()
		if path == "/n.asp" {
			who = g
		}
		begin := time.Now()
		a := who.fetch(context.Background(), path)
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || len(a.header["Set-Cookie"]) != 0 {
			t.Errorf("%s while the store fails: %v, %v", path, a, a.header)
		}
		if took := time.Since(begin); took > 30*time.Second {
			t.Errorf("%s took %v", path, took)
		}
	}
	pg.guest().wants("/plain.asp", "plain")
	pg.guest().wants("/none.asp", "no session is touched")
	if got := pg.guest().get("/read.asp"); got == "undefined" { // what was read last
		t.Errorf("Application(\"hits\") is %s", got)
	}
	if said := pg.Status().State; !strings.Contains(said, "state.db") || !strings.Contains(said, "it is a folder") {
		t.Errorf("the status says %q", said)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(away, file); err != nil {
		t.Fatal(err)
	}
	pg.until("the store works again", func() bool { return g.fetch(context.Background(), "/n.asp").status == 200 })
	pg.guest().wants("/new.asp", "fine")
	pg.until("the status is well", func() bool { return pg.Status().State == "" })
	a := g.fetch(context.Background(), "/n.asp")
	var n int
	if fmt.Sscan(a.body, &n); a.status != 200 || n < 3 {
		t.Errorf("afterwards: %v", a)
	}
}

// A stalled backend is one whose other users keep it from being written to: a
// process that was stopped in the middle of a write.
type stalled struct {
	store.Backend
	still atomic.Bool
	held  chan struct{} // nobody hears of it before this is closed
}

func (b *stalled) Sessions() store.Sessions { return &stalledSessions{b.Backend.Sessions(), b} }

type stalledSessions struct {
	store.Sessions
	b *stalled
}

func (s *stalledSessions) Acquire(ctx context.Context, id string, lease time.Duration) (store.Stored, error) {
	if s.b.still.Load() {
		<-s.b.held
		<-ctx.Done()
		return store.Stored{}, ctx.Err()
	}
	return s.Sessions.Acquire(ctx, id, lease)
}

// Pages whose session can't be had are answered in a bounded time, however many
// there are; the others go on, and so do they when it can.
func TestAStoreThatStandsStill(t *testing.T) {
	t.Parallel()
	b := &stalled{held: make(chan struct{}), Backend: openState(t, sqlite.Config{Path: filepath.Join(t.TempDir(), "state.db")})}
	pg := play(t, Config{Backend: b}, map[string]string{
		"n.asp":     hitCounter["n.asp"],
		"plain.asp": `<%@ EnableSessionState=False %>plain`,
		"read.asp":  `<%@ EnableSessionState=ReadOnly %><%= String(Session("n")) %>`,
	})
	guests := make([]*guest, 30)
	for i := range guests {
		guests[i] = pg.guest()
		guests[i].wants("/n.asp", "1")
	}
	b.still.Store(true)
	begin := time.Now()
	var wg sync.WaitGroup
	for _, g := range guests {
		wg.Go(func() {
			if a := g.fetch(context.Background(), "/n.asp"); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
				t.Errorf("while it stands still: %v", a)
			}
		})
	}
	plain, read := pg.guest().answer("/plain.asp"), guests[0].answer("/read.asp")
	if a, b := pg.in(plain), pg.in(read); a.body != "plain" || b.body != "1" {
		t.Errorf("pages without a session of their own: %v, %v", a, b)
	}
	close(b.held)
	wg.Wait()
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("503 took %v", took)
	}
	b.still.Store(false)
	for _, g := range guests {
		g.wants("/n.asp", "2")
	}
}
