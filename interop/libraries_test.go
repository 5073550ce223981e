package interop

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/gorilla/sessions"
	gorillastore "github.com/najahost/naja/interop/gorilla"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
	"github.com/najahost/naja/store/sqlite"
)

// A library is another library's sessions as handlers and pages have them.
type library struct {
	provider  session.Provider
	serialize func(http.Handler) http.Handler
	get       func(r *http.Request, key string) any
	// put is called before the header leaves, and where late stores may.
	put func(w http.ResponseWriter, r *http.Request, key string, v any) error
	// renew gives the session another name, as a handler does it at a login.
	renew func(w http.ResponseWriter, r *http.Request) error
}

// libraries are the columns of the matrix.
var libraries = []struct {
	name  string
	turns bool                                            // a turn can be promised
	open  func(t *testing.T, grace time.Duration) library // of a former name; 0: the default
}{
	{"scs memstore gob", true, func(t *testing.T, grace time.Duration) library {
		return useSCS(t, memstore.NewWithCleanupInterval(0), scs.GobCodec{}, grace)
	}},
	{"scs memstore CBOR", true, func(t *testing.T, grace time.Duration) library {
		return useSCS(t, memstore.NewWithCleanupInterval(0), scsstore.CBOR{}, grace)
	}},
	{"scs over ours in memory", true, func(t *testing.T, grace time.Duration) library {
		return useSCS(t, scsStore(t, memory.NewSessions()), scs.GobCodec{}, grace)
	}},
	{"scs over SQLite", true, func(t *testing.T, grace time.Duration) library {
		return useSCS(t, scsStore(t, openSQLite(t)), scsstore.CBOR{}, grace)
	}},
	{"gorilla files", true, func(t *testing.T, grace time.Duration) library {
		store := sessions.NewFilesystemStore(t.TempDir(), hashKey)
		store.MaxLength(0)
		return useGorilla(t, store, grace)
	}},
	{"gorilla, codecs unknown", true, func(t *testing.T, grace time.Duration) library {
		store := sessions.NewFilesystemStore(t.TempDir(), hashKey)
		store.MaxLength(0)
		return useGorilla(t, struct{ sessions.Store }{store}, grace)
	}},
	{"gorilla over ours in memory", true, func(t *testing.T, grace time.Duration) library {
		return useGorilla(t, gorillaStore(t, memory.NewSessions()), grace)
	}},
	{"gorilla over SQLite", true, func(t *testing.T, grace time.Duration) library {
		return useGorilla(t, gorillaStore(t, openSQLite(t)), grace)
	}},
	{"gorilla cookie", false, func(t *testing.T, grace time.Duration) library {
		store := sessions.NewCookieStore(hashKey)
		store.Options.Secure, store.Options.SameSite = false, http.SameSiteLaxMode
		return useGorilla(t, store, grace)
	}},
}

var hashKey = []byte("a key of 32 bytes, from a secret")

func openSQLite(t *testing.T) store.Sessions {
	t.Helper()
	return openFile(t, filepath.Join(t.TempDir(), "state.db"))
}

// busyMachine is more than a store takes on any machine: what a store that is
// late is answered has tests of its own. Nor does a power cut matter here.
const busyMachine = 2 * time.Minute

func openFile(t *testing.T, path string) store.Sessions {
	t.Helper()
	db, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Relaxed: true, BusyTimeout: busyMachine})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db.Sessions()
}

func scsStore(t testing.TB, in store.Sessions) scs.Store {
	t.Helper()
	st, err := scsstore.NewStore(scsstore.StoreConfig{Sessions: in})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	return st
}

func gorillaStore(t testing.TB, in store.Sessions) sessions.Store {
	t.Helper()
	st, err := gorillastore.NewStore(gorillastore.StoreConfig{Sessions: in, Keys: [][]byte{hashKey}, StoreTimeout: busyMachine})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	return st
}

func useSCS(t testing.TB, store scs.Store, codec scs.Codec, grace time.Duration, edit ...func(*scs.SessionManager)) library {
	t.Helper()
	sm := &scs.SessionManager{ // scs.New without the goroutine of its memstore
		Lifetime: time.Hour, IdleTimeout: 20 * time.Minute, Codec: codec, Store: store,
		Cookie: scs.SessionCookie{Name: "session", Path: "/", HttpOnly: true, Persist: true},
	}
	for _, f := range edit {
		f(sm)
	}
	p, err := scsstore.New(scsstore.Config{Manager: sm, SessionQueueMax: 500, RenewGrace: grace, StoreTimeout: busyMachine})
	must(t, err)
	return library{
		provider: p, serialize: p.Serialize,
		get: func(r *http.Request, key string) any { return sm.Get(r.Context(), key) },
		put: func(_ http.ResponseWriter, r *http.Request, key string, v any) error {
			sm.Put(r.Context(), key, v)
			return nil
		},
		renew: func(_ http.ResponseWriter, r *http.Request) error { return sm.RenewToken(r.Context()) },
	}
}

func useGorilla(t testing.TB, store sessions.Store, grace time.Duration) library {
	t.Helper()
	p, err := gorillastore.New(gorillastore.Config{Store: store, Name: "session", SessionQueueMax: 500, RenewGrace: grace})
	must(t, err)
	session := func(r *http.Request) *sessions.Session {
		s, _ := p.Store().Get(r, "session") // a cookie that can't be read is a new session
		return s
	}
	return library{
		provider: p, serialize: p.Serialize,
		get: func(r *http.Request, key string) any { return session(r).Values[key] },
		put: func(w http.ResponseWriter, r *http.Request, key string, v any) error {
			s := session(r)
			s.Values[key] = v
			return s.Save(r, w)
		},
		renew: func(w http.ResponseWriter, r *http.Request) error {
			s := session(r)
			old, gone := *s, *s.Options
			s.ID, gone.MaxAge, old.Options = "", -1, &gone
			if err := s.Save(r, w); err != nil {
				return err
			}
			return p.Store().Save(r, httptest.NewRecorder(), &old) // its record goes
		},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
