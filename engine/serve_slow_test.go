package engine

import (
	"strings"
	"testing"
	"time"
)

// TestSlowLog: a page that still runs after slow_log is told of, once, with the line
// that it is at and the calls that led there; so is an event. Others aren't.
func TestSlowLog(t *testing.T) {
	pg := play(t, Config{SlowLog: 20 * time.Millisecond}, map[string]string{
		"global.asa": "<script runat=server>\nfunction Application_OnStart() {\nServer.CreateObject(\"Test.Meet\").Stop(\"start\") }\n</script>",
		"slow.asp":   "<!-- #include file=inc.inc -->\n<%\nfunction outer() {\n\tinner(); }\nouter() %>done",
		"inc.inc":    "<% function inner() {\nServer.CreateObject(\"Test.Meet\").Stop(\"page\") } %>",
		"quick.asp":  "quick",
	})
	said := func(parts ...string) func() bool {
		return func() bool {
			for line := range strings.Lines(pg.log.String()) {
				has := true
				for _, p := range parts {
					has = has && strings.Contains(line, p)
				}
				if has {
					return true
				}
			}
			return false
		}
	}
	answer := pg.guest().answer("/slow.asp")
	pg.came("start")
	eventually(t, "a line about the event", said(`msg="slow event" event=Application_OnStart file=global.asa line=3 running=20ms`, "Application_OnStart (global.asa:3:"))
	pg.open("start")
	pg.came("page")
	eventually(t, "a line about the page", said(`msg="slow page" method=GET path=/slow.asp page=slow.asp file=inc.inc line=2 running=20ms`, "inner (inc.inc:2:", " < outer (slow.asp:4:", " < ", "(slow.asp:5:"))
	pg.open("page")
	if got := pg.in(answer); got.body != "\ndone" {
		t.Errorf("the page says %q", got.body)
	}
	if n := strings.Count(pg.log.String(), "slow page"); n != 1 {
		t.Errorf("it was told %d times", n)
	}
}

// TestNoSlowLog: nobody is told of by default.
func TestNoSlowLog(t *testing.T) {
	pg := play(t, Config{}, map[string]string{"slow.asp": `<% Server.CreateObject("Test.Meet").Stop("page") %>done`})
	answer := pg.guest().answer("/slow.asp")
	pg.came("page")
	if e := pg.Engine; e.live().SlowLog != 0 {
		t.Error("it is on")
	}
	pg.open("page")
	if got := pg.in(answer); got.body != "done" || strings.Contains(pg.log.String(), "slow") {
		t.Errorf("%q, %s", got.body, pg.log.String())
	}
}
