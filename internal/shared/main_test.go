package shared_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

// open makes a State that is closed at the test's end; cfg.Store may be left
// out.
func open(t testing.TB, cfg shared.Config) *shared.State {
	t.Helper()
	if cfg.Store == nil {
		cfg.Store = memory.NewApplication()
	}
	s, err := shared.New(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func begin(s *shared.State, page string) *shared.View {
	return s.Begin(shared.Owner{Page: page, URL: page + "?x=1"})
}

// raw is a Go value as stored.
func raw(v any) []byte {
	b, err := cborvalue.FromGo(v)
	if err != nil {
		panic(err)
	}
	return b
}

// show is what a view sees.
func show(v *shared.View) string {
	var s []string
	for _, k := range v.Keys() {
		b, ok := v.Get(k)
		if !ok {
			b = nil
		}
		s = append(s, k+"="+cborvalue.Diagnostic(b))
	}
	return strings.Join(s, " ")
}

// want compares what a view sees.
func want(t testing.TB, v *shared.View, text string) {
	t.Helper()
	if got := show(v); got != text {
		t.Errorf("seen: %s; want %s", got, text)
	}
}

// must stops the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// idle checks that nobody holds the lock or waits for it.
func idle(t testing.TB, s *shared.State) {
	t.Helper()
	if st := s.Status(); st.Holder != nil || len(st.Waiters) > 0 {
		t.Errorf("left behind: %s", fmt.Sprint(st.Holder, st.Waiters))
	}
}

// pass lets d pass on a bubble's clock.
func pass(d time.Duration) { <-time.After(d) }
