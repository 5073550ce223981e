package engine

import (
	"strings"
	"testing"
	"time"
)

// A failure is a page that does what a page must not, and the error that its
// client has for it. docs/hardening.md has the table of the bounds.
type failure struct{ script, error string }

// failures are those that end at once: past a bound, or by a panic.
func failures() map[string]failure {
	return map[string]failure{
		"text":    {`"ab".repeat(16777217)`, "RangeError"},
		"buffer":  {`new ArrayBuffer(67108865)`, "RangeError"},
		"levels":  {`JSON.parse("[".repeat(513) + "]".repeat(513))`, "RangeError"},
		"yields":  {`function* d(n) { if (n) yield* d(n - 1); yield n } d(1000).next()`, "RangeError"},
		"source":  {`eval("(".repeat(501) + "1" + ")".repeat(501))`, "SyntaxError"},
		"pattern": {`new RegExp("(?:".repeat(1001) + ")".repeat(1001))`, "SyntaxError"},
		"proxy":   {`new Proxy({}, {})`, "ReferenceError"},
		"calls":   {`function f(n) { if (n) [n].forEach(function (n) { f(n - 1) }) } f(2100)`, "Out of stack space"},
		"beneath": {`console.log("the log panics")`, "ASP 0240"},
	}
}

// TestBesideWhatFails: each costs its own client a 500 that says why, and
// another one, who asks for a small page all the while, nothing.
func TestBesideWhatFails(t *testing.T) {
	t.Parallel()
	gate, gated := withGate(t)
	all := failures()
	all["component"] = failure{`Server.CreateObject("Test.Gate").Panic()`, "ASP 0115"}
	all["loop"] = failure{outOfTime + `while (true);`, "ASP 0113"}
	files := map[string]string{"small.asp": `<%= 6 * 7 %>`, "blocked.asp": `<% Server.CreateObject("Test.Gate").Pass("blocked") %>`}
	for name, f := range all {
		files[name+".asp"] = "<% " + f.script + " %>"
	}
	s := serveSite(t, files, gated, func(c *Config) { c.Dev = true })
	o := s.watch()
	blocked := s.dial()
	ask(blocked, "/blocked.asp")
	gate.arrived(t, 1)
	s.time.Out("/blocked.asp")
	wantIn(t, blocked.ReadResponse("GET"), 500, "ASP 0113")
	for name, f := range all {
		began := time.Now()
		r := s.get("/" + name + ".asp")
		if r.Status != 500 || !strings.Contains(string(r.Body), f.error) || !r.KeepAlive {
			t.Errorf("%s: %d, keep-alive %v, want %s: %s", name, r.Status, r.KeepAlive, f.error, clipBody(r.Body))
		}
		inTime(t, name, began, 0)
	}
	o.Stop() // whose requests use apartments
	eventually(t, "one orphan is left, and every apartment is idle", func() bool {
		st := s.Status()
		return st.Orphans == 1 && st.Busy == 0
	})
	t.Logf("another client's %d requests took %v at most", o.Asked(), o.Worst())
}
