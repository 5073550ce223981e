package bridge

import (
	"errors"
	"net/http"

	"github.com/najahost/naja/internal/turn"
)

// Refuse answers a request that gets no turn: 503 where too many wait. Where
// its visitor left there is nobody to answer.
func Refuse(w http.ResponseWriter, err error) {
	if !errors.Is(err, turn.ErrQueueFull) {
		return
	}
	w.Header().Set("Retry-After", "5")
	http.Error(w, "Server Too Busy", http.StatusServiceUnavailable)
}
