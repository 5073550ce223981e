package scsstore_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/najahost/naja/engine"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/store/sqlite"
)

// ending is a site that tells of its sessions' ends.
var ending = map[string]string{
	"global.asa": `<script language="JavaScript" runat="server">
		function Session_OnEnd(reason, id) {
			Application.Increment("ends");
			Application("last") = reason + " " + Session("who") + " " + Session.SessionID + " " + (id == Session.EndId) + " " + Session("user.name").first;
		}
	</script>`,
	"who.asp":  `<% Session("who") = "page" %><%= Session.SessionID %>`,
	"out.asp":  `<% Session.Abandon() %>bye`,
	"new.asp":  `<% Session.Renew() %>ok`,
	"last.asp": `<%@ EnableSessionState=False %><%= String(Application("ends")) %>: <%= String(Application("last")) %>`,
}

var endingHandlers = handlers{
	"name": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
		sm.Put(r.Context(), "user.name", map[string]any{"first": "Ada"})
		fmt.Fprint(w, "ok")
	},
	"login": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
		_ = sm.RenewToken(r.Context())
		fmt.Fprint(w, "ok")
	},
	"out": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
		_ = sm.Destroy(r.Context())
		fmt.Fprint(w, "ok")
	},
	"again": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
		_ = sm.Destroy(r.Context())
		sm.Put(r.Context(), "flash", "you are logged out")
		fmt.Fprint(w, "ok")
	},
	"late": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "ok")
		http.NewResponseController(w).Flush()
		_ = sm.Destroy(r.Context())
	},
	"panic": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
		_ = sm.Destroy(r.Context())
		panic(http.ErrAbortHandler)
	},
}

// endSetups are the stores whose sessions' ends are told.
var endSetups = map[string]func(t *testing.T, sm *scs.SessionManager) func(*scsstore.Config, *engine.Config){
	"ours in memory": func(t *testing.T, sm *scs.SessionManager) func(*scsstore.Config, *engine.Config) {
		sm.Store = newStore(t, backends["memory"](t))
		return func(*scsstore.Config, *engine.Config) {}
	},
	"ours in the engine's backend": func(t *testing.T, sm *scs.SessionManager) func(*scsstore.Config, *engine.Config) {
		db := openDB(t, filepath.Join(t.TempDir(), "state.db"))
		sm.Store = newStore(t, db.Sessions())
		return func(_ *scsstore.Config, e *engine.Config) { e.Backend = db }
	},
	"ours in another file": func(t *testing.T, sm *scs.SessionManager) func(*scsstore.Config, *engine.Config) {
		sm.Store = newStore(t, openDB(t, filepath.Join(t.TempDir(), "sessions.db")).Sessions())
		db := openDB(t, filepath.Join(t.TempDir(), "state.db"))
		return func(_ *scsstore.Config, e *engine.Config) { e.Backend = db }
	},
	"memstore": func(t *testing.T, sm *scs.SessionManager) func(*scsstore.Config, *engine.Config) {
		return func(*scsstore.Config, *engine.Config) {}
	},
	"memstore, noted in the backend": func(t *testing.T, sm *scs.SessionManager) func(*scsstore.Config, *engine.Config) {
		db := openDB(t, filepath.Join(t.TempDir(), "state.db"))
		sm.HashTokenInStore = true
		return func(p *scsstore.Config, e *engine.Config) { e.Backend, p.Ends = db, db.Sessions() }
	},
}

// Session_OnEnd runs once for each session of scs that ends: whoever ended it,
// with what it kept, and not for one that gets another token.
func TestSessionEnds(t *testing.T) {
	for how, setup := range endSetups {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { sessionEnds(t, setup) })
		})
	}
}

