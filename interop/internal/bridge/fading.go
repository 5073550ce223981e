package bridge

import (
	"sync"
	"time"
)

// A fading map remembers each key for keep at least and twice that at most. It
// is safe for any goroutine.
type fading[V any] struct {
	keep time.Duration

	mu       sync.Mutex
	turned   time.Time
	now, old map[string]V
}

func newFading[V any](keep time.Duration) fading[V] {
	return fading[V]{keep: keep, turned: time.Now(), now: map[string]V{}}
}

func (f *fading[V]) add(key string, v V) {
	if key == "" {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn()
	f.now[key] = v
}

func (f *fading[V]) get(key string) (v V, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn()
	if v, ok = f.now[key]; !ok {
		v, ok = f.old[key]
	}
	return v, ok
}

// turn forgets what is old enough. mu is locked.
func (f *fading[V]) turn() {
	past := time.Since(f.turned)
	if past < f.keep {
		return
	}
	f.old, f.now = f.now, map[string]V{}
	if past >= 2*f.keep {
		f.old = nil
	}
	f.turned = time.Now()
}
