package memory

import (
	"context"
	"sync"

	"github.com/najahost/naja/store"
)

// A DB is both kinds of state of one application in memory, as an
// store.Backend: state that outlives an engine, where a process makes several
// after each other, or keeps it for engines in other processes (store/remote).
// What is kept is gone with the process: whoever ends it for good has the
// sessions ended before, as engine.Config.StateEnds says. Like a store on disk,
// and unlike an engine's own memory, it knows nothing of global.asa: a changed
// one finds the sessions and values that were there.
type DB struct {
	sessions    *Sessions
	application *Application

	mu      sync.Mutex
	serving map[string]int // who serves which text of global.asa
}

// New makes an empty DB. There is nothing to close.
func New() *DB {
	return &DB{sessions: NewSessions(), application: NewApplication(), serving: map[string]int{}}
}

// Join says that a text of global.asa is being served by an engine of this
// process until leave is called, once.
func (db *DB) Join(text string) (leave func(), err error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.serving[text]++
	return func() {
		db.mu.Lock()
		defer db.mu.Unlock()
		if db.serving[text]--; db.serving[text] == 0 {
			delete(db.serving, text)
		}
	}, nil
}

// Serving says whether a text is being served by an engine of this process that
// has Joined, or whether any is, for "".
func (db *DB) Serving(text string) bool {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.serving[text] > 0 || text == "" && len(db.serving) > 0
}

// Sessions is the store of sessions, the same at each call.
func (db *DB) Sessions() store.Sessions { return db.sessions }

// Application is the store of Application values, the same at each call.
func (db *DB) Application() store.Application { return db.application }

// Err is nil: memory doesn't fail.
func (db *DB) Err() error { return nil }

// FinishWith removes a claimed session and makes changes of Application, all
// of it or nothing. claim is the token of the session's claim, lock that of
// Application's lock, which is given up; where lock is 0 there are no changes.
// store.ErrLost and store.ErrLockLost say which of them was lost. It returns
// Application's version.
func (db *DB) FinishWith(ctx context.Context, id string, claim, lock int64, c store.Changes) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	a := db.application
	a.mu.Lock() // before the shard's lock; nobody takes them the other way round
	defer a.mu.Unlock()
	if lock != 0 && !a.owns(lock) {
		return 0, store.ErrLockLost
	}
	if err := db.sessions.Finish(ctx, id, claim); err != nil {
		return 0, err
	}
	if lock != 0 {
		a.commit(c)
	}
	return a.version, nil
}
