package sessions

import (
	"context"
	"errors"
	"fmt"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/store"
)

// An Inspected is a session as an operator sees it.
type Inspected struct {
	store.Info
	Contents cborvalue.Record // of a live one, as last committed
}

// Inspect gives the session with this Session.SessionID, without taking it or
// keeping it from expiring. The ID is the Session.SessionID. Error:
// [store.ErrNotFound], a *cborvalue.RecordError, or one of the store. It looks through
// the sessions as End does.
func (m *Manager) Inspect(ctx context.Context, id string) (Inspected, error) {
	errFound := errors.New("found")
	var got Inspected
	err := m.each(ctx, func(info store.Info) error {
		if publicID(info.Serial) != id {
			return nil
		}
		got.Info = info
		return errFound
	})
	switch {
	case err == nil:
		return got, store.ErrNotFound
	case !errors.Is(err, errFound):
		return got, err
	}
	key := got.ID
	got.ID = id
	if got.Ending != "" {
		return got, nil
	}
	opctx, cancel := m.bound(ctx)
	defer cancel()
	stored, err := m.store.Load(opctx, key)
	if err != nil {
		return got, fmt.Errorf("session: reading %s: %w", id, err)
	}
	got.Contents, err = cborvalue.ParseRecord(stored.Data)
	return got, err
}
