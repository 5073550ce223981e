package isolate

import "encoding/json"

// What the parent says with its calls, and what comes back. A call without
// arguments has none.
type (
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
