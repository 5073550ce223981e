package sessions

import "time"

func (h *request) Get(key string) ([]byte, bool) {
	h.mu.Lock()
	defer h.unlock()
	return h.contents.Get(key)
}

func (h *request) Keys() []string {
	h.mu.Lock()
	defer h.unlock()
	return h.contents.Keys()
}

func (h *request) Set(key string, raw []byte) error {
	if err := h.lockToWrite(); err != nil {
		return err
	}
	defer h.unlock()
	return h.contents.set(key, raw, h.m.cfg.MaxSize)
}

func (h *request) Remove(key string) error {
	if err := h.lockToWrite(); err != nil {
		return err
	}
	defer h.unlock()
	h.contents.remove(key)
	return nil
}

func (h *request) RemoveAll() error {
	if err := h.lockToWrite(); err != nil {
		return err
	}
	defer h.unlock()
	h.contents.removeAll()
	return nil
}

func (h *request) Timeout() time.Duration {
	h.mu.Lock()
	defer h.unlock()
	return h.contents.timeout(h.m.limits.Load().Timeout)
}

func (h *request) LCID() int {
	h.mu.Lock()
	defer h.unlock()
	return orElse(h.contents.meta.LCID, h.m.cfg.LCID)
}

func (h *request) CodePage() int {
	h.mu.Lock()
	defer h.unlock()
	return orElse(h.contents.meta.CodePage, h.m.cfg.CodePage)
}

func (h *request) SetTimeout(d time.Duration) error {
	if err := h.lockToWrite(); err != nil {
		return err
	}
	defer h.unlock()
	return h.contents.setTimeout(d)
}

func (h *request) SetLCID(n int) error {
	if err := h.lockToWrite(); err != nil {
		return err
	}
	defer h.unlock()
	return h.contents.setLCID(n)
}

func (h *request) SetCodePage(n int) error {
	if err := h.lockToWrite(); err != nil {
		return err
	}
	defer h.unlock()
	return h.contents.setCodePage(n)
}

func (h *request) Abandon() error {
	if err := h.lockToWrite(); err != nil {
		return err
	}
	defer h.unlock()
	h.abandoned = true
	return nil
}

func (h *request) Abandoned() bool {
	h.mu.Lock()
	defer h.unlock()
	return h.abandoned
}

// orElse gives n, or def for 0.
func orElse(n, def int) int {
	if n == 0 {
		return def
	}
	return n
}
