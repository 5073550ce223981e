// Package moving is a [store.Backend] whose state moves to another place while it is
// in use: from a process that ends to the one that takes its place.
package moving

import (
	"context"
	"sync"

	"github.com/najahost/naja/store"
)

// A Backend is where state is now. Its methods may be called from any goroutine.
type Backend struct {
	sessions    *sessions
	application *application

	one sync.Mutex // held by Move

	mu      sync.RWMutex // held by each call that isn't a wait, and by Move
	in      store.Backend
	staying context.Context // ends when Move begins
	move    context.CancelFunc
}

// New makes one whose state is in another Backend.
func New(in store.Backend) *Backend {
	b := &Backend{in: in}
	b.staying, b.move = context.WithCancel(context.Background())
	b.sessions, b.application = &sessions{b}, &application{b}
	return b
}

// Move calls to once no call is under way, with what the state is in, and has all
// that follow go where it says: calls wait meanwhile, whatever their contexts say.
// After an error the state is where it was. What calls were given before, tokens and
// versions, has to be as good there.
func (b *Backend) Move(to func(from store.Backend) (store.Backend, error)) error {
	b.one.Lock()
	defer b.one.Unlock()
	b.move() // who waits for a change would be waited for
	b.mu.Lock()
	defer b.mu.Unlock()
	b.staying, b.move = context.WithCancel(context.Background())
	in, err := to(b.in)
	if err == nil {
		b.in = in
	}
	return err
}

// In is what the state is in now.
func (b *Backend) In() store.Backend {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.in
}

// Sessions is [store.Backend].
func (b *Backend) Sessions() store.Sessions { return b.sessions }

// Application is [store.Backend].
func (b *Backend) Application() store.Application { return b.application }

// FinishWith is [store.Backend].
func (b *Backend) FinishWith(ctx context.Context, id string, claim, lock int64, c store.Changes) (version int64, err error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.in.FinishWith(ctx, id, claim, lock, c)
}

// Err is [store.Backend].
func (b *Backend) Err() error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.in.Err()
}

var _ store.Backend = (*Backend)(nil)
