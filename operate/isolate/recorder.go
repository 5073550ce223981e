package isolate

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/najahost/naja/engine"
)

// A recorder writes down which pages run, where the parent can read it when
// this process is dead, and doesn't let suspects run unless the process is
// there for them.
type recorder struct {
	box      *blackBox
	alone    bool // this is the worker for suspects
	suspects atomic.Pointer[[]string]
}

func (r *recorder) suspect(pages []string) { r.suspects.Store(&pages) }

func (r *recorder) hasSuspects() bool {
	pages := r.suspects.Load()
	return !r.alone && pages != nil && len(*pages) > 0
}

// Begin is [engine.Recorder].
func (r *recorder) Begin(ctx context.Context, apartment int, page, url string) bool {
	if url != "" && r.hasSuspects() && slices.Contains(*r.suspects.Load(), page) {
		if header, ok := ctx.Value(answerKey{}).(http.Header); ok {
			header.Set(elsewhereHeader, page)
		}
		return false
	}
	r.box.begin(apartment, page, url)
	return true
}

// End is [engine.Recorder].
func (r *recorder) End(apartment int) { r.box.end(apartment) }

// elsewhereHeader says in an answer to the parent that the page it names is
// to run in the worker for suspects.
const elsewhereHeader = "Naja-Elsewhere"

type answerKey struct{}

// withAnswer lets the recorder find the answer's header.
func withAnswer(ctx context.Context, h http.Header) context.Context {
	return context.WithValue(ctx, answerKey{}, h)
}

// maxSamples is how many samples wait for the next report at most; more are
// counted and left out.
const maxSamples = 20_000

// A sampleBatch is what a worker reports of the requests that it answered.
type sampleBatch struct {
	Samples []engine.Sample `json:"samples"`
	Dropped int             `json:"dropped"`
}

// A sampler gathers samples. Any goroutine may use it.
type sampler struct {
	mu      sync.Mutex
	waiting sampleBatch
}

// Served is [engine.Observer].
func (s *sampler) Served(sample engine.Sample) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting.Samples) >= maxSamples {
		s.waiting.Dropped++
		return
	}
	s.waiting.Samples = append(s.waiting.Samples, sample)
}

func (s *sampler) take() sampleBatch {
	s.mu.Lock()
	defer s.mu.Unlock()
	batch := s.waiting
	s.waiting = sampleBatch{}
	return batch
}
