package memory

import (
	"testing"
	"testing/synctest"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/storetest"
)

func TestApplication(t *testing.T) {
	storetest.RunApplication(t, storetest.Application{
		Open: func(*testing.T) store.Application { return NewApplication() },
		Wait: wait,
		Run:  synctest.Test,
	})
}
