package bridge

import (
	"errors"
	"net/http"

	"github.com/najahost/naja/session"
)

// Refuse answers a request that gets no turn: 503 where too many wait. Where
// its visitor left there is nobody to answer.
func Refuse(w http.ResponseWriter, err error) {
	if !errors.Is(err, session.ErrQueueFull) {
		return
	}
	w.Header().Set("Retry-After", "5")
	http.Error(w, "Server Too Busy", http.StatusServiceUnavailable)
}
