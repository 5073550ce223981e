package engine

import (
	"context"
	"errors"
)

// ErrNoRequest is that there is no request of this number, any more.
var ErrNoRequest = errors.New("there is no such request: it has ended")

// Interrupted is a request that was ended by an operator.
type Interrupted struct {
	Request RequestStatus `json:"request"` // as it was just before
	Stopped bool          `json:"stopped"` // false: its script doesn't stop; it was given up and uses a processor
	Lost    []string      `json:"lost"`    // what is lost with it, a sentence each
}

// Interrupt ends one request, or event, wherever it is, and returns when it
// has ended. Its client gets 503, or an answer that is visibly broken off
// where some of it had left. Error: [ErrNoRequest].
func (e *Engine) Interrupt(ctx context.Context, request int64) (Interrupted, error) {
	return Interrupted{}, ErrNoRequest
}
