package admin

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// A recording is what a stream got so far. It passes each flush on.
type recording struct {
	*httptest.ResponseRecorder
	flushed chan string
}

func (r *recording) FlushError() error {
	text := r.Body.String()
	r.Body.Reset()
	r.flushed <- text
	return nil
}

// look opens a stream, and gives what it gets, and how to leave it.
func look(t *testing.T, s *sampler, query string) (got chan string, leave func(), over chan struct{}) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &recording{httptest.NewRecorder(), make(chan string, 1)}
	over = make(chan struct{})
	go func() {
		defer close(over)
		s.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/events"+query, nil))
	}()
	return w.flushed, cancel, over
}

// events are the names of the events in a text, and the last status.
func events(t *testing.T, text string) (names string, status Document) {
	t.Helper()
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	name := ""
	for lines.Scan() {
		if word, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = word
			names += word + " "
		}
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		if !json.Valid([]byte(data)) {
			t.Errorf("%s isn't JSON: %s", name, data)
		}
		if name == "status" {
			if err := json.Unmarshal([]byte(data), &status); err != nil {
				t.Error(err)
			}
		}
	}
	return strings.TrimSpace(names), status
}

// counting is a sampler whose applications are as old as it has looked often.
func counting() (*sampler, *atomic.Int64) {
	looks := new(atomic.Int64)
	return newSampler(func() Document {
		return Document{Applications: []host.Status{{Path: "/", Engine: engine.Status{Counts: engine.Counts{Requests: looks.Add(1)}}}}}
	}), looks
}

// TestEventsEachSecond has two streams that see the same snapshots, and a
// sampler that rests when nobody has looked for a while.
func TestEventsEachSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, looks := counting()
		defer s.Close()
		time.Sleep(time.Hour)
		if n := looks.Load(); n != 0 {
			t.Fatalf("%d snapshots, and nobody looked", n)
		}
		one, leaveOne, overOne := look(t, s, "")
		two, leaveTwo, overTwo := look(t, s, "")
		for _, stream := range []chan string{one, two} {
			names, status := events(t, <-stream)
			if names != "history status" || status.Applications[0].Engine.Requests != 1 {
				t.Errorf("a stream begins with %q of look %d", names, status.Applications[0].Engine.Requests)
			}
		}
		for second := range int64(5) {
			for _, stream := range []chan string{one, two} {
				names, status := events(t, <-stream)
				if names != "rates status" || status.Applications[0].Engine.Requests != second+2 {
					t.Errorf("second %d: %q of look %d", second, names, status.Applications[0].Engine.Requests)
				}
			}
		}
		leaveOne()
		leaveTwo()
		<-overOne
		<-overTwo
		time.Sleep(lingering + 2*time.Second)
		rested := looks.Load()
		time.Sleep(time.Hour)
		if n := looks.Load(); n != rested || n < 300 {
			t.Errorf("%d snapshots after a while, %d after an hour without anybody", rested, n)
		}
	})
}

// TestEventsOnce ends after a snapshot, and tells the client to come again;
// the charts have what was in between.
func TestEventsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := counting()
		defer s.Close()
		for range 3 {
			got, leave, over := look(t, s, "?once=1")
			text := <-got
			<-over
			leave()
			if names, _ := events(t, text); names != "history status" || !strings.HasPrefix(text, "retry: 3000\n\n") {
				t.Errorf("it gets %q: %s", names, text)
			}
			time.Sleep(3 * time.Second)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if n := len(s.trends["/"].points); n < 6 || n > 10 {
			t.Errorf("%d points of nine seconds", n)
		}
	})
}

// TestEventsAreBounded gives whoever comes too late one snapshot, and a reader
// that doesn't read the newest one when it does.
func TestEventsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, looks := counting()
		defer s.Close()
		slow, _, _ := look(t, s, "")
		var others []chan string
		for range streamsMax - 1 {
			got, _, _ := look(t, s, "")
			others = append(others, got)
		}
		synctest.Wait()
		late, _, over := look(t, s, "")
		<-late
		<-over

		// Nobody reads for ten seconds.
		time.Sleep(10*time.Second + time.Second/2)
		<-slow // what it began with
		<-slow // what it held back
		_, status := events(t, <-slow)
		if got := status.Applications[0].Engine.Requests; got != looks.Load() {
			t.Errorf("a reader that was away sees look %d of %d", got, looks.Load())
		}
		s.Close()
		for _, stream := range append(others, slow) {
			go func() {
				for range stream {
				}
			}()
			defer close(stream)
		}
		synctest.Wait()
	})
}

// TestEventsEndWithTheConsole ends streams at Close, and answers whoever comes
// afterwards once.
func TestEventsEndWithTheConsole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := counting()
		got, _, over := look(t, s, "")
		<-got
		s.Close()
		s.Close()
		<-over
		after, _, done := look(t, s, "")
		if names, _ := events(t, <-after); names != "history status" {
			t.Errorf("afterwards it gets %q", names)
		}
		<-done
	})
}
