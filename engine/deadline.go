package engine

import (
	"sync"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/runtime"
)

// A deadline is a script timeout that the script itself may move. The
// handler's goroutine waits for it, the script's moves it.
type deadline struct {
	mu      sync.Mutex
	began   time.Time
	timeout time.Duration
	timer   *time.Timer
	job     int64 // which request or event it is for; 0 for none
	killed  error // why it was ended before its time; nil: it wasn't

	restarted chan struct{} // a page's error page begins
}

func newDeadline(timeout time.Duration, job int64) *deadline {
	return &deadline{began: time.Now(), timeout: timeout, timer: time.NewTimer(timeout), job: job, restarted: make(chan struct{}, 1)}
}

// deadlineIn starts the deadline of the apartment's next job. It is the same one
// each time: a timer and a channel for every page would cost as much as a
// small page does.
func deadlineIn(a *apartment.Apartment, timeout time.Duration, job int64) *deadline {
	d, ok := a.Local.(*deadline)
	if !ok {
		d = newDeadline(timeout, job)
		a.Local = d
		return d
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.restarted: // left by an error page
	default:
	}
	d.began, d.timeout, d.job, d.killed = time.Now(), timeout, job, nil
	d.timer.Reset(timeout)
	return d
}

// restart gives a page's error page the whole time again, once.
func (d *deadline) restart() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.killed != nil {
		return // there is no more time for anything
	}
	d.began = time.Now()
	d.timer.Reset(d.timeout)
	select {
	case d.restarted <- struct{}{}:
	default:
	}
}

// move sets the timeout, counted from the start of the page.
func (d *deadline) move(timeout time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.timeout = timeout
	if d.killed != nil {
		return
	}
	d.timer.Reset(time.Until(d.began.Add(timeout)))
}

// get is the timeout in force.
func (d *deadline) get() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.timeout
}

// stop ends it, and tells whether the job was killed.
func (d *deadline) stop() (killed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.job = 0
	d.timer.Stop()
	return d.killed != nil
}

// kill is the end of the time that job has; false when it has ended. The first
// reason counts.
func (d *deadline) kill(job int64, reason error) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.job != job {
		return false
	}
	if d.killed == nil {
		d.killed = reason
	}
	d.timer.Reset(0)
	return true
}

// over says that the time is up, after the timer has said so: what follows a
// failed page may have begun meanwhile, and has its own time. A restart from
// before the end of that is no reason to wait on.
func (d *deadline) over() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.restarted:
	default:
	}
	return d.killed != nil || time.Since(d.began) >= d.timeout
}

// reason is why the job is stopped now.
func (d *deadline) reason() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.killed != nil {
		return d.killed
	}
	return runtime.ErrTimeout
}
