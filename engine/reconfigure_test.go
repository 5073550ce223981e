package engine

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/setting"
)

// Every field of Config is one that the table of settings has, or one that only
// programs set.
func TestTableHasEverySetting(t *testing.T) {
	programs := []string{
		"FS", "Logger", "Dev", "Backend", "StateEnds", "Components", "Sessions", "Secure", "OnError", "Observer", "Recorder", "lease",
	}
	known := map[string]bool{}
	for _, s := range setting.In(setting.Engine) {
		known[cmp.Or(s.Engine, s.Field)] = true
	}
	v := reflect.TypeFor[Config]()
	for i := range v.NumField() {
		if name := v.Field(i).Name; known[name] == slices.Contains(programs, name) {
			t.Errorf("%s: a setting: %t", name, known[name])
		}
	}
}

func TestReconfigureWhileRequestsRun(t *testing.T) {
	pg := play(t, Config{CheckInterval: time.Hour, ProcessorThreadMax: 1}, map[string]string{
		"a.asp":    `<%= Server.ScriptTimeout %>`,
		"b.asp":    `changed: <%= Server.ScriptTimeout %>`,
		"bad.asp":  `<% nothing() %>`,
		"stop.asp": meet + `<%@ EnableSessionState=False %><% meet.Stop("stop") %>done`,
		"n.asp":    `<%= Session.Timeout %>`,
	})
	g := pg.guest()
	g.wants("/a.asp", "90")
	answer := pg.guest().answer("/stop.asp")
	pg.came("stop")
	next := pg.cfg
	next.ScriptTimeout, next.ErrorPage404, next.ScriptErrorMessage = 33*time.Second, "/b.asp", "my words"
	next.RequestQueueMax, next.SessionTimeout, next.CheckInterval = None, 7*time.Minute, None
	next.CodePage, next.StaticExtensions = 1252, []string{".html"}
	got, err := pg.Reconfigure(t.Context(), next)
	if err != nil || !slices.Equal(got.Changed, []string{"check_interval", "error_page_404", "request_queue_max", "script_error_message", "script_timeout", "session_timeout"}) ||
		!slices.Equal(got.NeedsRestart, []string{"code_page", "static_extensions"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if a := g.fetch(t.Context(), "/a.asp"); a.status != 503 {
		t.Errorf("none may wait any more: %v", a)
	}
	pg.open("stop")
	pg.in(answer)
	g.wants("/a.asp", "33")
	pg.write("a.asp", "new")
	g.wants("/a.asp", "new")
	g.wants("/n.asp", "7")
	if a := g.fetch(t.Context(), "/missing.asp"); a.status != 404 || strings.TrimSpace(a.body) != "changed: 33" {
		t.Error(a)
	}
	if a := g.fetch(t.Context(), "/bad.asp"); a.status != 500 || !strings.Contains(a.body, "my words") {
		t.Error(a)
	}
	if got, err := pg.Reconfigure(t.Context(), next); err != nil || len(got.Changed) != 0 || len(got.NeedsRestart) != 2 {
		t.Errorf("the same again: %+v, %v", got, err)
	}
}

func TestReconfigureRefusesAsAWhole(t *testing.T) {
	pg := play(t, Config{}, map[string]string{"a.asp": `<%= Server.ScriptTimeout %>`})
	next := pg.cfg
	next.ScriptTimeout, next.LCID = 33*time.Second, -1
	_, err := pg.Reconfigure(t.Context(), next)
	if bad, ok := errors.AsType[*ConfigError](err); !ok || bad.Setting != "lcid" {
		t.Error(err)
	}
	pg.guest().wants("/a.asp", "90")
}
