package asphttp

import "github.com/najahost/naja/internal/codepage"

// Replace makes the response as new, as Reset does, with a page of the server's own in it: HTML in UTF-8, whatever code
// page the page had, and not bounded by the buffer's limit. ASP 0156 when the header was sent; ASP 0104 for a status
// that can't be.
func (r *Response) Replace(status, html string) error {
	if err := r.Reset(); err != nil {
		return err
	}
	if err := r.SetStatus(status); err != nil {
		return err
	}
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	r.codePage = codepage.UTF8
	copyIn(&r.buf, html)
	r.buffered.Store(int64(r.buf.n))
	return nil
}
