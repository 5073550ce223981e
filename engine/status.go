package engine

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/internal/turn"
)

// A Status is an application at one moment. It is a copy: nobody changes it.
// Its names in JSON are stable; durations are numbers of seconds.
type Status struct {
	Path    string          `json:"path"`           // URL prefix of the application
	Uptime  Seconds         `json:"uptime_seconds"` // since New
	Running []RequestStatus `json:"running"`        // the oldest first
	Waiting []RequestStatus `json:"waiting"`        // for the application, a turn or an apartment, the oldest first

	Apartments    int               `json:"apartments"`     // how many there are
	Busy          int               `json:"busy"`           // of them, in use
	Orphans       int               `json:"orphans"`        // scripts that don't stop
	ApartmentList []ApartmentStatus `json:"apartment_list"` // each of them
	Single        bool              `json:"single"`         // one apartment only, see Engine.Single
	QueueMax      int               `json:"queue_max"`      // request_queue_max, which Waiting may grow to

	// Unhealthy says that more than half as many scripts don't stop as there
	// are processors: the process should be restarted.
	Unhealthy bool `json:"unhealthy"`

	Turns       []TurnStatus      `json:"turns"`       // sessions with a request that runs or waits
	Sessions    int               `json:"sessions"`    // alive; -1 where somebody else keeps them
	Pinned      int               `json:"pinned"`      // sessions bound to an apartment
	Application ApplicationStatus `json:"application"` // its lock, holder and waiters included

	// Generation is nil where state ends with the application, and before the
	// first start.
	Generation *GenerationStatus `json:"generation"`

	Pages  int    `json:"pages"`  // compiled and kept
	Global string `json:"global"` // what is wrong with global.asa, "" when nothing
	State  string `json:"state"`  // what is wrong with the store of sessions and Application, "" when nothing

	Counts
	Rates Rates `json:"rates"`
}

// Counts are what an application has done, since New or the last Recover.
type Counts struct {
	Requests       int64 `json:"requests"`        // answered
	PageRequests   int64 `json:"page_requests"`   // of them, by a page
	StaticRequests int64 `json:"static_requests"` // by a file
	Refused        int64 `json:"refused"`         // without either: 404, 503 …
	Failed         int64 `json:"failed"`          // pages and events that failed
	Timeouts       int64 `json:"timeouts"`        // of them, at their script timeout
	Flushed        int64 `json:"flushed"`         // pages sent in several pieces
	CacheHits      int64 `json:"cache_hits"`      // requests that found their page compiled
	CacheMisses    int64 `json:"cache_misses"`    // and those that had to have it compiled
	OrphansEver    int64 `json:"orphans_ever"`    // scripts that didn't stop, since New
}

// Add adds what another process did.
func (c *Counts) Add(o Counts) {
	c.Requests += o.Requests
	c.PageRequests += o.PageRequests
	c.StaticRequests += o.StaticRequests
	c.Refused += o.Refused
	c.Failed += o.Failed
	c.Timeouts += o.Timeouts
	c.Flushed += o.Flushed
	c.CacheHits += o.CacheHits
	c.CacheMisses += o.CacheMisses
	c.OrphansEver += o.OrphansEver
}

// Rates are numbers a second, over the last ten seconds.
type Rates struct {
	Requests float64 `json:"requests"`
	Pages    float64 `json:"pages"`
	Refused  float64 `json:"refused"`
	Failed   float64 `json:"failed"`
}

