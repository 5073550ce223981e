package answer

import (
	"errors"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// A Linger reads what clients still send of requests that were answered without
// their bodies. A connection that is closed while bytes of its client are unread
// ends with a reset, by which most systems throw away what the client hasn't read
// yet, the answer among it; and many clients read nothing before they have sent
// all (RFC 9112 section 9.6 has the server read on). nginx and Apache call it
// lingering.
//
// What one client may send is bounded in bytes and time, how many do it at once in
// number. Past a bound the connection is closed as net/http does.
//
// The zero Linger is ready. Any goroutine may use it; it must not be copied.
type Linger struct{ reading atomic.Int32 }

// The bounds of a Linger, beside its time.
const (
	LingerMax   = 64       // clients at once
	lingerBytes = 64 << 20 // of one client
	lingerPiece = 32 << 10
)

// Read sends what is left of a whole answer, which has its Content-Length, and then
// drops what comes of the request's body, until its end and for timeout at most, or
// half of that in which nothing comes; 0 or less: not at all. It changes nothing about the answer and the connection:
// where a body was read to its end, or net/http has done so by itself before a
// short answer (of up to 256 KB, on a connection that goes on), nothing comes;
// otherwise the header has said that the connection is closed.
//
// A client that asked whether it may send its body (Expect: 100-continue) looks for
// the answer, and has sent nothing.
func (l *Linger) Read(w http.ResponseWriter, r *http.Request, timeout time.Duration) {
	if r.ContentLength == 0 || r.ProtoMajor != 1 || timeout <= 0 || r.Header.Get("Expect") != "" {
		return
	}
	defer l.reading.Add(-1)
	if l.reading.Add(1) > LingerMax {
		return
	}
	rc := http.NewResponseController(w)
	if rc.Flush() != nil {
		return
	}
	until, piece := time.Now().Add(timeout), make([]byte, lingerPiece)
	for left := lingerBytes; left > 0; {
		if rc.SetReadDeadline(time.Now().Add(min(time.Until(until), timeout/2))) != nil {
			return
		}
		n, err := r.Body.Read(piece)
		left -= n
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
		if err != nil {
			break
		}
	}
	_ = rc.SetReadDeadline(time.Time{}) // who looks whether the client leaves isn't to find that
}
