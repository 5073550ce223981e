//go:build unix

package isolate

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/najahost/naja/engine"
)

var pages = map[string]string{
	"default.asp": `<%= 6 * 7 %>`,
	"flush.asp":   `<% Response.Write("a"); Response.Flush(); Response.Write("b"); %>`,
	"wait.asp":    `<% var end = new Date().getTime() + 300; while (new Date().getTime() < end); %>done`,
	"style.css":   `body { color: red }`,
	"broken.asp":  "\n<% nothing.there %>",
	"form.asp":    `<%= Request.Form("x") %> <%= Request.ServerVariables("REMOTE_ADDR") %>`,
	"deep.asp":    `<% Server.CreateObject("Test.Worker").Recurse(0) %>`,
	"hog.asp":     `<% Server.CreateObject("Test.Worker").Fill() %>`,
	"sleep.asp":   `<% for (;;) ; %>`,
	"crash.html":  `<p>sorry, a crash</p>`,
}

func TestServes(t *testing.T) {
	b := isolated(t, pages, nil)
	b.wants("/", 200, "42")
	b.wants("/flush.asp", 200, "ab")
	b.wants("/style.css", 200, "color: red")
	b.wants("/missing.asp", 404, "")
	b.wants("/broken.asp", 500, "error occurred")
	r, _ := http.NewRequest("POST", b.url+"/form.asp", strings.NewReader("x=hello"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if a := b.do(r); a.body != "hello 127.0.0.1" {
		t.Errorf("form: %v", a)
	}
	b.logs("broken.asp")
	st := b.Status()
	if st.Requests != 6 || st.PageRequests != 4 || st.Failed != 1 {
		t.Errorf("%d requests, %d of pages, %d failed", st.Requests, st.PageRequests, st.Failed)
	}
}

func TestNextRequestStartsAnotherWorker(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, nil)
	b.wants("/", 200, "42")
	first := b.kill(syscall.SIGKILL)
	for range 3 {
		b.wants("/", 200, "42")
	}
	if b.pid() == first {
		t.Error("the worker is the same")
	}
	b.logs("signal 9: killed")
}

func TestRequestsInFlightGet502(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.CrashPage = "crash.html" })
	answers := make(chan answered, 1)
	go func() { answers <- b.get("/wait.asp") }()
	b.until("the page runs", func() bool { return len(b.Status().Running) == 1 })
	b.kill(syscall.SIGKILL)
	if a := <-answers; a.status != 502 || a.body != pages["crash.html"] || a.err != nil {
		t.Errorf("%v", a)
	}
	b.until("the death is told of", func() bool { return len(b.report().Deaths) > 0 })
	report := b.report()
	if len(report.Deaths) != 1 || fmt.Sprint(report.Deaths[0].Pages) != "[wait.asp]" || report.Deaths[0].Lost != 1 {
		t.Errorf("deaths: %+v", report.Deaths)
	}
	b.wants("/wait.asp", 200, "done") // as a suspect
	b.wants("/wait.asp", 200, "done") // cleared
	b.logs("page cleared")
	b.until("nothing is suspected", func() bool { return len(b.report().Suspects) == 0 })
}

func TestDeadlyPageIsRefusedAndTheRestStays(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.MemoryLimit = 128 << 20 })
	for range 3 { // in the common worker, and twice alone
		b.wants("/deep.asp", 502, "error occurred")
		b.wants("/", 200, "42")
	}
	a := b.wants("/deep.asp", 503, "out of order")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	b.wants("/", 200, "42")
	report := b.report()
	if report.Crashed != 3 || len(report.Deaths) != 3 || report.Deaths[0].Reason != "stack overflow" || !report.Deaths[0].Alone {
		t.Errorf("%+v", report)
	}
	if _, err := b.Load(t.Context()); err != nil {
		t.Error(err)
	}
	b.wants("/deep.asp", 502, "error occurred") // an operator let it try again
}

func TestMemoryLimit(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.MemoryLimit = 128 << 20 })
	b.wants("/hog.asp", 502, "error occurred")
	b.wants("/", 200, "42")
	if d := b.report().Deaths; len(d) != 1 || !strings.Contains(d[0].Reason, "out of memory") {
		t.Errorf("%+v", d)
	}
}

func TestBadSettingsOfTheWorker(t *testing.T) {
	cfg := Config{State: "/does/not/exist/state.db", TempDir: t.TempDir()}
	cfg.Engine.Root, cfg.Engine.Logger = site(t, pages), quiet()
	_, err := New(t.Context(), cfg)
	if bad, ok := errors.AsType[*engine.ConfigError](err); !ok || bad.Setting != "state" {
		t.Errorf("%v", err)
	}
}
