package shared

import (
	"context"

	"github.com/najahost/naja/internal/cborvalue"
)

// GetReserved gives the value of a key of the program's own, which no page
// sees or can change. Its name is none of pages' keys.
func (v *View) GetReserved(name string) (raw []byte, ok bool) {
	s := v.see()
	if s == nil {
		return nil, false
	}
	if e := s.get(cborvalue.Fold(reservedKey(name))); e != nil {
		return e.raw, true
	}
	return nil, false
}

// SetReserved sets a key of the program's own, as [View.Set] does one of pages.
func (v *View) SetReserved(ctx context.Context, name string, raw []byte) error {
	_, err := v.write(ctx, reservedKey(name), func(*entry) (update, error) { return update{raw: raw, do: true}, nil })
	return err
}

// UpdateReserved sets a key of the program's own to what compute makes of its
// value, nil where there is none, in one step: compute is called again when
// another process was faster. What it returns besides nil is the answer, and
// nothing is changed.
func (v *View) UpdateReserved(ctx context.Context, name string, compute func(raw []byte) ([]byte, error)) error {
	if v.state.cfg.Shared && !v.Locked() {
		if err := v.state.refresh(ctx); err != nil {
			return err
		}
	}
	_, err := v.write(ctx, reservedKey(name), func(e *entry) (update, error) {
		var was []byte
		if e != nil {
			was = e.raw
		}
		next, err := compute(was)
		return update{raw: next, compare: true, do: err == nil}, err
	})
	return err
}

// reservedKey is where a key of the program's own is kept.
func reservedKey(name string) string { return "\x00" + name }

// reserved says whether a key is the program's own.
func reserved(key string) bool { return len(key) > 0 && key[0] == 0 }
