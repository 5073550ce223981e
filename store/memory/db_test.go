package memory

import (
	"testing"
	"testing/synctest"

	"github.com/najahost/naja/store/storetest"
)

func TestDB(t *testing.T) {
	storetest.RunBackend(t, storetest.Backend{
		Open: func(*testing.T) storetest.Store { return New() },
		Wait: wait,
		Run:  synctest.Test,
	})
}
