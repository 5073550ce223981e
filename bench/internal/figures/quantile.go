package figures

import (
	"slices"
	"time"
)

// Quantiles are times in milliseconds that half, 95 % and 99 % of requests
// stayed within.
type Quantiles struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// QuantilesOf sorts times and looks them up. Each quantile is one of the
// times, by nearest rank; without times it is 0.
func QuantilesOf(times []time.Duration) Quantiles {
	slices.Sort(times)
	return Quantiles{nearest(times, 50), nearest(times, 95), nearest(times, 99)}
}

// nearest is the smallest of the sorted times that percent of them don't pass.
func nearest(sorted []time.Duration, percent int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*percent + 99) / 100
	return InMilliseconds(sorted[max(rank, 1)-1])
}

// InMilliseconds is a time as the figures have it.
func InMilliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
