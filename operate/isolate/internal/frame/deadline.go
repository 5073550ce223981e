package frame

import "time"

// writeDeadline is SetWriteDeadline. It crosses as a time from now, and holds
// for each piece that follows: the pieces wait in the sockets between the two
// processes, where the handler can't see how long each took.
func (x *exchange) writeDeadline(payload []byte) error {
	var number, ms uint64
	if err := numbers(payload, &number, &ms); err != nil {
		return err
	}
	x.stall, x.armed = milliseconds(ms), time.Time{}
	x.conn.mu.Lock()
	defer x.conn.mu.Unlock()
	x.conn.deadline = max(x.conn.deadline, number)
	if ms == 0 {
		_ = x.rc.SetWriteDeadline(time.Time{})
	}
	return nil
}

// readDeadline is SetReadDeadline.
func (x *exchange) readDeadline(payload []byte) error {
	var ms uint64
	if err := numbers(payload, &ms); err != nil {
		return err
	}
	at := time.Time{}
	if ms > 0 {
		at = time.Now().Add(milliseconds(ms))
	}
	_ = x.rc.SetReadDeadline(at)
	return nil
}

// milliseconds is a duration that can't overflow.
func milliseconds(ms uint64) time.Duration {
	const most = 1000 * 24 * time.Hour
	return time.Duration(min(ms, uint64(most/time.Millisecond))) * time.Millisecond
}

// arm gives the client its time from now on. A deadline set a moment ago will
// do.
func (x *exchange) arm() {
	if x.stall == 0 {
		return
	}
	now := time.Now()
	if !x.armed.IsZero() && now.Sub(x.armed) < x.stall/16 {
		return
	}
	x.armed = now
	_ = x.rc.SetWriteDeadline(now.Add(x.stall))
}

// disarm ends a piece of sending where the deadline would end more than
// writes: in HTTP/2 it ends the stream.
func (x *exchange) disarm() {
	if x.r.ProtoMajor >= 2 && !x.armed.IsZero() {
		_ = x.rc.SetWriteDeadline(time.Time{})
		x.armed = time.Time{}
	}
}
