package sessions

import (
	"math/rand/v2"
	"time"
)

// jitter gives d, give or take a half, so that processes and waiters don't
// keep step.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d)
}
