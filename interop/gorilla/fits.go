package gorillastore

import (
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/najahost/naja/session"
)

// smallSession is what surely fits in a cookie: gob, base64 twice and the
// signature need less than twice as much and the overhead of each value.
const (
	smallSession  = 1024
	valueOverhead = 64
)

// Fits implements bridge.Backend: the session is encoded as the store does it,
// so that what is too large, or of a type that it can't keep, is refused here
// and not at the page's end. One that is surely small enough isn't tried, and
// of a store without bounds the value alone is.
func (v *visit) Fits(key string, val any, all func() map[string]any) error {
	if v.p.cfg.Codecs == nil {
		return nil
	}
	if v.p.guard.own != nil { // which has no bound but MaxSize
		if _, small := smallValue(val); small {
			return nil
		}
		_, err := encode(map[any]any{key: val})
		return err
	}
	var values map[any]any
	var small bool
	if !v.roomy {
		values, small = v.with(all())
		v.roomy = !small && v.p.roomy()
	}
	if v.roomy {
		values = map[any]any{key: val}
		_, small = smallValue(val)
	}
	if small {
		return nil
	}
	_, err := securecookie.EncodeMulti(v.p.cfg.Name, values, v.p.cfg.Codecs...)
	if many, ok := errors.AsType[securecookie.MultiError](err); ok && !many.IsUsage() && !many.IsInternal() {
		if v.p.larger.takes(v, values) {
			return nil
		}
		return fmt.Errorf("%w: %w", session.ErrTooLarge, err)
	}
	return err
}

// with gives the session's values as they would be with all in the place of
// those that have a text for a key. small says that they surely fit.
func (v *visit) with(all map[string]any) (values map[any]any, small bool) {
	values = make(map[any]any, len(v.s.Values))
	for key, val := range v.s.Values {
		if _, ok := key.(string); !ok {
			values[key] = val
		}
	}
	small = len(values) == 0
	size := 0
	for key, val := range all {
		values[key] = val
		n, ok := smallValue(val)
		small, size = small && ok, size+n+len(key)+valueOverhead
	}
	return values, small && size < smallSession
}

// smallValue is about how many bytes a value has whose type is known to be
// kept.
func smallValue(v any) (n int, ok bool) {
	switch v := v.(type) {
	case nil, bool, int, float64, time.Time:
		return 16, true
	case string:
		return len(v), true
	case []byte:
		return len(v), true
	}
	return 0, false
}
