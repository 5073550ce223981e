package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

func TestRefuse(t *testing.T) {
	a, _ := newFake(t, Config{Pass: func(r *http.Request) bool { return r.Header.Get("Admin") != "" }})
	if err := a.Hold(t.Context(), HoldRequest{}); err != nil {
		t.Fatal(err)
	}
	s := a.Status()
	if s.State != "held: refuse" || s.Hold == nil || s.Hold.Mode != Refuse || s.Hold.Why != "operator" || time.Since(s.Hold.Since) > time.Minute || s.Hold.WaitingMax != 1000 {
		t.Errorf("%+v, %+v", s, s.Hold)
	}
	w := <-ask(a, "/")
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Please wait") || w.Header().Get("Content-Length") != fmt.Sprint(w.Body.Len()) {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
	if w := <-askWith(a, httptest.NewRequest("HEAD", "/", nil)); w.Code != 503 || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d %q", w.Code, w.Body)
	}
	admin := httptest.NewRequest("GET", "/", nil)
	admin.Header.Set("Admin", "1")
	if w := <-askWith(a, admin); w.Code != 200 {
		t.Errorf("an administrator: %d", w.Code)
	}
	if err := a.ReleaseHold(t.Context()); err != nil {
		t.Error(err)
	}
	if w := <-ask(a, "/"); w.Code != 200 || a.Status().State != "running" || a.Status().Refused != 2 {
		t.Errorf("%d, %+v", w.Code, a.Status())
	}
	if err := a.ReleaseHold(t.Context()); !errors.Is(err, ErrNotHeld) {
		t.Error(err)
	}
	if err := a.Hold(t.Context(), HoldRequest{Mode: "perhaps"}); err == nil {
		t.Error("a strange mode is taken")
	}
}

// The site's own page asks to wait, if it has one.
func TestOwnWaitPage(t *testing.T) {
	root := t.TempDir()
	a, _ := newFake(t, Config{Root: root, ErrorFolder: "/errors"})
	if err := a.Hold(t.Context(), HoldRequest{}); err != nil {
		t.Fatal(err)
	}
	if w := <-ask(a, "/"); !strings.Contains(w.Body.String(), "Please wait") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if err := errors.Join(os.Mkdir(filepath.Join(root, "errors"), 0o755), os.WriteFile(filepath.Join(root, "errors", "503.html"), []byte("back soon"), 0o644)); err != nil {
		t.Fatal(err)
	}
	if w := <-ask(a, "/"); w.Code != 503 || w.Body.String() != "back soon" || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
}

// A client that sends all of its request's body before it reads gets the answer.
func TestRefusalsAreRead(t *testing.T) {
	a, _ := newFake(t, Config{LingerTimeout: time.Minute})
	if err := a.Hold(t.Context(), HoldRequest{}); err != nil {
		t.Fatal(err)
	}
	addr := asptest.Serve(t, &http.Server{Handler: a})
	if r := asptest.Dial(t, addr).Post("/", 8<<20); r.Status != 503 || !r.Whole() || r.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v, %v", r.Status, r.Header, r.Err)
	}
}

// Who is parked waits in line, bounded in number and time, and leaves with its
// client.
func TestPark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, f := newFake(t, Config{HoldQueueMax: 3, HoldTimeout: 10 * time.Second})
		if err := a.Hold(t.Context(), HoldRequest{Mode: Park}); err != nil {
			t.Fatal(err)
		}
		first := ask(a, "/1")
		synctest.Wait()
		time.Sleep(5 * time.Second)
		ctx, leave := context.WithCancel(t.Context())
		gone := askWith(a, httptest.NewRequest("GET", "/gone", nil).WithContext(ctx))
		synctest.Wait()
		third := ask(a, "/3")
		synctest.Wait()
		if w := <-ask(a, "/4"); w.Code != 503 || a.Status().Waiting != 3 || a.Status().State != "held: park" {
			t.Errorf("one too many: %d, %+v", w.Code, a.Status())
		}
		leave()
		if w := <-gone; w != nil || a.Status().Waiting != 2 {
			t.Errorf("its client had left: %v, %+v", w, a.Status())
		}
		time.Sleep(6 * time.Second)
		if w := <-first; w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("too late: %d", w.Code)
		}
		fourth := ask(a, "/4")
		synctest.Wait()
		if err := a.ReleaseHold(t.Context()); err != nil {
			t.Error(err)
		}
		if x, y := <-third, <-fourth; x.Code != 200 || y.Code != 200 {
			t.Error(x.Code, y.Code)
		}
		if r := f.last(); len(r.served) != 2 || a.Status().Waiting != 0 {
			t.Error(r.served)
		}
	})
}

