package apartment

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

	"github.com/najahost/naja/internal/asptest"
)

// newTestPool makes a pool that is closed when the test ends, and by then has
// to be at rest.
func newTestPool(t testing.TB, size int, b Bounds) *Pool {
	t.Helper()
	p := New(size, b, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if s := p.Status(); s.Busy != 0 || s.Waiting != 0 || s.Orphans != 0 || p.queue.Len() != 0 {
			t.Errorf("not at rest: %+v", s)
		}
	})
	return p
}

// runIn runs a job and waits for its end.
func runIn(a *Apartment, job func()) error {
	a.Start(job)
	return <-a.Done()
}

// mustAcquire takes an apartment that is idle.
func mustAcquire(t testing.TB, p *Pool, c Claim) *Apartment {
	t.Helper()
	a, waited, err := p.Acquire(context.Background(), c)
	if err != nil || waited != 0 {
		t.Fatalf("waited %v, %v", waited, err)
	}
	return a
}

// A result is what acquire returned.
type result struct {
	name   string
	a      *Apartment
	waited time.Duration
	err    error
}

// line makes requests wait in the order of the calls; it is for bubbles.
func line(ctx context.Context, p *Pool, results chan<- result, name string, c Claim) {
	go func() {
		a, waited, err := p.Acquire(ctx, c)
		results <- result{name, a, waited, err}
	}()
	synctest.Wait()
}

func TestRequestsGetApartmentsInOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 1, Bounds{QueueMax: 10})
		a := mustAcquire(t, p, Claim{})
		results := make(chan result, 10)
		for _, name := range []string{"1", "2", "3", "4"} {
			line(t.Context(), p, results, name, Claim{})
			time.Sleep(time.Second)
		}
		if s := p.Status(); s.Waiting != 4 || s.Busy != 1 {
			t.Errorf("got %+v", s)
		}
		for i, want := range []string{"1", "2", "3", "4"} {
			p.Release(a)
			synctest.Wait()
			got := <-results
			if got.name != want || got.a != a || got.err != nil || got.waited != time.Duration(4-i)*time.Second {
				t.Errorf("got %+v, want %s", got, want)
			}
			if len(results) != 0 {
				t.Error("one apartment was given twice")
			}
		}
		p.Release(a)
	})
}

func TestAFullQueueRefusesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, queueMax := range []int{-1, 0, 2} {
			p := newTestPool(t, 1, Bounds{QueueMax: queueMax})
			a := mustAcquire(t, p, Claim{})
			results := make(chan result, 10)
			for range max(queueMax, 0) {
				line(t.Context(), p, results, "", Claim{})
			}
			for _, c := range []Claim{{}, {Want: a, Pinned: true}, {Want: a}} {
				if _, waited, err := p.Acquire(t.Context(), c); err != ErrTooBusy || waited != 0 {
					t.Errorf("queue of %d: waited %v, %v", queueMax, waited, err)
				}
			}
			for range max(queueMax, 0) {
				p.Release(a)
				if got := <-results; got.err != nil {
					t.Error(got.err)
				}
			}
			p.Release(a)
		}
	})
}

func TestAWaitEndsAtQueueTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 1, Bounds{QueueMax: 10, Timeout: 30 * time.Second})
		a := mustAcquire(t, p, Claim{})
		for _, c := range []Claim{{}, {Want: a, Pinned: true}} {
			if _, waited, err := p.Acquire(t.Context(), c); err != ErrQueueTimeout || waited != 30*time.Second {
				t.Errorf("waited %v, %v", waited, err)
			}
		}
		if s := p.Status(); s.Waiting != 0 || s.Apartments[0].Pinned != 0 {
			t.Errorf("somebody still waits: %+v", s)
		}
		p.Release(a)
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 1, Bounds{QueueMax: 10, Timeout: time.Minute})
		a := mustAcquire(t, p, Claim{})
		cause := errors.New("the client left")
		ctx, cancel := context.WithCancelCause(t.Context())
		results := make(chan result, 10)
		line(ctx, p, results, "leaves", Claim{})
		line(ctx, p, results, "leaves", Claim{Want: a, Pinned: true})
		line(t.Context(), p, results, "stays", Claim{})
		cancel(cause)
		for range 2 {
			if got := <-results; got.name != "leaves" || got.err != cause {
				t.Errorf("got %+v", got)
			}
		}
		p.Release(a)
		if got := <-results; got.name != "stays" || got.a != a {
			t.Errorf("got %+v", got)
		}
		// Where nobody has to wait, a context that has ended doesn't matter: a
		// client that closed its sending side gets its page.
		p.Release(a)
		if a, _, err := p.Acquire(ctx, Claim{}); err != nil {
			t.Error(err)
		} else {
			p.Release(a)
		}
	})
}

func TestALongWaitAsksForTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 1, Bounds{QueueMax: 10, TestAfter: 3 * time.Second})
		a := mustAcquire(t, p, Claim{})
		asked := 0
		gone := func() bool { asked++; return false }
		results := make(chan result, 10)
		line(t.Context(), p, results, "gone", Claim{Connected: gone})
		line(t.Context(), p, results, "there", Claim{Connected: func() bool { asked++; return true }})
		time.Sleep(3*time.Second + 1)
		line(t.Context(), p, results, "short", Claim{Connected: gone})
		p.Release(a)
		if got := <-results; got.name != "gone" || got.err != ErrLeft || got.a != nil {
			t.Errorf("got %+v", got)
		}
		if got := <-results; got.name != "there" || got.a != a {
			t.Errorf("got %+v", got)
		}
		p.Release(a)
		if got := <-results; got.name != "short" || got.a != a {
			t.Errorf("got %+v", got)
		}
		if asked != 2 {
			t.Errorf("asked %d times", asked)
		}
		p.Release(a)
	})
}

func TestPinnedAndOtherRequestsKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 2, Bounds{QueueMax: 10})
		a, b := mustAcquire(t, p, Claim{}), mustAcquire(t, p, Claim{})
		results := make(chan result, 10)
		line(t.Context(), p, results, "any 1", Claim{})
		line(t.Context(), p, results, "a 1", Claim{Want: a, Pinned: true})
		line(t.Context(), p, results, "a 2", Claim{Want: a, Pinned: true})
		line(t.Context(), p, results, "any 2", Claim{Want: b})
		line(t.Context(), p, results, "b 1", Claim{Want: b, Pinned: true})
		line(t.Context(), p, results, "any 3", Claim{})
		if s := p.Status(); s.Waiting != 6 || s.Apartments[a.ID-1].Pinned != 2 {
			t.Errorf("got %+v", s)
		}
		for _, step := range []struct {
			free *Apartment
			want string
		}{{a, "any 1"}, {b, "any 2"}, {b, "b 1"}, {a, "a 1"}, {a, "a 2"}, {a, "any 3"}} {
			p.Release(step.free)
			if got := <-results; got.name != step.want || got.a != step.free {
				t.Errorf("got %s in %d, want %s in %d", got.name, got.a.ID, step.want, step.free.ID)
			}
		}
		p.Release(a)
		p.Release(b)
	})
}

func TestPinnedRequestsWaitAlthoughOthersAreIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 3, Bounds{QueueMax: 10})
		a := mustAcquire(t, p, Claim{})
		results := make(chan result, 1)
		line(t.Context(), p, results, "pinned", Claim{Want: a, Pinned: true})
		if b := mustAcquire(t, p, Claim{Want: a}); b == a {
			t.Error("an apartment has two holders")
		} else {
			p.Release(b)
		}
		if len(results) != 0 {
			t.Fatalf("got %+v", <-results)
		}
		p.Release(a)
		if got := <-results; got.a != a {
			t.Errorf("got %+v", got)
		}
		p.Release(a)
	})
}

