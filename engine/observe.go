package engine

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/internal/shared"
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
	view           *shared.View // of Application; nil where no page ran

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
	if o.view != nil {
		s.LockWait = o.view.Waited()
	}
	x.e.cfg.Observer.Served(s)
}

// A Recorder is told which page or event runs in which apartment, so that
// somebody outside of the process knows what ran when it died. Its methods are
// called by many goroutines at once, for one apartment by one at a time, and
// must be quick.
type Recorder interface {
	// Begin is called before a page runs, for a request with ctx to the path
	// url, and before an event, whose url is empty and whose page is global.asa
	// with the event's name. Apartments count from 1. When it returns false a
	// page doesn't run, and its client gets 503; an event runs anyway.
	Begin(ctx context.Context, apartment int, page, url string) bool
	// End is called when what the apartment began has ended. It isn't for a
	// script that doesn't stop: it may yet do harm.
	End(apartment int)
}

// record says that the page is about to run.
func (x *visit) record() bool {
	recorder := x.e.cfg.Recorder
	if recorder == nil || recorder.Begin(x.r.Context(), x.home.ID, x.prog.Name(), x.r.URL.Path) {
		return true
	}
	return x.refuse(tooBusy)
}

// recorded says that the page has ended.
func (x *visit) recorded() {
	if recorder := x.e.cfg.Recorder; recorder != nil && !x.orphan {
		recorder.End(x.home.ID)
	}
}

// recordEvent says that an event begins; whoever calls it calls what it
// returns when the event has ended.
func (e *Engine) recordEvent(ctx context.Context, a *apartment.Apartment, name string) (ended func()) {
	recorder := e.cfg.Recorder
	if recorder == nil {
		return func() {}
	}
	recorder.Begin(ctx, a.ID, globalFile+" "+name, "")
	return func() { recorder.End(a.ID) }
}

// How a response was sent, for the access log.
const (
	sentBuffered = "buffered" // a page in one piece
	sentFlushed  = "flushed"  // a page in several
	sentStatic   = "static"   // a file
	sentRefused  = "refused"  // nothing ran: 404, 405, 503, a redirect to a folder
)

// An access is what the log says of a request when it has been answered.
type access struct {
	status int
	bytes  int64         // of the body, as far as they were sent
	took   time.Duration // from the request's first look to the last byte handed over
	queued time.Duration // of it, waiting for a turn and an apartment
	sent   string        // one of the words above
	note   string        // Response.AppendToLog
	err    error         // why the client got less than all of it, if so
}

// log writes the request's one line.
func (a *access) log(logger *slog.Logger, r *http.Request) {
	// The request's context may have ended, but its values are for the log.
	ctx := context.WithoutCancel(r.Context())
	if !logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	var room [10]slog.Attr
	attrs := append(room[:0],
		slog.String("method", r.Method),
		slog.String("path", r.URL.Path),
		slog.Int("status", a.status),
		slog.Int64("bytes", a.bytes),
		slog.Duration("duration", a.took),
		slog.Duration("queued", a.queued),
		slog.String("sent", a.sent),
	)
	if a.note != "" {
		attrs = append(attrs, slog.String("note", a.note))
	}
	if a.err != nil {
		attrs = append(attrs, slog.String("error", a.err.Error()))
	}
	logger.LogAttrs(ctx, slog.LevelInfo, "request", attrs...)
}