// Those parked come in before those who come after the release, in order.
func TestParkedComeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := newFake(t, Config{})
		if err := a.Hold(t.Context(), HoldRequest{Mode: Park}); err != nil {
			t.Fatal(err)
		}
		var guests []*guest
		for range 5 {
			_, g, _ := a.knock(false)
			guests = append(guests, g)
		}
		if err := a.ReleaseHold(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, g := range guests {
			<-g.ready
			if g.tenant == nil {
				t.Fatalf("number %d has to ask again", i)
			}
			g.tenant.leave()
		}
	})
}

func TestHoldsTakeEachOthersPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := newFake(t, Config{HoldTimeout: time.Hour})
		hold := func(mode string) {
			if err := a.Hold(t.Context(), HoldRequest{Mode: mode}); err != nil {
				t.Fatal(err)
			}
		}
		hold(Park)
		parked := ask(a, "/")
		synctest.Wait()
		hold(Refuse)
		if w := <-parked; w.Code != 503 {
			t.Error(w.Code)
		}
		hold(Park)
		parked = ask(a, "/")
		synctest.Wait()
		if err := a.ReleaseHold(t.Context()); err != nil {
			t.Error(err)
		}
		if w := <-parked; w.Code != 200 {
			t.Error(w.Code)
		}
	})
}

func TestSingle(t *testing.T) {
	a, f := newFake(t, Config{})
	r := f.last()
	if err := a.Hold(t.Context(), HoldRequest{Single: true}); err != nil || !r.single || !a.Status().Hold.Single {
		t.Error(err, r.single)
	}
	if err := a.Maint(t.Context(), true); err != nil || !a.Status().Maint {
		t.Error(err)
	}
	if err := a.ReleaseHold(t.Context()); err != nil || !r.single {
		t.Error("maintenance mode ended with the hold", err)
	}
	if err := a.Unload(t.Context()); err != nil {
		t.Error(err)
	}
	if <-ask(a, "/"); f.last() == r || !f.last().single {
		t.Error("the new one is in maintenance mode too")
	}
	if err := a.Maint(t.Context(), false); err != nil || f.last().single || a.Status().Maint {
		t.Error(err)
	}
	// Where others run it doesn't begin at all.
	stop := make(chan struct{})
	f.set(func() { f.stop = stop })
	one, two := ask(a, "/"), ask(a, "/")
	until(t, "both run", func() bool { f.last().mu.Lock(); defer f.last().mu.Unlock(); return f.last().inside == 2 })
	if err := a.Maint(t.Context(), true); err == nil || a.Status().Maint {
		t.Error(err)
	}
	if err := a.Hold(t.Context(), HoldRequest{Single: true}); err == nil || a.Status().Hold != nil {
		t.Error(err)
	}
	close(stop)
	<-one
	<-two
}

func TestUnloadAndLoad(t *testing.T) {
	a, f := newFake(t, Config{Preload: true})
	if !f.last().has("load") {
		t.Error("it isn't preloaded")
	}
	first := f.last()
	stop := make(chan struct{})
	f.set(func() { f.stop = stop })
	running := ask(a, "/")
	until(t, "it runs", func() bool { first.mu.Lock(); defer first.mu.Unlock(); return first.inside == 1 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Unload(ctx); err == nil || a.Status().State != "running" {
		t.Errorf("%v, %+v", err, a.Status())
	}
	unloaded := make(chan error, 1)
	go func() { unloaded <- a.Unload(t.Context()) }()
	until(t, "it unloads", func() bool { return a.Status().State == "unloading" })
	waiting := ask(a, "/waits")
	until(t, "one waits", func() bool { return a.Status().Waiting == 1 })
	close(stop)
	if w := <-running; w.Code != 200 {
		t.Error(w.Code)
	}
	if err := <-unloaded; err != nil || !first.ended {
		t.Error(err, first.ended)
	}
	if w := <-waiting; w.Code != 200 || f.count() != 2 {
		t.Errorf("%d, %d were started", w.Code, f.count())
	}
	if err := a.Unload(t.Context()); err != nil {
		t.Error(err)
	}
	if err := a.Unload(t.Context()); !errors.Is(err, ErrNotLoaded) {
		t.Error(err)
	}
	if _, ok := a.Runner(); ok || a.Status().State != "stopped" || a.Status().Loaded {
		t.Errorf("%+v", a.Status())
	}
	if l, err := a.Load(t.Context()); err != nil || l.Pages != 3 || f.count() != 3 || !f.last().has("load") {
		t.Error(l, err)
	}
}

// The first requests of an application that isn't loaded start it once.
func TestFirstRequestsStartItOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, f := newFake(t, Config{HoldTimeout: 5 * time.Second})
		if err := a.Unload(t.Context()); err != nil {
			t.Fatal(err)
		}
		slow := make(chan struct{})
		f.set(func() { f.slow = slow })
		var all []<-chan *httptest.ResponseRecorder
		for range 50 {
			all = append(all, ask(a, "/"))
		}
		synctest.Wait()
		if s := a.Status(); s.State != "starting" || s.Waiting != 49 {
			t.Errorf("%+v", s)
		}
		close(slow)
		for _, c := range all {
			if w := <-c; w.Code != 200 {
				t.Error(w.Code)
			}
		}
		if f.count() != 2 {
			t.Errorf("%d were started", f.count())
		}
	})
}

func TestAStartThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, f := newFake(t, Config{HoldTimeout: 5 * time.Second})
		if err := a.Unload(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.set(func() { f.fail = errors.New("no such site") })
		if w := <-ask(a, "/"); w.Code != 503 {
			t.Error(w.Code)
		}
		if s := a.Status(); s.Problem != "no such site" || s.State != "stopped" {
			t.Errorf("%+v", s)
		}
		f.set(func() { f.fail = nil })
		if w := <-ask(a, "/"); w.Code != 503 {
			t.Errorf("it is tried again at once: %d", w.Code)
		}
		time.Sleep(retryAfter)
		if w := <-ask(a, "/"); w.Code != 200 || a.Status().Problem != "" {
			t.Error(w.Code, a.Status().Problem)
		}
		// One that hangs is given up.
		if err := a.Unload(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.set(func() { f.slow = make(chan struct{}) })
		one, two := ask(a, "/"), ask(a, "/")
		time.Sleep(6 * time.Second)
		if x, y := <-one, <-two; x.Code != 503 || y.Code != 503 {
			t.Error(x.Code, y.Code)
		}
	})
}

func TestSetIsolation(t *testing.T) {
	a, f := newFake(t, Config{})
	first := f.last()
	stop := make(chan struct{})
	f.set(func() { f.stop = stop })
	running := ask(a, "/")
	until(t, "it runs", func() bool { first.mu.Lock(); defer first.mu.Unlock(); return first.inside == 1 })
	moved := make(chan error, 1)
	go func() { moved <- a.SetIsolation(t.Context(), Process) }()
	until(t, "it moves", func() bool { return a.Status().State == "moving" })
	waiting := ask(a, "/")
	until(t, "one waits", func() bool { return a.Status().Waiting == 1 })
	close(stop)
	if x, y := <-running, <-waiting; x.Body.String() != InProcess || y.Body.String() != Process {
		t.Errorf("%s, %s", x.Body, y.Body)
	}
	if err := <-moved; err != nil || !first.ended || a.Status().Isolation != Process {
		t.Error(err, first.ended, a.Status().Isolation)
	}
	f.set(func() { f.fail = fmt.Errorf("processes: %w", ErrUnavailable) })
	if err := a.SetIsolation(t.Context(), InProcess); !errors.Is(err, ErrUnavailable) || a.Status().Isolation != Process {
		t.Error(err)
	}
	if w := <-ask(a, "/"); w.Body.String() != Process {
		t.Error(w.Body)
	}
	if err := a.SetIsolation(t.Context(), "cloud"); err == nil {
		t.Error("a strange isolation is taken")
	}
}

