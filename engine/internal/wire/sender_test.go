package wire

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// A slowClient takes a piece in its own time, unless the deadline comes first.
type slowClient struct {
	http.ResponseWriter
	perPiece time.Duration
	deadline time.Time
	sets     int
}

func (c *slowClient) SetWriteDeadline(t time.Time) error {
	c.deadline = t
	c.sets++
	return nil
}

func (c *slowClient) Write(p []byte) (int, error) {
	if left := time.Until(c.deadline); left < c.perPiece {
		time.Sleep(max(left, 0))
		return 0, os.ErrDeadlineExceeded
	}
	time.Sleep(c.perPiece)
	return len(p), nil
}

func newSlowSender(perPiece, stall time.Duration) (*Sender, *slowClient) {
	client := &slowClient{ResponseWriter: httptest.NewRecorder(), perPiece: perPiece}
	s := new(Sender)
	s.init(client, httptest.NewRequest("GET", "/", nil), stall)
	return s, client
}

// However long the whole takes, a client that takes piece after piece is kept.
func TestASlowClientThatReadsIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := newSlowSender(20*time.Second, 30*time.Second)
		start := time.Now()
		n, err := s.Write(make([]byte, 100*sendChunk))
		if n != 100*sendChunk || err != nil || time.Since(start) != 2000*time.Second || s.Bytes != int64(n) || s.Status != 200 {
			t.Errorf("sent %d in %v: %v", n, time.Since(start), err)
		}
		// The same through ReadFrom.
		m, err := s.ReadFrom(io.LimitReader(strings.NewReader(strings.Repeat("x", 20*sendChunk)), 10*sendChunk))
		if m != 10*sendChunk || err != nil {
			t.Errorf("sent %d: %v", m, err)
		}
	})
}

func TestASlowClientIsGivenUpAtTheStallTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := newSlowSender(40*time.Second, 30*time.Second)
		start := time.Now()
		n, err := s.Write(make([]byte, 100*sendChunk))
		if n != 0 || !errors.Is(err, ErrClientGone) || !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != 30*time.Second {
			t.Errorf("sent %d in %v: %v", n, time.Since(start), err)
		}
	})
}

func TestSmallPiecesShareADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, client := newSlowSender(0, 30*time.Second)
		for range 100 {
			if _, err := s.Write([]byte("piece")); err != nil {
				t.Fatal(err)
			}
		}
		if client.sets != 1 {
			t.Errorf("the deadline was set %d times", client.sets)
		}
		time.Sleep(29 * time.Second)
		if _, err := s.Write([]byte("piece")); err != nil || time.Until(client.deadline) != 30*time.Second {
			t.Errorf("%v left: %v", time.Until(client.deadline), err)
		}
	})
}

func TestMisuseIsNotTakenForAClientThatLeft(t *testing.T) {
	s := new(Sender)
	for _, err := range []error{http.ErrBodyNotAllowed, http.ErrContentLength} {
		if got := s.explain(err); got != err {
			t.Errorf("got %v", got)
		}
	}
	if got := s.explain(io.ErrClosedPipe); !errors.Is(got, ErrClientGone) || !errors.Is(got, io.ErrClosedPipe) {
		t.Errorf("got %v", got)
	}
}

func TestASlowReaderOfAFileIsGivenUp(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large.bin")
	asptest.Check(t, os.WriteFile(name, nil, 0o600))
	asptest.Check(t, os.Truncate(name, 64<<20))
	onDisk, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer onDisk.Close()
	for name, file := range map[string]io.ReadSeeker{"in memory": bytes.NewReader(make([]byte, 32<<20)), "on disk": onDisk} {
		ws := new(Wires)
		ws.Stall.Store(int64(100 * time.Millisecond))
		done := make(chan *Sender, 1)
		addr := asptest.Serve(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s := ws.NewSender(w, r)
			http.ServeContent(s, r, "large.bin", time.Unix(1, 0), file)
			done <- s
		})})
		c := asptest.Dial(t, addr)
		c.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
		select {
		case sent := <-done:
			if sent.Status != 200 || sent.Bytes == 0 || sent.Bytes >= 32<<20 {
				t.Errorf("%s: sent %d bytes", name, sent.Bytes)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: still sending", name)
		}
	}
}
