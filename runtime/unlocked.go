package runtime

import (
	"bytes"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/runtime/internal/intrinsics"
)

// forgetOld forgets the copies that were read under another lock, or under
// none: what others stored since isn't in them.
func (sc *script) forgetOld() error {
	if sc.applPeriod == sc.lockPeriod {
		return nil
	}
	err := sc.unstored()
	sc.appl, sc.applPeriod = nil, sc.lockPeriod
	return err
}

// replaced looks at the copy in whose place another page's value comes.
func (sc *script) replaced(key string, raw []byte) error {
	if t := sc.appl[cborvalue.Fold(key)]; t != nil && !bytes.Equal(t.raw, raw) {
		return sc.lost(t)
	}
	return nil
}

// unstored is the error of the first copy that was changed where nothing
// stores it.
func (sc *script) unstored() error {
	for _, t := range sc.appl {
		if err := sc.lost(t); err != nil {
			return err
		}
	}
	return nil
}

// lost says, once, that a copy was changed where no guard could notice.
func (sc *script) lost(t *taken) error {
	if !t.bare {
		return nil
	}
	raw, err := sc.encodeShared(t.key, t.obj)
	if err == nil && bytes.Equal(raw, t.raw) {
		return nil
	}
	t.bare = false
	return notLocked(t.key)
}

// notLocked is the error of a change that would be lost.
func notLocked(key string) *asp.Error {
	return asp.New(197, intrinsics.Quoted(intrinsics.InApplication, key)+
		" was read without Application.Lock: change it between Lock and Unlock, or assign a new value")
}

// saveApplication stores what the script changed in place under the lock, and
// refuses what it changed without.
func (sc *script) saveApplication() error {
	switch {
	case sc.env.Application == nil:
		return nil
	case !sc.env.Application.Locked():
		return sc.unstored()
	}
	if err := sc.forgetOld(); err != nil {
		return err
	}
	return sc.changed(sc.appl, sc.encodeShared, func(key string, raw []byte) error {
		return inPlace(intrinsics.Quoted(intrinsics.InApplication, key), sc.env.Application.Set(sc.waits(), key, raw))
	})
}
