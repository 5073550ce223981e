package host

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/answer"
)

// An Application is an http.Handler in front of a [Runner], with the
// operations of an operator. Any goroutine may call its methods; those with a
// context take as long as it lets them.
type Application struct {
	cfg  Config // as New got it; what can change is in live
	live atomic.Pointer[Config]
	door door

	linger answer.Linger

	busy       chan struct{}   // holds something while an operation runs
	life       context.Context // ends with Shutdown
	die        context.CancelFunc
	retimed    chan struct{} // holds something when KeepAliveInterval has changed
	background sync.WaitGroup

	mu        sync.Mutex
	isolation string
	maint     bool // an operator wants one apartment only
	operation string
	update    *UpdateResult
}

// New starts an application, and loads it where Config.Preload says so. An
// update that a crash broke off is undone first. Whoever made the Application
// calls Shutdown. The error is the one of Config.Start.
func New(cfg Config) (*Application, error) { return NewContext(context.Background(), cfg) }

// NewContext is [New] for as long as ctx lasts: when that ends before the
// application is started, and loaded where it is to be, what has begun is broken off,
// ended, and the error is ctx's cause.
func NewContext(ctx context.Context, cfg Config) (*Application, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	a := &Application{cfg: cfg, busy: make(chan struct{}, 1), retimed: make(chan struct{}, 1), isolation: cfg.Isolation}
	a.life, a.die = context.WithCancel(context.Background())
	a.live.Store(&cfg)
	a.door.max = max(cfg.HoldQueueMax, 0)
	err = a.mend()
	if err == nil {
		err = a.start(ctx)
	}
	if err != nil {
		a.die()
		return nil, err
	}
	if cfg.Preload {
		_, err := a.Load(ctx)
		if ctx.Err() != nil {
			return nil, errors.Join(context.Cause(ctx), a.Shutdown(ctx))
		}
		if err != nil {
			cfg.Logger.Error("the application was started and isn't ready", "error", err.Error())
		}
	}
	a.background.Go(a.keepAlive)
	return a, nil
}

// Path is the URL prefix.
func (a *Application) Path() string { return a.cfg.Path }

// settings are what is in force now.
func (a *Application) settings() *Config { return a.live.Load() }

// Runner is the one that is loaded. It may be shut down at any time.
func (a *Application) Runner() (Runner, bool) {
	t := a.door.lives()
	if t == nil {
		return nil, false
	}
	return t.runner, true
}

// begin waits until no other operation runs. Whoever gets no error calls done.
// The operation's context ends with Shutdown too.
func (a *Application) begin(ctx context.Context, operation string) (_ context.Context, done func(), err error) {
	select {
	case a.busy <- struct{}{}:
	case <-a.life.Done():
		return nil, nil, ErrShutdown
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	a.name(operation)
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(a.life, func() { cancel(ErrShutdown) })
	return ctx, func() {
		stop()
		cancel(nil)
		a.name("")
		<-a.busy
	}, nil
}

// name says which operation runs, for Status.
func (a *Application) name(operation string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.operation = operation
}

// Drain refuses requests from now on, those included that wait, and tells long
// pages that the application stops: for a server that stops, and would have to
// wait for them.
func (a *Application) Drain() {
	var t *tenancy
	a.door.set(func() {
		if !a.door.shut {
			t = a.door.tenant
		}
		a.door.shut = true
	})
	if t != nil {
		t.stopping(true)
	}
}

// Stopping tells long pages that the application stops here, and lets requests in as
// before: for a server whose place another one has taken, and whose clients may come
// with another request over the connections that they have. It isn't taken back.
func (a *Application) Stopping() {
	if t := a.door.lives(); t != nil {
		t.stopping(true)
	}
}

// Reserve waits until no operation runs, and keeps others from beginning until
// release is called. Status calls it by the name that is given here.
func (a *Application) Reserve(ctx context.Context, operation string) (release func(), err error) {
	_, release, err = a.begin(ctx, operation)
	return release, err
}

// breakOff ends an operation that waits for requests.
func (a *Application) breakOff() {
	a.door.mu.Lock()
	own := a.door.own
	a.door.mu.Unlock()
	if own != nil && own.cancel != nil {
		own.cancel()
	}
}

// Shutdown ends the application: no request comes in any more, an operation
// that runs is broken off, running requests finish for as long as ctx lasts, and
// the Runner is shut down, which cuts off those that don't and runs the events
// of the end, in a time of its own. A second call does nothing.
func (a *Application) Shutdown(ctx context.Context) error {
	a.mu.Lock()
	select {
	case <-a.life.Done():
		a.mu.Unlock()
		return nil
	default:
		a.die()
	}
	a.mu.Unlock()
	a.Drain()
	a.breakOff()
	a.background.Wait()
	free := a.lastOperation()
	t := a.door.lives()
	if t == nil {
		return free
	}
	_ = t.drained(ctx) // the Runner says how many it had to cut off
	err := t.runner.Shutdown(ctx)
	a.door.set(func() { a.door.tenant = nil })
	return errors.Join(free, err)
}

// operationPatience bounds the wait for an operation that was broken off. One
// that is about to end the Runner takes as long as the events of the end.
const operationPatience = time.Minute

// lastOperation waits for the operation that runs; none begins any more.
func (a *Application) lastOperation() error {
	timer := time.NewTimer(operationPatience)
	defer timer.Stop()
	select {
	case a.busy <- struct{}{}: // for good
		return nil
	case <-timer.C:
		return fmt.Errorf("an operation doesn't end: %s", a.Status().State)
	}
}

// Recover is the Runner's, after it released what an operator holds and forgot
// to release.
func (a *Application) Recover(ctx context.Context) (engine.Recovered, error) {
	var got engine.Recovered
	var err error
	released := a.ReleaseHold(ctx) == nil
	if r, ok := a.Runner(); ok {
		got, err = r.Recover(ctx)
	}
	if released {
		got.Done = append([]string{"the hold was released"}, got.Done...)
	}
	return got, err
}

var _ http.Handler = (*Application)(nil)
