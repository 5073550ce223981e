package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
)

// requests are the requests of pages that run or wait.
type requests struct {
	mu  sync.Mutex
	all map[*flight]struct{}
}

func (rs *requests) init() { rs.all = make(map[*flight]struct{}) }

// A flight is one request of a page, as the status shows it. Its parts are
// set by the request's goroutine and read by anybody.
type flight struct {
	method, url string
	arrived     time.Time
	waits       string // "turn" or "apartment"; "" when it runs
	page        string
	session     string // Session.SessionID
	apartment   int
	began       time.Time
	queued      time.Duration

	state atomic.Pointer[runtime.State]
	res   atomic.Pointer[asp.Response]
	locks func() int
}

// wait notes that a request waits, until the returned function is called.
func (rs *requests) wait(x *exchange, what string) func() {
	f := &flight{method: x.r.Method, url: x.r.URL.Path, arrived: x.began, waits: what, page: x.prog.Name()}
	rs.add(f)
	return func() { rs.remove(f) }
}

// start notes that a request runs, until stop.
func (rs *requests) start(x *exchange) *flight {
	view := x.view
	f := &flight{
		method: x.r.Method, url: x.r.URL.Path, arrived: x.began, page: x.prog.Name(),
		apartment: x.home.id, began: time.Now(), queued: x.log.queued,
		locks: func() int {
			if view.Locked() {
				return 1
			}
			return 0
		},
	}
	if x.handle != nil && x.handle.Exists() {
		f.session = x.handle.ID()
	}
	rs.add(f)
	return f
}

// attach gives the status a look at the script.
func (f *flight) attach(s *runtime.State, res *asp.Response) {
	f.state.Store(s)
	f.res.Store(res)
}

func (rs *requests) add(f *flight) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.all[f] = struct{}{}
}

func (rs *requests) remove(f *flight) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.all, f)
}

func (rs *requests) stop(f *flight) { rs.remove(f) }

// list copies what there is.
func (rs *requests) list() []*flight {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	list := make([]*flight, 0, len(rs.all))
	for f := range rs.all {
		list = append(list, f)
	}
	return list
}

// counters are what the engine counts.
type counters struct {
	requests, pages, statics, refused, failed, timeouts, orphans, flushed atomic.Int64
}

func (c *counters) add(a *access) {
	c.requests.Add(1)
	switch a.sent {
	case sentStatic:
		c.statics.Add(1)
	case sentRefused:
		c.refused.Add(1)
	case sentFlushed:
		c.flushed.Add(1)
		c.pages.Add(1)
	default:
		c.pages.Add(1)
	}
}
