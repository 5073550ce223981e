package turn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// entries counts what the map holds: nothing may stay behind.
func (ts *Turns) entries() int {
	n := 0
	for i := range ts.shards {
		s := &ts.shards[i]
		s.mu.Lock()
		n += len(s.held)
		s.mu.Unlock()
	}
	return n
}

func (ts *Turns) checkEmpty(t *testing.T) {
	t.Helper()
	if n := ts.entries(); n != 0 {
		t.Errorf("%d entries left behind", n)
	}
	if n := ts.Waiting(); n != 0 {
		t.Errorf("%d waiters still counted", n)
	}
}

func mustEnter(t *testing.T, ts *Turns, key string) *Turn {
	t.Helper()
	turn, err := ts.Enter(t.Context(), key)
	if err != nil {
		t.Fatalf("Enter(%q): %v", key, err)
	}
	return turn
}

// enqueue starts one waiter for key and returns once it stands in line.
func enqueue(ctx context.Context, turn *Turn, got func(*Turn, error)) {
	before := turn.Waiting()
	go func() { got(turn.turns.Enter(ctx, turn.key)) }()
	synctest.Wait()
	if turn.Waiting() != before+1 {
		panic("the waiter is not in the queue")
	}
}

func TestTurnsAreExclusiveAndFIFO(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts := New(Config{PerSession: 200})
		first := mustEnter(t, ts, "a")
		var order []int // only the holder of the turn appends
		for i := range 100 {
			enqueue(t.Context(), first, func(turn *Turn, err error) {
				if err != nil {
					t.Errorf("waiter %d: %v", i, err)
					return
				}
				defer turn.Leave()
				order = append(order, i)
			})
		}
		if other := mustEnter(t, ts, "b"); other.Waited() != 0 {
			t.Errorf("another session waited %v", other.Waited())
		} else {
			other.Leave()
		}
		if _, ok := ts.TryEnter("a"); ok {
			t.Error("TryEnter took a turn that is held")
		}
		first.Leave()
		if n := first.Waiting(); n != 0 {
			t.Errorf("%d wait behind a turn that was left", n)
		}
		synctest.Wait()
		for i, got := range order {
			if i != got {
				t.Fatalf("place %d went to waiter %d", i, got)
			}
		}
		if len(order) != 100 {
			t.Errorf("%d of 100 waiters had their turn", len(order))
		}
		ts.checkEmpty(t)
	})
}

func TestTurnLeaveIsIdempotent(t *testing.T) {
	ts := New(Config{})
	first := mustEnter(t, ts, "a")
	first.Leave()
	second := mustEnter(t, ts, "a")
	first.Leave() // must not give up the second's turn
	if _, ok := ts.TryEnter("a"); ok {
		t.Fatal("a turn that was left twice freed its successor's")
	}
	second.Leave()
	third, ok := ts.TryEnter("a")
	if !ok {
		t.Fatal("TryEnter failed on a free turn")
	}
	third.Leave()
	ts.checkEmpty(t)
}

func TestTurnsAreBounded(t *testing.T) {
	for _, tt := range []struct {
		name       string
		cfg        Config
		perKey     int // waiters that fit behind one key
		keys       int
		wantRefuse string
	}{
		{"default per session", Config{}, 50, 1, "50 of one session"},
		{"per session", Config{PerSession: 3}, 3, 1, "3 of one session"},
		{"none per session", Config{PerSession: -1}, 0, 1, "0 of one session"},
		{"in all", Config{PerSession: 10, Total: 10}, 5, 2, "10 in all"},
		{"default in all", Config{PerSession: 1001}, 1000, 3, "3000 in all"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ts := New(tt.cfg)
				ctx, cancel := context.WithCancel(t.Context())
				var holder *Turn
				for k := range tt.keys {
					holder = mustEnter(t, ts, fmt.Sprint(k))
					defer holder.Leave()
					for range tt.perKey {
						go func() {
							if turn, err := ts.Enter(ctx, fmt.Sprint(k)); err == nil {
								turn.Leave()
							}
						}()
					}
				}
				synctest.Wait()
				if got, want := ts.Waiting(), tt.keys*tt.perKey; got != want {
					t.Errorf("%d wait, want %d", got, want)
				}
				_, err := ts.Enter(t.Context(), holder.Key())
				if !errors.Is(err, ErrQueueFull) || !strings.Contains(err.Error(), tt.wantRefuse) {
					t.Errorf("one too many: %v, want ErrQueueFull naming %q", err, tt.wantRefuse)
				}
				if got, want := ts.Waiting(), tt.keys*tt.perKey; got != want {
					t.Errorf("%d wait after one was refused, want %d", got, want)
				}
				cancel()
				synctest.Wait()
			})
		})
	}
}

func TestTurnWaiterLeavesWithItsClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts := New(Config{})
		gone := errors.New("client gone")
		cancelled, cancel := context.WithCancelCause(t.Context())
		cancel(gone)
		if _, err := ts.Enter(cancelled, "a"); err != gone {
			t.Errorf("Enter with an ended context: %v, want its cause", err)
		}

		first := mustEnter(t, ts, "a")
		ctx, cancel := context.WithCancelCause(t.Context())
		var middle error
		var last *Turn
		enqueue(ctx, first, func(_ *Turn, err error) { middle = err })
		enqueue(t.Context(), first, func(turn *Turn, _ error) { last = turn })
		cancel(gone)
		synctest.Wait()
		if middle != gone {
			t.Errorf("the waiter got %v, want its context's cause", middle)
		}
		if n := first.Waiting(); n != 1 {
			t.Errorf("%d wait, want 1", n)
		}
		<-time.After(5 * time.Second) // the bubble's clock
		first.Leave()
		synctest.Wait()
		if last == nil {
			t.Fatal("the one behind didn't get the turn")
		}
		if last.Waited() != 5*time.Second {
			t.Errorf("waited %v, want 5s", last.Waited())
		}
		last.Leave()
		ts.checkEmpty(t)
	})
}

// A grant that meets the end of the context goes on to the next in line.
func TestTurnGrantToOneThatGaveUpIsPassedOn(t *testing.T) {
	ts := New(Config{})
	first := mustEnter(t, ts, "a")
	waiter := func() *Turn { // as Enter does, but both channels are ready
		w := &Turn{turns: ts, key: "a", granted: make(chan struct{})}
		w.shard.Store(first.shard.Load())
		ts.waiting.Add(1)
		first.lock()
		first.queue.push(w)
		first.shard.Load().mu.Unlock()
		return w
	}
	second, third := waiter(), waiter()
	first.SetHint("apartment")
	first.Leave()
	select {
	case <-second.granted:
	default:
		t.Fatal("the second has no grant")
	}
	second.abandon()
	select {
	case <-third.granted:
	default:
		t.Fatal("the grant was not passed on")
	}
	if third.Hint() != "apartment" {
		t.Errorf("hint %v did not travel with the grant", third.Hint())
	}
	third.Leave()
	ts.checkEmpty(t)
}

func TestTurnHint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dropped []any
		ts := New(Config{Drop: func(h any) { dropped = append(dropped, h) }})
		first := mustEnter(t, ts, "a")
		var second *Turn
		enqueue(t.Context(), first, func(turn *Turn, _ error) { second = turn })
		first.SetHint(1)
		first.Leave()
		synctest.Wait()
		if got := second.Hint(); got != 1 {
			t.Errorf("the next holder got hint %v, want 1", got)
		}
		if got := second.TakeHint(); got != 1 || second.Hint() != nil {
			t.Errorf("TakeHint: %v, then %v", got, second.Hint())
		}
		second.SetHint(2)
		second.Leave() // nobody waits
		second.SetHint(3)
		if fmt.Sprint(dropped) != "[2 3]" {
			t.Errorf("dropped %v, want [2 3]", dropped)
		}
		third := mustEnter(t, ts, "a")
		if third.Hint() != nil {
			t.Errorf("a new entry has the hint %v", third.Hint())
		}
		third.Leave()
		ts.checkEmpty(t)
	})
}

func TestTurnsSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts := New(Config{})
		first := mustEnter(t, ts, "the-secret")
		<-time.After(time.Second)
		other := mustEnter(t, ts, "other")
		enqueue(t.Context(), first, func(turn *Turn, _ error) { turn.Leave() })
		<-time.After(2 * time.Second)

		got := ts.Snapshot()
		want := []Info{
			{Session: Label("the-secret"), Held: 3 * time.Second, Waiting: []time.Duration{2 * time.Second}},
			{Session: Label("other"), Held: 2 * time.Second},
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("snapshot %v, want %v", got, want)
		}
		if strings.Contains(fmt.Sprint(got), "secret") {
			t.Error("the snapshot shows the key")
		}
		first.Leave()
		other.Leave()
		synctest.Wait()
		ts.checkEmpty(t)
	})
}

