package memory

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/storetest"
)

// wait lets d pass on the bubble's clock.
func wait(d time.Duration) { <-time.After(d) }

func TestSessions(t *testing.T) {
	storetest.RunSessions(t, storetest.Sessions{
		Open: func(*testing.T) store.Sessions { return NewSessions() },
		Wait: wait,
		Run:  synctest.Test,
	})
}
