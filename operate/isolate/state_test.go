//go:build unix

package isolate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/store/memory"
)

var counting = map[string]string{
	"global.asa": `<script runat=server>
function Application_OnStart() { Application("starts") = (Application("starts") || 0) + 1; Application("n") = 0; }
function Application_OnEnd() { console.log("END n=" + Application("n") + " ended=" + Application("ended")); }
function Session_OnStart() { Session("mine") = 0; }
function Session_OnEnd() { Application.Lock(); Application("ended") = (Application("ended") || 0) + 1; Application.Unlock(); }
</script>`,
	"count.asp": `<% Application.Lock(); Application("n") = Application("n") + 1; Application.Unlock(); Session("mine") = Session("mine") + 1;
%><%= Application("starts") %> <%= Application("n") %> <%= Session("mine") %>`,
	"stuck.asp": `<% Application.Lock(); Session("mine") = 100; while (true); %>`,
}

// counts is one visitor's answers.
func (b *bench) counts(cookie *string, want string) {
	b.Helper()
	a := b.getAs("/count.asp", *cookie)
	if set := a.header.Get("Set-Cookie"); set != "" {
		*cookie, _, _ = strings.Cut(set, ";")
	}
	if a.status != 200 || a.body != want {
		b.Errorf("%d %q %v, want %q", a.status, clip(a.body, 200), a.err, want)
	}
}

func stateSurvives(t *testing.T, change func(*Config)) *bench {
	b := isolated(t, counting, change)
	var cookie string
	b.counts(&cookie, "1 1 1")
	b.counts(&cookie, "1 2 2")
	b.kill(syscall.SIGKILL)
	b.counts(&cookie, "1 3 3")
	if err := b.Recycle(t.Context(), "test"); err != nil {
		t.Error(err)
	}
	b.counts(&cookie, "1 4 4")
	answers := make(chan answered, 1)
	go func() { answers <- b.getAs("/stuck.asp", cookie) }()
	b.until("the page has the lock", func() bool {
		running := b.Status().Running
		return len(running) == 1 && running[0].HoldsLock
	})
	b.kill(syscall.SIGKILL)
	if a := <-answers; a.status != 502 {
		t.Errorf("%v", a)
	}
	return b
}

func TestMemoryOutlivesItsWorkers(t *testing.T) {
	t.Parallel()
	b := stateSurvives(t, func(c *Config) { c.Backend, c.Engine.StateEnds = memory.New(), true })
	var other string
	b.counts(&other, "1 5 1") // the lock of the dead was given up
	if err := b.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if log := b.log.String(); strings.Count(log, "END ") != 1 || !strings.Contains(log, "END n=5 ended=2") {
		t.Error("the end of the application didn't come once, after those of its sessions")
	}
}

// A changed global.asa ends the application whose state is in memory, though
// the memory is the server's: its sessions, its values, and once.
func TestAChangedGlobalAsaEndsMemory(t *testing.T) {
	t.Parallel()
	b := isolated(t, counting, func(c *Config) {
		c.Backend, c.Engine.StateEnds, c.Engine.CheckInterval = memory.New(), true, engine.None
	})
	var cookie string
	b.counts(&cookie, "1 1 1")
	b.counts(&cookie, "1 2 2")
	text := counting["global.asa"] + "<!-- changed -->"
	if err := os.WriteFile(filepath.Join(b.root, "global.asa"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	b.counts(&cookie, "1 1 1")
	b.counts(&cookie, "1 2 2")
	if log := b.log.String(); strings.Count(log, "END ") != 1 || !strings.Contains(log, "END n=2 ended=1") {
		t.Error("the end of the application didn't come once, after that of its session")
	}
}

func TestDurableStateIsTheWorkersOwn(t *testing.T) {
	t.Parallel()
	b := stateSurvives(t, func(c *Config) { c.State = filepath.Join(t.TempDir(), "state.db") })
	var other string
	b.counts(&other, "1 5 1") // the lock of the dead is free long before its lease is over
}

func TestTwoApplicationsShareNothing(t *testing.T) {
	t.Parallel()
	one := isolated(t, counting, func(c *Config) { c.Backend = memory.New() })
	other := isolated(t, counting, func(c *Config) { c.Backend = memory.New() })
	var cookie, same string
	one.counts(&cookie, "1 1 1")
	one.counts(&cookie, "1 2 2")
	same = cookie
	other.counts(&same, "1 1 1")
	if one.folder.path == other.folder.path || fmt.Sprint(one.pid()) == fmt.Sprint(other.pid()) {
		t.Error("they share a folder or a process")
	}
	dead := one.kill(syscall.SIGKILL)
	other.counts(&same, "1 2 2")
	one.until("its end is seen", func() bool { return one.pid() != dead }) // one that isn't can't be shut down well
}

// ordering has pages that die in their first run, after Request.Once.
var ordering = map[string]string{
	"order.asp": `<% if (Request.Once(Request("t"))) { Session("orders") = (Session("orders") || 0) + 1; if (Application.Increment("tries") == 1) { Application.Lock(); while (true); } } %>order <%= Session("orders") %> try <%= Application("tries") %>`,
	"api.asp":   `<%@ EnableSessionState=False %><% Request.Once(Request("t"), "application"); if (Application.Increment("calls") == 1) { Application.Lock(); while (true); } %>call <%= Application("calls") %>`,
	"login.asp": `<% Session("in") = 1 %>in`,
}

// onceAfterDeath: of a run that died nothing is left in the session, so that the
// next with its token is the first; a token of all clients is kept from them for as
// long as the run might have lasted.
func onceAfterDeath(t *testing.T, change func(*Config)) {
	b := isolated(t, ordering, change)
	cookie, _, _ := strings.Cut(b.get("/login.asp").header.Get("Set-Cookie"), ";")
	dies := func(path string) {
		t.Helper()
		answers := make(chan answered, 1)
		go func() { answers <- b.getAs(path, cookie) }()
		b.until("the page has its token", func() bool {
			running := b.Status().Running
			return len(running) == 1 && running[0].HoldsLock
		})
		b.kill(syscall.SIGKILL)
		if a := <-answers; a.status != 502 {
			t.Errorf("%v", a)
		}
	}
	wants := func(path string, status int, body string) {
		t.Helper()
		if a := b.getAs(path, cookie); a.status != status || !strings.Contains(a.body, body) {
			t.Errorf("%s: %d %q %v, want %d %q", path, a.status, clip(a.body, 200), a.err, status, body)
		}
	}
	dies("/order.asp?t=one")
	for range 2 {
		wants("/order.asp?t=one", 200, "order 1 try 2")
	}
	dies("/api.asp?t=0123456789abcdef")
	wants("/api.asp?t=0123456789abcdef", 409, "is being worked on")
	wants("/api.asp?t=fedcba9876543210", 200, "call 2")
}

func TestOnceAfterDeathInMemory(t *testing.T) {
	t.Parallel()
	onceAfterDeath(t, func(c *Config) { c.Backend, c.Engine.StateEnds = memory.New(), true })
}

func TestOnceAfterDeathInAFile(t *testing.T) {
	t.Parallel()
	onceAfterDeath(t, func(c *Config) { c.State = filepath.Join(t.TempDir(), "state.db") })
}
