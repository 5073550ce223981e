package isolate

import (
	"encoding/json"
	"fmt"
	"time"
)

// What the parent says with its calls, and what comes back. A call without
// arguments has none.
type (
	endArgs struct {
		Patience time.Duration `json:"patience"` // with requests that are still inside
	}
	interruptArgs struct {
		Request int64 `json:"request"`
	}
	singleArgs struct {
		On bool `json:"on"`
	}
	sessionsArgs struct {
		After string `json:"after"`
		N     int    `json:"n"`
	}
	sessionArgs struct {
		ID     string `json:"id"`
		Values bool   `json:"values"`
	}
	configArgs struct {
		Engine json.RawMessage `json:"engine"`
	}
	pong struct {
		Unhealthy  bool `json:"unhealthy"`
		Goroutines int  `json:"goroutines"`
	}
)

// unhealthy is why a worker with too many orphans wants to be replaced.
const unhealthy = "too many scripts don't stop"

// with calls f with the arguments in body.
func with[A any](body json.RawMessage, f func(A) (any, error)) (any, error) {
	var args A
	if err := json.Unmarshal(body, &args); err != nil {
		return nil, fmt.Errorf("reading the arguments: %w", err)
	}
	return f(args)
}
