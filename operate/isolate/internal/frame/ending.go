package frame

import (
	"io"
	"net/http"
	"strings"
)

// end ends the answer after the handler returned.
func (w *response) end() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == 0 {
		w.writeHeader(http.StatusOK)
	}
	w.ended = true
	if w.broken != nil {
		return w.broken
	}
	kind := byte(frameEnd)
	if w.dropped {
		kind = frameAbort
	}
	out, start := begin(w.conn.out, kind)
	if kind == frameEnd {
		out = w.appendTrailer(out)
	}
	w.conn.out = end(out, start)
	return w.leave()
}

// appendTrailer appends the trailers: fields that the header announced, and
// those with http.TrailerPrefix.
func (w *response) appendTrailer(b []byte) []byte {
	var trailer http.Header
	for name, values := range w.header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			trailer = with(trailer, name, values)
		}
	}
	for _, list := range w.header["Trailer"] {
		for name := range strings.SplitSeq(list, ",") {
			name = http.CanonicalHeaderKey(strings.TrimSpace(name))
			if values, ok := w.header[name]; ok {
				trailer = with(trailer, name, values)
			}
		}
	}
	if trailer == nil {
		return b
	}
	return w.conn.server.index.appendHeader(b, trailer)
}

func with(h http.Header, name string, values []string) http.Header {
	if h == nil {
		h = http.Header{}
	}
	h[name] = values
	return h
}

// abort ends the answer so that it doesn't look whole.
func (w *response) abort() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	if w.broken != nil {
		return w.broken
	}
	out, start := begin(w.conn.out, frameAbort)
	w.conn.out = end(out, start)
	return w.leave()
}

// leave sends the last of an answer and says whether the connection is good
// for another request.
func (w *response) leave() error {
	_, err := w.conn.Write(w.conn.out)
	w.conn.out = w.conn.out[:0]
	if cap(w.conn.out) > 4*sendSize {
		w.conn.out = nil
	}
	if err == nil && !w.body.leave() {
		return io.ErrUnexpectedEOF // somebody still reads
	}
	return err
}
