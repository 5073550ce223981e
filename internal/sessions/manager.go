package sessions

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// A Manager is naja's own [session.Provider]: sessions in a [store.Sessions], known by a
// cookie. All its methods are safe for any goroutine.
//
// It owns one goroutine that renews the leases of the requests and of the
// OnEnd that run, Config.OnEndWorkers that end sessions, and one for a Find.
type Manager struct {
	cfg    Config
	store  store.Sessions
	jar    cookieJar
	leases leases
	ender  ender
	limits atomic.Pointer[Limits] // what can change of cfg

	created, refused atomic.Uint64
}

var _ session.Provider = (*Manager)(nil)

// NewManager starts a Manager. The error says what is wrong with cfg.
func NewManager(cfg Config) (*Manager, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	jar, err := newCookieJar(&cfg)
	if err != nil {
		return nil, err
	}
	m := &Manager{cfg: cfg, store: guarded{cfg.Store}, jar: jar}
	m.limits.Store(limitsOf(cfg))
	m.ender.start(m)
	m.leases.start(m)
	return m, nil
}

// Sweep has the store asked at once for sessions that are to be ended, where
// somebody else ended one.
func (m *Manager) Sweep() { m.ender.wake() }

// Close ends the Manager's goroutines and waits for them. A Session_OnEnd that
// runs is let finish; what it has claimed beyond that is given back to the
// store. When ctx ends first, the contexts of those that run end too and its
// error is returned without waiting any longer. Requests must be over.
func (m *Manager) Close(ctx context.Context) error {
	err := m.ender.stop(ctx)
	m.leases.stop()
	return err
}

// Key implements [session.Provider]. Only for a request that brings several cookies
// of the name does it ask the store which of them counts.
func (m *Manager) Key(r *http.Request) (key string, ok bool) {
	ids := m.jar.ids(r)
	switch len(ids) {
	case 0:
		return "", false
	case 1:
		return ids[0], true
	}
	for _, id := range ids {
		ctx, cancel := m.bound(r.Context())
		_, err := m.store.Load(ctx, id)
		cancel()
		if err == nil {
			return id, true
		}
	}
	return ids[0], true
}

// Open implements [session.Provider]. Errors: the cause of ctx's end, a
// *cborvalue.RecordError for contents that this version can't read, or a failure
// of the store.
func (m *Manager) Open(ctx context.Context, r *http.Request, mode session.Mode) (session.Handle, error) {
	h := &request{m: m, mode: mode, secure: m.jar.isSecure(r), turn: turn.In(ctx)}
	if mode == session.Off {
		return h, nil
	}
	told := m.jar.ids(r)
	for _, id := range h.candidates(told) {
		got, err := m.take(ctx, id, mode)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := h.found(got, !slices.Contains(told, got.ID)); err != nil {
			m.release(got.ID, got.Token)
			return nil, err
		}
		if got.ID != id {
			follow(h.turn, id, got)
		}
		return h, nil
	}
	return h, nil
}

// take loads the session, under a lease unless mode is ReadOnly, waiting for
// another's lease to end.
func (m *Manager) take(ctx context.Context, id string, mode session.Mode) (store.Stored, error) {
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		got, err := m.tryTake(ctx, id, mode)
		var busy *store.BusyError
		if !errors.As(err, &busy) {
			got.ID = cmp.Or(got.ID, id)
			return got, err
		}
		if err := sleep(ctx, min(jitter(wait), busy.Remaining)); err != nil {
			return store.Stored{}, err
		}
	}
}

func (m *Manager) tryTake(ctx context.Context, id string, mode session.Mode) (store.Stored, error) {
	if ctx.Err() != nil {
		return store.Stored{}, context.Cause(ctx)
	}
	ctx, cancel := m.bound(ctx)
	defer cancel()
	if mode == session.ReadOnly {
		return m.store.Load(ctx, id)
	}
	return m.store.Acquire(ctx, id, m.cfg.Lease)
}

// bound gives one operation of the store its time.
func (m *Manager) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if m.cfg.StoreTimeout < 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, m.cfg.StoreTimeout)
}

// detached is bound for what must be stored whoever goes away.
func (m *Manager) detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return m.bound(context.WithoutCancel(ctx))
}

// release gives up a lease or a claim. When that fails it runs out by itself.
func (m *Manager) release(id string, token int64) {
	if token == 0 {
		return
	}
	ctx, cancel := m.bound(context.Background())
	defer cancel()
	if err := m.store.Release(ctx, id, token); err != nil {
		m.cfg.Logger.Warn("session: a lease could not be given up", "session", turn.Label(id), "err", err)
	}
}

// sleep waits for d or for the end of ctx, whose cause it then returns.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// A fuse is a channel that is closed once and made only for who asks for it.
type fuse struct {
	mu    sync.Mutex
	ch    chan struct{}
	blown bool
}

func (f *fuse) c() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ch == nil {
		f.ch = make(chan struct{})
		if f.blown {
			close(f.ch)
		}
	}
	return f.ch
}

func (f *fuse) blow() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.blown && f.ch != nil {
		close(f.ch)
	}
	f.blown = true
}
