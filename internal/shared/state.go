package shared

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/store"
)

// A State is the Application of one application in this process. All methods
// are safe for any goroutine. Close ends it.
type State struct {
	cfg   Config
	store store.Application
	snap  atomic.Pointer[snapshot] // the latest commit; replaced, never changed
	stale atomic.Bool              // a commit's outcome is unknown: read again

	publishing sync.Mutex   // guards the replacing of snap
	queue      queue        // who may write, one view at a time
	patience   atomic.Int64 // Config.LockTimeout, which can change

	stop    context.CancelFunc // of the watcher
	stopped context.Context
	poke    chan struct{} // the watcher saw a change: the lock may be free
	running sync.WaitGroup
}

// New makes a State over the contents of cfg.Store, which it reads now. It
// returns an error when the configuration is wrong or the store fails.
func New(ctx context.Context, cfg Config) (*State, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, err
	}
	s := &State{cfg: cfg, store: cfg.Store, poke: make(chan struct{}, 1)}
	s.SetLockTimeout(cfg.LockTimeout)
	if !cfg.Shared {
		if _, err := s.store.Break(ctx); err != nil {
			return nil, fmt.Errorf("appstate: freeing an old lock: %w", err)
		}
	}
	c, err := s.store.Read(ctx, -1)
	if err != nil {
		return nil, fmt.Errorf("appstate: reading the application's values: %w", err)
	}
	s.snap.Store(snapshotOf(c, nil))
	s.stopped, s.stop = context.WithCancel(context.Background())
	if cfg.Shared {
		s.running.Go(s.watch)
	}
	return s, nil
}

// SetLockTimeout changes Config.LockTimeout for those who begin to wait from now
// on.
func (s *State) SetLockTimeout(d time.Duration) { s.patience.Store(int64(d)) }

// Close refuses new locks and writes, wakes those who wait with ErrClosed and
// waits for the State's own goroutines. A view that holds the lock may still
// end; reads go on working. The store is the caller's to close, afterwards.
func (s *State) Close() error {
	s.stop()
	if v := s.queue.close(); v != nil {
		v.mu.Lock()
		v.stopRenewing()
		v.mu.Unlock()
	}
	s.running.Wait()
	return nil
}

// Version grows with every change of the contents. It is the version of what
// reads see now.
func (s *State) Version() int64 { return s.snap.Load().version }

// call is the context of one call of the store: it outlives the request.
func (s *State) call(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), s.cfg.StoreTimeout)
}

// change makes a change of the store by do and then lets reads see it: next,
// which was made from base. Where the version that the store answers shows
// that somebody else made a change too, the store is read.
func (s *State) change(ctx context.Context, base, next *snapshot, do func(context.Context) (int64, error)) error {
	s.publishing.Lock() // the watcher would see the change first
	defer s.publishing.Unlock()
	call, cancel := s.call(ctx)
	defer cancel()
	version, err := do(call)
	switch {
	case err != nil:
		if !errors.Is(err, store.ErrLocked) && !errors.Is(err, store.ErrChanged) && !errors.Is(err, store.ErrLockLost) {
			s.stale.Store(true) // it may have taken effect
		}
		return err
	case next == base && version == base.version:
	case next != base && s.snap.Load() == base && version <= base.version+1:
		next.version = version
		s.snap.Store(next)
	default:
		if err := s.read(ctx, -1, next); err != nil {
			s.stale.Store(true)
		}
	}
	return nil
}

// refresh reads the store if it holds another version.
func (s *State) refresh(ctx context.Context) error {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	cur := s.snap.Load()
	return s.read(ctx, cur.version, cur)
}

// read reads the store if its version isn't have. Components kept by
// reference, of which it knows nothing, are taken over from known.
// s.publishing is held.
func (s *State) read(ctx context.Context, have int64, known *snapshot) error {
	ctx, cancel := s.call(ctx)
	defer cancel()
	c, err := s.store.Read(ctx, have)
	if err != nil {
		return fmt.Errorf("appstate: reading the application's values: %w: %w", appstate.ErrStore, err)
	}
	s.stale.Store(false)
	if c.Version != have {
		s.snap.Store(snapshotOf(c, known))
		select {
		case s.cfg.News <- struct{}{}:
		default:
		}
	}
	return nil
}
