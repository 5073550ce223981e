package engine

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/engine/internal/wire"
	"github.com/najahost/naja/internal/asptest"
)

// newTestPool makes a pool that is closed when the test ends, and by then has
// to be at rest.
func newTestPool(t testing.TB, cfg poolConfig) *pool {
	t.Helper()
	if cfg.logger == nil {
		cfg.logger = slog.New(slog.DiscardHandler)
	}
	p := newPool(cfg)
	t.Cleanup(func() {
		if err := p.close(context.Background()); err != nil {
			t.Error(err)
		}
		if s := p.status(); s.busy != 0 || s.waiting != 0 || s.orphans != 0 || p.queue.head != nil || p.queue.tail != nil {
			t.Errorf("not at rest: %+v", s)
		}
	})
	return p
}

// mustAcquire takes an apartment that is idle.
func mustAcquire(t testing.TB, p *pool, c claim) *apartment {
	t.Helper()
	a, waited, err := p.acquire(context.Background(), c)
	if err != nil || waited != 0 {
		t.Fatalf("waited %v, %v", waited, err)
	}
	return a
}

// A result is what acquire returned.
type result struct {
	name   string
	a      *apartment
	waited time.Duration
	err    error
}

// line makes requests wait in the order of the calls; it is for bubbles.
func line(ctx context.Context, p *pool, results chan<- result, name string, c claim) {
	go func() {
		a, waited, err := p.acquire(ctx, c)
		results <- result{name, a, waited, err}
	}()
	synctest.Wait()
}

func TestRequestsGetApartmentsInOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 1, queueMax: 10})
		a := mustAcquire(t, p, claim{})
		results := make(chan result, 10)
		for _, name := range []string{"1", "2", "3", "4"} {
			line(t.Context(), p, results, name, claim{})
			time.Sleep(time.Second)
		}
		if s := p.status(); s.waiting != 4 || s.busy != 1 {
			t.Errorf("got %+v", s)
		}
		for i, want := range []string{"1", "2", "3", "4"} {
			p.release(a)
			synctest.Wait()
			got := <-results
			if got.name != want || got.a != a || got.err != nil || got.waited != time.Duration(4-i)*time.Second {
				t.Errorf("got %+v, want %s", got, want)
			}
			if len(results) != 0 {
				t.Error("one apartment was given twice")
			}
		}
		p.release(a)
	})
}

func TestAFullQueueRefusesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, queueMax := range []int{-1, 0, 2} {
			p := newTestPool(t, poolConfig{size: 1, queueMax: queueMax})
			a := mustAcquire(t, p, claim{})
			results := make(chan result, 10)
			for range max(queueMax, 0) {
				line(t.Context(), p, results, "", claim{})
			}
			for _, c := range []claim{{}, {want: a, pinned: true}, {want: a}} {
				if _, waited, err := p.acquire(t.Context(), c); err != errTooBusy || waited != 0 {
					t.Errorf("queue of %d: waited %v, %v", queueMax, waited, err)
				}
			}
			for range max(queueMax, 0) {
				p.release(a)
				if got := <-results; got.err != nil {
					t.Error(got.err)
				}
			}
			p.release(a)
		}
	})
}

func TestAWaitEndsAtQueueTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 1, queueMax: 10, timeout: 30 * time.Second})
		a := mustAcquire(t, p, claim{})
		for _, c := range []claim{{}, {want: a, pinned: true}} {
			if _, waited, err := p.acquire(t.Context(), c); err != errQueueTimeout || waited != 30*time.Second {
				t.Errorf("waited %v, %v", waited, err)
			}
		}
		if s := p.status(); s.waiting != 0 || s.apartments[0].pinned != 0 {
			t.Errorf("somebody still waits: %+v", s)
		}
		p.release(a)
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 1, queueMax: 10, timeout: time.Minute})
		a := mustAcquire(t, p, claim{})
		cause := errors.New("the client left")
		ctx, cancel := context.WithCancelCause(t.Context())
		results := make(chan result, 10)
		line(ctx, p, results, "leaves", claim{})
		line(ctx, p, results, "leaves", claim{want: a, pinned: true})
		line(t.Context(), p, results, "stays", claim{})
		cancel(cause)
		for range 2 {
			if got := <-results; got.name != "leaves" || got.err != cause {
				t.Errorf("got %+v", got)
			}
		}
		p.release(a)
		if got := <-results; got.name != "stays" || got.a != a {
			t.Errorf("got %+v", got)
		}
		// Where nobody has to wait, a context that has ended doesn't matter: a
		// client that closed its sending side gets its page.
		p.release(a)
		if a, _, err := p.acquire(ctx, claim{}); err != nil {
			t.Error(err)
		} else {
			p.release(a)
		}
	})
}

func TestALongWaitAsksForTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 1, queueMax: 10, testAfter: 3 * time.Second})
		a := mustAcquire(t, p, claim{})
		asked := 0
		gone := func() bool { asked++; return false }
		results := make(chan result, 10)
		line(t.Context(), p, results, "gone", claim{connected: gone})
		line(t.Context(), p, results, "there", claim{connected: func() bool { asked++; return true }})
		time.Sleep(3*time.Second + 1)
		line(t.Context(), p, results, "short", claim{connected: gone})
		p.release(a)
		if got := <-results; got.name != "gone" || got.err != wire.ErrClientGone || got.a != nil {
			t.Errorf("got %+v", got)
		}
		if got := <-results; got.name != "there" || got.a != a {
			t.Errorf("got %+v", got)
		}
		p.release(a)
		if got := <-results; got.name != "short" || got.a != a {
			t.Errorf("got %+v", got)
		}
		if asked != 2 {
			t.Errorf("asked %d times", asked)
		}
		p.release(a)
	})
}

func TestPinnedAndOtherRequestsKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 2, queueMax: 10})
		a, b := mustAcquire(t, p, claim{}), mustAcquire(t, p, claim{})
		results := make(chan result, 10)
		line(t.Context(), p, results, "any 1", claim{})
		line(t.Context(), p, results, "a 1", claim{want: a, pinned: true})
		line(t.Context(), p, results, "a 2", claim{want: a, pinned: true})
		line(t.Context(), p, results, "any 2", claim{want: b})
		line(t.Context(), p, results, "b 1", claim{want: b, pinned: true})
		line(t.Context(), p, results, "any 3", claim{})
		if s := p.status(); s.waiting != 6 || s.apartments[a.id-1].pinned != 2 {
			t.Errorf("got %+v", s)
		}
		for _, step := range []struct {
			free *apartment
			want string
		}{{a, "any 1"}, {b, "any 2"}, {b, "b 1"}, {a, "a 1"}, {a, "a 2"}, {a, "any 3"}} {
			p.release(step.free)
			if got := <-results; got.name != step.want || got.a != step.free {
				t.Errorf("got %s in %d, want %s in %d", got.name, got.a.id, step.want, step.free.id)
			}
		}
		p.release(a)
		p.release(b)
	})
}

func TestPinnedRequestsWaitAlthoughOthersAreIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 3, queueMax: 10})
		a := mustAcquire(t, p, claim{})
		results := make(chan result, 1)
		line(t.Context(), p, results, "pinned", claim{want: a, pinned: true})
		if b := mustAcquire(t, p, claim{want: a}); b == a {
			t.Error("an apartment has two holders")
		} else {
			p.release(b)
		}
		if len(results) != 0 {
			t.Fatalf("got %+v", <-results)
		}
		p.release(a)
		if got := <-results; got.a != a {
			t.Errorf("got %+v", got)
		}
		p.release(a)
	})
}

