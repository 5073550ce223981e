//go:build unix

package engine

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/store/sqlite"
)

// processVariable tells a test binary that it is a server: a processConfig.
const processVariable = "NAJA_PROCESS"

type processConfig struct {
	Root, State    string
	Diary          string // a file that pages append to
	Lease          time.Duration
	SessionTimeout time.Duration
	SessionQueue   int
}

// A diarist appends lines to a file: an effect outside the state.
type diarist struct{ file *os.File }

// Note appends a line, in one write.
func (d *diarist) Note(line string) error {
	_, err := io.WriteString(d.file, line+"\n")
	return err
}

// TestServingProcess is the server process of the tests below. It ends with
// SIGTERM, or when the test that started it does.
func TestServingProcess(t *testing.T) {
	text := os.Getenv(processVariable)
	if text == "" {
		t.Skip("it is for other tests to start")
	}
	var pc processConfig
	if err := json.Unmarshal([]byte(text), &pc); err != nil {
		t.Fatal(err)
	}
	diary, err := os.OpenFile(pc.Diary, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer diary.Close()
	db, err := sqlite.Open(context.Background(), sqlite.Config{Path: pc.State, Relaxed: true, BusyTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{
		Root: pc.Root, Backend: db, SessionTimeout: pc.SessionTimeout, SessionQueueMax: pc.SessionQueue, lease: pc.Lease,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Components: map[string]Component{"Test.Diary": {Threading: Agile, New: func(context.Context) (any, error) {
			return &diarist{diary}, nil
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", e)
	mux.HandleFunc("/-running", func(w http.ResponseWriter, _ *http.Request) {
		for _, r := range e.Status().Running {
			fmt.Fprintln(w, r.Page, r.HoldsLock)
		}
	})
	server := &http.Server{Handler: mux}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Printf("listening on http://%s\n", listener.Addr())

	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		ended <- syscall.SIGTERM
	}()
	<-ended
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	<-served
	if err := errors.Join(e.Shutdown(ctx), db.Close()); err != nil {
		t.Error(err)
	}
	// The goroutine that reads standard input stays: the process ends.
	os.Exit(0)
}

// A process is a running server.
type process struct {
	t     *testing.T
	url   string
	cmd   *exec.Cmd
	alive io.Closer
	ended chan error
}

// A cluster are processes that share a site and its state.
type cluster struct {
	*testing.T
	pc     processConfig
	client *http.Client
}

func newCluster(t *testing.T, pc processConfig, files map[string]string) *cluster {
	t.Helper()
	dir := t.TempDir()
	pc.Root, pc.State, pc.Diary = filepath.Join(dir, "site"), filepath.Join(dir, "state.db"), filepath.Join(dir, "diary")
	writeFiles(t, pc.Root, files)
	c := &cluster{T: t, pc: pc}
	c.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, CheckRedirect: noRedirect}
	t.Cleanup(c.client.CloseIdleConnections)
	return c
}

// writeFiles makes the files of a site.
func writeFiles(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// start starts a process and waits until it serves.
func (c *cluster) start() *process {
	c.Helper()
	config, err := json.Marshal(c.pc)
	if err != nil {
		c.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestServingProcess$")
	cmd.Env = append(os.Environ(), processVariable+"="+string(config), "GORACE=atexit_sleep_ms=0")
	var said lockedBuffer
	cmd.Stderr = &said
	stdin, err := cmd.StdinPipe()
	if err != nil {
		c.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		c.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	p := &process{t: c.T, cmd: cmd, alive: stdin, ended: make(chan error, 1)}
	c.Cleanup(func() {
		p.stop()
		if c.Failed() {
			c.Logf("process %d said:\n%s", cmd.Process.Pid, clipped(said.String(), 4000))
		}
	})
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		c.Fatalf("the process said %q (%v) and\n%s", line, err, said.String())
	}
	p.url = url
	go func() {
		_, _ = io.Copy(io.Discard, lines)
		p.ended <- cmd.Wait()
	}()
	return p
}

func (c *cluster) starts(n int) []*process {
	c.Helper()
	all := make([]*process, n)
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() { all[i] = c.start() })
	}
	wg.Wait()
	return all
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Error(err)
	}
}

// kill is SIGKILL: it returns when the process is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	p.ended <- <-p.ended
}

// stop ends the process as an operator would.
func (p *process) stop() {
	p.alive.Close()
	_ = p.cmd.Process.Signal(syscall.SIGCONT)
	select {
	case err := <-p.ended:
		p.ended <- err
	case <-time.After(30 * time.Second):
		p.t.Error("the process doesn't end")
		p.kill()
	}
}

// get asks one process once.
func (c *cluster) get(p *process, path, cookie string) guestAnswer {
	r, err := http.NewRequest("GET", p.url+path, nil)
	if err != nil {
		return guestAnswer{err: err}
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	resp, err := c.client.Do(r)
	if err != nil {
		return guestAnswer{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return guestAnswer{resp.StatusCode, strings.TrimSpace(string(body)), resp.Header, err}
}

// must is get of a page that has to work.
func (c *cluster) must(p *process, path, cookie string) guestAnswer {
	c.Helper()
	a := c.get(p, path, cookie)
	if a.err != nil || a.status != 200 {
		c.Fatalf("%s: %v", path, a)
	}
	return a
}

// cookieOf is what a browser sends back.
func cookieOf(a guestAnswer) string {
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	return cookie
}

// until polls for something that happens by itself.
func (c *cluster) until(what string, ok func() bool) {
	c.Helper()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	late := time.After(4 * time.Minute)
	for !ok() {
		select {
		case <-poll.C:
		case <-late:
			c.Fatalf("it didn't happen that %s", what)
		}
	}
}

// A ledger is what clients know: the increments that were acknowledged, and
// those of which nobody knows whether they took place.
type ledger struct {
	mu      sync.Mutex
	acked   map[string]int // times, by id
	unsure  map[string]int
	answers map[string]string // the numbers that were answered, by what they were of
}

func newLedger() *ledger {
	return &ledger{acked: map[string]int{}, unsure: map[string]int{}, answers: map[string]string{}}
}

// note takes down an answer and says whether it was success.
func (l *ledger) note(t *testing.T, of, id string, a guestAnswer) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case a.err == nil && a.status == 200:
		l.acked[id]++
		if other, twice := l.answers[of+a.body]; twice {
			t.Errorf("%s: both %s and %s were answered %s", of, id, other, a.body)
		}
		l.answers[of+a.body] = id
		return true
	case a.err != nil, a.status == 503 && strings.Contains(a.body, "store cannot be reached"):
		l.unsure[id]++
	}
	return false
}

// check compares it with what is stored: the number, and the id of each
// increment.
func (l *ledger) check(t *testing.T, what string, n string, ids []string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	stored := map[string]int{}
	for _, id := range ids {
		stored[id]++
	}
	if n != fmt.Sprint(len(ids)) {
		t.Errorf("%s: the number is %s, and there are %d ids", what, n, len(ids))
	}
	lost, twice := 0, 0
	for id, times := range l.acked {
		switch {
		case stored[id] < times:
			lost++
		case stored[id] > times+l.unsure[id]:
			twice++
		}
	}
	for id := range stored {
		if l.acked[id]+l.unsure[id] == 0 {
			t.Errorf("%s: %s was stored, but its answer was a refusal", what, id)
		}
	}
	if lost+twice > 0 {
		t.Errorf("%s: %d acknowledged increments are lost, %d were applied twice", what, lost, twice)
	}
	unsure := 0
	for _, times := range l.unsure {
		unsure += times
	}
	t.Logf("%s: %d acknowledged, %d unsure, %s stored", what, len(l.acked), unsure, n)
}

// A relay hands requests to processes in turn, those that live.
type relay struct {
	mu   sync.Mutex
	all  []*process
	next int
}

func (r *relay) pick() *process {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next++
	return r.all[r.next%len(r.all)]
}

func (r *relay) drop(p *process) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = slices.DeleteFunc(r.all, func(other *process) bool { return other == p })
}

// drive makes one increment, again and again until it is acknowledged.
func (c *cluster) drive(r *relay, l *ledger, of, path, id, cookie string) bool {
	begin := time.Now()
	for time.Since(begin) < 90*time.Second {
		if l.note(c.T, of, id, c.get(r.pick(), path+id, cookie)) {
			return true
		}
	}
	c.Errorf("%s %s: no success for ninety seconds", of, id)
	return false
}
