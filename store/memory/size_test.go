package memory

import (
	"crypto/rand"
	"encoding/base64"
	goruntime "runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/store"
)

// threeValues is what a small session holds.
func threeValues(t testing.TB, i int) []byte {
	var items []cborvalue.Change
	for _, v := range []struct {
		key string
		val any
	}{{"user", "user-" + base64.StdEncoding.EncodeToString([]byte{byte(i), byte(i >> 8)})}, {"visits", i}, {"theme", "dark"}} {
		raw, err := cborvalue.FromGo(v.val)
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, cborvalue.Change{Key: v.key, Raw: raw})
	}
	var r cborvalue.Record
	b, err := r.Apply(cborvalue.Changes{Items: items})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newID() string {
	var b [18]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// fill makes n sessions and gives their ids.
func fill(t testing.TB, s *Sessions, n int, timeout time.Duration, keep bool) (ids []string) {
	for i := range n {
		id := newID()
		token, err := s.Create(t.Context(), id, store.NewSession{
			Serial: int64(i), Data: threeValues(t, i), Timeout: timeout, Lease: time.Minute,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Release(t.Context(), id, token); err != nil {
			t.Fatal(err)
		}
		if keep {
			ids = append(ids, id)
		}
	}
	return ids
}

func heapBytes() int64 {
	var m goruntime.MemStats
	goruntime.GC()
	goruntime.GC()
	goruntime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A live session of three small values takes at most 600 bytes, with all that
// is needed to find and to end it.
func TestBytesPerSession(t *testing.T) { checkBytes(t, 50_000) }

func TestSoakBytesPerSession(t *testing.T) {
	asptest.SoakOnly(t)
	checkBytes(t, 1_000_000)
}

func checkBytes(t *testing.T, n int) {
	before := heapBytes()
	s := NewSessions()
	fill(t, s, n, time.Hour, false)
	each := (heapBytes() - before) / int64(n)
	goruntime.KeepAlive(s)
	t.Logf("%d sessions take %d bytes each, %d of them contents", n, each, len(threeValues(t, 1)))
	if each > 600 {
		t.Errorf("a session takes %d bytes, want at most 600", each)
	}
}

// While very many sessions that expired at once are ended, requests of other
// sessions don't wait for it.
func TestCrowdExpires(t *testing.T) { checkCrowd(t, 20_000, 5_000) }

func TestSoakCrowdExpires(t *testing.T) {
	asptest.SoakOnly(t)
	checkCrowd(t, 100_000, 100_000)
}

// checkCrowd tries up to five times: other programs can only make requests
// slower, and a scan makes them slow each time.
func checkCrowd(t *testing.T, crowd, rounds int) {
	for try := 1; !crowdIsQuick(t, crowd, rounds); try++ {
		if try == 5 {
			t.Fatal("requests are slower while sessions end")
		}
	}
}

func crowdIsQuick(t *testing.T, crowd, rounds int) bool {
	s := NewSessions()
	ids := fill(t, s, 1000, time.Hour, true)
	fill(t, s, crowd, time.Nanosecond, false)

	idle := requests(t, s, ids, rounds)
	stop, done := make(chan struct{}), make(chan int)
	go func() { done <- endUntil(t, s, stop) }()
	busy := requests(t, s, ids, rounds)
	close(stop)
	ended := <-done + finishAll(t, s)

	t.Logf("p99 %v idle, %v while ending; p99.9 %v and %v; worst %v and %v", idle[0], busy[0], idle[1], busy[1], idle[2], busy[2])
	if ended != crowd {
		t.Errorf("%d were ended, want %d", ended, crowd)
	}
	s.check(t)
	return busy[0] <= 2*idle[0]+time.Millisecond
}

// endUntil ends sessions in batches, as a Manager does, until stop is closed
// or none are left.
func endUntil(t *testing.T, s *Sessions, stop chan struct{}) (n int) {
	for {
		select {
		case <-stop:
			return n
		default:
		}
		claims, err := s.Claim(t.Context(), "", time.Minute, 50)
		if err != nil || len(claims) == 0 {
			return n
		}
		for _, c := range claims {
			if err := s.Finish(t.Context(), c.ID, c.Token); err != nil {
				t.Error(err)
			}
		}
		n += len(claims)
	}
}

// requests times rounds of what a request does; p99, p99.9 and the worst.
func requests(t *testing.T, s *Sessions, ids []string, rounds int) [3]time.Duration {
	times := make([]time.Duration, rounds)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range times {
			id := ids[i%len(ids)]
			start := time.Now()
			got, err := s.Acquire(t.Context(), id, time.Minute)
			if err == nil {
				err = s.Commit(t.Context(), id, got.Token, store.Commit{Data: got.Data, Timeout: time.Hour})
			}
			times[i] = time.Since(start)
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	wg.Wait()
	slices.Sort(times)
	return [3]time.Duration{times[rounds*99/100], times[rounds*999/1000], times[rounds-1]}
}

func BenchmarkRequest(b *testing.B) {
	s := NewSessions()
	ids := fill(b, s, 100_000, time.Hour, true)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		id := ids[i%len(ids)]
		got, err := s.Acquire(b.Context(), id, time.Minute)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Commit(b.Context(), id, got.Token, store.Commit{Timeout: time.Hour}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEnd(b *testing.B) {
	s := NewSessions()
	fill(b, s, b.N, time.Nanosecond, false)
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; {
		claims, err := s.Claim(b.Context(), "", time.Minute, 50)
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range claims {
			if err := s.Finish(b.Context(), c.ID, c.Token); err != nil {
				b.Fatal(err)
			}
		}
		n += len(claims)
	}
}