func TestIdleApartments(t *testing.T) {
	p := newTestPool(t, poolConfig{size: 4})
	a, b, c := mustAcquire(t, p, claim{}), mustAcquire(t, p, claim{}), mustAcquire(t, p, claim{})
	if a.id != 1 || b.id != 2 || c.id != 3 {
		t.Errorf("got %d, %d, %d", a.id, b.id, c.id)
	}
	p.release(a)
	p.release(c)
	p.release(b)
	if got := mustAcquire(t, p, claim{}); got != b {
		t.Errorf("got %d, want the one used last", got.id)
	}
	if got := mustAcquire(t, p, claim{want: a}); got != a {
		t.Errorf("got %d, want the one asked for", got.id)
	}
	if got := mustAcquire(t, p, claim{want: a}); got != c {
		t.Errorf("got %d, want another", got.id)
	}
	if got := mustAcquire(t, p, claim{}); got.id != 4 {
		t.Errorf("got %d, want the last", got.id)
	}
	for _, a := range p.apartments {
		p.release(a)
	}
}

// goroutine returns the number of the goroutine it is called on.
func goroutine() string {
	var stack [64]byte
	return strings.Fields(string(stack[:goruntime.Stack(stack[:], false)]))[1]
}

func TestAnApartmentAlwaysRunsOnTheSameGoroutine(t *testing.T) {
	p := newTestPool(t, poolConfig{size: 3})
	var seen [3][]string
	for range 10 {
		for i, a := range p.apartments {
			a := mustAcquire(t, p, claim{want: a, pinned: true})
			asptest.Check(t, a.run(func() { seen[i] = append(seen[i], goroutine()) }))
			p.release(a)
		}
	}
	own := goroutine()
	for i, ids := range seen {
		if len(slices.Compact(ids)) != 1 || ids[0] == own || ids[0] == seen[(i+1)%3][0] {
			t.Errorf("apartment %d ran on %v", i+1, ids)
		}
	}
}

func TestAPanicIsTheJobsOwn(t *testing.T) {
	p := newTestPool(t, poolConfig{size: 1})
	a := mustAcquire(t, p, claim{})
	defer p.release(a)
	boom := errors.New("boom")
	err := a.run(func() { panic(boom) })
	var panicked *jobPanicError
	if !errors.As(err, &panicked) || !errors.Is(err, boom) || !bytes.Contains(panicked.stack, []byte("pool_test.go")) {
		t.Errorf("got %v", err)
	}
	var nothing *apartment
	err = a.run(func() { nothing.id++ })
	var bug goruntime.Error
	if !errors.As(err, &panicked) || errors.As(err, &bug) {
		t.Errorf("got %v", err)
	}
	if err := a.run(func() { panic("text") }); err == nil || err.Error() != "panic: text" {
		t.Errorf("got %v", err)
	}
	asptest.Check(t, a.run(func() {}))
}

func TestAJobThatEndsItsGoroutineCostsOnlyThat(t *testing.T) {
	p := newTestPool(t, poolConfig{size: 1})
	a := mustAcquire(t, p, claim{})
	defer p.release(a)
	for range 3 {
		if err := a.run(goruntime.Goexit); err != errJobExited {
			t.Errorf("got %v", err)
		}
		asptest.Check(t, a.run(func() {}))
	}
	// The holder may have given up just before it heard of it.
	a.start(goruntime.Goexit)
	for !a.worker.dead.Load() {
		goruntime.Gosched()
	}
	a.orphan()
	asptest.Check(t, a.run(func() {}))
}

// syncBuffer is a log that several goroutines write.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestAnOrphanHoldsNoPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log syncBuffer
		p := newTestPool(t, poolConfig{size: 1, queueMax: 1, logger: slog.New(slog.NewTextHandler(&log, nil))})
		a := mustAcquire(t, p, claim{})
		stop := make(chan struct{})
		a.start(func() { <-stop })
		results := make(chan result, 1)
		line(t.Context(), p, results, "next", claim{})
		a.orphan()
		if s := p.status(); s.orphans != 1 || s.orphansEver != 1 {
			t.Errorf("got %+v", s)
		}
		asptest.Check(t, a.run(func() {})) // an error page
		p.release(a)
		next := <-results
		asptest.Check(t, next.a.run(func() {}))
		p.release(next.a)
		time.Sleep(5 * time.Second)
		close(stop)
		synctest.Wait()
		if s := p.status(); s.orphans != 0 || s.orphansEver != 1 {
			t.Errorf("got %+v", s)
		}
		for _, want := range []string{"level=ERROR", "orphans=1", "level=WARN", "after=5s", "apartment=1"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("no %s in the log:\n%s", want, &log.buf)
			}
		}
	})
}

func TestCloseWaitsForHoldersAndDismissesWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(poolConfig{size: 2, queueMax: 10, logger: slog.New(slog.DiscardHandler)})
		a, b := mustAcquire(t, p, claim{}), mustAcquire(t, p, claim{})
		finish := make(chan struct{})
		a.start(func() { <-finish })
		asptest.Check(t, b.run(func() {}))
		results := make(chan result, 2)
		line(t.Context(), p, results, "any", claim{})
		line(t.Context(), p, results, "pinned", claim{want: b, pinned: true})
		closed := make(chan error, 1)
		go func() { closed <- p.close(context.Background()) }()
		for range 2 {
			if got := <-results; got.err != errPoolClosed {
				t.Errorf("got %+v", got)
			}
		}
		if _, _, err := p.acquire(t.Context(), claim{}); err != errPoolClosed {
			t.Errorf("got %v", err)
		}
		asptest.Check(t, b.run(func() {})) // what is held goes on working
		p.release(b)
		synctest.Wait()
		if len(closed) != 0 {
			t.Fatal("close didn't wait")
		}
		close(finish)
		asptest.Check(t, <-a.done())
		p.release(a)
		asptest.Check(t, <-closed)
		asptest.Check(t, p.close(context.Background())) // again
	})
}

func TestCloseIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(poolConfig{size: 2, logger: slog.New(slog.DiscardHandler)})
		a, b := mustAcquire(t, p, claim{}), mustAcquire(t, p, claim{})
		stop := make(chan struct{})
		a.start(func() { <-stop })
		b.start(func() { <-stop })
		b.orphan()
		p.release(b)

		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err := p.close(ctx)
		if err == nil || !strings.Contains(err.Error(), "1 still run and 1 scripts did not stop") || time.Since(start) != 10*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		a.orphan()
		p.release(a)
		start = time.Now()
		if err := p.close(context.Background()); err == nil || time.Since(start) != orphanGrace {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		close(stop)
		asptest.Check(t, p.close(context.Background()))
	})
}

func TestPassingAnApartmentOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 1, queueMax: 1})
		a := mustAcquire(t, p, claim{})
		results := make(chan result, 1)
		line(t.Context(), p, results, "waits", claim{})
		p.adopt(a) // its session's next request
		time.Sleep(time.Second)
		if len(results) != 0 {
			t.Fatal("the apartment was free for a moment")
		}
		if s := p.status().apartments[0]; s.hits != 2 || s.held != time.Second {
			t.Errorf("got %+v", s)
		}
		p.release(a)
		p.release((<-results).a)
	})
}

func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 2})
		a := mustAcquire(t, p, claim{})
		info := &flight{method: "GET", url: "/a.asp"}
		a.setCurrent(info)
		time.Sleep(2 * time.Second)
		if s := p.status(); s.idle != 1 || s.busy != 1 || s.apartments[0].current != info ||
			s.apartments[0].held != 2*time.Second || s.apartments[0].busy != 2*time.Second || s.apartments[1].held != 0 {
			t.Errorf("got %+v", s)
		}
		p.release(a)
		time.Sleep(time.Second)
		if s := p.status(); s.idle != 2 || s.apartments[0].current != nil || s.apartments[0].held != 0 ||
			s.apartments[0].busy != 2*time.Second || s.apartments[0].hits != 1 {
			t.Errorf("got %+v", s)
		}
	})
}

func TestAnUncontendedHandOverAllocatesNothing(t *testing.T) {
	p := newTestPool(t, poolConfig{size: 1})
	job := func() {}
	allocs := testing.AllocsPerRun(100, func() {
		a, _, err := p.acquire(context.Background(), claim{})
		if err != nil {
			t.Fatal(err)
		}
		asptest.Check(t, a.run(job))
		p.release(a)
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
