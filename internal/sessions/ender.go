package sessions

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// ErrNotRun is returned by [Config.OnEnd], or wrapped by what it returns, when
// it could not begin. The session stays, and is tried again as often as it
// takes.
var ErrNotRun = errors.New("session: OnEnd did not run")

// ErrAgain is returned by [Config.OnEnd], or wrapped by what it returns, when
// it ran in vain and not by its own fault, because the store failed for
// instance. It is run again, as often as it takes.
var ErrAgain = errors.New("session: OnEnd must run again")

// The bounds of how many sessions are claimed at once. A worker claims more
// while Session_OnEnd is quick, so that others aren't kept waiting behind one
// that is slow.
const (
	minBatch   = 4
	maxBatch   = 64
	quickBatch = 100 * time.Millisecond
)

// The ender claims sessions that are to be ended and runs their OnEnd.
type ender struct {
	m       *Manager
	hookCtx context.Context // of every OnEnd
	cancel  context.CancelFunc
	quit    chan struct{} // closed: no further OnEnd
	finding finder
	kick    chan struct{}
	workers sync.WaitGroup
	once    sync.Once
	failing atomic.Bool // the store's last answer to a claim was a failure
	stuck   atomic.Bool // the last OnEnd could not begin

	mu    sync.Mutex
	holds map[*hold]struct{} // claims in the workers' hands

	ended, failed atomic.Uint64
}

func (e *ender) start(m *Manager) {
	e.m = m
	e.holds = make(map[*hold]struct{})
	e.hookCtx, e.cancel = context.WithCancel(context.Background())
	e.quit = make(chan struct{})
	e.kick = make(chan struct{}, m.cfg.OnEndWorkers)
	for range m.cfg.OnEndWorkers {
		e.workers.Go(e.work)
	}
}

// stop ends the workers; see [Manager.Close].
func (e *ender) stop(ctx context.Context) error {
	e.once.Do(func() { close(e.quit) })
	e.finding.stop()
	defer e.cancel()
	return wait(ctx, &e.workers, &e.finding.running)
}

// wait waits for all groups or for the end of ctx.
func wait(ctx context.Context, groups ...*sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		for _, wg := range groups {
			wg.Wait()
		}
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("session: Session_OnEnd still runs: %w", context.Cause(ctx))
	}
}

// wake has the store asked at once.
func (e *ender) wake() {
	select {
	case e.kick <- struct{}{}:
	default:
	}
}

func (e *ender) stopping() bool {
	select {
	case <-e.quit:
		return true
	default:
		return false
	}
}

// work is one worker's life.
func (e *ender) work() {
	timer := time.NewTimer(jitter(e.m.cfg.SweepInterval))
	defer timer.Stop()
	for {
		select {
		case <-e.quit:
			return
		case <-e.kick:
		case <-timer.C:
		}
		e.drain(e.hookCtx, e.stopping, true)
		timer.Reset(jitter(e.m.cfg.SweepInterval))
	}
}

// drain ends sessions until there are none to be ended or stop says so. With
// calmly it rests between batches.
func (e *ender) drain(ctx context.Context, stop func() bool, calmly bool) {
	for n := minBatch; !stop() && ctx.Err() == nil; {
		begin := time.Now()
		claims := e.claim(ctx, n)
		if len(claims) == n && !e.stuck.Load() {
			e.wake() // there is more than one can do
		}
		switch {
		case !e.batch(ctx, claims, stop), len(claims) < n:
			return
		case time.Since(begin) < quickBatch:
			n = min(2*n, maxBatch)
		default:
			n = minBatch
		}
		if calmly {
			e.rest(time.Since(begin))
		}
	}
}

// maxRest is the longest rest between two batches.
const maxRest = 5 * time.Millisecond

// rest leaves the processors to requests for three times as long as the last
// batch took: a crowd that expires at once is in no hurry.
func (e *ender) rest(worked time.Duration) {
	timer := time.NewTimer(min(3*worked, maxRest))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-e.quit:
	}
}
