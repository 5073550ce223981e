package site_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestTurns measures what the page shows: one session's requests wait for
// each other, others don't.
func TestTurns(t *testing.T) {
	t.Parallel()
	server := serve(t, nil)
	v := newVisitor(t, server)
	v.get("turns.asp", 200)
	if took := together(v, "parts/slow-session.asp"); took < 2*time.Second {
		t.Errorf("two requests of one session took %v together", took)
	}
	for range 3 { // a busy machine may spoil one
		if together(v, "parts/slow-free.asp") < 1900*time.Millisecond {
			return
		}
	}
	t.Error("two requests without a session ran one after the other")
}

func together(v *visitor, page string) time.Duration {
	began := time.Now()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { v.get(page, 200) })
	}
	both.Wait()
	return time.Since(began)
}

// TestClock reads the first two events of the stream and leaves; when the
// browser comes back, the numbers go on.
func TestClock(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, serve(t, nil))
	v.get("", 200)
	for _, c := range []struct{ last, want string }{{"", "id: 1"}, {"41", "id: 42"}} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v.base+"parts/clock.asp", nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.last != "" {
			r.Header.Set("Last-Event-ID", c.last)
		}
		res, err := v.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
			t.Errorf("the stream is %s", got)
		}
		if len(res.Cookies()) > 0 {
			t.Error("a page without a session sent a cookie")
		}
		events := read(t, res, 2)
		res.Body.Close()
		if !strings.HasPrefix(events, "retry: 500\n\n"+c.want+"\ndata: {\"time\":\"") {
			t.Errorf("the stream begins with %q", events)
		}
	}
}

// read takes n events off a stream.
func read(t *testing.T, res *http.Response, n int) string {
	t.Helper()
	var text strings.Builder
	buf := make([]byte, 512)
	for strings.Count(text.String(), "data:") < n {
		m, err := res.Body.Read(buf)
		text.Write(buf[:m])
		if err != nil {
			t.Fatalf("after %q: %v", text.String(), err)
		}
	}
	return text.String()
}

// TestReport looks at the wire: flushed the length is unknown, buffered it is
// the body's, and both bodies are the same but for two words.
func TestReport(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, serve(t, nil))
	var flushed, buffered answer
	var both sync.WaitGroup
	both.Go(func() { flushed = v.get("parts/report.asp?how=flushed", 200) })
	both.Go(func() { buffered = v.get("parts/report.asp?how=buffered", 200) })
	both.Wait()
	if len(flushed.TransferEncoding) != 1 || flushed.TransferEncoding[0] != "chunked" || flushed.ContentLength >= 0 {
		t.Errorf("flushed: %v, length %d", flushed.TransferEncoding, flushed.ContentLength)
	}
	if buffered.ContentLength != int64(len(buffered.body)) {
		t.Errorf("buffered: length %d of %d bytes", buffered.ContentLength, len(buffered.body))
	}
	same := strings.NewReplacer("flushed", "buffered", "line by line", "all at once").Replace(flushed.body)
	if same != buffered.body {
		t.Errorf("the bodies differ:\n%s\n%s", flushed.body, buffered.body)
	}
}
