package gorillastore_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/cborvalue"
	gorillastore "github.com/najahost/naja/interop/gorilla"
)

var key = []byte("a key of 32 bytes, from a secret")

// newFiles is a FilesystemStore for sessions of any size.
func newFiles(t *testing.T) *sessions.FilesystemStore {
	store := sessions.NewFilesystemStore(t.TempDir(), key)
	store.MaxLength(0)
	return store
}

// A site is pages and handlers with sessions in common: pages at /, handlers
// inside Serialize at /go/ and on their own at /plain/. With raw, handlers use
// the program's store and not the provider's.
type site struct {
	*testing.T
	store   sessions.Store // what handlers use
	p       *gorillastore.Provider
	engine  *engine.Engine
	serving http.Handler
	log     *asptest.Log
}

type handlers map[string]func(s *sessions.Session, w http.ResponseWriter, r *http.Request)

// edit may change what a site is made of.
func newSite(t *testing.T, store sessions.Store, raw bool, pages map[string]string, goes handlers, edit ...func(*gorillastore.Config, *engine.Config)) *site {
	t.Helper()
	s := &site{T: t, store: store, log: &asptest.Log{}}
	logger := slog.New(slog.NewTextHandler(s.log, nil))
	pcfg := gorillastore.Config{Store: store, Name: "session", Logger: logger, SessionQueueMax: 500, MaxSize: 32 << 10}
	cfg := engine.Config{Logger: logger, ScriptErrorSentToBrowser: true}
	for _, f := range edit {
		f(&pcfg, &cfg)
	}
	var err error
	s.p, err = gorillastore.New(pcfg)
	must(t, err)
	if !raw {
		s.store = s.p.Store()
	}
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
		t.Cleanup(func() { must(t, s.engine.Shutdown(context.Background())) })
		mux.Handle("/", s.engine)
	}
	inner := http.NewServeMux()
	for path, h := range goes {
		inner.HandleFunc("/"+path, func(w http.ResponseWriter, r *http.Request) {
			got, _ := s.store.Get(r, "session") // a cookie that can't be read is a new session
			h(got, w, r)
		})
	}
	mux.Handle("/go/", http.StripPrefix("/go", s.p.Serialize(inner)))
	mux.Handle("/plain/", http.StripPrefix("/plain", inner))
	s.serving = mux
	return s
}

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

// stored gives the session as it is in the store.
func (v *visitor) stored() *sessions.Session {
	v.Helper()
	s, err := v.store.New(v.Request("/"), "session")
	must(v.T, err)
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := cborvalue.FromGo(v)
	must(t, err)
	return raw
}

// put is a handler that puts what its query says.
func put(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
	for key, values := range r.URL.Query() {
		s.Values[key] = values[0]
	}
	save(s, w, r)
}

func save(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
	if err := s.Save(r, w); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	fmt.Fprint(w, "ok")
}

// show is a handler that says what is under the query's key.
func show(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
	v := s.Values[r.URL.RawQuery]
	fmt.Fprintf(w, "%T %v", v, v)
}

// end is a handler that ends the session.
func end(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
	s.Options.MaxAge = -1
	save(s, w, r)
}

// count is how many sessions a FilesystemStore's folder has.
func count(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	return len(entries)
}
