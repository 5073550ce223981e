package bridge

import (
	"sync"
	"time"
)

// Ended remembers the names of sessions that were ended, for as long as a
// request may still run that loaded one before: a slower request must not
// bring back who logged out. It is safe for any goroutine.
type Ended struct {
	keep time.Duration

	mu       sync.Mutex
	turned   time.Time
	now, old map[string]struct{}
}

// NewEnded remembers each name for keep at least and twice that at most.
func NewEnded(keep time.Duration) *Ended {
	return &Ended{keep: keep, turned: time.Now(), now: map[string]struct{}{}}
}

// Keep is how long a name is remembered at least.
func (e *Ended) Keep() time.Duration { return e.keep }

// Add remembers a name.
func (e *Ended) Add(name string) {
	if name == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.turn()
	e.now[name] = struct{}{}
}

// Has reports whether a name is remembered.
func (e *Ended) Has(name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.turn()
	_, now := e.now[name]
	_, old := e.old[name]
	return now || old
}

// turn forgets what is old enough. mu is locked.
func (e *Ended) turn() {
	past := time.Since(e.turned)
	if past < e.keep {
		return
	}
	e.old, e.now = e.now, map[string]struct{}{}
	if past >= 2*e.keep {
		e.old = nil
	}
	e.turned = time.Now()
}