func sessionEnds(t *testing.T, setup func(*testing.T, *scs.SessionManager) func(*scsstore.Config, *engine.Config)) {
	sm := newSessions()
	s := newSite(t, sm, ending, endingHandlers, setup(t, sm))
	n := 0
	begin := func() (*visitor, string) {
		v := &visitor{site: s}
		id := v.get("/who.asp").Body.String()
		v.says("/go/name", "ok")
		v.says("/new.asp", "ok")
		v.says("/go/login", "ok")
		return v, id
	}
	ended := func(reason, id string) {
		t.Helper()
		n++
		want := fmt.Sprintf("%d: %s page %s true Ada", n, reason, id)
		got := ""
		s.until(want, func() bool {
			got = (&visitor{site: s}).get("/last.asp").Body.String()
			return got == want || strings.HasPrefix(got, fmt.Sprint(n+1, ":"))
		})
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, path := range []string{"/out.asp", "/go/out", "/go/again", "/go/late", "/go/panic", "/both/out"} {
		v, id := begin()
		v.ask(v.Request(path))
		ended("abandon", id)
	}
	sm.IdleTimeout = 200 * time.Millisecond
	_, id := begin()
	ended("timeout", id)
}

// What a Session_OnEnd does to Application and the end itself are one step; one
// that expired while nothing ran ends at the start.
func TestSessionsThatExpiredMeanwhile(t *testing.T) {
	synctest.Test(t, sessionsThatExpiredMeanwhile)
}

func sessionsThatExpiredMeanwhile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.db")
	db, err := sqlite.Open(t.Context(), sqlite.Config{Path: file})
	must(t, err)
	sm := newSessions()
	sm.Lifetime = 100 * time.Millisecond
	st, err := scsstore.NewStore(scsstore.StoreConfig{Sessions: db.Sessions()})
	must(t, err)
	sm.Store = st
	s := newSite(t, sm, ending, endingHandlers, func(_ *scsstore.Config, e *engine.Config) { e.Backend = db })
	for range 20 {
		v := &visitor{site: s}
		v.says("/go/name", "ok")
		v.get("/who.asp")
	}
	s.shutDown()
	must(t, st.Close())
	must(t, db.Close())

	db = openDB(t, file)
	sm = newSessions()
	sm.Store = newStore(t, db.Sessions())
	s = newSite(t, sm, ending, nil, func(_ *scsstore.Config, e *engine.Config) { e.Backend = db })
	s.until("all have ended", func() bool {
		return strings.HasPrefix((&visitor{site: s}).get("/last.asp").Body.String(), "20: timeout page")
	})
	s.until("nothing of them is left", func() bool {
		n, err := db.Sessions().Count(t.Context())
		must(t, err)
		return n.Live+n.Ending == 0
	})
}

// A store that can list its sessions has those noted that are there before the
// engine is. One that another process prolongs doesn't end.
func TestNotedSessions(t *testing.T) { synctest.Test(t, notedSessions) }

func notedSessions(t *testing.T) {
	sm := newSessions()
	sm.IdleTimeout = 300 * time.Millisecond
	first := newSessions()
	first.Store, first.IdleTimeout = sm.Store, sm.IdleTimeout
	other := newSite(t, first, nil, endingHandlers) // a process without pages, say
	v := &visitor{site: other}
	v.says("/go/name", "ok")
	s := newSite(t, sm, ending, nil)
	for end := time.Now().Add(2500 * time.Millisecond); time.Now().Before(end); {
		<-time.After(50 * time.Millisecond) // the bubble's clock
		v.says("/go/name", "ok")
		if got := (&visitor{site: s}).get("/last.asp").Body.String(); got != "undefined: undefined" {
			t.Fatalf("it has ended: %s", got)
		}
	}
	s.until("it has ended", func() bool {
		return strings.HasPrefix((&visitor{site: s}).get("/last.asp").Body.String(), "1: timeout undefined")
	})
}

// At the engine's end sessions go on, unless they are said to end with it.
func TestEndsAtShutdown(t *testing.T) {
	for volatile, want := range map[bool]int{true: 1, false: 0} {
		db := openDB(t, filepath.Join(t.TempDir(), "state.db"))
		sm := newSessions()
		sm.Store = memstore.NewWithCleanupInterval(0)
		s := newSite(t, sm, map[string]string{
			"global.asa": `<script runat="server">function Session_OnEnd(reason) { Application.Increment(reason) }</script>`,
			"who.asp":    ending["who.asp"],
		}, nil, func(p *scsstore.Config, e *engine.Config) { e.Backend, p.Volatile = db, volatile })
		(&visitor{site: s}).get("/who.asp")
		s.shutDown()
		c, err := db.Application().Read(t.Context(), -1)
		must(t, err)
		n := 0
		for _, it := range c.Items {
			if it.ID == "shutdown" {
				n++
			}
		}
		if n != want {
			t.Errorf("volatile %v: %d", volatile, n)
		}
	}
}

// Where nobody tells of the ends, a Session_OnEnd that won't run is said.
func TestNoEnds(t *testing.T) {
	s := newSite(t, newSessions(), ending, nil, func(p *scsstore.Config, _ *engine.Config) { p.NoEnds = true })
	(&visitor{site: s}).get("/who.asp")
	if got := s.log.String(); strings.Count(got, "Session_OnEnd won't run") != 1 {
		t.Errorf("the log says\n%s", got)
	}
}