// A RequestStatus is one request of a page, or an event of global.asa.
type RequestStatus struct {
	ID        int64   `json:"id"` // unique in its engine
	Method    string  `json:"method"`
	URL       string  `json:"url"`            // its path
	Page      string  `json:"page"`           // the file; for an event its name too
	Session   string  `json:"session"`        // NAJA_SESSION of its pages, never the cookie; "" without one
	Turn      string  `json:"turn"`           // that it has or waits for, as Status.Turns names it; "" for none
	WaitsFor  string  `json:"waits_for"`      // "turn", "apartment", "application"; "" when it runs
	Apartment int     `json:"apartment"`      // from 1; 0 while it waits
	Queued    Seconds `json:"queued_seconds"` // waiting for turn and apartment, so far
	Run       Seconds `json:"run_seconds"`    // since the page began
	File      string  `json:"file"`           // where the page was when it last called the host
	Line      int     `json:"line"`
	Buffered  int     `json:"buffered"`   // bytes not sent yet
	HoldsLock bool    `json:"holds_lock"` // Application.Lock
}

// An ApartmentStatus is one apartment and what it does.
type ApartmentStatus struct {
	ID      int     `json:"id"`           // from 1
	State   string  `json:"state"`        // "idle", "running", or "held" for the moments before and after a page
	Held    Seconds `json:"held_seconds"` // by its holder so far; 0 while idle
	Busy    Seconds `json:"busy_seconds"` // by all holders
	Hits    int64   `json:"hits"`         // how many there were
	Waiting int     `json:"waiting"`      // requests that wait for just this one
	Request int64   `json:"request"`      // that it runs, as in Status.Running; 0 for none
	Method  string  `json:"method"`
	URL     string  `json:"url"`
	File    string  `json:"file"` // the page's, or the include's, where it last called the host
	Line    int     `json:"line"`
}

// A TurnStatus is the turn of one session.
type TurnStatus struct {
	Turn    string    `json:"turn"`            // a name for it that gives nothing away, see turn.Label
	Session string    `json:"session"`         // NAJA_SESSION of its pages; "" while the holder hasn't opened it
	Held    Seconds   `json:"held_seconds"`    // how long the holder has had the turn
	Waited  Seconds   `json:"waited_seconds"`  // how long the holder waited for it
	Waiting []Seconds `json:"waiting_seconds"` // how long each waiter has waited, first in line first
}

// An ApplicationStatus is the Application object and its lock.
type ApplicationStatus struct {
	Version int64        `json:"version"`
	Keys    int          `json:"keys"`
	Bytes   int64        `json:"bytes"`  // of keys and values
	Holder  *LockStatus  `json:"holder"` // of the lock in this process; nil where there is none
	Waiters []LockStatus `json:"waiters"`
}

// A LockStatus is a request that has Application.Lock, or waits for it.
type LockStatus struct {
	Page string  `json:"page"`
	URL  string  `json:"url"`
	Age  Seconds `json:"age_seconds"` // how long it has had the lock, or waited
}

// Status takes a snapshot. Any goroutine may call it; it waits for nobody.
func (e *Engine) Status() Status {
	app := e.life.app()
	s := Status{
		Path: e.cfg.Path, Uptime: Seconds(time.Since(e.started)),
		Turns: turnStatus(e.turns.Snapshot()), Sessions: e.sessionCount(), Pinned: e.objects.pins(),
		Application: applicationStatus(app.state.Status()), Global: e.life.problem(), State: e.stateProblem(),
		Generation: e.generation(app),
		QueueMax:   max(e.live().RequestQueueMax, 0),
	}
	e.counts.status(&s)
	s.Pages, s.CacheHits, s.CacheMisses = e.pages.Counts()
	pool := e.apartments.Status()
	s.Apartments, s.Busy, s.Orphans, s.OrphansEver, s.Single = len(pool.Apartments), pool.Busy, pool.Orphans, pool.OrphansEver, pool.Single
	s.Unhealthy = !healthy(pool.Orphans)
	for _, a := range pool.Apartments {
		f := e.busy.in(a.ID)
		s.ApartmentList = append(s.ApartmentList, publicOf(a, f))
		if f != nil {
			s.Running = append(s.Running, f.status())
		}
	}
	for _, f := range e.busy.list() {
		s.Waiting = append(s.Waiting, f.status())
	}
	s.nameSessions()
	byAge := func(list []RequestStatus) func(i, j int) bool {
		return func(i, j int) bool { return list[i].Queued+list[i].Run > list[j].Queued+list[j].Run }
	}
	sort.Slice(s.Running, byAge(s.Running))
	sort.Slice(s.Waiting, byAge(s.Waiting))
	return s
}

