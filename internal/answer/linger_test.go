package answer

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// refusing is a server that reads no body.
func refusing(t *testing.T, l *Linger, timeout time.Duration) (addr string, ended <-chan struct{}) {
	end := make(chan struct{}, 10)
	return asptest.Serve(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		Text(w, r, http.StatusRequestEntityTooLarge, Plain, "too large")
		l.Read(w, r, timeout)
		end <- struct{}{}
	})}), end
}

// post begins a request with a body of this length, of which it sends a part.
func post(t *testing.T, addr string, length int64, part int) *asptest.Conn {
	c := asptest.Dial(t, addr)
	c.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n", length)
	c.Send("%s", strings.Repeat("x", part))
	return c
}

// isCutOff says that a client which goes on sending is told to stop, and how much
// was taken of it.
func isCutOff(t *testing.T, c *asptest.Conn, most int) (sent int) {
	t.Helper()
	_ = c.SetWriteDeadline(time.Now().Add(time.Minute))
	for piece := strings.Repeat("x", 1<<20); sent <= most; {
		n, err := io.WriteString(c.Conn, piece)
		sent += n
		if errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
			return sent
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Errorf("%d bytes were taken", sent)
	return sent
}

// TestLinger: a client that sends all before it reads gets the answer, however
// large its body is, and an orderly end.
func TestLinger(t *testing.T) {
	addr, ended := refusing(t, new(Linger), time.Minute)
	for _, length := range []int{0, 1, 10000, 16 << 20} {
		c := post(t, addr, int64(length), length)
		if r := c.ReadResponse("POST"); r.Status != 413 || string(r.Body) != "too large" {
			t.Errorf("%d bytes: %d %q %v", length, r.Status, r.Body, r.Err)
		}
		if _, err := c.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("%d bytes: ended by %v", length, err)
		}
		<-ended
	}
}

// TestLingerReadsTheAnswerFirst: the answer isn't kept back until the body is
// there.
func TestLingerReadsTheAnswerFirst(t *testing.T) {
	addr, ended := refusing(t, new(Linger), time.Hour)
	c := post(t, addr, 1000, 10)
	if r := c.ReadResponse("POST"); r.Status != 413 {
		t.Errorf("%d", r.Status)
	}
	select {
	case <-ended:
		t.Error("it doesn't wait for the body")
	default:
	}
	c.Close() // which ends it
	<-ended
}

// TestLingerIsBounded: who sends too much, for too long, or nothing, is cut off,
// and so is one client too many.
func TestLingerIsBounded(t *testing.T) {
	const endless = 1 << 40
	t.Run("bytes", func(t *testing.T) {
		t.Parallel()
		addr, ended := refusing(t, new(Linger), time.Hour)
		if n := isCutOff(t, post(t, addr, endless, 0), 2*lingerBytes); n < lingerBytes {
			t.Errorf("only %d bytes were taken", n)
		}
		<-ended
	})
	t.Run("time", func(t *testing.T) {
		t.Parallel()
		addr, ended := refusing(t, new(Linger), 50*time.Millisecond)
		c := post(t, addr, endless, 0)
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			select {
			case <-ended:
				return
			case <-tick.C:
				c.SendAnyway("x")
			}
		}
	})
	t.Run("silence", func(t *testing.T) {
		t.Parallel()
		addr, ended := refusing(t, new(Linger), 50*time.Millisecond)
		post(t, addr, endless, 10)
		<-ended
	})
	t.Run("number", func(t *testing.T) {
		t.Parallel()
		l := new(Linger)
		l.reading.Store(LingerMax)
		addr, ended := refusing(t, l, time.Hour)
		c := post(t, addr, endless, 10)
		<-ended // at once, although the client is silent
		isCutOff(t, c, lingerBytes)
		if n := l.reading.Load(); n != LingerMax {
			t.Errorf("%d are counted", n)
		}
	})
	for _, none := range []time.Duration{0, -1} {
		t.Run(fmt.Sprint("none ", none), func(t *testing.T) {
			t.Parallel()
			addr, ended := refusing(t, new(Linger), none)
			c := post(t, addr, endless, 10)
			<-ended
			isCutOff(t, c, lingerBytes)
		})
	}
}
