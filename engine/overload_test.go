package engine

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// crowd is how many clients an overload has: 2000 with NAJA_SOAK=1.
func crowd() int {
	switch {
	case asptest.Soaking():
		return 2000
	case raceDetector || testing.Short():
		return 100
	}
	return 300
}

// A visitor is a client of a crowd. A client library would tell too little of
// its connection, and its own work would be the most of what is measured.
type visitor struct {
	conn   net.Conn
	reader *bufio.Reader
}

func newVisitor(t *testing.T, addr string) *visitor {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &visitor{conn, bufio.NewReaderSize(conn, 1<<10)}
}

// visited is one answer that a visitor got.
type visited struct {
	status int
	retry  string
	kept   bool
	took   time.Duration
	err    error
}

func (v *visitor) get(target string) (got visited) {
	began := time.Now()
	_ = v.conn.SetDeadline(began.Add(time.Minute))
	if _, got.err = io.WriteString(v.conn, "GET "+target+" HTTP/1.1\r\nHost: test\r\n\r\n"); got.err != nil {
		return got
	}
	r, err := http.ReadResponse(v.reader, nil)
	if err != nil {
		got.err = err
		return got
	}
	got.took = time.Since(began)
	_, got.err = io.Copy(io.Discard, r.Body)
	got.status, got.retry, got.kept = r.StatusCode, r.Header.Get("Retry-After"), !r.Close
	return got
}

// durations are sorted.
type durations []time.Duration

func (d durations) at(part float64) time.Duration {
	return d[int(float64(len(d)-1)*part)].Round(100 * time.Microsecond)
}

// refusalTimes is a log that keeps how long the server itself took over each
// 503.
type refusalTimes struct {
	slog.Handler
	mu    sync.Mutex
	times durations
}

// Enabled is [slog.Handler].
func (l *refusalTimes) Enabled(context.Context, slog.Level) bool { return true }

// Handle is [slog.Handler].
func (l *refusalTimes) Handle(_ context.Context, r slog.Record) error {
	var took time.Duration
	refused := false
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "duration":
			took = a.Value.Duration()
		case "status":
			refused = a.Value.Int64() == http.StatusServiceUnavailable
		}
		return true
	})
	if refused {
		l.mu.Lock()
		l.times = append(l.times, took)
		l.mu.Unlock()
	}
	return nil
}

func (l *refusalTimes) sorted() durations {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.times)
	return l.times
}

// TestOverload: what is too much is refused at once, on connections that stay
// open, what was accepted is served, and files are sent meanwhile.
func TestOverload(t *testing.T) {
	server := &refusalTimes{}
	s := serveSite(t, map[string]string{
		"slow.asp": `<%@ EnableSessionState=False %><% setTimeout(function() { Response.Write("slow") }, 100) %>`, "file.txt": "a file",
	}, func(c *Config) { c.ProcessorThreadMax, c.RequestQueueMax, c.Logger = 4, 16, slog.New(server) })
	clients := make([]*visitor, crowd())
	for i := range clients {
		clients[i] = newVisitor(t, s.addr)
		if got := clients[i].get("/file.txt"); got.status != 200 {
			t.Fatalf("a file: %+v", got)
		}
	}
	files := asptest.Watch(t, s.addr, "/file.txt", "a file").Patience(5 * time.Second)
	for _, spread := range []time.Duration{0, time.Second} {
		overload(t, clients, spread)
	}
	files.Stop()
	inside := server.sorted()
	t.Logf("the server itself took %v at most over a 503, 99 %% within %v; files meanwhile: 99 %% within %v", inside.at(1), inside.at(.99), files.Percentile(.99).Round(100*time.Microsecond))
	if inside.at(.99) > time.Second {
		t.Error("refusing takes too long")
	}
	if st := s.Status(); st.Busy != 0 || len(st.Waiting) != 0 || st.Failed != 0 {
		t.Errorf("%d apartments in use, %d requests wait, %d failed", st.Busy, len(st.Waiting), st.Failed)
	}
}

