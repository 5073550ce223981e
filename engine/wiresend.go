package engine

import (
	"bufio"
	"io"
	"net/http"
	"strconv"
)

// A body is what a page left to be sent: an *asp.Buffer.
type body interface {
	io.WriterTo
	Len() int
}

// send sends a page that never flushed: its header, its length, its body. It
// must not be called after Start. An error wraps errClientGone.
func (wr *wire) send(status int, h http.Header, b body) error {
	header := wr.takeHeader(h)
	length := int64(b.Len())
	if wr.r.Method == http.MethodHead && length == 0 {
		// A page may answer HEAD with a length and spare itself the body.
		length = max(wr.promised(header), 0)
	}
	header["Content-Length"] = []string{strconv.FormatInt(length, 10)}
	wr.writeStatus(status)
	if wr.noBody || b.Len() == 0 {
		return nil
	}
	if b.Len() <= directSend {
		_, err := b.WriteTo(&wr.sender)
		return err
	}
	return wr.wires.gather(&wr.sender, b)
}

// directSend is how large a body may be to go straight to net/http, whose own
// buffer takes it whole.
const directSend = 4 << 10

// gather sends a body of many small pieces as few large ones: each is a
// system call.
func (ws *wires) gather(dst *sender, b body) error {
	buf, ok := ws.pool.Get().(*bufio.Writer)
	if !ok {
		buf = bufio.NewWriterSize(nil, sendChunk)
	}
	buf.Reset(dst)
	defer func() {
		buf.Reset(nil)
		ws.pool.Put(buf)
	}()
	if _, err := b.WriteTo(buf); err != nil {
		return err
	}
	return buf.Flush()
}
