package scsstore_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
	scsstore "github.com/najahost/naja/interop/scs"
)

// newSessions is scs.New without the goroutine of its memstore.
func newSessions() *scs.SessionManager {
	return &scs.SessionManager{
		Lifetime: time.Hour, Codec: scs.GobCodec{}, Store: memstore.NewWithCleanupInterval(0),
		Cookie: scs.SessionCookie{Name: "session", Path: "/", HttpOnly: true, Persist: true},
		ErrorFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		},
	}
}

// A site is pages and handlers with sessions in common: pages at /, handlers
// inside Serialize at /go/ and inside LoadAndSave alone at /plain/.
type site struct {
	*testing.T
	sm      *scs.SessionManager
	p       *scsstore.Provider
	engine  *engine.Engine
	serving http.Handler
	log     *asptest.Log
}

type handlers map[string]func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request)

// edit may change what a site is made of.
func newSite(t *testing.T, sm *scs.SessionManager, pages map[string]string, goes handlers, edit ...func(*scsstore.Config, *engine.Config)) *site {
	t.Helper()
	s := &site{T: t, sm: sm, log: &asptest.Log{}}
	logger := slog.New(slog.NewTextHandler(s.log, nil))
	pcfg, cfg := scsstore.Config{Manager: sm, Logger: logger, SessionQueueMax: 500}, engine.Config{Logger: logger, ScriptErrorSentToBrowser: true}
	for _, f := range edit {
		f(&pcfg, &cfg)
	}
	var err error
	s.p, err = scsstore.New(pcfg)
	must(t, err)
	mux := http.NewServeMux()
	if pages != nil { // an engine shares the turns, so that Open takes none by itself
		files := fstest.MapFS{}
		cfg.FS, cfg.Sessions = files, s.p
		for name, text := range pages {
			files[name] = &fstest.MapFile{Data: []byte(text)}
			if strings.Contains(text, "for (;;)") {
				cfg.ScriptTimeout = 2 * time.Second
			}
		}
		s.engine, err = engine.New(cfg)
		must(t, err)
		t.Cleanup(s.shutDown)
		mux.Handle("/", s.engine)
	}
	inner := http.NewServeMux()
	for path, h := range goes {
		inner.HandleFunc("/"+path, func(w http.ResponseWriter, r *http.Request) { h(sm, w, r) })
	}
	mux.Handle("/go/", http.StripPrefix("/go", s.p.Serialize(inner)))
	mux.Handle("/both/", http.StripPrefix("/both", s.p.Serialize(sm.LoadAndSave(inner))))
	mux.Handle("/plain/", http.StripPrefix("/plain", sm.LoadAndSave(inner)))
	s.serving = mux
	return s
}

func (s *site) shutDown() { must(s, s.engine.Shutdown(context.Background())) }

// until waits for what happens by itself.
func (s *site) until(what string, is func() bool) {
	s.Helper()
	asptest.Until(s, what, is)
}

// A visitor is a browser that keeps its session.
type visitor struct {
	*site
	asptest.Visitor
}

// get asks for a page and keeps its cookie.
func (v *visitor) get(path string) *httptest.ResponseRecorder {
	v.Helper()
	rec := v.ask(v.Request(path))
	v.Take(v, rec.Result().Header)
	return rec
}

func (v *visitor) ask(r *http.Request) *httptest.ResponseRecorder { return asptest.Ask(v.serving, r) }

// says asks for a page that is to answer text.
func (v *visitor) says(path, want string) {
	v.Helper()
	if got := v.get(path).Body.String(); got != want {
		v.Errorf("%s says %q, want %q\n%s", path, got, want, v.log)
	}
}

// stored gives the session's values as they are in the store.
func (v *visitor) stored() map[string]any {
	v.Helper()
	ctx, err := v.sm.Load(context.Background(), v.Cookie)
	must(v.T, err)
	values := map[string]any{}
	for _, key := range v.sm.Keys(ctx) {
		values[key] = v.sm.Get(ctx, key)
	}
	return values
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// put is a handler that puts what its query says.
func put(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
	for key, values := range r.URL.Query() {
		sm.Put(r.Context(), key, values[0])
	}
	fmt.Fprint(w, "ok")
}

// show is a handler that says what is under the query's key.
func show(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
	v := sm.Get(r.Context(), r.URL.RawQuery)
	fmt.Fprintf(w, "%T %v", v, v)
}

func oneFile(name, text string) fstest.MapFS {
	return fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}}
}
