package engine

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
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

func newSlowSender(perPiece, stall time.Duration) (*sender, *slowClient) {
	client := &slowClient{ResponseWriter: httptest.NewRecorder(), perPiece: perPiece}
	s := new(sender)
	s.init(client, httptest.NewRequest("GET", "/", nil), stall)
	return s, client
}

// However long the whole takes, a client that takes piece after piece is kept.
func TestASlowClientThatReadsIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := newSlowSender(20*time.Second, 30*time.Second)
		start := time.Now()
		n, err := s.Write(make([]byte, 100*sendChunk))
		if n != 100*sendChunk || err != nil || time.Since(start) != 2000*time.Second || s.bytes != int64(n) || s.status != 200 {
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
		if n != 0 || !errors.Is(err, errClientGone) || !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != 30*time.Second {
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
	s := new(sender)
	for _, err := range []error{http.ErrBodyNotAllowed, http.ErrContentLength} {
		if got := s.explain(err); got != err {
			t.Errorf("got %v", got)
		}
	}
	if got := s.explain(io.ErrClosedPipe); !errors.Is(got, errClientGone) || !errors.Is(got, io.ErrClosedPipe) {
		t.Errorf("got %v", got)
	}
}

func TestTheAccessLogHasOneLineForARequest(t *testing.T) {
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	r := httptest.NewRequest("POST", "/a%0a.asp?secret=1", nil)
	a := access{status: 200, bytes: 5, took: time.Second, queued: time.Millisecond, sent: sentBuffered}
	a.log(logger, r)
	a.note, a.err = "from the page", errClientGone
	a.log(logger, r)
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("got %q", lines)
	}
	want := `level=INFO msg=request method=POST path="/a\n.asp" status=200 bytes=5 duration=1s queued=1ms sent=buffered`
	if !strings.HasSuffix(lines[0], want) {
		t.Errorf("got %s", lines[0])
	}
	if !strings.HasSuffix(lines[1], want+` note="from the page" error="the client is gone"`) {
		t.Errorf("got %s", lines[1])
	}
	a.log(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})), r)
	if strings.Count(log.String(), "\n") != 2 {
		t.Error("logged below its level")
	}
}
