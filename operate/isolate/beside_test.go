//go:build unix

package isolate

import (
	"strings"
	"testing"
	"time"
)

// ends are what a page may do to its worker, what its client gets for it, and
// what the worker died of; "" where it lives.
var ends = map[string]struct {
	script string
	status int
	reason string
}{
	"memory":  {`Server.CreateObject("Test.Worker").Fill()`, 502, "out of memory"},
	"stack":   {`Server.CreateObject("Test.Worker").Recurse(0)`, 502, "stack overflow"},
	"panic":   {`Server.CreateObject("Test.Worker").Panic()`, 502, "panic: in a goroutine of a component"},
	"SIGSEGV": {`Server.CreateObject("Test.Worker").Signal(11)`, 502, "SIGSEGV"},
	"SIGKILL": {`Server.CreateObject("Test.Worker").Signal(9)`, 502, "signal 9: killed"},
	"exit":    {`Server.CreateObject("Test.Worker").Exit()`, 502, "7"},
	"blocked": {`Server.CreateObject("Test.Worker").Block()`, 500, ""},
	"loop":    {`while (true);`, 500, ""},
}

// TestBesideWhatEnds: whatever a page does to its worker, its client has a
// clear answer, the application serves the next request, and another
// application of the server never notices.
func TestBesideWhatEnds(t *testing.T) {
	t.Parallel()
	neighbour := newNeighbour(t)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		neighbour.run(stop)
	}()
	defer func() {
		close(stop)
		<-ended
		if neighbour.right.Load() == 0 {
			t.Error("the neighbour was asked nothing")
		}
	}()
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			b := isolated(t, map[string]string{"ends.asp": "<% " + end.script + " %>", "default.asp": `<%= 6 * 7 %>`}, func(c *Config) {
				c.MemoryLimit, c.ShutdownTimeout = 128<<20, time.Second
				if end.reason == "" {
					c.Engine.ScriptTimeout = time.Second
				}
			})
			began := time.Now()
			if a := b.get("/ends.asp"); a.err != nil || a.status != end.status {
				t.Errorf("%d %q %v", a.status, clip(a.body, 200), a.err)
			}
			took := time.Since(began)
			b.wants("/", 200, "42")
			reason := ""
			if d := b.report().Deaths; len(d) > 0 {
				reason = d[0].Reason
			}
			if !strings.Contains(reason, end.reason) || (reason == "") != (end.reason == "") {
				t.Errorf("it died of %q", reason)
			}
			if n := b.Status().Orphans; n > 0 {
				if err := b.Recycle(t.Context(), "test"); err != nil || b.Status().Orphans > 0 {
					t.Errorf("%d orphans in the next worker, %v", b.Status().Orphans, err)
				}
			} else if name == "blocked" {
				t.Error("it is no orphan")
			}
			t.Logf("%d after %v: %s", end.status, took.Round(time.Millisecond), reason)
		})
	}
}
