package engine

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asptest"
)

// A playground is a site on a real server, with what its pages can meet at.
type playground struct {
	*testing.T
	*Engine
	*meetings
	url    string
	dir    string // of the site's files, which may be changed
	client *http.Client
	close  func() error // of its state; may be nil
	log    lockedBuffer
	time   testTime

	mu     sync.Mutex
	errors []*asp.Error
}

// play serves a site: files by name. It is shut down when the test ends, and
// by then nothing may be left of any request.
func play(t *testing.T, cfg Config, files map[string]string) *playground {
	t.Helper()
	pg := &playground{T: t, meetings: newMeetings(), dir: t.TempDir()}
	for name, content := range files {
		pg.write(name, content)
	}
	cfg.Root = pg.dir
	if cfg.Components == nil {
		cfg.Components = map[string]Component{}
	}
	cfg.Components["Test.Meet"] = Component{Threading: Agile, New: func(context.Context) (any, error) { return pg.meetings, nil }}
	cfg.Logger = slog.New(slog.NewTextHandler(&pg.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	cfg.OnError = pg.failed
	pg.time.t, pg.time.hang = t, pg.Hang
	pg.time.add(&cfg)
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	pg.time.e.Store(e)
	pg.Engine = e
	server := httptest.NewServer(e)
	pg.url = server.URL
	pg.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 300}, CheckRedirect: noRedirect}
	t.Cleanup(func() {
		pg.meetings.openAll()
		pg.client.CloseIdleConnections()
		server.Close()
		pg.shutDown()
		if t.Failed() {
			t.Logf("log:\n%s", clipped(pg.log.String(), 8000))
		}
	})
	return pg
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func clipped(s string, most int) string {
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

// shutDown ends the application and looks for what requests left behind.
func (pg *playground) shutDown() {
	pg.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := pg.Shutdown(ctx); err != nil {
		pg.Errorf("Shutdown: %v", err)
	}
	pg.atRest()
	if pg.close != nil {
		if err := pg.close(); err != nil {
			pg.Errorf("closing the state: %v", err)
		}
	}
}

// atRest fails when a request left a trace.
func (pg *playground) atRest() {
	pg.Helper()
	s := pg.Status()
	if len(s.Running)+len(s.Waiting)+len(s.Turns)+s.Busy != 0 || pg.turns.Waiting() != 0 || s.Application.Holder != nil || len(s.Application.Waiters) != 0 {
		pg.Errorf("not at rest: %+v", s)
	}
	if p := pg.apartments.Status(); p.Waiting != 0 {
		pg.Errorf("%d wait for an apartment", p.Waiting)
	}
}

func (pg *playground) failed(err *asp.Error) {
	pg.mu.Lock()
	defer pg.mu.Unlock()
	pg.errors = append(pg.errors, err)
}

// lastError is the newest error of a page.
func (pg *playground) lastError() *asp.Error {
	pg.Helper()
	pg.mu.Lock()
	defer pg.mu.Unlock()
	if len(pg.errors) == 0 {
		pg.Fatal("no page failed")
	}
	return pg.errors[len(pg.errors)-1]
}

// write makes or changes a file of the site.
func (pg *playground) write(name, content string) {
	pg.Helper()
	file := filepath.Join(pg.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		pg.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		pg.Fatal(err)
	}
}

// A guest is a browser: it keeps its cookies.
type guest struct {
	pg     *playground
	client *http.Client
}

func (pg *playground) guest() *guest {
	jar, _ := cookiejar.New(nil) // never fails
	c := *pg.client
	c.Jar = jar
	return &guest{pg, &c}
}

// guestsOf makes n guests.
func (pg *playground) guests(n int) []*guest {
	all := make([]*guest, n)
	for i := range all {
		all[i] = pg.guest()
	}
	return all
}

// An answer is what a guest got.
type guestAnswer struct {
	status int
	body   string
	header http.Header
	err    error // of reading the body, or of the whole exchange
}

func (a guestAnswer) String() string {
	return fmt.Sprintf("%d %q %v", a.status, clipped(a.body, 500), a.err)
}

// fetch asks for a page; any goroutine may call it.
func (g *guest) fetch(ctx context.Context, path string) guestAnswer {
	r, err := http.NewRequestWithContext(ctx, "GET", g.pg.url+path, nil)
	if err != nil {
		return guestAnswer{err: err}
	}
	resp, err := g.client.Do(r)
	if err != nil {
		return guestAnswer{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return guestAnswer{resp.StatusCode, string(body), resp.Header, err}
}

// answer is fetch in the background.
func (g *guest) answer(path string) <-chan guestAnswer {
	c := make(chan guestAnswer, 1)
	go func() { c <- g.fetch(context.Background(), path) }()
	return c
}

// get asks for a page, which has to work.
func (g *guest) get(path string) string {
	g.pg.Helper()
	a := g.fetch(context.Background(), path)
	if a.err != nil || a.status != 200 {
		g.pg.Fatalf("%s: %v", path, a)
	}
	return a.body
}

// wants asks for a page and compares what it says, without outer space.
func (g *guest) wants(path, want string) {
	g.pg.Helper()
	if got := strings.TrimSpace(g.get(path)); got != want {
		g.pg.Errorf("%s: got %q, want %q", path, got, want)
	}
}

// refused asks for a page that fails; the error is what the engine reported.
func (g *guest) refused(path string) *asp.Error {
	g.pg.Helper()
	if a := g.fetch(context.Background(), path); a.err != nil || a.status != 500 {
		g.pg.Fatalf("%s: %v, want 500", path, a)
	}
	return g.pg.lastError()
}

// lineUp has n requests for a page wait behind each other.
func (pg *playground) lineUp(g *guest, page string, n int) (line []<-chan guestAnswer) {
	pg.Helper()
	for i := range n {
		line = append(line, g.answer(page))
		pg.waiting(i + 1)
	}
	return line
}

// in waits for an answer that was asked for.
func (pg *playground) in(c <-chan guestAnswer) guestAnswer {
	pg.Helper()
	select {
	case a := <-c:
		return a
	case <-time.After(time.Minute):
		pg.Fatalf("no answer; %+v", pg.Status())
		return guestAnswer{}
	}
}

// until polls for something that happens by itself.
func (pg *playground) until(what string, ok func() bool) {
	pg.Helper()
	poll := time.NewTicker(2 * time.Millisecond)
	defer poll.Stop()
	late := time.After(time.Minute)
	for !ok() {
		select {
		case <-poll.C:
		case <-late:
			pg.Fatalf("it didn't happen that %s; %+v", what, pg.Status())
		}
	}
}

// waiting waits until n requests wait for a turn.
func (pg *playground) waiting(n int) {
	pg.Helper()
	pg.until(fmt.Sprintf("%d wait for their turn", n), func() bool { return pg.turns.Waiting() == n })
}

// Meetings are where a page stops until the test lets it go on. Pages make
// one by Server.CreateObject("Test.Meet").
type meetings struct {
	mu     sync.Mutex
	points map[string]*point
	notes  []string
	tally  atomic.Int64
}

type point struct {
	came chan struct{} // one for each page that came
	open chan struct{}
	once sync.Once
}

func newMeetings() *meetings { return &meetings{points: map[string]*point{}} }

func (m *meetings) point(name string) *point {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.points[name]
	if p == nil {
		p = &point{came: make(chan struct{}, 1000), open: make(chan struct{})}
		m.points[name] = p
	}
	return p
}

func (p *point) release() { p.once.Do(func() { close(p.open) }) }

// forget makes a point anew.
func (m *meetings) forget(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.points, name)
}

func (m *meetings) openAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.points {
		p.release()
	}
}

// Stop holds a page until the point is opened, or its request's context ends.
func (m *meetings) Stop(ctx context.Context, name string) error {
	p := m.point(name)
	p.came <- struct{}{}
	select {
	case <-p.open:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Hang holds a page as native code does that nothing can interrupt.
func (m *meetings) Hang(name string) {
	p := m.point(name)
	p.came <- struct{}{}
	<-p.open
}

// Ticks is a number that native code asks for before it goes on: a page that
// came to the point "ticks" is inside of it.
func (m *meetings) Ticks() int {
	m.point("ticks").came <- struct{}{}
	return 1
}

// Thread names the goroutine that calls.
func (m *meetings) Thread() string { return asptest.Goroutine() }

// Next counts.
func (m *meetings) Next() int { return int(m.tally.Add(1)) }

// Note writes something down for the test.
func (m *meetings) Note(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.notes = append(m.notes, text)
}

// Panic is a component's mistake.
func (m *meetings) Panic() { panic("a component's mistake") }

func (m *meetings) noted() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.notes...)
}

// came waits until a page has come to a point.
func (pg *playground) came(name string) {
	pg.Helper()
	select {
	case <-pg.point(name).came:
	case <-time.After(time.Minute):
		pg.Fatalf("nobody came to %s; %+v", name, pg.Status())
	}
}

// open lets those go on who stopped at a point, and all who come later.
func (pg *playground) open(name string) { pg.point(name).release() }

// A lockedBuffer is a log that many write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