func TestIdleApartments(t *testing.T) {
	p := newTestPool(t, 4, Bounds{})
	a, b, c := mustAcquire(t, p, Claim{}), mustAcquire(t, p, Claim{}), mustAcquire(t, p, Claim{})
	if a.ID != 1 || b.ID != 2 || c.ID != 3 {
		t.Errorf("got %d, %d, %d", a.ID, b.ID, c.ID)
	}
	p.Release(a)
	p.Release(c)
	p.Release(b)
	if got := mustAcquire(t, p, Claim{}); got != b {
		t.Errorf("got %d, want the one used last", got.ID)
	}
	if got := mustAcquire(t, p, Claim{Want: a}); got != a {
		t.Errorf("got %d, want the one asked for", got.ID)
	}
	if got := mustAcquire(t, p, Claim{Want: a}); got != c {
		t.Errorf("got %d, want another", got.ID)
	}
	if got := mustAcquire(t, p, Claim{}); got.ID != 4 {
		t.Errorf("got %d, want the last", got.ID)
	}
	for _, a := range p.apartments {
		p.Release(a)
	}
}

func TestAnApartmentAlwaysRunsOnTheSameGoroutine(t *testing.T) {
	p := newTestPool(t, 3, Bounds{})
	var seen [3][]string
	for range 10 {
		for i, a := range p.apartments {
			a := mustAcquire(t, p, Claim{Want: a, Pinned: true})
			asptest.Check(t, runIn(a, func() { seen[i] = append(seen[i], asptest.Goroutine()) }))
			p.Release(a)
		}
	}
	own := asptest.Goroutine()
	for i, ids := range seen {
		if len(slices.Compact(ids)) != 1 || ids[0] == own || ids[0] == seen[(i+1)%3][0] {
			t.Errorf("apartment %d ran on %v", i+1, ids)
		}
	}
}

func TestAPanicIsTheJobsOwn(t *testing.T) {
	p := newTestPool(t, 1, Bounds{})
	a := mustAcquire(t, p, Claim{})
	defer p.Release(a)
	boom := errors.New("boom")
	err := runIn(a, func() { panic(boom) })
	var panicked *jobPanicError
	if !errors.As(err, &panicked) || !errors.Is(err, boom) || !bytes.Contains(panicked.stack, []byte("pool_test.go")) {
		t.Errorf("got %v", err)
	}
	var nothing *Apartment
	err = runIn(a, func() { nothing.ID++ })
	var bug goruntime.Error
	if !errors.As(err, &panicked) || errors.As(err, &bug) {
		t.Errorf("got %v", err)
	}
	if err := runIn(a, func() { panic("text") }); err == nil || err.Error() != "panic: text" {
		t.Errorf("got %v", err)
	}
	asptest.Check(t, runIn(a, func() {}))
}