// 10,000 requests on few sessions, each of which may give up at any moment,
// leave nothing behind and are never in two at a time.
func TestTurnsHammerCancel(t *testing.T) {
	const waiters = 10_000
	h := &cancelHammer{begin: make(chan struct{})}
	h.turns = New(Config{PerSession: waiters, Total: waiters, Drop: func(any) { h.count(&h.dropped) }})
	var first [len(h.inside)]*Turn
	for k := range first {
		first[k] = mustEnter(t, h.turns, fmt.Sprint(k))
	}
	for i := range waiters {
		h.all.Go(func() { h.waiter(t, i) })
	}
	for h.turns.Waiting() < waiters {
		runtime.Gosched()
	}
	close(h.begin) // those who give up do so while the turns pass on
	for _, turn := range first {
		turn.Leave()
	}
	h.all.Wait()
	if h.entered+h.gaveUp != waiters {
		t.Errorf("%d entered and %d gave up, want %d in all", h.entered, h.gaveUp, waiters)
	}
	if h.hints+h.dropped != h.entered {
		t.Errorf("%d hints were taken and %d dropped, want %d in all", h.hints, h.dropped, h.entered)
	}
	h.turns.checkEmpty(t)
	t.Logf("%d entered, %d gave up, %d hints passed on", h.entered, h.gaveUp, h.hints)
}

// A cancelHammer has many wait for a few turns, of whom half give up at some
// moment.
type cancelHammer struct {
	turns  *Turns
	inside [7]sync.Mutex // held by who has the turn
	begin  chan struct{}
	all    sync.WaitGroup

	mu                              sync.Mutex
	entered, gaveUp, hints, dropped int
}

func (h *cancelHammer) count(n *int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	*n++
}

func (h *cancelHammer) waiter(t *testing.T, i int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if rand.IntN(2) == 0 {
		h.all.Go(func() {
			<-h.begin
			for range rand.IntN(2000) {
				_ = rand.Int()
			}
			cancel()
		})
	}
	k := i % len(h.inside)
	turn, err := h.turns.Enter(ctx, fmt.Sprint(k))
	if err != nil {
		h.count(&h.gaveUp)
		return
	}
	if !h.inside[k].TryLock() {
		t.Error("two hold one turn")
		turn.Leave()
		return
	}
	taken := turn.TakeHint() != nil
	h.inside[k].Unlock()
	turn.SetHint(i)
	h.count(&h.entered)
	if taken {
		h.count(&h.hints)
	}
	h.all.Go(turn.Leave) // an orphan's turn is left from elsewhere, twice
	turn.Leave()
}

func TestTurnsHammerIncrements(t *testing.T) {
	ts := New(Config{PerSession: 200})
	n := 0 // guarded by the turn alone: the race detector watches
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			turn, err := ts.Enter(context.Background(), "one")
			if err != nil {
				t.Error(err)
				return
			}
			defer turn.Leave()
			n++
		})
	}
	wg.Wait()
	if n != 200 {
		t.Errorf("200 parallel increments ended at %d", n)
	}
	ts.checkEmpty(t)
}

func TestTurnUncontendedAllocatesOnce(t *testing.T) {
	ts := New(Config{})
	ctx := t.Context()
	allocs := testing.AllocsPerRun(1000, func() {
		turn, err := ts.Enter(ctx, "key")
		if err != nil {
			t.Fatal(err)
		}
		turn.Leave()
	})
	if allocs > 1 {
		t.Errorf("%v allocations for an uncontended turn, want 1", allocs)
	}
}

func BenchmarkTurnUncontended(b *testing.B) {
	ts := New(Config{})
	keys := make([]string, 1024)
	for i := range keys {
		keys[i] = fmt.Sprintf("session-%024d", i)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := rand.IntN(len(keys)); pb.Next(); i++ {
			turn, err := ts.Enter(context.Background(), keys[i%len(keys)])
			if err != nil {
				continue // the same session on another goroutine: not counted
			}
			turn.Leave()
		}
	})
}

func BenchmarkTurnContended(b *testing.B) {
	ts := New(Config{PerSession: 1 << 20, Total: 1 << 20})
	b.ReportAllocs()
	b.SetParallelism(50)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			turn, err := ts.Enter(context.Background(), "one")
			if err != nil {
				b.Error(err)
				return
			}
			turn.Leave()
		}
	})
}

func TestFailSendsTheLineAway(t *testing.T) {
	t.Parallel()
	ts := New(Config{})
	held, err := ts.Enter(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	got := make(chan error, 3)
	for i := range 3 {
		go func() {
			hop, err := ts.Enter(context.Background(), "a")
			if hop != nil {
				hop.Leave()
			}
			got <- err
		}()
		for held.Waiting() != i+1 {
			runtime.Gosched()
		}
	}
	held.Fail(boom)
	for range 3 {
		if err := <-got; !errors.Is(err, boom) {
			t.Error(err)
		}
	}
	if held.Waiting() != 0 || ts.Waiting() != 0 {
		t.Error("some still wait")
	}
	if _, ok := ts.TryEnter("a"); ok {
		t.Error("the turn itself was given up")
	}
	held.Leave()
	held.Fail(boom) // nothing
	if hop, ok := ts.TryEnter("a"); !ok {
		t.Error("the turn isn't free")
	} else {
		hop.Leave()
	}
}
