package bridge

import "time"

// Ended remembers the names of sessions that were ended, for as long as a
// request may still run that loaded one before: a slower request must not
// bring back who logged out. It is safe for any goroutine.
type Ended struct{ names fading[struct{}] }

// NewEnded remembers each name for keep at least and twice that at most.
func NewEnded(keep time.Duration) *Ended { return &Ended{newFading[struct{}](keep)} }

// Keep is how long a name is remembered at least.
func (e *Ended) Keep() time.Duration { return e.names.keep }

// Add remembers a name.
func (e *Ended) Add(name string) { e.names.add(name, struct{}{}) }

// Has reports whether a name is remembered.
func (e *Ended) Has(name string) bool {
	_, ok := e.names.get(name)
	return ok
}