// nameSessions gives turns, and those who wait for one, the session of who has
// it: they load it only when they have.
func (s *Status) nameSessions() {
	known := make(map[string]string)
	for _, list := range [][]RequestStatus{s.Running, s.Waiting} {
		for _, r := range list {
			if r.Turn != "" && r.Session != "" {
				known[r.Turn] = r.Session
			}
		}
	}
	for i := range s.Turns {
		s.Turns[i].Session = known[s.Turns[i].Turn]
	}
	for i := range s.Waiting {
		if r := &s.Waiting[i]; r.Session == "" {
			r.Session = known[r.Turn]
		}
	}
}

func (f *flight) status() RequestStatus {
	r := RequestStatus{ID: f.id, Method: f.method, URL: f.url, Page: f.page, WaitsFor: f.waits, Apartment: f.apartment, Queued: Seconds(f.queued)}
	if id := f.session.Load(); id != nil {
		r.Session = *id
	}
	if f.key != "" {
		r.Turn = turn.Label(f.key)
	}
	if f.waits != "" {
		r.Queued = Seconds(time.Since(f.arrived))
		return r
	}
	r.Run = Seconds(time.Since(f.began))
	r.HoldsLock = f.view.Locked()
	r.File, r.Line = f.where()
	if res := f.res.Load(); res != nil {
		r.Buffered = res.BufferedBytes()
	}
	return r
}

// where is where the page was when it last called the host.
func (f *flight) where() (file string, line int) {
	if s := f.state.Load(); s != nil {
		return s.Where()
	}
	return "", 0
}

func turnStatus(infos []turn.Info) []TurnStatus {
	var list []TurnStatus
	for _, t := range infos {
		s := TurnStatus{Turn: t.Session, Held: Seconds(t.Held), Waited: Seconds(t.Waited)}
		for _, w := range t.Waiting {
			s.Waiting = append(s.Waiting, Seconds(w))
		}
		list = append(list, s)
	}
	return list
}

func applicationStatus(st shared.Status) ApplicationStatus {
	s := ApplicationStatus{Version: st.Version, Keys: st.Keys, Bytes: st.Bytes}
	if h := st.Holder; h != nil {
		s.Holder = &LockStatus{h.Page, h.URL, Seconds(h.Age)}
	}
	for _, w := range st.Waiters {
		s.Waiters = append(s.Waiters, LockStatus{w.Page, w.URL, Seconds(w.Age)})
	}
	return s
}

// publicOf is what Status shows of an apartment, which runs f; nil for nothing.
func publicOf(a apartment.State, f *flight) ApartmentStatus {
	s := ApartmentStatus{ID: a.ID, State: "idle", Held: Seconds(a.Held), Busy: Seconds(a.Busy), Hits: a.Hits, Waiting: a.Pinned}
	if a.InUse {
		s.State = "held"
	}
	if f != nil {
		s.State, s.Request, s.Method, s.URL = "running", f.id, f.method, f.url
		s.File, s.Line = f.where()
		s.File = firstOf(s.File, f.page)
	}
	return s
}

// Seconds is a duration that is a number of seconds in JSON and in XML, with
// up to nine digits after the point, so that every program understands it and
// none of it is lost on the way there and back.
type Seconds time.Duration

// Duration is the same in Go's own type.
func (s Seconds) Duration() time.Duration { return time.Duration(s) }

// String is as of [time.Duration].
func (s Seconds) String() string { return time.Duration(s).String() }

