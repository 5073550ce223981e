package apartment

import (
	"errors"
	"fmt"
	goruntime "runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/internal/linked"
)

// An Apartment runs one request at a time, always on the same goroutine. Who
// acquired it from the [Pool] holds it, and only the holder calls its
// methods, except for those that only look.
type Apartment struct {
	ID   int // from 1
	pool *Pool

	worker *worker // the holder's; nil until the first job and after an orphan

	// guarded by pool.mu
	idle   linked.Node[Apartment] // among the idle ones
	pinned waitQueue              // who waits for this very apartment
	taken  time.Duration          // when the holder got it, on the pool's clock
	freed  time.Duration          // when the last holder gave it back
	busy   time.Duration          // that it was held, up to the last release

	hits atomic.Int64 // times it was acquired or adopted

	// Local is the holder's own, and stays for the next one; an orphan takes it
	// along.
	Local any
}

// Start hands a job to the apartment's goroutine and returns at once. Every
// start needs one receive from Done, or else Orphan.
func (a *Apartment) Start(job func()) {
	if a.worker == nil || a.worker.dead.Load() {
		a.worker = a.pool.newWorker(a.ID)
	}
	a.worker.jobs <- job
}

// Done receives when the job that was started has ended: nil, a
// *jobPanicError, or errJobExited.
func (a *Apartment) Done() <-chan error { return a.worker.done }

// Release gives it back to its pool, for a holder that doesn't know the pool.
func (a *Apartment) Release() { a.pool.Release(a) }

// Orphan parts the apartment from a job that doesn't stop. The holder may
// start the next job, on a new goroutine, or release the apartment. The old
// goroutine counts as an orphan until its job returns, if ever.
func (a *Apartment) Orphan() {
	w := a.worker
	a.worker, a.Local = nil, nil
	a.pool.orphaned(w)
}

// A worker is an apartment's goroutine.
type worker struct {
	pool      *Pool
	apartment int
	jobs      chan func() // closed to end it
	done      chan error  // room for one, so that an orphan's end waits for nobody
	running   bool        // the goroutine's own
	dead      atomic.Bool // it will take no more jobs

	// guarded by pool.mu
	orphan time.Time // since when it is one
	gone   bool      // its goroutine has ended
}

func (w *worker) loop() {
	defer w.exit()
	for job := range w.jobs {
		w.running = true
		err := call(job)
		w.running = false
		w.done <- err
	}
}

// exit is also reached when a job ended the goroutine by runtime.Goexit, as
// t.FailNow does: the holder still hears of it.
func (w *worker) exit() {
	w.dead.Store(true)
	if w.running {
		w.done <- errJobExited
	}
	if stuck, orphans := w.pool.exited(w); stuck > 0 {
		w.pool.log.Warn("a script that did not stop has ended at last",
			"apartment", w.apartment, "after", stuck, "orphans", orphans)
	}
}

// call runs a job and makes an error of its panic: a panic that nobody
// recovers would end the process with everybody's requests.
func call(job func()) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &jobPanicError{value: value, stack: debug.Stack()}
		}
	}()
	job()
	return nil
}

// errJobExited is that a job ended its goroutine.
var errJobExited = errors.New("the script's goroutine was ended by runtime.Goexit")

// A jobPanicError is that a job panicked.
type jobPanicError struct {
	value any
	stack []byte
}

func (e *jobPanicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// StackOf is where a job panicked, "" for another error.
func StackOf(err error) string {
	if p, ok := errors.AsType[*jobPanicError](err); ok {
		return string(p.stack)
	}
	return ""
}

// Unwrap gives the value of a panic with an error.
func (e *jobPanicError) Unwrap() error {
	if _, bug := e.value.(goruntime.Error); bug {
		return nil // not to be taken for a condition that somebody handles
	}
	err, _ := e.value.(error)
	return err
}
