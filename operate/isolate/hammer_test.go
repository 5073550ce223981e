//go:build unix

package isolate

import (
	"fmt"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/store/memory"
)

var hammered = map[string]string{
	"global.asa": `<script runat=server>
function Application_OnStart() { Application("n") = 0; Application("starts") = (Application("starts") || 0) + 1; }
</script>`,
	"count.asp": `<% Session("n") = (Session("n") || 0) + 1;
Application.Lock(); Application("n") = Application("n") + 1; Application.Unlock();
%>n=<%= Session("n") %> <%= new Array(2000).join("x") %> end`,
	"flush.asp": `<% for (var i = 0; i < 5; i++) { Response.Write(new Array(1000).join("y")); Response.Flush(); } %>end`,
	"total.asp": `<%= Application("n") %> <%= Application("starts") %>`,
	"mine.asp":  `<%= String(Session("n")) %>`,
	"deep.asp":  pages["deep.asp"],
	"hog.asp":   pages["hog.asp"],
}

// A visitor counts in its session, and knows what it was answered.
type visitor struct {
	b      *bench
	cookie string
	last   int // the highest number it was answered
	acked  int
	unsure int // requests that may have taken place
}

var filler = strings.Repeat("x", 1999)

// visit makes one request, and fails unless its answer is whole and right, or
// a clear refusal.
func (v *visitor) visit() {
	a := v.b.getAs("/count.asp", v.cookie)
	switch {
	case a.err == nil && a.status == 200:
		v.counted(a)
	case a.err == nil && a.status == 502 && strings.Contains(a.body, "</html>"):
		v.unsure++
	case a.err == nil && a.status == 503 && a.header.Get("Retry-After") != "":
		if strings.Contains(a.body, "cannot be reached") {
			v.unsure++
		}
	default:
		v.b.Errorf("%d %q %v", a.status, clip(a.body, 200), a.err)
	}
}

func (v *visitor) counted(a answered) {
	text, ok := strings.CutSuffix(a.body, " "+filler+" end")
	n, err := strconv.Atoi(strings.TrimPrefix(text, "n="))
	if !ok || err != nil {
		v.b.Errorf("an answer isn't whole: %q", clip(a.body, 100))
		return
	}
	if set := a.header.Get("Set-Cookie"); set != "" {
		if v.cookie != "" {
			v.b.Errorf("the session was lost after %d", v.last)
		}
		v.cookie, _, _ = strings.Cut(set, ";")
	}
	if n <= v.last {
		v.b.Errorf("%d after %d: an acknowledged write was lost", n, v.last)
	}
	v.last = n
	v.acked++
}

// flushed asks for a page that flushes: it is whole or visibly broken off.
func (v *visitor) flushed() {
	a := v.b.get("/flush.asp")
	whole := strings.HasSuffix(a.body, "end") && len(a.body) == 5*999+3
	if a.err == nil && a.status == 200 && !whole {
		v.b.Errorf("half a page looks whole: %d bytes", len(a.body))
	}
}

// chaos does all that can happen to workers, over and over, until stop; it
// says when it has done each thing, and enough came of it.
func (b *bench) chaos(stop <-chan struct{}, once func()) {
	any := func(signal syscall.Signal) {
		for _, w := range b.report().Workers {
			if w.PID != 0 {
				_ = syscall.Kill(w.PID, signal)
			}
		}
	}
	recycle := func() { _ = b.Recycle(b.Context(), "chaos") }
	deeds := []func(){
		func() { any(syscall.SIGKILL) },
		recycle,
		func() { b.get("/deep.asp") },
		func() { any(syscall.SIGSEGV) },
		func() { b.get("/hog.asp") },
		func() { any(syscall.SIGSTOP) },
		func() { _ = b.Recycle(b.Context(), "chaos"); any(syscall.SIGKILL) },
		func() { any(syscall.SIGTERM) },
	}
	pause := time.NewTicker(60 * time.Millisecond)
	defer pause.Stop()
	for i := 0; ; i++ {
		if i >= 40*len(deeds) || i >= len(deeds) && b.report().enough() {
			once()
		}
		deed := deeds[i%len(deeds)]
		if r := b.report(); i >= len(deeds) && r.Crashed >= 4 && r.Recycled < 1 {
			deed = recycle // in peace, or the worker that leaves is killed each time
		}
		select {
		case <-pause.C:
			deed()
		case <-stop:
			return
		}
	}
}

