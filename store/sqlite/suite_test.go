package sqlite

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/storetest"
)

// pass lets d pass on the bubble's clock.
func pass(d time.Duration) { <-time.After(d) }

// open opens a store that the test closes.
func open(t testing.TB, cfg Config) *DB {
	t.Helper()
	db, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func fresh(t testing.TB) *DB { return open(t, Config{Path: filepath.Join(t.TempDir(), "state.db")}) }

func again(t testing.TB, db *DB) *DB { return open(t, db.cfg) }

// The clock is that of the bubble; the file is a real one.
func TestSessions(t *testing.T) {
	storetest.RunSessions(t, storetest.Sessions{
		Open: func(t *testing.T) store.Sessions { return fresh(t).Sessions() },
		Peer: func(t *testing.T, s store.Sessions) store.Sessions { return again(t, s.(*sessions).db).Sessions() },
		Wait: pass,
		Run:  synctest.Test,
	})
}

func TestApplication(t *testing.T) {
	storetest.RunApplication(t, storetest.Application{
		Open: func(t *testing.T) store.Application { return fresh(t).Application() },
		Peer: func(t *testing.T, s store.Application) store.Application {
			return again(t, s.(*application).db).Application()
		},
		Wait: pass,
		Run:  synctest.Test,
	})
}