func TestAJobThatEndsItsGoroutineCostsOnlyThat(t *testing.T) {
	p := newTestPool(t, 1, Bounds{})
	a := mustAcquire(t, p, Claim{})
	defer p.Release(a)
	for range 3 {
		if err := runIn(a, goruntime.Goexit); err != errJobExited {
			t.Errorf("got %v", err)
		}
		asptest.Check(t, runIn(a, func() {}))
	}
	// The holder may have given up just before it heard of it.
	a.Start(goruntime.Goexit)
	for !a.worker.dead.Load() {
		goruntime.Gosched()
	}
	a.Orphan()
	asptest.Check(t, runIn(a, func() {}))
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
		p := newTestPool(t, 1, Bounds{QueueMax: 1})
		p.log = slog.New(slog.NewTextHandler(&log, nil))
		a := mustAcquire(t, p, Claim{})
		stop := make(chan struct{})
		a.Start(func() { <-stop })
		results := make(chan result, 1)
		line(t.Context(), p, results, "next", Claim{})
		a.Orphan()
		if s := p.Status(); s.Orphans != 1 || s.OrphansEver != 1 {
			t.Errorf("got %+v", s)
		}
		asptest.Check(t, runIn(a, func() {})) // an error page
		p.Release(a)
		next := <-results
		asptest.Check(t, runIn(next.a, func() {}))
		p.Release(next.a)
		time.Sleep(5 * time.Second)
		close(stop)
		synctest.Wait()
		if s := p.Status(); s.Orphans != 0 || s.OrphansEver != 1 {
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
		p := New(2, Bounds{QueueMax: 10}, slog.New(slog.DiscardHandler))
		a, b := mustAcquire(t, p, Claim{}), mustAcquire(t, p, Claim{})
		finish := make(chan struct{})
		a.Start(func() { <-finish })
		asptest.Check(t, runIn(b, func() {}))
		results := make(chan result, 2)
		line(t.Context(), p, results, "any", Claim{})
		line(t.Context(), p, results, "pinned", Claim{Want: b, Pinned: true})
		closed := make(chan error, 1)
		go func() { closed <- p.Close(context.Background()) }()
		for range 2 {
			if got := <-results; got.err != ErrPoolClosed {
				t.Errorf("got %+v", got)
			}
		}
		if _, _, err := p.Acquire(t.Context(), Claim{}); err != ErrPoolClosed {
			t.Errorf("got %v", err)
		}
		asptest.Check(t, runIn(b, func() {})) // what is held goes on working
		p.Release(b)
		synctest.Wait()
		if len(closed) != 0 {
			t.Fatal("close didn't wait")
		}
		close(finish)
		asptest.Check(t, <-a.Done())
		p.Release(a)
		asptest.Check(t, <-closed)
		asptest.Check(t, p.Close(context.Background())) // again
	})
}

func TestCloseIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(2, Bounds{}, slog.New(slog.DiscardHandler))
		a, b := mustAcquire(t, p, Claim{}), mustAcquire(t, p, Claim{})
		stop := make(chan struct{})
		a.Start(func() { <-stop })
		b.Start(func() { <-stop })
		b.Orphan()
		p.Release(b)

		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err := p.Close(ctx)
		if err == nil || !strings.Contains(err.Error(), "1 still run and 1 scripts did not stop") || time.Since(start) != 10*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		a.Orphan()
		p.Release(a)
		start = time.Now()
		if err := p.Close(context.Background()); err == nil || time.Since(start) != orphanGrace {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		close(stop)
		asptest.Check(t, p.Close(context.Background()))
	})
}

func TestPassingAnApartmentOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 1, Bounds{QueueMax: 1})
		a := mustAcquire(t, p, Claim{})
		results := make(chan result, 1)
		line(t.Context(), p, results, "waits", Claim{})
		p.Adopt(a) // its session's next request
		time.Sleep(time.Second)
		if len(results) != 0 {
			t.Fatal("the apartment was free for a moment")
		}
		if s := p.Status().Apartments[0]; s.Hits != 2 || s.Held != time.Second {
			t.Errorf("got %+v", s)
		}
		p.Release(a)
		p.Release((<-results).a)
	})
}

func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 2, Bounds{})
		a := mustAcquire(t, p, Claim{})
		time.Sleep(2 * time.Second)
		if s := p.Status(); s.idle != 1 || s.Busy != 1 || s.Apartments[0].Held != 2*time.Second || s.Apartments[0].Busy != 2*time.Second || s.Apartments[1].Held != 0 {
			t.Errorf("got %+v", s)
		}
		p.Release(a)
		time.Sleep(time.Second)
		if s := p.Status(); s.idle != 2 || s.Apartments[0].Held != 0 ||
			s.Apartments[0].Busy != 2*time.Second || s.Apartments[0].Hits != 1 {
			t.Errorf("got %+v", s)
		}
	})
}

func TestAnUncontendedHandOverAllocatesNothing(t *testing.T) {
	p := newTestPool(t, 1, Bounds{})
	job := func() {}
	allocs := testing.AllocsPerRun(100, func() {
		a, _, err := p.Acquire(context.Background(), Claim{})
		if err != nil {
			t.Fatal(err)
		}
		asptest.Check(t, runIn(a, job))
		p.Release(a)
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
