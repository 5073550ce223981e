package asphttp

import (
	"fmt"

	"github.com/najahost/naja/asp"
)

// WriteString writes text in the response's code page. Without buffering it is sent at once. ASP 0251 when the
// buffer would grow past its limit: nothing of s is added then.
func (r *Response) WriteString(s string) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if !r.codePage.IsUTF8() {
		r.scratch = r.codePage.Encode(r.scratch[:0], s)
		return write(r, r.scratch)
	}
	return write(r, s)
}

// WriteText writes a piece of a page's own text, which is UTF-8 and never changes. In UTF-8 a long piece is referred
// to until it is sent, not copied.
func (r *Response) WriteText(text []byte) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if !r.codePage.IsUTF8() {
		r.scratch = r.codePage.Encode(r.scratch[:0], string(text))
		return write(r, r.scratch)
	}
	if len(text) == 0 {
		return r.err
	}
	if err := r.room(len(text)); err != nil {
		return err
	}
	r.buf.share(text)
	return r.written()
}

// BinaryWrite writes bytes as they are. They are copied: the caller may change them afterwards.
func (r *Response) BinaryWrite(p []byte) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	return write(r, p)
}

// write takes a copy of p into the buffer and, without buffering, sends it.
func write[T string | []byte](r *Response, p T) error {
	if len(p) == 0 {
		return r.err
	}
	if err := r.room(len(p)); err != nil {
		return err
	}
	copyIn(&r.buf, p)
	return r.written()
}

// written follows each addition to the buffer.
func (r *Response) written() error {
	r.buffered.Store(int64(r.buf.n))
	if !r.buffer {
		return r.send()
	}
	return nil
}

// room says whether n more bytes may be buffered.
func (r *Response) room(n int) error {
	if r.err != nil {
		return r.err
	}
	kept := r.buffer || r.cfg.Sink == nil
	if kept && r.cfg.Limit > 0 && n > r.cfg.Limit-r.buf.n {
		return asp.New(asp.CodeBufferLimit, fmt.Sprintf("The limit is %d bytes.", r.cfg.Limit))
	}
	return nil
}

// Flush sends the header, if it wasn't sent, and what is buffered. ASP 0159 without buffering.
func (r *Response) Flush() error {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if !r.buffer {
		return asp.New(asp.CodeBufferingOff, "")
	}
	return r.send()
}

// send gives everything buffered to the Sink. Its first error is the last word: nothing is sent afterwards.
func (r *Response) send() error {
	if r.err != nil {
		return r.err
	}
	if err := r.sendPieces(); err != nil {
		r.err = fmt.Errorf("sending the response: %w", err)
		r.buf.reset()
		r.buffered.Store(0)
	}
	return r.err
}

func (r *Response) sendPieces() error {
	sink := r.cfg.Sink
	if !r.prepared {
		r.prepare()
	}
	if sink == nil {
		return nil
	}
	if !r.started {
		r.started = true
		if err := sink.Start(r.statusCode, r.reason, r.header); err != nil {
			return err
		}
	}
	for _, p := range r.buf.pieces {
		if err := sink.Write(p); err != nil {
			return err
		}
	}
	r.buf.reset()
	r.buffered.Store(0)
	return sink.Flush()
}

// Clear drops what is buffered; the header stays as the page made it. After a flush it drops what came later: ASP 0212
// is IIS's while it debugs a client, by its own text. ASP 0159 without buffering.
func (r *Response) Clear() error {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if !r.buffer {
		return asp.New(asp.CodeBufferingOff, "")
	}
	r.buf.reset()
	r.buffered.Store(0)
	return nil
}

// Buffer says whether writes are kept until a flush or the end of the page.
func (r *Response) Buffer() bool { return r.buffer }

// SetBuffer changes Buffer. It can't be changed once output was sent: ASP 0157 for turning it off, ASP 0156 for
// turning it on. Setting what is in force is never an error. Bytes that are buffered when it is turned off go with
// the next write.
func (r *Response) SetBuffer(on bool) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	switch {
	case on == r.buffer:
		return nil
	case r.prepared && r.buffer:
		return asp.New(asp.CodeBufferingOn, "")
	case r.prepared:
		return asp.New(asp.CodeHeaderSent, "")
	}
	r.buffer = on
	return nil
}