// overload has all clients ask for the slow page, at once or spread over some
// time, and then for a file on the same connection.
func overload(t *testing.T, clients []*visitor, spread time.Duration) {
	start := make(chan struct{})
	pages, after := make([]visited, len(clients)), make([]visited, len(clients))
	var all sync.WaitGroup
	for i, v := range clients {
		all.Go(func() {
			<-start
			<-time.After(spread * time.Duration(i) / time.Duration(len(clients)))
			pages[i] = v.get("/slow.asp")
			after[i] = v.get("/file.txt")
		})
	}
	close(start)
	all.Wait()
	var refused, served durations
	for i, p := range pages {
		switch {
		case p.status == 200:
			served = append(served, p.took)
		case p.status == 503 && p.retry != "":
			refused = append(refused, p.took)
		default:
			t.Errorf("got %+v", p)
		}
		if !p.kept || after[i].status != 200 || !after[i].kept {
			t.Errorf("after %+v on the same connection %+v", p, after[i])
		}
	}
	slices.Sort(refused)
	slices.Sort(served)
	if len(served) < 20 || len(refused) < 20 {
		t.Fatalf("%d served, %d refused", len(served), len(refused))
	}
	t.Logf("%d clients within %v: %d served, the last after %v; %d refused, half within %v, 99 %% within %v, all within %v",
		len(clients), spread, len(served), served.at(1), len(refused), refused.at(.5), refused.at(.99), refused.at(1))
	if refused.at(1) > 5*time.Second {
		t.Error("being refused takes too long")
	}
}

// TestReadersThatNeverRead: as many clients ask for a page of 4 MiB and read
// none of it. What waits for them is bounded, and others are served as ever.
func TestReadersThatNeverRead(t *testing.T) {
	sendingMax := int64(64 << 20)
	if crowd() == 2000 {
		sendingMax = 256 << 20 // the default
	}
	s := serveSite(t, map[string]string{
		"big.asp":   `<%@ EnableSessionState=False %><% var s = "0123456789abcdef".repeat(65536); for (var i = 0; i < 4; i++) Response.Write(s) %>`,
		"small.asp": `<%= 6 * 7 %>`,
	}, func(c *Config) { c.SendingMax = sendingMax; c.Logger = slog.New(slog.DiscardHandler) })
	want(t, s.get("/small.asp"), 200, "42")
	_, before, _ := base()
	o := asptest.Watch(t, s.addr, "/small.asp", "42").Patience(20 * time.Second)
	clients := make([]*visitor, crowd())
	for i := range clients {
		clients[i] = newVisitor(t, s.addr)
		if err := clients[i].conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(clients[i].conn, "GET /big.asp HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	var most int64
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for time.Since(began) < 3*time.Second || len(s.Status().Waiting) > 0 {
		most = max(most, memoryInUse())
		<-tick.C
	}
	o.Stop()
	st := s.Status()
	t.Logf("%d clients: %d MB in use at most, %d before; %d MB wait to be sent; another client's %d requests: half within %v, 99 %% within %v, all within %v",
		len(clients), most>>20, before>>20, s.sending.Used.Load()>>20, o.Asked(), o.Percentile(.5), o.Percentile(.99), o.Worst())
	// What waits, the pages that are being made, and as much again that the
	// collector has yet to find.
	if bound := 2*(sendingMax+int64(st.Apartments)*(6<<20)) + 100<<20; most-before > bound {
		t.Errorf("%d bytes more in use, more than %d", most-before, bound)
	}
	// A second is what is meant, on a machine that does nothing else.
	if o.Percentile(.99) > 3*time.Second && !raceDetector {
		t.Errorf("99 %% of another client's answers took up to %v", o.Percentile(.99))
	}
	if st.Failed != 0 || s.sending.Used.Load() > sendingMax {
		t.Errorf("%d pages failed, %d bytes wait to be sent", st.Failed, s.sending.Used.Load())
	}
	eventually(t, "the apartments are free", func() bool { return s.Status().Busy == 0 })
}
