package bridge

import (
	"log/slog"
	"sync"
	"time"
)

// seldom is how long a Seldom says nothing more.
const seldom = time.Minute

// A Seldom logs what goes wrong at each request while a store is down, once a
// minute. The zero one is ready; it is safe for any goroutine.
type Seldom struct {
	mu   sync.Mutex
	next time.Time
}

// Warn logs err, unless it did lately.
func (s *Seldom) Warn(log *slog.Logger, msg string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); now.After(s.next) {
		s.next = now.Add(seldom)
		log.Warn(msg, "error", err.Error())
	}
}
