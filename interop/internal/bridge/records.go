package bridge

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/najahost/naja/store"
)

// Records are another library's sessions in a [store.Sessions]: what the
// library encoded, found by the hash of its name for it, so that who reads the
// store can't take a session over. All methods are safe for any goroutine.
//
// Where a name is a session's, its id in the store may stand instead (see
// [Records.All]); Find alone doesn't take one.
type Records struct {
	store  store.Sessions
	prefix string // of all ids: the kind of session
	max    int
}

// recordLease is how long one change of a session may take.
const recordLease = 5 * time.Second

// NewRecords makes the sessions of a kind, in a store where there may be other
// kinds as well, of which max may be alive; 0: any number.
func NewRecords(sessions store.Sessions, kind string, max int) *Records {
	return &Records{store: sessions, prefix: kind + ".", max: max}
}

// Store is the store that was given to NewRecords.
func (r *Records) Store() store.Sessions { return r.store }

// Has reports whether the session with this id of the store is one of these.
func (r *Records) Has(id string) bool { return strings.HasPrefix(id, r.prefix) }

func (r *Records) id(name string) string {
	if r.Has(name) {
		return name
	}
	sum := sha256.Sum256([]byte("naja " + r.prefix + " record: " + name))
	return r.prefix + base64.RawURLEncoding.EncodeToString(sum[:18])
}

// Find gives what was put under name last.
func (r *Records) Find(ctx context.Context, name string) (data []byte, found bool, err error) {
	if name == "" || r.Has(name) {
		return nil, false, nil
	}
	if data, ok := holdingIn(ctx).taken(r.id(name)); ok {
		return data, true, nil
	}
	id := r.id(name)
	got, err := r.store.Load(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, false, nil
	case got.ID != "" && got.ID != id && ctx.Value(formerKey{}) == nil:
		return nil, false, nil
	}
	return got.Data, err == nil, err
}

// formerKey is in the context of [ByFormer].
type formerKey struct{}

// ByFormer lets Find give a session by a name that it had before, to who sees
// to it that its visitor isn't told that name once more.
func ByFormer(ctx context.Context) context.Context {
	return context.WithValue(ctx, formerKey{}, true)
}

// Put keeps data under name for timeout, in a new session or the one that is
// there. [store.ErrLost]: it has ended. [store.ErrFull]: there are too
// many.
func (r *Records) Put(ctx context.Context, name string, data []byte, timeout time.Duration) error {
	id, timeout := r.id(name), max(timeout, time.Millisecond)
	err := r.change(ctx, id, store.Commit{Data: data, Timeout: timeout})
	if !errors.Is(err, store.ErrLost) {
		return err
	}
	err = holdingIn(ctx).create(ctx, r.store, id, store.NewSession{Serial: serial(name), Data: data, Timeout: timeout, Max: r.max})
	if errors.Is(err, store.ErrExists) { // made this moment, or it waits for its end
		return r.change(ctx, id, store.Commit{Data: data, Timeout: timeout})
	}
	return err
}

// Add is Put for a session that isn't there; one that is stays what it is.
func (r *Records) Add(ctx context.Context, name string, data []byte, timeout time.Duration) error {
	_, err := r.store.Create(ctx, r.id(name), store.NewSession{Serial: serial(name), Data: data, Timeout: max(timeout, time.Millisecond), Max: r.max})
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	return err
}

// Move gives a session another name and keeps data under it; the former one
// leads to it for grace. [store.ErrLost]: there is none.
func (r *Records) Move(ctx context.Context, from, to string, data []byte, timeout, grace time.Duration) error {
	return r.change(ctx, r.id(from), store.Commit{Data: data, Timeout: max(timeout, time.Millisecond), NewID: r.id(to), Grace: grace})
}

// Touch moves the expiry of a session, where it exists by this name.
func (r *Records) Touch(ctx context.Context, name string, timeout time.Duration) (exists bool, err error) {
	err = r.store.Touch(ctx, r.id(name), timeout)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// End has the session end. One that doesn't exist is no error.
func (r *Records) End(ctx context.Context, name string) error {
	id := holdingIn(ctx).ends(r.id(name))
	err := r.store.End(ctx, id, store.ReasonAbandon)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// change takes the session, waiting for who has it, and commits c. A request
// that holds the session has it already.
func (r *Records) change(ctx context.Context, id string, c store.Commit) error {
	if mine, err := holdingIn(ctx).commit(ctx, id, c); mine {
		return err
	}
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		got, err := r.store.Acquire(ctx, id, recordLease)
		var busy *store.BusyError
		switch {
		case err == nil && got.ID != "" && got.ID != id: // by a former name
			return errors.Join(store.ErrLost, r.store.Release(ctx, got.ID, got.Token))
		case err == nil:
			return r.store.Commit(ctx, id, got.Token, c)
		case errors.Is(err, store.ErrNotFound):
			return store.ErrLost
		case !errors.As(err, &busy):
			return err
		}
		if err := pause(ctx, min(wait, busy.Remaining)); err != nil {
			return fmt.Errorf("waiting for the session: %w", err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// All gives the live sessions by their ids.
func (r *Records) All(ctx context.Context) (map[string][]byte, error) {
	all := make(map[string][]byte)
	for after := ""; ; {
		infos, err := r.store.List(ctx, after, 1000)
		if err != nil || len(infos) == 0 {
			return all, err
		}
		for _, info := range infos {
			if !r.Has(info.ID) || info.Ending != "" {
				continue
			}
			got, err := r.store.Load(ctx, info.ID)
			switch {
			case err == nil:
				all[info.ID] = got.Data
			case !errors.Is(err, store.ErrNotFound): // it ended meanwhile
				return nil, err
			}
		}
		after = infos[len(infos)-1].ID
	}
}

// serial is the number of a session that its library knows by name, from which
// the name can't be found; Session.SessionID is its text.
func serial(name string) int64 {
	sum := sha256.Sum256([]byte("naja session id: " + name))
	return int64(binary.LittleEndian.Uint64(sum[:8])>>1) | 1<<40
}
