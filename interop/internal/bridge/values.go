package bridge

import (
	"fmt"
	"time"
)

// Get is [session.Handle].
func (h *Handle) Get(key string) ([]byte, bool) {
	h.mu.Lock()
	defer h.unlock()
	if h.dead.Load() {
		return nil, false // the values are the library's again
	}
	return h.contents.get(key)
}

// Keys is [session.Handle].
func (h *Handle) Keys() []string {
	h.mu.Lock()
	defer h.unlock()
	return h.contents.keys()
}

// Set is [session.Handle].
func (h *Handle) Set(key string, raw []byte) error {
	return h.write(func() error { return h.contents.set(key, raw, h.fits) })
}

// fits asks the library, with room for whatever the page sets besides.
func (h *Handle) fits(key string, v any, all func() map[string]any) error {
	return h.back.Fits(key, v, func() map[string]any {
		m := all()
		m[h.opt.MetaKey] = Meta{ID: h.id(), Timeout: maxTimeout, LCID: maxNumber, CodePage: maxNumber}.String()
		return m
	})
}

// Remove is [session.Handle].
func (h *Handle) Remove(key string) error {
	return h.write(func() error {
		h.contents.remove(key)
		return nil
	})
}

// RemoveAll is [session.Handle].
func (h *Handle) RemoveAll() error {
	return h.write(func() error {
		h.contents.removeAll()
		return nil
	})
}

// LCID is [session.Handle].
func (h *Handle) LCID() int {
	h.mu.Lock()
	defer h.unlock()
	return orElse(h.meta.LCID, h.opt.LCID)
}

// CodePage is [session.Handle].
func (h *Handle) CodePage() int {
	h.mu.Lock()
	defer h.unlock()
	return orElse(h.meta.CodePage, h.opt.CodePage)
}

// The longest timeout and the largest LCID or code page that is stored.
const (
	maxTimeout = 366 * 24 * time.Hour
	maxNumber  = 1<<31 - 1
)

// SetTimeout is [session.Handle].
func (h *Handle) SetTimeout(d time.Duration) error {
	return h.write(func() error {
		if d < time.Second || d > maxTimeout {
			return fmt.Errorf("session: a timeout of %v is not between 1s and %v", d, maxTimeout)
		}
		h.setMeta(func(m *Meta) { m.Timeout = d.Round(time.Second) })
		return nil
	})
}

// SetLCID is [session.Handle].
func (h *Handle) SetLCID(n int) error {
	return h.write(func() error {
		if n < 0 || n > maxNumber {
			return fmt.Errorf("session: %d is no locale identifier", n)
		}
		h.setMeta(func(m *Meta) { m.LCID = n })
		return nil
	})
}

// SetCodePage is [session.Handle].
func (h *Handle) SetCodePage(n int) error {
	return h.write(func() error {
		if n < 0 || n > maxNumber {
			return fmt.Errorf("session: %d is no code page", n)
		}
		h.setMeta(func(m *Meta) { m.CodePage = n })
		return nil
	})
}

func (h *Handle) setMeta(set func(m *Meta)) {
	old := h.meta
	set(&h.meta)
	h.newMeta = h.newMeta || h.meta != old
}
