package engine

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	goruntime "runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/session"
)

func heapInUse() int64 {
	var m goruntime.MemStats
	goruntime.GC()
	goruntime.GC()
	goruntime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// visit makes a request without a network.
func (pg *playground) visit(path string, cookies []*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	pg.ServeHTTP(w, r)
	return w
}

// crowd makes n sessions of three small values each, some at once.
func (pg *playground) crowd(n int, path string) {
	pg.Helper()
	var wg sync.WaitGroup
	const workers = 4
	for range workers {
		wg.Go(func() {
			for range n / workers {
				if w := pg.visit(path, nil); w.Code != 200 {
					pg.Errorf("%d %s", w.Code, w.Body)
					return
				}
			}
		})
	}
	wg.Wait()
}

const threeValues = `<% Session("user") = "user-4711"; Session("visits") = 12; Session("theme") = "dark"; Session.Timeout = Number(Request.QueryString("timeout")) || 20 %>`

// A live session of three small values takes at most 600 bytes, made by pages
// and with all that the engine keeps of it.
func TestSessionsAreSmall(t *testing.T) { checkSessionSize(t, 5000) }

func TestSoakAMillionSessions(t *testing.T) {
	asptest.SoakOnly(t)
	checkSessionSize(t, 1_000_000)
}

func checkSessionSize(t *testing.T, n int) {
	pg := play(t, Config{SessionMax: 2 * n}, map[string]string{"in.asp": threeValues})
	pg.crowd(400, "/in.asp") // what only the first requests take
	before := heapInUse()
	began := time.Now()
	pg.crowd(n, "/in.asp")
	each := (heapInUse() - before) / int64(n)
	if s := pg.Status(); s.Sessions != n+400 {
		t.Errorf("%d sessions", s.Sessions)
	}
	t.Logf("%d sessions take %d bytes each; made in %v", n, each, time.Since(began))
	if each > 600 {
		t.Errorf("a session takes %d bytes, want at most 600", each)
	}
}

// 100,000 sessions expire at once, with and without a Session_OnEnd: how long
// do requests of other sessions take meanwhile, compared to idle?
func TestSoakACrowdExpires(t *testing.T) {
	asptest.SoakOnly(t)
	for name, global := range map[string]string{
		"no event":      script(`function other() {}`),
		"Session_OnEnd": script(`function Session_OnEnd() { Application.Increment("ended") }`),
	} {
		t.Run(name, func(t *testing.T) {
			const crowd, lives = 100_000, 6 * time.Second
			pg := play(t, Config{SessionTimeout: lives}, map[string]string{
				"global.asa": global,
				"n.asp":      `<% Session.Timeout = 60; Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
			})
			var cookies [][]*http.Cookie
			for range 100 {
				cookies = append(cookies, pg.visit("/n.asp", nil).Result().Cookies())
			}
			idle := pg.latency(cookies, func(done int) bool { return done == 50_000 })
			began := time.Now()
			pg.crowdAtOnce(crowd)
			t.Logf("%d sessions made in %v", crowd, time.Since(began))
			pg.until("the first of them expires", func() bool { return pg.Status().Sessions < crowd })
			began = time.Now()
			busy := pg.latency(cookies, func(int) bool { return pg.Status().Sessions <= len(cookies) })
			t.Logf("%d sessions ended in %v while %d requests ran", crowd, time.Since(began), len(busy))
			for _, p := range []int{50, 90, 99} {
				a, b := idle[len(idle)*p/100], busy[len(busy)*p/100]
				t.Logf("p%d: idle %v, while they end %v, ratio %.2f", p, a, b, float64(b)/float64(a))
			}
		})
	}
}

// crowdAtOnce makes n sessions within a moment, so that they expire within
// one.
func (pg *playground) crowdAtOnce(n int) {
	pg.Helper()
	r := httptest.NewRequest("GET", "/", nil)
	raw, err := cborvalue.FromGo("user-4711")
	if err != nil {
		pg.Fatal(err)
	}
	for range n {
		h, err := pg.life.app().manager.Open(pg.Context(), r, session.ReadWrite)
		if err == nil {
			err = h.Create(pg.Context())
		}
		for _, key := range []string{"user", "visits", "theme"} {
			if err == nil {
				err = h.Set(key, raw)
			}
		}
		if err == nil {
			err = h.Close(pg.Context(), http.Header{})
		}
		if err != nil {
			pg.Fatal(err)
		}
	}
}

// latency makes requests one after the other until enough says so, and gives
// what they took, sorted.
func (pg *playground) latency(cookies [][]*http.Cookie, enough func(done int) bool) []time.Duration {
	pg.Helper()
	var took []time.Duration
	for i := 0; i%50 != 0 || i == 0 || !enough(i); i++ {
		began := time.Now()
		w := pg.visit("/n.asp", cookies[i%len(cookies)])
		took = append(took, time.Since(began))
		if want := fmt.Sprint(i/len(cookies) + 2); w.Code != 200 || w.Body.String() == "" {
			pg.Fatalf("%d %s, want %s", w.Code, w.Body, want)
		}
	}
	slices.Sort(took)
	return took
}
