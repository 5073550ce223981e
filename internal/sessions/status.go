package sessions

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/najahost/naja/store"
)

// A Status are the numbers of a [Manager] since it was made.
type Status struct {
	Open    int    // sessions that requests of this process have taken now
	Created uint64 // sessions that it made
	Refused uint64 // sessions that it didn't make because there were too many
	Ended   uint64 // sessions whose end went well
	Failed  uint64 // runs of OnEnd that failed
}

// Status gives the numbers of this moment.
func (m *Manager) Status() Status {
	return Status{
		Open:    m.leases.count(),
		Created: m.created.Load(),
		Refused: m.refused.Load(),
		Ended:   m.ender.ended.Load(),
		Failed:  m.ender.failed.Load(),
	}
}

// Count tells how many sessions the store has.
func (m *Manager) Count(ctx context.Context) (store.Counts, error) {
	ctx, cancel := m.bound(ctx)
	defer cancel()
	return m.store.Count(ctx)
}

// List gives up to n sessions from where a former call's next left off, from
// the first for "". The ID of each is its Session.SessionID. next is empty at
// the end.
func (m *Manager) List(ctx context.Context, after string, n int) (infos []store.Info, next string, err error) {
	opctx, cancel := m.bound(ctx)
	defer cancel()
	infos, err = m.store.List(opctx, after, n)
	if err != nil || len(infos) == 0 {
		return nil, "", err
	}
	next = infos[len(infos)-1].ID
	for i := range infos {
		infos[i].ID = publicID(infos[i].Serial)
	}
	return infos, next, nil
}

// page is how many sessions are listed at once.
const page = 1000

// End ends the session with this Session.SessionID, in use or not: whoever
// uses it loses it. ErrNotFound: there is no live one. It looks through all
// sessions, which takes a fraction of a second for a million of them.
func (m *Manager) End(ctx context.Context, id string, reason store.Reason) error {
	found := false
	err := m.each(ctx, func(info store.Info) error {
		if publicID(info.Serial) != id || info.Ending != "" {
			return nil
		}
		found = true
		return m.endOne(ctx, info.ID, reason)
	})
	m.ender.wake()
	if err == nil && !found {
		err = store.ErrNotFound
	}
	return err
}

// EndAll ends every session and returns how many it marked, for an application
// that ends and whose store forgets. It returns when every Session_OnEnd has
// run, once, or when ctx ends, whose cause is then part of the error; as many
// run at once as always. Requests must be over. Afterwards only Close is left
// to be called.
func (m *Manager) EndAll(ctx context.Context, reason store.Reason) (n int, err error) {
	err = m.ender.stop(ctx)
	if err != nil {
		return 0, err
	}
	err = m.each(ctx, func(info store.Info) error {
		if info.Ending != "" {
			return nil
		}
		n++
		return m.endOne(ctx, info.ID, reason)
	})
	var workers sync.WaitGroup
	for range m.cfg.OnEndWorkers {
		workers.Go(func() { m.ender.drain(ctx, func() bool { return false }, false) })
	}
	return n, errors.Join(err, wait(ctx, &workers))
}

// endOne marks one session; one that ended by itself is no error.
func (m *Manager) endOne(ctx context.Context, id string, reason store.Reason) error {
	ctx, cancel := m.bound(ctx)
	defer cancel()
	if err := m.store.End(ctx, id, reason); err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("session: ending it: %w", err)
	}
	return nil
}

// each calls f with each session until it fails.
func (m *Manager) each(ctx context.Context, f func(store.Info) error) error {
	for after := ""; ; {
		opctx, cancel := m.bound(ctx)
		infos, err := m.store.List(opctx, after, page)
		cancel()
		if err != nil || len(infos) == 0 {
			return err
		}
		for _, info := range infos {
			if err := f(info); err != nil {
				return err
			}
		}
		after = infos[len(infos)-1].ID
	}
}
