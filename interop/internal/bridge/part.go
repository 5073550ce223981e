package bridge

import "context"

// part brings a request that came with a former name into a session of its
// own, which has what the request put and nothing else; see
// [session.Handle.Renew]. mu is locked.
func (h *Handle) part() error {
	if err := h.back.Part(context.Background()); err != nil {
		return err
	}
	h.contents = h.contents.own(&h.opt)
	meta := Meta{ID: newID()}
	if h.newMeta {
		meta.Timeout, meta.LCID, meta.CodePage = h.meta.Timeout, h.meta.LCID, h.meta.CodePage
	}
	h.meta, h.newMeta = meta, true
	h.isNew, h.unsaved, h.told = true, true, false
	return nil
}

// own are contents with what was put into c, and nothing that it was made of.
func (c *contents) own(o *Options) contents {
	fresh := *o
	fresh.Size = 0
	n := newContents(map[string]any{}, &fresh)
	for _, key := range c.order {
		if ch := c.changes[key]; ch != nil && !ch.Remove {
			n.change(ch)
			n.size += len(ch.raw) + len(key)
		}
	}
	return n
}
