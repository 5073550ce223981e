package interop

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/gorilla/sessions"
	"github.com/najahost/naja/engine"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
	"github.com/najahost/naja/store/sqlite"
)

// keepers are who may keep the session of a page.
var keepers = []struct {
	name string
	open func(t testing.TB) (session.Provider, store.Backend)
}{
	{"memory", func(testing.TB) (session.Provider, store.Backend) { return nil, nil }},
	{"sqlite-strict", func(t testing.TB) (session.Provider, store.Backend) { return nil, benchDB(t, false) }},
	{"sqlite-relaxed", func(t testing.TB) (session.Provider, store.Backend) { return nil, benchDB(t, true) }},
	{"scs-memstore", func(t testing.TB) (session.Provider, store.Backend) {
		return useSCS(t, memstore.NewWithCleanupInterval(0), scs.GobCodec{}, 0).provider, nil
	}},
	{"scs-memstore-cbor", func(t testing.TB) (session.Provider, store.Backend) {
		return useSCS(t, memstore.NewWithCleanupInterval(0), scsstore.CBOR{}, 0).provider, nil
	}},
	{"scs-ours-memory", func(t testing.TB) (session.Provider, store.Backend) {
		return useSCS(t, scsStore(t, memory.NewSessions()), scsstore.CBOR{}, 0).provider, nil
	}},
	{"scs-ours-sqlite", func(t testing.TB) (session.Provider, store.Backend) {
		return useSCS(t, scsStore(t, benchDB(t, false).Sessions()), scsstore.CBOR{}, 0).provider, nil
	}},
	{"gorilla-files", func(t testing.TB) (session.Provider, store.Backend) {
		return useGorilla(t, sessions.NewFilesystemStore(t.TempDir(), hashKey), 0).provider, nil
	}},
	{"gorilla-ours-memory", func(t testing.TB) (session.Provider, store.Backend) {
		return useGorilla(t, gorillaStore(t, memory.NewSessions()), 0).provider, nil
	}},
	{"gorilla-ours-sqlite", func(t testing.TB) (session.Provider, store.Backend) {
		return useGorilla(t, gorillaStore(t, benchDB(t, false).Sessions()), 0).provider, nil
	}},
	{"gorilla-cookie", func(t testing.TB) (session.Provider, store.Backend) {
		return useGorilla(t, sessions.NewCookieStore(hashKey), 0).provider, nil
	}},
}

func benchDB(t testing.TB, relaxed bool) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(context.Background(), sqlite.Config{Path: filepath.Join(t.TempDir(), "state.db"), Relaxed: relaxed})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

var benchPages = fstest.MapFS{
	"none.asp": {Data: []byte(`<%@ EnableSessionState=False %><% var n = 1; n++ %><%= n %>`)},
	"page.asp": {Data: []byte(`<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`)},
}

// BenchmarkSessionPage is a page that counts in its session, kept by each of
// the keepers, as a multiple of the time of the same page without a session
// (x-sessionless): 16 visitors at once, each with a session of his own and one
// request after the other. The two alternate in rounds, and the multiple is the
// median of theirs, as this machine does other work meanwhile. It leaves out
// the network, so that the multiple is larger than a browser sees.
func BenchmarkSessionPage(b *testing.B) {
	for _, k := range keepers {
		b.Run(k.name, func(b *testing.B) {
			provider, backend := k.open(b)
			e, err := engine.New(engine.Config{FS: benchPages, Sessions: provider, Backend: backend, Logger: slog.New(slog.DiscardHandler)})
			must(b, err)
			b.Cleanup(func() { must(b, e.Shutdown(context.Background())) })
			none, with := crowd(e, "/none.asp"), crowd(e, "/page.asp")
			var times, multiples []float64
			for b.Loop() {
				base := float64(none.visit(b))
				each := float64(with.visit(b))
				times, multiples = append(times, each/(visitors*visits)), append(multiples, each/base)
			}
			slices.Sort(times)
			slices.Sort(multiples)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(multiples[len(multiples)/2], "x-sessionless")
			b.ReportMetric(1e9/times[len(times)/2], "pages/s")
		})
	}
}

// Of one round.
const (
	visitors = 16
	visits   = 25
)

// A visitorCrowd is visitors of one page.
type visitorCrowd []*caller

func crowd(h http.Handler, page string) (all visitorCrowd) {
	for range visitors {
		all = append(all, &caller{h: h, page: page})
	}
	return all
}

// visit has each of them ask for the page, and gives the time of all.
func (all visitorCrowd) visit(t testing.TB) time.Duration {
	begin := time.Now()
	var wg sync.WaitGroup
	for _, c := range all {
		wg.Go(func() {
			for range visits {
				c.ask(t)
			}
		})
	}
	wg.Wait()
	return time.Since(begin)
}

// A caller is a visitor without a browser.
type caller struct {
	h      http.Handler
	page   string
	cookie string
}

func (c *caller) ask(t testing.TB) {
	r := httptest.NewRequest("GET", c.page, nil)
	if c.cookie != "" {
		r.Header.Set("Cookie", c.cookie)
	}
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	if w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, line := range w.Result().Cookies() {
		c.cookie = line.Name + "=" + line.Value
	}
}
