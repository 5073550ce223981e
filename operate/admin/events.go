package admin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/najahost/naja/operate/host"
)

const (
	streamsMax = 32 // streams at once; more get one snapshot each and come again
	// lingering is how long snapshots are still taken after the last look, so
	// that whoever loads the page again has charts without a hole.
	lingering   = 5 * time.Minute
	streamStall = 15 * time.Second // what a client may take to read one snapshot
	streamRetry = 3 * time.Second  // after which a client without a stream comes again
)

// A sampler takes a snapshot each second while somebody looks, and gives the
// same one to all who do. Its goroutine begins with newSampler and ends with
// Close. Any goroutine may use it.
type sampler struct {
	snapshot func() Document
	looked   chan struct{} // somebody does; holds one
	closing  chan struct{}
	done     sync.WaitGroup
	once     sync.Once

	sampling sync.Mutex // one snapshot at a time, so that they are handed out in their order

	mu      sync.Mutex
	trends  trends
	frame   []byte // the latest snapshot, as events
	taken   time.Time
	streams map[chan []byte]struct{} // each holds one frame
}

func newSampler(snapshot func() Document) *sampler {
	s := &sampler{
		snapshot: snapshot, looked: make(chan struct{}, 1), closing: make(chan struct{}),
		trends: make(trends), streams: make(map[chan []byte]struct{}),
	}
	s.done.Go(s.run)
	return s
}

// Close ends the goroutine, and all streams; it waits for the goroutine.
func (s *sampler) Close() {
	s.once.Do(func() { close(s.closing) })
	s.done.Wait()
}

// run sleeps until somebody looks, then takes snapshots until nobody has
// looked for a while.
func (s *sampler) run() {
	for {
		select {
		case <-s.closing:
			return
		case <-s.looked:
		}
		if !s.watch() {
			return
		}
	}
}

// watch is false when the sampler is closing.
func (s *sampler) watch() bool {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	last := time.Now()
	for time.Since(last) < lingering {
		select {
		case <-s.closing:
			return false
		case <-s.looked:
			last = time.Now()
		case <-tick.C:
			s.sample(0)
			if s.watched() {
				last = time.Now()
			}
		}
	}
	return true
}

func (s *sampler) watched() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.streams) > 0
}

// sample takes a snapshot and hands it to the streams, unless the latest one
// is no older than that. A stream that hasn't read the one before gets this in its
// place.
func (s *sampler) sample(age time.Duration) {
	s.sampling.Lock()
	defer s.sampling.Unlock()
	if s.current(age) {
		return
	}
	status := s.snapshot()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = time.Now()
	latest := s.trends.add(s.taken, byPath(status))
	var frame bytes.Buffer
	writeEvent(&frame, "rates", latest)
	writeEvent(&frame, "status", status)
	s.frame = frame.Bytes()
	for stream := range s.streams {
		select {
		case <-stream:
		default:
		}
		stream <- s.frame
	}
}

// current says that there is a snapshot no older than age.
func (s *sampler) current(age time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.frame != nil && time.Since(s.taken) <= age
}

func byPath(status Document) map[string]host.Status {
	apps := make(map[string]host.Status, len(status.Applications))
	for _, app := range status.Applications {
		apps[app.Path] = app
	}
	return apps
}

// fresh gives what a stream begins with: all points, and a snapshot that isn't
// older than a second.
func (s *sampler) fresh() []byte {
	s.look()
	s.sample(time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	var text bytes.Buffer
	writeEvent(&text, "history", s.trends.all())
	text.Write(s.frame[bytes.Index(s.frame, []byte("event: status")):])
	return text.Bytes()
}

// look wakes the goroutine.
func (s *sampler) look() {
	select {
	case s.looked <- struct{}{}:
	default:
	}
}

// join gives a stream; nil when there are too many.
func (s *sampler) join() chan []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.streams) >= streamsMax {
		return nil
	}
	stream := make(chan []byte, 1)
	s.streams[stream] = struct{}{}
	return stream
}

func (s *sampler) leave(stream chan []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.streams, stream)
}

// ServeHTTP answers GET /events: server-sent events "history" once, then each
// second "rates" and "status". With once=1 in the query, and when there are
// too many streams, it ends after the first of each; clients come again by
// themselves.
func (s *sampler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	control := http.NewResponseController(w)
	send := func(text []byte) bool {
		// Not every writer has deadlines; a stream without is still a stream.
		_ = control.SetWriteDeadline(time.Now().Add(streamStall))
		_, err := w.Write(text)
		return err == nil && control.Flush() == nil
	}
	if !send(fmt.Appendf(nil, "retry: %d\n\n%s", streamRetry.Milliseconds(), s.fresh())) || r.FormValue("once") != "" {
		return
	}
	stream := s.join()
	if stream == nil {
		return
	}
	defer s.leave(stream)
	for {
		select {
		case <-s.closing:
			return
		case <-r.Context().Done():
			return
		case text := <-stream:
			if !send(text) {
				return
			}
		}
	}
}

// writeEvent writes one server-sent event; JSON has no line breaks.
func writeEvent(to *bytes.Buffer, name string, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		// Plain structs of numbers and strings always encode.
		text = []byte("null")
	}
	fmt.Fprintf(to, "event: %s\ndata: %s\n\n", name, text)
}
