package figures

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

// format is the version of the JSON of a Run.
const format = 1

// A Run is everything that one run of the benchmark found.
type Run struct {
	Format  int       `json:"format"`
	Started time.Time `json:"started"`
	Took    Seconds   `json:"took_s"`
	Command []string  `json:"command"` // the arguments
	Machine Machine   `json:"machine"`
	Cells   []Cell    `json:"cells"`
	Slow    []Slow    `json:"slow"`
	Worker  *Worker   `json:"worker,omitempty"` // nil: isolation wasn't measured
}

// A Worker is what a worker process costs before it has served anything.
type Worker struct {
	Start  float64 `json:"start_ms"` // until it is ready
	Memory float64 `json:"memory_mb"`
}

// A Machine is where the run took place.
type Machine struct {
	Go   string `json:"go"`
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
	// LoadBefore and LoadAfter are the system's load averages, "" where it
	// has none. What else ran disturbs the figures; the ratios less.
	LoadBefore string `json:"load_before"`
	LoadAfter  string `json:"load_after"`
}

// Seconds is a time in JSON.
type Seconds float64

// Write writes the run to a file.
func (r *Run) Write(name string) error {
	r.Format = format
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return os.WriteFile(name, append(text, '\n'), 0o666)
}

// Read reads a run from a file that Write wrote.
func Read(name string) (*Run, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var r Run
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if r.Format != format {
		return nil, fmt.Errorf("read %s: %w", name, fmt.Errorf("it has format %d, this program knows %d", r.Format, format))
	}
	if len(r.Cells) == 0 && len(r.Slow) == 0 {
		return nil, fmt.Errorf("read %s: %w", name, errors.New("it has no figures"))
	}
	return &r, nil
}

// Failed is an error when requests failed, which then aren't in the figures.
func (r *Run) Failed() error {
	n, first := 0, ""
	count := func(failed int, failure string) {
		if n += failed; first == "" {
			first = failure
		}
	}
	for _, c := range r.Cells {
		count(c.Naja.Failed, c.Naja.Failure)
		count(c.Plain.Failed, c.Plain.Failure)
	}
	for _, s := range r.Slow {
		count(s.Naja.Failed, s.Naja.Failure)
		count(s.Plain.Failed, s.Plain.Failure)
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d requests failed, the first with: %s", n, first)
}
