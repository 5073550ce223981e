package sessions

import (
	"context"
	"sync"
)

// A finder is one search for sessions that nobody told the store of. The zero
// one is ready.
type finder struct {
	running sync.WaitGroup

	mu     sync.Mutex
	cancel context.CancelFunc // of the search that runs; nil where none does
	over   bool
}

// Find runs [Ends.List] beside the requests, until it is done or the Manager is
// closed. While one runs, another isn't begun.
func (m *Manager) Find(list func(ctx context.Context) error) {
	f := &m.ender.finding
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over || f.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	f.running.Go(func() {
		defer f.done()
		err := list(ctx)
		if err != nil && ctx.Err() == nil {
			m.cfg.Logger.Error("session: some sessions may end without their Session_OnEnd", "err", err)
		}
		m.Sweep() // some may have expired
	})
}

// done is the end of a search.
func (f *finder) done() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cancel()
	f.cancel = nil
}

// stop ends the search that runs, and lets none begin.
func (f *finder) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over = true; f.cancel != nil {
		f.cancel()
	}
}
