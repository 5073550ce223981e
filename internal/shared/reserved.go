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

// reservedKey is where a key of the program's own is kept.
func reservedKey(name string) string { return "\x00" + name }

// reserved says whether a key is the program's own.
func reserved(key string) bool { return len(key) > 0 && key[0] == 0 }