// To release an operation's hold ends the operation.
func TestReleaseEndsAnOperation(t *testing.T) {
	a, f := newFake(t, Config{})
	stop := make(chan struct{})
	f.set(func() { f.stop = stop })
	running := ask(a, "/")
	until(t, "it runs", func() bool { f.last().mu.Lock(); defer f.last().mu.Unlock(); return f.last().inside == 1 })
	unloaded := make(chan error, 1)
	go func() { unloaded <- a.Unload(t.Context()) }()
	until(t, "it unloads", func() bool { return a.Status().State == "unloading" })
	waiting := ask(a, "/")
	until(t, "one waits", func() bool { return a.Status().Waiting == 1 })
	if err := a.ReleaseHold(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-unloaded; !errors.Is(err, errReleased) {
		t.Error(err)
	}
	close(stop)
	if x, y := <-running, <-waiting; x.Code != 200 || y.Code != 200 || f.count() != 1 {
		t.Error(x.Code, y.Code, f.count())
	}
}

func TestKeepAliveAtIntervals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakes{t: t}
		a, err := New(Config{Start: f.start, KeepAliveInterval: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(59 * time.Second)
		if f.last().has("keepalive") {
			t.Error("too early")
		}
		time.Sleep(2 * time.Second)
		if !f.last().has("keepalive") {
			t.Error("not exercised")
		}
		if err := a.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestRecoverReleases(t *testing.T) {
	a, _ := newFake(t, Config{})
	if err := a.Hold(t.Context(), HoldRequest{Mode: Park}); err != nil {
		t.Fatal(err)
	}
	r, err := a.Recover(t.Context())
	if err != nil || !slices.Equal(r.Done, []string{"the hold was released", "recovered"}) || a.Status().Hold != nil {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestShutdown(t *testing.T) {
	f := &fakes{t: t}
	a, err := New(Config{Start: f.start, HoldTimeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Hold(t.Context(), HoldRequest{Mode: Park}); err != nil {
		t.Fatal(err)
	}
	parked := ask(a, "/")
	until(t, "it waits", func() bool { return a.Status().Waiting == 1 })
	a.Drain()
	if w := <-parked; w.Code != 503 {
		t.Error(w.Code)
	}
	if err := a.Shutdown(t.Context()); err != nil || !f.last().ended {
		t.Error(err)
	}
	if err := a.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"Unload": a.Unload(t.Context()), "Hold": a.Hold(t.Context(), HoldRequest{}), "SetIsolation": a.SetIsolation(t.Context(), Process),
	} {
		if !errors.Is(err, ErrShutdown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w := <-ask(a, "/"); w.Code != 503 || a.Status().State != "shut down" {
		t.Error(w.Code, a.Status().State)
	}
}

// Operations and requests at once: each request is served, or refused, and no
// runner serves after its end.
func TestHammer(t *testing.T) {
	a, f := newFake(t, Config{HoldQueueMax: 1000})
	over := make(chan struct{})
	var requests sync.WaitGroup
	codes := make([]map[int]int, 8)
	for i := range codes {
		codes[i] = map[int]int{}
		requests.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				codes[i][(<-ask(a, "/")).Code]++
			}
		})
	}
	ctx := t.Context()
	for i := range 100 {
		for _, do := range []func() error{
			func() error { return a.Unload(ctx) },
			func() error { _, err := a.Load(ctx); return err },
			func() error { return a.Hold(ctx, HoldRequest{Mode: Park}) },
			func() error { return a.SetIsolation(ctx, []string{Process, InProcess}[i%2]) },
			func() error { return a.ReleaseHold(ctx) },
		} {
			if err := do(); err != nil && !errors.Is(err, ErrNotLoaded) {
				t.Fatal(err)
			}
		}
	}
	close(over)
	requests.Wait()
	for _, c := range codes {
		if len(c) != 1 || c[200] == 0 {
			t.Errorf("answers by status: %v", c)
		}
	}
	for _, r := range f.started[:f.count()-1] {
		if !r.ended {
			t.Error("one was forgotten")
		}
	}
}

func TestStatusGoesThroughJSON(t *testing.T) {
	a, _ := newFake(t, Config{})
	if err := a.Hold(t.Context(), HoldRequest{Mode: Park}); err != nil {
		t.Fatal(err)
	}
	in := a.Status()
	in.Hold.Since, in.Since = in.Hold.Since.Round(0).UTC(), in.Since.Round(0).UTC()
	text, err := json.Marshal(in)
	var out Status
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil || !reflect.DeepEqual(in, out) {
		t.Errorf("%v\n%+v\n%+v", err, in, out)
	}
}

// An open door costs next to nothing.
func BenchmarkServeHTTP(b *testing.B) {
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	a := &Application{}
	a.door.set(func() { a.door.tenant = &tenancy{runner: handlerRunner{Handler: h}} })
	r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			a.ServeHTTP(w, r)
		}
	})
}

// handlerRunner is a Runner that only serves.
type handlerRunner struct {
	http.Handler
	Runner
}

func (h handlerRunner) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.Handler.ServeHTTP(w, r) }