// enough says whether as much happened to workers as the proof wants. A worker
// that is killed while it is recycled isn't counted as recycled, so that a busy
// machine may need a second round of deeds.
func (r WorkerReport) enough() bool { return r.Crashed >= 4 && r.Recycled >= 1 }

// TestHammer is the proof: whatever becomes of workers, every answer is whole
// and right or a clear refusal, and what was acknowledged is kept.
func TestHammer(t *testing.T) {
	requests := int64(2000)
	switch {
	case asptest.Soaking():
		requests = 20_000
	case raceDetector:
		requests = 300
	}
	b := isolated(t, hammered, func(c *Config) {
		c.Backend, c.Engine.StateEnds = memory.New(), true
		c.RapidFailCrashes, c.SuspectDeaths, c.MemoryLimit = engine.None, 1000, 384<<20
		c.PingInterval, c.PingTimeout = 200*time.Millisecond, 600*time.Millisecond
	})
	neighbour := newNeighbour(t)
	var made atomic.Int64
	stop, done := make(chan struct{}), make(chan struct{})
	var visiting, other sync.WaitGroup
	other.Go(func() { b.chaos(stop, sync.OnceFunc(func() { close(done) })) })
	other.Go(func() { neighbour.run(stop) })
	all := make([]*visitor, 8)
	for i := range all {
		all[i] = &visitor{b: b}
		visiting.Go(func() {
			for n := 1; !(made.Load() >= requests && isClosed(done)); n++ {
				made.Add(1)
				if n%10 == 0 {
					all[i].flushed()
				} else {
					all[i].visit()
				}
			}
		})
	}
	visiting.Wait()
	close(stop)
	other.Wait()
	b.audit(all)
	report := b.report()
	t.Logf("%d requests; %+v; neighbours answered %d", made.Load(), report.counts, neighbour.right.Load())
	if !report.enough() || neighbour.right.Load() == 0 {
		t.Errorf("too little happened: %+v", report.counts)
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// audit compares what is stored with what visitors were answered.
func (b *bench) audit(all []*visitor) {
	b.Helper()
	ask := func(path, cookie string) (text string) {
		b.until("it answers", func() bool {
			a := b.getAs(path, cookie)
			text = a.body
			return a.err == nil && a.status == 200
		})
		return text
	}
	acked, unsure := 0, 0
	for i, v := range all {
		acked, unsure = acked+v.acked, unsure+v.unsure
		if v.cookie == "" {
			continue
		}
		n, _ := strconv.Atoi(ask("/mine.asp", v.cookie))
		if n < v.acked || n > v.acked+v.unsure {
			b.Errorf("session %d: %d stored, %d acknowledged, %d unsure", i, n, v.acked, v.unsure)
		}
	}
	var n, starts int
	_, _ = fmt.Sscan(ask("/total.asp", ""), &n, &starts)
	if n < acked || n > acked+unsure || starts != 1 {
		b.Errorf("Application: %d stored, %d acknowledged, %d unsure; started %d times", n, acked, unsure, starts)
	}
	b.Logf("%d acknowledged, %d unsure, %d stored", acked, unsure, n)
}

// A neighbour is two other applications of the same server, one in its process
// and one isolated, which never see an error.
type neighbour struct {
	*testing.T
	isolated *bench
	inside   *httptest.Server
	right    atomic.Int64
}

func newNeighbour(t *testing.T) *neighbour {
	n := &neighbour{T: t, isolated: isolated(t, pages, nil)}
	e, err := engine.New(engine.Config{Root: n.isolated.root, Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	n.inside = httptest.NewServer(e)
	t.Cleanup(func() {
		n.inside.Close()
		if err := e.Shutdown(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return n
}

func (n *neighbour) run(stop <-chan struct{}) {
	inside := &bench{T: n.T, url: n.inside.URL, client: n.inside.Client()}
	pause := time.NewTicker(2 * time.Millisecond)
	defer pause.Stop()
	for !isClosed(stop) {
		<-pause.C
		for _, b := range []*bench{n.isolated, inside} {
			a := b.wants("/", 200, "42")
			if a.status == 200 {
				n.right.Add(1)
			}
		}
	}
}
