package frame

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzClient: whatever a worker says, the client comes to an end with an error
// or an answer, and nobody panics.
func FuzzClient(f *testing.F) {
	head := string(newNameIndex().appendHeader([]byte{200, 1}, http.Header{"X-A": {"b"}, "Content-Type": {"text/plain"}}))
	frame := func(kind byte, payload string) string { return string(appendBytes(nil, kind, []byte(payload))) }
	for _, seed := range []string{
		"", frame(frameHead, head) + frame(frameData, "data") + frame(frameFlush, "") + frame(frameEnd, ""),
		frame(frameDeadline, "\x01\x05") + frame(frameReadDeadline, "\x05") + frame(frameFullDuplex, "") + frame(frameWant, "\x05"),
		frame(frameInfo, "\x67\x00") + frame(frameAbort, ""), frame(frameHead, head) + frame(frameEnd, head[2:]), "\xff\xff\xff\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		here, there := net.Pipe()
		c := NewClient(ClientConfig{})
		conn := newClientConn(c, here, 1)
		done := make(chan bool)
		go func() { // the worker: it reads everything and says what it says
			defer close(done)
			go func() { _, _ = there.Write(said); _ = there.Close() }()
			_, _ = io.Copy(io.Discard, there)
		}()
		r := httptest.NewRequest("POST", "/", strings.NewReader("body"))
		x := &exchange{conn: conn, w: httptest.NewRecorder(), r: r}
		x.rc = http.NewResponseController(x.w)
		_, _ = x.serve(Meta{})
		_ = here.Close()
		<-done
		_ = c.Close()
	})
}

// FuzzServer: whatever the other side says, a worker goes on.
func FuzzServer(f *testing.F) {
	r := httptest.NewRequest("POST", "/a?b=c", strings.NewReader("body"))
	request := newNameIndex().appendRequest(preface{kindRequests, 1, 1}.append(nil), head{seq: 1, local: "1.2.3.4:80"}, r)
	f.Add(request)
	f.Add(appendBytes(append([]byte(nil), request...), frameBodyLast, []byte("body")))
	f.Add(appendFailure(append([]byte(nil), request...), io.ErrUnexpectedEOF, []byte("bo")))
	f.Add(newNameIndex().appendBodyEnd(append([]byte(nil), request...), http.Header{"X-T": {"1"}}, []byte("body")))
	f.Add(append(preface{kindControl, 1, 0}.append(nil), note(note(nil, frameGone, 1, 1), frameFailed, 1, 2)...))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, said []byte) {
		here, there := net.Pipe()
		s := &server{
			handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(w, r.Body)
				_ = r.URL.String() + r.URL.RequestURI() + r.FormValue("a")
			}),
			log: slog.New(slog.DiscardHandler), index: newNameIndex(), conns: map[net.Conn]bool{}, peers: map[uint64]*peer{},
		}
		s.wg.Go(func() { s.serve(there) })
		go func() {
			_, _ = here.Write(said)
			_ = here.Close()
		}()
		_, _ = io.Copy(io.Discard, here)
		s.wg.Wait()
	})
}