// MarshalText writes the number.
func (s Seconds) MarshalText() ([]byte, error) {
	n, sign := uint64(s), ""
	if s < 0 {
		n, sign = -n, "-"
	}
	whole, rest := n/uint64(time.Second), n%uint64(time.Second)
	text := sign + strconv.FormatUint(whole, 10)
	if rest > 0 {
		text += strings.TrimRight(fmt.Sprintf(".%09d", rest), "0")
	}
	return []byte(text), nil
}

// MarshalJSON writes the number.
func (s Seconds) MarshalJSON() ([]byte, error) { return s.MarshalText() }

// UnmarshalJSON reads it.
func (s *Seconds) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	return s.UnmarshalText(text)
}

// UnmarshalText reads a number of seconds.
func (s *Seconds) UnmarshalText(text []byte) error {
	if !strings.ContainsAny(string(text), "eE") {
		if d, err := time.ParseDuration(string(text) + "s"); err == nil {
			*s = Seconds(d)
			return nil
		}
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.Abs(f) > math.MaxInt64/float64(time.Second) {
		return fmt.Errorf("%q is not a number of seconds", text)
	}
	*s = Seconds(math.Round(f * float64(time.Second)))
	return nil
}

// counters are what the engine counts.
type counters struct {
	requests, pages, statics, refused, failed, timeouts, orphans, flushed atomic.Int64

	lately [4]rate // requests, pages, refused, failed
}

// The places of counters.lately.
const (
	lateRequests = iota
	latePages
	lateRefused
	lateFailed
)

// add counts a request that was answered at this time.
func (c *counters) add(a *access, now time.Time) {
	second := now.Unix()
	c.requests.Add(1)
	c.lately[lateRequests].add(second)
	switch a.sent {
	case sentStatic:
		c.statics.Add(1)
		return
	case sentRefused:
		c.refused.Add(1)
		c.lately[lateRefused].add(second)
		return
	case sentFlushed:
		c.flushed.Add(1)
	}
	c.pages.Add(1)
	c.lately[latePages].add(second)
}

// fail counts a page or an event that failed.
func (c *counters) fail() {
	c.failed.Add(1)
	c.lately[lateFailed].add(time.Now().Unix())
}

// status fills in what was counted.
func (c *counters) status(s *Status) {
	s.Requests, s.PageRequests, s.StaticRequests = c.requests.Load(), c.pages.Load(), c.statics.Load()
	s.Refused, s.Failed, s.Timeouts, s.Flushed = c.refused.Load(), c.failed.Load(), c.timeouts.Load(), c.flushed.Load()
	now := time.Now().Unix()
	s.Rates = Rates{
		Requests: c.lately[lateRequests].of(now), Pages: c.lately[latePages].of(now),
		Refused: c.lately[lateRefused].of(now), Failed: c.lately[lateFailed].of(now),
	}
}

// reset begins to count anew.
func (c *counters) reset() {
	for _, n := range []*atomic.Int64{&c.requests, &c.pages, &c.statics, &c.refused, &c.failed, &c.timeouts, &c.orphans, &c.flushed} {
		n.Store(0)
	}
}

// rateSeconds is over how many whole seconds a rate is taken.
const rateSeconds = 10

// A rate counts what happened in each of the last seconds. Any goroutine may
// use it. At the turn of a second it may lose a few.
type rate struct {
	slots [16]struct{ second, n atomic.Int64 } // more than rateSeconds
}

func (r *rate) add(second int64) {
	s := &r.slots[second&15]
	if old := s.second.Load(); old != second && s.second.CompareAndSwap(old, second) {
		s.n.Store(0)
	}
	s.n.Add(1)
}

// of is the rate over the whole seconds before now.
func (r *rate) of(now int64) float64 {
	var n int64
	for i := range r.slots {
		s := &r.slots[i]
		if age := now - s.second.Load(); age >= 1 && age <= rateSeconds {
			n += s.n.Load()
		}
	}
	return float64(n) / rateSeconds
}
