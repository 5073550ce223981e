package sqlite

import (
	"context"

	"github.com/najahost/naja/store"
)

// FinishWith removes a claimed session and makes changes of Application, all
// of it or nothing: what Session_OnEnd did takes effect exactly once. claim is
// the token of the session's claim, lock that of Application's lock, which is
// given up; where lock is 0 there are no changes. store.ErrLost and
// store.ErrLockLost say which of them was lost. It returns Application's
// version.
func (db *DB) FinishWith(ctx context.Context, id string, claim, lock int64, c store.Changes) (int64, error) {
	return write(ctx, db, "removing a session from", change[int64]{sync: true, do: func(t *tx) (int64, error) {
		if lock != 0 {
			if err := t.owns(lock); err != nil {
				return 0, err
			}
		}
		if err := t.finish(id, claim); err != nil {
			return 0, err
		}
		if lock == 0 {
			return t.version()
		}
		return t.commitLocked(lock, c)
	}})
}
