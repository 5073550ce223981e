package engine

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
)

func TestLoadMakesEverythingReady(t *testing.T) {
	pg := play(t, Config{ProcessorThreadMax: 3, CheckInterval: time.Hour}, map[string]string{
		"global.asa":      `<script language=JavaScript runat=server>function Application_OnStart() { Application("n") = 1 }</script>`,
		"a.asp":           `<%= String(Application("n")) %>`,
		"Sub/B.ASP":       `b`,
		"broken.asp":      "\n<% var %>",
		"inc/top.inc":     `<% broken`,
		".hidden/c.asp":   `<% broken`,
		"picture.asp.png": `<% broken`,
	})
	loaded, err := pg.Load(t.Context())
	if err != nil || loaded.Pages != 2 || len(loaded.Broken) != 1 || !strings.Contains(loaded.Broken[0], "broken.asp:2") || loaded.Apartments != 3 || loaded.Took <= 0 {
		t.Errorf("%+v, %v", loaded, err)
	}
	before := pg.Status()
	if before.Pages != 3 || before.CacheMisses != 3 || before.Application.Keys == 0 {
		t.Errorf("%+v", before)
	}
	pg.guest().wants("/a.asp", "1")
	if s := pg.Status(); s.CacheMisses != before.CacheMisses || s.CacheHits != 1 {
		t.Errorf("the page was compiled again: %+v", s)
	}
	again, err := pg.Load(t.Context())
	if err != nil || again.Pages != 2 {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestLoadKeepsToTheSizeOfTheCache(t *testing.T) {
	files := map[string]string{}
	for i := range 7 {
		files[fmt.Sprintf("%d.asp", i)] = "x"
	}
	for size, want := range map[int][2]int{4: {4, 3}, None: {0, 7}} {
		pg := play(t, Config{ScriptFileCacheSize: size}, files)
		if l, err := pg.Load(t.Context()); err != nil || l.Pages != want[0] || l.Skipped != want[1] {
			t.Errorf("%d: %+v, %v", size, l, err)
		}
	}
}

func TestLoadSaysWhatDoesNotStart(t *testing.T) {
	pg := play(t, Config{CheckInterval: time.Hour}, map[string]string{
		"global.asa": "<script language=JavaScript runat=server>\nfunction Application_OnStart() { nothing() }</script>",
		"a.asp":      `a`,
	})
	if _, err := pg.Load(t.Context()); err == nil || !strings.Contains(err.Error(), "global.asa:2") {
		t.Error(err)
	}
	pg.write("global.asa", "")
	if err := pg.Refresh(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := pg.Load(t.Context()); err != nil {
		t.Error(err)
	}
}

// Refresh looks at once at what check_interval would look at in an hour.
func TestRefresh(t *testing.T) {
	pg := play(t, Config{CheckInterval: time.Hour}, map[string]string{
		"global.asa": `<script language=JavaScript runat=server>function Application_OnStart() { Application("v") = "one" }</script>`,
		"a.asp":      `<!--#include file="top.inc"-->,<%= Application("v") %>,<%= require("./m").v %>`,
		"top.inc":    `one`, "m.js": `exports.v = "one"`,
		"index.html": `static`,
	})
	g := pg.guest()
	g.wants("/a.asp", "one,one,one")
	g.wants("/a.asp", "one,one,one")
	g.wants("/", "static")
	pg.write("top.inc", "two")
	pg.write("m.js", `exports.v = "two"`)
	pg.write("default.asp", "page")
	pg.write("index.asp", "not this")
	g.wants("/a.asp", "one,one,one")
	if err := pg.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.wants("/a.asp", "two,one,two")
	g.wants("/", "page")
	pg.write("global.asa", `<script language=JavaScript runat=server>function Application_OnStart() { Application("v") = "two" }</script>`)
	if err := pg.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.wants("/a.asp", "two,two,two")
	pg.write("global.asa", "<script language=JavaScript runat=server>\nfunction Application_OnStart( {</script>")
	if err := pg.Refresh(t.Context()); err == nil || !strings.Contains(err.Error(), "global.asa:2") {
		t.Error(err)
	}
	g.wants("/a.asp", "two,two,two") // the last good one
}

// A compilation that began before a Refresh doesn't pass for one after it.
func TestRefreshWhileAPageIsCompiled(t *testing.T) {
	files := &stoppingFS{MapFS: fstest.MapFS{"a.asp": {Data: []byte("one"), ModTime: time.Unix(1, 0)}}, reached: make(chan struct{}), goOn: make(chan struct{})}
	s := newServed(t, Config{FS: files, CheckInterval: time.Hour})
	files.slow = true
	first := make(chan string, 1)
	go func() {
		w, _ := s.record(httptest.NewRequest("GET", "/a.asp", nil))
		first <- w.Body.String()
	}()
	<-files.reached // it has read the file
	files.MapFS = fstest.MapFS{"a.asp": {Data: []byte("two"), ModTime: time.Unix(2, 0)}}
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(files.goOn)
	<-first
	if w, _ := s.record(httptest.NewRequest("GET", "/a.asp", nil)); w.Body.String() != "two" {
		t.Errorf("got %q", w.Body)
	}
}

// A stoppingFS stops in the middle of the first page that is read.
type stoppingFS struct {
	fstest.MapFS
	slow          bool
	reached, goOn chan struct{}
}

func (f *stoppingFS) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	if f.slow && name == "a.asp" {
		f.slow = false
		f.reached <- struct{}{}
		<-f.goOn
	}
	return file, err
}

func TestKeepAliveExercisesWhatWasIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := New(Config{FS: fstest.MapFS{"a.asp": {Data: []byte("a")}}, ProcessorThreadMax: 3, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Shutdown(t.Context())
		get := func() { e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/a.asp", nil)) }
		kept := func(exercised, busy int) {
			t.Helper()
			k, err := e.KeepAlive(t.Context())
			if err != nil || k.Exercised != exercised || k.Busy != busy || k.Failed != nil {
				t.Errorf("%+v, %v; want %d exercised", k, err, exercised)
			}
		}
		kept(0, 0) // none has run anything
		get()
		a, _ := e.apartments.TryAcquire(apartment.Claim{})
		b, _ := e.apartments.TryAcquire(apartment.Claim{})
		e.apartments.Release(b)
		kept(0, 1) // none was idle for long
		time.Sleep(time.Minute + time.Second)
		kept(1, 1)
		kept(0, 1)
		time.Sleep(time.Second)
		e.apartments.Release(a)
		time.Sleep(2 * time.Minute)
		hits := e.Status().ApartmentList[0].Hits
		kept(2, 0)
		if e.Status().ApartmentList[0].Hits != hits {
			t.Error("an exercise counts as a hit")
		}
		first, _ := e.apartments.TryAcquire(apartment.Claim{})
		e.apartments.Release(first)
		if first != a {
			t.Error("the apartment used last isn't the first to be taken any more")
		}
	})
}

func TestApartmentsOfTheStatus(t *testing.T) {
	pg := play(t, Config{ProcessorThreadMax: 2}, map[string]string{"stop.asp": meet + "\n<% meet.Stop('stop') %>", "a.asp": "a"})
	pg.guest().get("/a.asp")
	answer := pg.guest().answer("/stop.asp")
	pg.came("stop")
	list := pg.Status().ApartmentList
	i := slices.IndexFunc(list, func(a ApartmentStatus) bool { return a.State == "running" })
	if len(list) != 2 || i < 0 {
		t.Fatalf("%+v", list)
	}
	if a := list[i]; a.URL != "/stop.asp" || a.File != "stop.asp" || a.Line != 2 || a.Request == 0 || a.Held <= 0 || a.Busy < a.Held || a.Hits < 1 {
		t.Errorf("%+v", a)
	}
	if a := list[1-i]; a.State != "idle" || a.Held != 0 || a.Request != 0 {
		t.Errorf("%+v", a)
	}
	pg.open("stop")
	pg.in(answer)
}

func TestSingleRunsOnePageAtATime(t *testing.T) {
	var inside, most atomic.Int64
	pg := play(t, Config{ProcessorThreadMax: 8, Components: map[string]Component{"Test.Inside": {Threading: Agile, New: func(context.Context) (any, error) {
		n := inside.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		return &counted{&inside}, nil
	}}}}, map[string]string{
		"n.asp":      `<% var i = Server.CreateObject("Test.Inside"); for (var n = 0; n < 2000; n++); i.Leave(); Application.Lock(); Application("n") = (Application("n") || 0) + 1; Application.Unlock() %>`,
		"global.asa": `<script language=JavaScript runat=server>function Session_OnEnd() { Application("ends") = 1 }</script>`,
		"end.asp":    `<% Session.Abandon() %>`,
		"see.asp":    `<%= Application("n") %> <%= String(Application("ends")) %>`,
	})
	if err := pg.Single(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	var answers []<-chan guestAnswer
	for i := range 40 {
		g := pg.guest()
		answers = append(answers, g.answer("/n.asp"))
		if i%10 == 0 {
			answers = append(answers, g.answer("/end.asp"))
		}
	}
	for _, c := range answers {
		if a := pg.in(c); a.status != 200 {
			t.Error(a)
		}
	}
	if most.Load() != 1 || !pg.Status().Single {
		t.Errorf("%d at once; single %t", most.Load(), pg.Status().Single)
	}
	if err := pg.Single(t.Context(), false); err != nil {
		t.Error(err)
	}
	pg.until("sessions have ended", func() bool { return pg.Status().Busy == 0 })
	if got := pg.guest().get("/see.asp"); got[:2] != "40" {
		t.Error(got)
	}
}

type counted struct{ inside *atomic.Int64 }

// Leave counts its page out.
func (c *counted) Leave() { c.inside.Add(-1) }
