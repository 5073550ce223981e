//go:build unix

package isolate

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/store/memory"
)

// TestShutdownCutsOff: what is still inside when nobody waits any longer gets
// 503, or half an answer, and costs nobody an event of the end.
func TestShutdownCutsOff(t *testing.T) {
	t.Parallel()
	b := isolated(t, map[string]string{
		"global.asa": `<script runat="server">
function Session_OnEnd() { console.log("the session ended: " + Session("name")); }
function Application_OnEnd() { console.log("the application ended"); }
</script>`,
		"in.asp":     `<% Session("name") = "Ada" %>in`,
		"silent.asp": `<% for (;;); %>`,
		"flush.asp":  `begun<% Response.Flush(); for (;;); %>`,
	}, func(c *Config) { c.Backend, c.Engine.StateEnds = memory.New(), true })
	b.wants("/in.asp", 200, "in")
	silent, flush := make(chan answered, 1), make(chan answered, 1)
	go func() { silent <- b.get("/silent.asp") }()
	go func() { flush <- b.get("/flush.asp") }()
	b.until("both run", func() bool { return len(b.Status().Running) == 2 })
	b.until("one has flushed", func() bool {
		s := b.Status()
		return s.Running[0].Buffered == 0 && s.Running[1].Buffered == 0
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := b.Shutdown(ctx)
	if cut, ok := errors.AsType[*engine.CutError](err); !ok || cut.Requests != 2 || err.Error() != cut.Error() {
		t.Errorf("Shutdown: %v", err)
	}
	if a := <-silent; a.status != 503 || !strings.Contains(a.body, "Shutting Down") {
		t.Errorf("%v", a)
	}
	if a := <-flush; a.body != "" && a.body != "begun" || a.err == nil {
		t.Errorf("%v", a)
	}
	for _, event := range []string{"the session ended: Ada", "the application ended"} {
		if n := strings.Count(b.log.String(), event); n != 1 {
			t.Errorf("%q %d times", event, n)
		}
	}
}

// TestReplacedWorkersStreamsEnd: an event stream doesn't keep the worker that
// was replaced; its client comes again and finds the new one.
func TestReplacedWorkersStreamsEnd(t *testing.T) {
	t.Parallel()
	b := isolated(t, map[string]string{
		"stream.asp": `a<% Response.Flush(); await Request.Signal.wait() %>z`,
	}, nil)
	answer := make(chan answered, 1)
	go func() { answer <- b.get("/stream.asp") }()
	b.until("it runs", func() bool { return len(b.Status().Running) == 1 })
	first := b.pid()
	if err := b.Recycle(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	if a := <-answer; a.body != "az" || a.err != nil {
		t.Errorf("%v", a)
	}
	b.until("the first worker ends", func() bool { return !alive(first) })
}

// TestRetiredWorkersPagesGet503: a page that goes on in a worker that was
// replaced is cut off after worker_shutdown_timeout, and its client told.
func TestRetiredWorkersPagesGet503(t *testing.T) {
	t.Parallel()
	b := isolated(t, map[string]string{"silent.asp": `<% for (;;); %>`}, func(c *Config) { c.ShutdownTimeout = 1 })
	answer := make(chan answered, 1)
	go func() { answer <- b.get("/silent.asp") }()
	b.until("it runs", func() bool { return len(b.Status().Running) == 1 })
	if err := b.Recycle(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	if a := <-answer; a.status != 503 {
		t.Errorf("%v", a)
	}
}
