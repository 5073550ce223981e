package asphttp

import (
	"fmt"
	"io"
	"net/http"

	"github.com/najahost/naja/asp"
)

// BinaryRead returns the next n bytes of the body, or as many as are left. The caller owns them. It ends Form and
// Files, and the generic Lookup.
//
// Errors: ASP 0206 after Form, 0247 for a negative n.
func (r *Request) BinaryRead(n int64) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case n < 0:
		return nil, asp.New(asp.CodeBadRead, fmt.Sprintf("(%d)", n))
	case r.formUsed:
		return nil, asp.New(asp.CodeReadAfterForm, "")
	case r.closed:
		return nil, ErrDetached
	}
	r.readUsed = true
	p := make([]byte, min(n, r.body.Size()-r.readAt))
	if len(p) == 0 {
		return p, nil
	}
	src := r.body.Reader()
	if _, err := src.Seek(r.readAt, io.SeekStart); err != nil {
		return nil, &BodyError{Status: http.StatusInternalServerError, Err: err}
	}
	if _, err := io.ReadFull(src, p); err != nil {
		return nil, &BodyError{Status: http.StatusInternalServerError, Err: err}
	}
	r.readAt += int64(len(p))
	return p, nil
}
