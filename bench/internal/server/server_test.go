package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/bench/internal/wire"
	"github.com/najahost/naja/operate/isolate"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if IsChild() {
		if err := Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func start(t *testing.T, site Site) *Child {
	t.Helper()
	child, err := Start(context.Background(), site, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := child.Close(); err != nil {
			t.Error(err)
		}
	})
	return child
}

// The comparison is worth nothing unless both ways put the same bytes on the
// wire.
func TestSameBytes(t *testing.T) {
	site := Site{Sizes: []int{1 << 10, 100 << 10}, Flushes: []int{0, 1, 10}, Waiting: []int{0, 1, WaitingParts}}
	site.Isolated = isolate.Available()
	child := start(t, site)
	if w := child.Worker; site.Isolated && (w == nil || w.Start <= 0) {
		t.Errorf("the worker is %+v", w)
	}
	for _, page := range site.pages() {
		for _, http10 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, 1.0 %t", page.Path, http10), func(t *testing.T) {
				naja, najaBody := fetch(t, child.Addr, NajaPrefix+page.Path, http10)
				plain, plainBody := fetch(t, child.Addr, PlainPrefix+page.Path, http10)
				if najaBody != plainBody || najaBody != string(slices.Concat(page.Pieces...)) {
					t.Errorf("naja sent %.200q\nplain %.200q", najaBody, plainBody)
				}
				if naja.Wire != plain.Wire || naja.Chunks != plain.Chunks || naja.Framing != plain.Framing || naja.Kept != plain.Kept {
					t.Errorf("naja %+v\nplain %+v", naja, plain)
				}
				if site.Isolated {
					isolated, body := fetch(t, child.Addr, IsolatedPrefix+page.Path, http10)
					if body != plainBody || isolated.Wire != plain.Wire || isolated.Chunks != plain.Chunks || isolated.Kept != plain.Kept {
						t.Errorf("a worker sent %+v\nplain %+v", isolated, plain)
					}
				}
				want := wire.ByLength
				switch {
				case page.Flushes > 0 && http10:
					want = wire.ByClose
				case page.Flushes > 0:
					want = wire.ByChunks
				}
				if naja.Status != 200 || naja.Framing != want {
					t.Errorf("status %d, framed by %s; want %s", naja.Status, naja.Framing, want)
				}
			})
		}
	}
}

// fetch is the second answer that a visitor gets: the first one sets a cookie
// where there is a session.
func fetch(t *testing.T, addr, path string, http10 bool) (a wire.Answer, text string) {
	t.Helper()
	c := wire.NewClient(wire.Target{Addr: addr, Path: path, HTTP10: http10, KeepAlive: true})
	defer c.Close()
	var body bytes.Buffer
	c.Body = &body
	for range 2 {
		body.Reset()
		var err error
		if a, err = c.Do(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return a, body.String()
}

func TestUsage(t *testing.T) {
	child := start(t, Site{Waiting: []int{0}})
	for _, prefix := range []string{NajaPrefix, PlainPrefix} {
		if err := child.Begin(); err != nil {
			t.Fatal(err)
		}
		fetch(t, child.Addr, prefix+WaitingPath(0), false)
		u, err := child.End()
		if err != nil {
			t.Fatal(err)
		}
		if u.Took < 2*WaitingParts*WaitingTime || u.CPU == 0 || u.CPU > u.Took*64 {
			t.Errorf("%s: %+v", prefix, u)
		}
		used, unused := u.Apartments, u.Handlers
		if prefix == PlainPrefix {
			used, unused = unused, used
		}
		if used.Max != 1 || used.Mean < 0.5 || used.Mean > 1 || unused.Max != 0 {
			t.Errorf("%s: %+v", prefix, u)
		}
	}
}

func TestStartFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Site{}, io.Discard); err == nil || !strings.Contains(err.Error(), "start the server") {
		t.Errorf("got %v", err)
	}
}

// Serve ends when the parent's end of the pipe does, whenever that is.
func TestServeEndsWithItsInput(t *testing.T) {
	for _, input := range []string{"", "{}", "{}\n{\"do\":\"begin\"}", "{}\n{\"do\":\"begin\"}\n{\"do\":\"end\"}\n{\"do\":\"end\"}", "{}\n{\"do"} {
		var out bytes.Buffer
		err := Serve(strings.NewReader(input), &out)
		if (err != nil) != (input == "") {
			t.Errorf("%q: %v", input, err)
		}
		var addrs ready
		if input != "" && (json.NewDecoder(&out).Decode(&addrs) != nil || addrs.Addr == "" || addrs.Narrow == "") {
			t.Errorf("%q: answered %q", input, out.String())
		}
	}
}

func TestMeter(t *testing.T) {
	looked := make(chan struct{})
	n := 0
	m := meter{apartments: func() int {
		if n++; n == 3 {
			close(looked)
		}
		return n
	}, handlers: func() int { return 0 }, cpu: cpuTime}
	if u := m.end(); u != (Usage{}) {
		t.Errorf("an end without a begin: %+v", u)
	}
	m.begin()
	<-looked
	u := m.end()
	if u.Apartments.Max < 3 || u.Apartments.Mean != float64(u.Apartments.Max+1)/2 || u.Took < 3*lookEvery || u.Took > time.Minute {
		t.Errorf("%+v", u)
	}
}
