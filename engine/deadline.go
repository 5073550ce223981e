package engine

import (
	"sync"
	"time"
)

// A deadline is a script timeout that the script itself may move. The
// handler's goroutine waits for it, the script's moves it.
type deadline struct {
	mu      sync.Mutex
	began   time.Time
	timeout time.Duration
	timer   *time.Timer

	restarted chan struct{} // a page's error page begins
}

func newDeadline(timeout time.Duration) *deadline {
	return &deadline{began: time.Now(), timeout: timeout, timer: time.NewTimer(timeout), restarted: make(chan struct{}, 1)}
}

// begin starts the deadline of the apartment's next job. It is the same one
// each time: a timer and a channel for every page would cost as much as a
// small page does.
func (a *apartment) begin(timeout time.Duration) *deadline {
	d := a.deadline
	if d == nil {
		d = newDeadline(timeout)
		a.deadline = d
		return d
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.restarted: // left by an error page
	default:
	}
	d.began, d.timeout = time.Now(), timeout
	d.timer.Reset(timeout)
	return d
}

// restart gives a page's error page the whole time again, once.
func (d *deadline) restart() {
	d.mu.Lock()
	defer d.mu.Unlock()
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
	d.timer.Reset(time.Until(d.began.Add(timeout)))
}

// get is the timeout in force.
func (d *deadline) get() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.timeout
}

func (d *deadline) stop() { d.timer.Stop() }
