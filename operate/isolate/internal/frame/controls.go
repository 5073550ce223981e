package frame

import (
	"time"
)

// EnableFullDuplex is for http.ResponseController.
func (w *response) EnableFullDuplex() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || w.broken != nil {
		return w.broken
	}
	out, start := begin(w.conn.out, frameFullDuplex)
	w.conn.out = end(out, start)
	return nil
}

// SetWriteDeadline is for http.ResponseController; see [exchange.writeDeadline]
// for what becomes of it.
func (w *response) SetWriteDeadline(t time.Time) error {
	left := time.Until(t)
	if !t.IsZero() && left <= 0 {
		return w.expire()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || w.broken != nil || t.IsZero() && w.number.Load() == 0 {
		return nil
	}
	w.expired.Store(false)
	ms := uint64(0)
	if !t.IsZero() {
		ms = uint64((left + time.Millisecond - 1) / time.Millisecond)
	}
	w.conn.out = note(w.conn.out, frameDeadline, w.number.Add(1), ms)
	// In HTTP/2 a deadline that isn't taken back in time ends the stream.
	taken := t.IsZero() && w.armed
	w.armed = !t.IsZero()
	if taken && w.r.ProtoMajor >= 2 {
		return w.send()
	}
	return nil
}

// SetReadDeadline is for http.ResponseController.
func (w *response) SetReadDeadline(t time.Time) error {
	left := time.Until(t)
	if !t.IsZero() && left <= 0 {
		w.conn.peer.tell(frameReadsOver, w.conn.number, w.seq)
		return nil
	}
	ms := uint64(0)
	if !t.IsZero() {
		ms = uint64((left + time.Millisecond - 1) / time.Millisecond)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended && w.broken == nil {
		w.conn.out = note(w.conn.out, frameReadDeadline, ms)
	}
	return nil
}

// expire makes the writes of the handler fail from now on, the one that waits
// too: the server process gives up on the client, and so reads on.
func (w *response) expire() error {
	w.expired.Store(true)
	w.conn.peer.tell(frameExpire, w.conn.number, w.seq, w.number.Add(1))
	return nil
}
