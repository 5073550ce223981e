package turn

import (
	"sync/atomic"
	"time"

	"github.com/najahost/naja/internal/linked"
)

// A turn's life: waiting → held → left, or waiting → left.
const (
	turnWaiting = iota
	turnHeld
	turnLeft
)

// A Turn is one request's right to run in its session. All methods are safe
// for any goroutine: the engine leaves the turn of a script that doesn't stop
// while that script may still be running.
type Turn struct {
	turns   *Turns
	granted chan struct{} // closed when the turn comes; nil if it never waited
	failed  error         // why it never will, read after granted; see Fail

	shard atomic.Pointer[shard] // that of key; see lock

	// guarded by the shard's mu
	key    string
	state  uint8
	queue  queue             // behind this turn, while it is held
	place  linked.Node[Turn] // in the holder's queue, while waiting
	since  time.Duration
	waited time.Duration
	hint   any
}

// lock returns the turn's shard with its lock held. [Turn.Move] may bring the
// turn to another one while somebody waits for the lock.
func (t *Turn) lock() *shard {
	for {
		s := t.shard.Load()
		s.mu.Lock()
		if t.shard.Load() == s {
			return s
		}
		s.mu.Unlock()
	}
}

// Leave gives the turn on to the next in line. A second call does nothing.
func (t *Turn) Leave() {
	s := t.lock()
	orphaned := t.pass()
	s.mu.Unlock()
	t.turns.dropHint(orphaned)
}

// pass hands turn, queue and hint to the next waiter; where there is none it
// removes the entry and returns the hint. The shard is locked.
func (t *Turn) pass() (orphaned any) {
	if t.state != turnHeld {
		return nil
	}
	t.state = turnLeft
	hint := t.hint
	t.hint = nil
	next := t.queue.First()
	if next == nil {
		delete(t.shard.Load().held, t.key)
		return hint
	}
	t.queue.remove(next)
	next.queue, t.queue = t.queue, queue{}
	next.hint = hint
	next.state = turnHeld
	now := t.turns.now()
	next.waited, next.since = now-next.since, now
	t.shard.Load().held[t.key] = next
	t.turns.waiting.Add(-1)
	close(next.granted)
	return nil
}

// abandon takes t out of the queue, or passes the turn on that was granted
// just when the waiter gave up.
func (t *Turn) abandon() {
	s := t.lock()
	if t.state == turnHeld {
		orphaned := t.pass()
		s.mu.Unlock()
		t.turns.dropHint(orphaned)
		return
	}
	if t.state == turnWaiting { // and wasn't sent away just now
		t.state = turnLeft
		s.held[t.key].queue.remove(t)
		t.turns.waiting.Add(-1)
	}
	s.mu.Unlock()
}

// Fail sends away all who wait behind this turn, with an error that isn't nil:
// what the holder found will be so for them too. The turn itself stays held;
// nothing happens for one that was left.
func (t *Turn) Fail(err error) {
	s := t.lock()
	defer s.mu.Unlock()
	if t.state != turnHeld {
		return
	}
	for w := range t.queue.All() {
		t.queue.remove(w)
		w.state, w.failed = turnLeft, err
		t.turns.waiting.Add(-1)
		close(w.granted)
	}
}

func (ts *Turns) dropHint(hint any) {
	if hint != nil && ts.drop != nil {
		ts.drop(hint)
	}
}

// Waiting is how many requests of the same session wait behind this one now;
// 0 for a turn that was left.
func (t *Turn) Waiting() int {
	s := t.lock()
	defer s.mu.Unlock()
	return t.queue.Len()
}

// Waited is how long the request waited for this turn.
func (t *Turn) Waited() time.Duration {
	s := t.lock()
	defer s.mu.Unlock()
	return t.waited
}

// Key is what the turn was entered with, or where it was moved since.
func (t *Turn) Key() string {
	s := t.lock()
	defer s.mu.Unlock()
	return t.key
}

// SetHint leaves a value for the next holder, such as the apartment that
// passes on with the turn. [Turn.Leave] hands it over when somebody waits at
// that very moment, else it gives it to [Config.Drop]; so does a waiter
// that was granted the turn but gave up. Exactly one of the two gets it. A
// hint set on a turn that was left is dropped at once; one that replaces
// another replaces it silently.
func (t *Turn) SetHint(hint any) {
	s := t.lock()
	if t.state == turnHeld {
		t.hint, hint = hint, nil
	}
	s.mu.Unlock()
	t.turns.dropHint(hint)
}

// Hint is the value that the previous holder left, or that SetHint set; nil
// if there is none. It stays and would be passed on again.
func (t *Turn) Hint() any {
	s := t.lock()
	defer s.mu.Unlock()
	return t.hint
}

// TakeHint is [Turn.Hint] and takes the value out: it is the caller's now.
func (t *Turn) TakeHint() any {
	s := t.lock()
	defer s.mu.Unlock()
	hint := t.hint
	t.hint = nil
	return hint
}
