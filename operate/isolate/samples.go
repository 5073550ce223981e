package isolate

import (
	"sync"

	"github.com/najahost/naja/engine"
)

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
