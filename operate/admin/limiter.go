package admin

import (
	"sync"
	"time"
)

// The failures that an address, or an account, may have at once, and how soon
// it may have another: a thousand guesses take half an hour.
const (
	failuresAtOnce = 30
	failureEvery   = 2 * time.Second
	limitedMax     = 4096 // addresses and accounts that are remembered
)

// A limiter counts failed sign-ins by name. Any goroutine may use it.
type limiter struct {
	mu  sync.Mutex
	all map[string]time.Time // when its failures are forgotten
}

func newLimiter() *limiter { return &limiter{all: make(map[string]time.Time)} }

// blocked says how long a name has to wait, 0 when it needn't.
func (l *limiter) blocked(name string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := l.all[name].Add(-(failuresAtOnce - 1) * failureEvery)
	return max(until.Sub(now), 0)
}

// failed counts a failure.
func (l *limiter) failed(name string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.all[name]; !known && len(l.all) >= limitedMax {
		l.forget(now)
	}
	from := l.all[name]
	if from.Before(now) {
		from = now
	}
	l.all[name] = from.Add(failureEvery)
}

// forget makes room: what is over goes, and if that is nothing, whoever has
// the fewest failures. l.mu is held.
func (l *limiter) forget(now time.Time) {
	first, earliest := "", time.Time{}
	for name, until := range l.all {
		if !until.After(now) {
			delete(l.all, name)
			continue
		}
		if first == "" || until.Before(earliest) {
			first, earliest = name, until
		}
	}
	if len(l.all) >= limitedMax {
		delete(l.all, first)
	}
}
