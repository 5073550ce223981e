package shared

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/store"
)

// undefinedRaw is the value undefined: what a page sees where there is no
// value, and what stands in a store for a component.
const undefinedRaw = "\xf7"

// Set sets a key to a value, one item of package cborvalue that nobody modifies
// from now on. Under the lock it is staged; otherwise it takes effect at once,
// after waiting for a holder of the lock as [View.Lock] does.
func (v *View) Set(ctx context.Context, key string, raw []byte) error {
	if raw == nil {
		return v.Remove(ctx, key)
	}
	_, err := v.change(ctx, key, func(*entry) (update, error) { return update{raw: raw, do: true}, nil })
	return err
}

// SetObject keeps a component by reference: it must be safe for any goroutine.
// It stays in this process; others, and a later life, see undefined.
func (v *View) SetObject(ctx context.Context, key string, obj any) error {
	_, err := v.change(ctx, key, func(*entry) (update, error) {
		return update{raw: []byte(undefinedRaw), obj: obj, do: true}, nil
	})
	return err
}

// Remove removes a key; one that isn't there is no error.
func (v *View) Remove(ctx context.Context, key string) error {
	_, err := v.change(ctx, key, func(*entry) (update, error) { return update{compare: true, do: true}, nil })
	return err
}

// RemoveAll removes all keys, in one step.
func (v *View) RemoveAll(ctx context.Context) error {
	if err := v.Lock(ctx); err != nil {
		return err
	}
	v.mu.Lock()
	if v.own != nil && v.own.n > 0 {
		next := v.own.empty()
		for _, e := range v.own.entries() {
			if reserved(e.key) {
				next = next.with(store.Item{ID: e.id, Key: e.key, Raw: e.raw}, e.obj)
			}
		}
		v.own, v.cleared = next, true
	}
	v.mu.Unlock()
	return v.Unlock(ctx)
}

// Increment adds n to a number and returns the sum; no value counts as 0. It
// is atomic, with and without the lock. A *NumberError says that there is
// something else.
func (v *View) Increment(ctx context.Context, key string, n float64) (float64, error) {
	var sum float64
	_, err := v.change(ctx, key, func(e *entry) (update, error) {
		was, err := number(key, e)
		if err != nil {
			return update{}, err
		}
		sum = was + n
		var enc cborvalue.Encoder
		enc.Number(sum)
		raw, err := enc.Finish()
		return update{raw: raw, compare: true, do: true}, err
	})
	if err != nil {
		return 0, err
	}
	return sum, nil
}

// number is the number in e.
func number(key string, e *entry) (float64, error) {
	if e == nil {
		return 0, nil
	}
	if e.obj != nil {
		return 0, &appstate.NumberError{Key: key, Kind: "object"}
	}
	t, err := cborvalue.NewDecoder(e.raw).Next()
	switch {
	case err != nil:
		return 0, fmt.Errorf("appstate: Application(%q): %w", key, err)
	case t.Kind == cborvalue.KindNumber:
		return t.Num, nil
	case t.Kind == cborvalue.KindUndefined || t.Kind == cborvalue.KindNull:
		return 0, nil
	}
	return 0, &appstate.NumberError{Key: key, Kind: t.Kind.String()}
}

// CompareAndSet sets a key to new if its value is old, byte for byte, and says
// whether it did. It is atomic, with and without the lock. For old nil and
// undefined are the same: no value. A nil new removes the key.
func (v *View) CompareAndSet(ctx context.Context, key string, old, new []byte) (bool, error) {
	if v.state.cfg.Shared && !v.Locked() { // what isn't old here may be it elsewhere
		if err := v.state.refresh(ctx); err != nil {
			return false, err
		}
	}
	return v.change(ctx, key, func(e *entry) (update, error) {
		same := e == nil && nothing(old) || e != nil && e.obj == nil && (bytes.Equal(e.raw, old) || nothing(e.raw) && nothing(old))
		return update{raw: new, compare: true, do: same}, nil
	})
}

func nothing(raw []byte) bool { return len(raw) == 0 || string(raw) == undefinedRaw }

// An update is what a write makes of an entry.
type update struct {
	raw     []byte // nil removes it
	obj     any
	compare bool // only if the entry is still the one it was made from
	do      bool // false: leave the entry alone
}

// change makes one write, under the lock or outside it. compute says what
// becomes of the entry, which is nil where there is none; it is called again
// when another process was faster.
func (v *View) change(ctx context.Context, key string, compute func(*entry) (update, error)) (bool, error) {
	if reserved(key) {
		return false, appstate.ErrKey
	}
	return v.write(ctx, key, compute)
}

// write is change for any key.
func (v *View) write(ctx context.Context, key string, compute func(*entry) (update, error)) (bool, error) {
	if v.whole {
		if err := v.Lock(ctx); err != nil {
			return false, err
		}
		defer v.Unlock(ctx) // which doesn't give it up
	}
	if locked, done, err := v.stage(key, compute); locked || err != nil {
		return done, err
	}
	w := v.state.wait(ctx)
	if err := v.enter(&w); err != nil {
		return false, err
	}
	defer v.state.queue.leave(v)
	for {
		done, err := v.swap(ctx, key, compute)
		switch {
		case err == nil:
			return done, nil
		case !errors.Is(err, store.ErrChanged):
			err = v.again(&w, err)
		case !w.over():
			err = v.state.refresh(ctx)
		}
		if err != nil {
			return false, err
		}
	}
}

// stage makes a write under the lock, if the request has it.
func (v *View) stage(key string, compute func(*entry) (update, error)) (locked, done bool, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.usable(); err != nil || v.depth == 0 {
		return false, false, err
	}
	next, u, err := v.state.next(v.own, key, compute)
	if err != nil || !u.do {
		return true, false, err
	}
	v.own = next
	return true, true, nil
}

// swap tries one write outside the lock, in the request's turn.
func (v *View) swap(ctx context.Context, key string, compute func(*entry) (update, error)) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.usable(); err != nil {
		return false, err
	}
	s := v.state
	base := s.snap.Load()
	next, u, err := s.next(base, key, compute)
	if err != nil || !u.do || next == base && !s.cfg.Shared {
		return u.do, err
	}
	swap := store.Swap{Item: store.Item{ID: cborvalue.Fold(key), Key: key, Raw: u.raw}, Compare: u.compare}
	swap.Old = base.raw(swap.Item.ID)
	err = s.change(ctx, base, next, func(ctx context.Context) (int64, error) {
		return s.store.Swap(ctx, swap)
	})
	if err != nil && !errors.Is(err, store.ErrLocked) && !errors.Is(err, store.ErrChanged) {
		err = fmt.Errorf("appstate: storing Application(%q): %w: %w", key, appstate.ErrStore, err)
	}
	return err == nil, err
}

// next is what base becomes by a write, within the limits.
func (s *State) next(base *snapshot, key string, compute func(*entry) (update, error)) (*snapshot, update, error) {
	id := cborvalue.Fold(key)
	u, err := compute(base.get(id))
	if err != nil || !u.do {
		return base, u, err
	}
	if len(u.raw) > s.cfg.MaxValue {
		return nil, u, fmt.Errorf("appstate: Application(%q): %w", key, &cborvalue.LimitError{What: "size", Limit: s.cfg.MaxValue})
	}
	next := base.with(store.Item{ID: id, Key: key, Raw: u.raw}, u.obj)
	if next.bytes > s.cfg.MaxTotal && next.bytes > base.bytes {
		return nil, u, &appstate.FullError{Limit: s.cfg.MaxTotal}
	}
	return next, u, nil
}
