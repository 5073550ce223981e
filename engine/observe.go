package engine

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/runtime"
)

// An Observer hears of every request once it has been answered: for metrics.
// Served is called by the request's goroutine, by many at once, and should be
// quick and never wait.
type Observer interface {
	Served(Sample)
}

// A Sample is one request that was answered: plain data, so that a worker
// process can send it to its supervisor.
type Sample struct {
	Application string `json:"application"` // its Config.Path
	Status      int    `json:"status"`      // 0 when nothing was sent
	// Sent is how: "buffered" and "flushed" are pages, in one piece or in
	// several, "static" a file, "refused" an answer for which nothing ran.
	Sent  string `json:"sent"`
	Bytes int64  `json:"bytes"` // of the body, as far as they were sent

	Took   time.Duration `json:"took"`   // from first to last, all the following included
	Queued time.Duration `json:"queued"` // waiting for a turn and an apartment
	// Script is the time in the apartment, events and error pages included.
	// That of a page that flushes includes sending what it flushed.
	Script   time.Duration `json:"script"`
	Send     time.Duration `json:"send"`      // after the script
	LockWait time.Duration `json:"lock_wait"` // of Script, waiting for Application.Lock
	Commit   time.Duration `json:"commit"`    // storing the session
	Commits  int           `json:"commits"`   // how often it was stored

	Page     bool          `json:"page"`     // a page was asked for, so that there was a look into the cache
	Compiled bool          `json:"compiled"` // the page wasn't in it, or has changed
	Compile  time.Duration `json:"compile"`  // waiting for that

	Timeout bool `json:"timeout"` // script_timeout
	Failed  bool `json:"failed"`  // the page failed, or doesn't compile
	Orphan  bool `json:"orphan"`  // its script didn't stop
}

// observed is what an exchange notes for the Observer alone.
type observed struct {
	page, compiled bool
	compile        time.Duration
	script         time.Duration
	sending        time.Time // when sending began
	timeout        bool

	// The script's goroutine sets these, which may have been given up.
	commit, commits atomic.Int64
	failed          atomic.Bool
}

// now is the time, for somebody who hears of it; without an Observer it isn't
// looked up.
func (x *exchange) now() (t time.Time) {
	if x.e.cfg.Observer != nil {
		t = time.Now()
	}
	return t
}

// since is the time that passed since now, 0 when nobody hears of it.
func since(t time.Time) time.Duration {
	if t.IsZero() {
		return 0
	}
	return time.Since(t)
}

// program is the page from the cache.
func (x *exchange) program(name string) (*runtime.Program, error) {
	began := x.now()
	prog, kept, err := x.e.pages.Find(name)
	x.seen.page = true
	if !kept {
		x.seen.compiled, x.seen.compile = true, since(began)
	}
	return prog, err
}

// stored counts a session's commit, or the attempt.
func (x *exchange) stored(exists bool, began time.Time) {
	if exists {
		x.seen.commits.Add(1)
		x.seen.commit.Add(int64(since(began)))
	}
}

// noteReason remembers a script's timeout.
func (o *observed) noteReason(reason error) {
	if errors.Is(reason, runtime.ErrTimeout) {
		o.timeout = true
	}
}

// observe tells the Observer of a request that has been answered.
func (x *exchange) observe() {
	if x.e.cfg.Observer == nil {
		return
	}
	o := &x.seen
	s := Sample{
		Application: x.e.cfg.Path, Status: x.log.status, Sent: x.log.sent, Bytes: x.log.bytes,
		Took: x.log.took, Queued: x.log.queued, Script: o.script, Send: since(o.sending),
		Commit: time.Duration(o.commit.Load()), Commits: int(o.commits.Load()),
		Page: o.page, Compiled: o.compiled, Compile: o.compile,
		Timeout: o.timeout, Failed: o.failed.Load(), Orphan: x.orphan,
	}
	if x.view != nil {
		s.LockWait = x.view.Waited()
	}
	x.e.cfg.Observer.Served(s)
}
