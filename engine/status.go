package engine

import (
	"sort"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/session"
)

// Status is an application at one moment. It is a copy: nobody changes it.
type Status struct {
	Path    string        // URL prefix of the application
	Uptime  time.Duration // since New
	Running []RequestStatus
	Waiting []RequestStatus

	Apartments int // how many there are
	Busy       int // of them, in use
	Orphans    int // scripts that don't stop

	// Unhealthy says that more than half as many scripts don't stop as there
	// are processors: the process should be restarted.
	Unhealthy bool

	Turns       []session.TurnInfo // sessions with a request that runs or waits
	Sessions    int                // alive; -1 where somebody else keeps them
	Pinned      int                // sessions bound to an apartment
	Application appstate.Status    // its lock, holder and waiters included

	Pages  int    // compiled and kept
	Global string // what is wrong with global.asa, "" when nothing
	State  string // what is wrong with the store of sessions and Application, "" when nothing

	Requests, PageRequests, StaticRequests, Refused, Failed, Timeouts, Flushed int64
}

// RequestStatus is one request of a page.
type RequestStatus struct {
	Method, URL string
	Page        string        // the file; for an event its name too
	Session     string        // Session.SessionID, never the cookie; "" without one
	Turn        string        // that it has or waits for, as Status.Turns names it; "" for none
	WaitsFor    string        // "turn", "apartment"; "" when it runs
	Apartment   int           // from 1; 0 while it waits
	Queued      time.Duration // waiting for turn and apartment, so far
	Run         time.Duration // since the page began
	File        string        // where the page was when it last called the host
	Line        int
	Buffered    int  // bytes not sent yet
	HoldsLock   bool // Application.Lock
}

// Status takes a snapshot. Any goroutine may call it; it waits for nobody.
func (e *Engine) Status() Status {
	app := e.life.app()
	s := Status{
		Path: e.cfg.Path, Uptime: time.Since(e.started),
		Turns: e.turns.Snapshot(), Sessions: e.sessionCount(), Pinned: e.objects.pins(),
		Application: app.state.Status(), Pages: e.pages.count(), Global: e.life.problem(), State: e.stateProblem(),
		Requests: e.counts.requests.Load(), PageRequests: e.counts.pages.Load(), StaticRequests: e.counts.statics.Load(),
		Refused: e.counts.refused.Load(), Failed: e.counts.failed.Load(), Timeouts: e.counts.timeouts.Load(),
		Flushed: e.counts.flushed.Load(),
	}
	pool := e.apartments.status()
	s.Apartments, s.Busy, s.Orphans = len(pool.apartments), pool.busy, pool.orphans
	s.Unhealthy = !healthy(pool.orphans)
	for _, a := range pool.apartments {
		if a.current != nil {
			s.Running = append(s.Running, a.current.status())
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

// nameSessions gives those who wait for a turn the session of who has it: they
// load it only when they have.
func (s *Status) nameSessions() {
	known := make(map[string]string)
	for _, list := range [][]RequestStatus{s.Running, s.Waiting} {
		for _, r := range list {
			if r.Turn != "" && r.Session != "" {
				known[r.Turn] = r.Session
			}
		}
	}
	for i := range s.Waiting {
		if r := &s.Waiting[i]; r.Session == "" {
			r.Session = known[r.Turn]
		}
	}
}

func (f *flight) status() RequestStatus {
	r := RequestStatus{Method: f.method, URL: f.url, Page: f.page, WaitsFor: f.waits, Apartment: f.apartment, Queued: f.queued}
	if id := f.session.Load(); id != nil {
		r.Session = *id
	}
	if f.key != "" {
		r.Turn = session.Label(f.key)
	}
	if f.waits != "" {
		r.Queued = time.Since(f.arrived)
		return r
	}
	r.Run = time.Since(f.began)
	r.HoldsLock = f.view.Locked()
	if s := f.state.Load(); s != nil {
		r.File, r.Line = s.Where()
	}
	if res := f.res.Load(); res != nil {
		r.Buffered = res.BufferedBytes()
	}
	return r
}
