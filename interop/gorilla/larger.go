package gorillastore

import (
	"math"
	"sync"

	"github.com/gorilla/sessions"
)

// A larger knows how large a session a store takes that its codecs refuse:
// there are stores that encode the ID alone with them. It is found out by
// sessions that come and go. The zero one is ready; it is safe for any
// goroutine.
type larger struct {
	mu      sync.Mutex
	taken   int // the largest
	refused int // the smallest; 0: none yet
}

// takes reports whether the store takes a session of these values. Where it
// can't be reached that shows when the session is saved.
func (l *larger) takes(v *visit, values map[any]any) bool {
	switch v.p.cfg.Store.(type) {
	case *sessions.CookieStore, *sessions.FilesystemStore:
		return false
	}
	data, err := encode(values)
	if v.p.cfg.CookieOnly || err != nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	refused := l.refused
	if refused == 0 {
		refused = math.MaxInt
	}
	switch n := len(data); {
	case n <= l.taken:
		return true
	case n >= refused:
		return false
	case v.p.try(v.r, v.s.Options, values) == nil:
		l.taken = n
	case v.p.try(v.r, v.s.Options, nil) == nil:
		l.refused = n
		return false
	}
	return true
}
