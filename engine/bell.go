package engine

import "sync"

// A bell tells pages that they should come to their end. It rings as long as
// somebody wants it to; a page that begins meanwhile hears it at once.
type bell struct {
	mu    sync.Mutex
	hands int           // that ring it
	sound chan struct{} // closed while it rings
}

func (b *bell) init() { b.sound = make(chan struct{}) }

// ring rings it until each who did has called still.
func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hands++; b.hands == 1 {
		close(b.sound)
	}
}

func (b *bell) still() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hands--; b.hands == 0 {
		b.sound = make(chan struct{})
	}
}

// rung is closed when the bell rings.
func (b *bell) rung() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sound
}
