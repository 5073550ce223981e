package isolate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	goruntime "runtime"
	"strconv"
	"sync"
	"time"

	"github.com/najahost/naja/operate/isolate/internal/frame"
	"github.com/najahost/naja/store/remote"
)

// A worker is a worker process, as its parent sees it.
type worker struct {
	s       *Supervisor
	number  int64
	spare   bool   // for suspects
	program string // what it is started from
	log     *slog.Logger
	child   *child
	channel *channel
	client  *frame.Client
	words   lastWords

	stateName string // of the socket of the state, in the folder
	began     time.Time

	up         chan struct{} // closed when it is ready, or won't be: err
	err        error
	telling    sync.Mutex    // held while it is told something
	toldToStop bool          // guarded by telling
	gone       chan struct{} // closed when the process has ended, and all that it wrote was read

	mu       sync.Mutex
	answered bool   // up is closed
	doomed   string // why it was killed; "" when it wasn't
	expected bool   // it was told to end
	rss      int64  // when last looked at
	version  string // that the program says it has
	hash     string // of the program; "" while it isn't known

	// What follows is guarded by Supervisor.mu.
	inside   int
	assigned int64
	loading  bool  // it was told to load the application
	served   int64 // requests that it answered
	lost     int   // requests that it took with it
	retiring bool
	drained  chan struct{} // closed when retiring and inside is 0
	last     time.Time     // when a request was given to it
	running  map[*flight]struct{}
	free     []int64 // numbers of requests that have ended
	numbers  int64   // that were given out
}

// A flight is one request in a worker, as the parent sees it.
type flight struct {
	url string
	id  int64 // by which the worker says that it has seen it
	// seen is whether it has, or nobody knows; read after the request was given
	// back.
	seen bool
}

// startWorker starts a worker and waits until it is ready, for a bounded time.
func (s *Supervisor) startWorker(ctx context.Context, spare bool) (*worker, error) {
	return s.startProgram(ctx, s.executable(), spare)
}

// startProgram is startWorker for any program.
func (s *Supervisor) startProgram(ctx context.Context, program string, spare bool) (*worker, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.cfg.StartTimeout, errSlowStart)
	defer cancel()
	w, err := s.newWorker(program, spare)
	if err != nil {
		return nil, err
	}
	select {
	case <-w.up:
	case <-ctx.Done():
		w.ready(context.Cause(ctx))
		w.doom("it was not ready in time")
	}
	if w.err != nil {
		<-w.gone
		return nil, w.err
	}
	return w, nil
}

// errSlowStart: a worker took too long.
var errSlowStart = errors.New("the worker was not ready within worker_start_timeout")

// newWorker makes a worker and lets it live.
func (s *Supervisor) newWorker(program string, spare bool) (*worker, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return nil, errShutdown
	}
	s.last++
	s.counts.Started++
	w := &worker{
		s: s, number: s.last, spare: spare, program: program, began: time.Now(),
		up: make(chan struct{}), gone: make(chan struct{}), running: map[*flight]struct{}{},
	}
	s.all = append(s.all, w)
	s.wg.Go(w.live)
	return w, nil
}

// live is the life of the process, from its start to its end. Its thread is
// the one that the process is tied to.
func (w *worker) live() {
	goruntime.LockOSThread()
	defer goruntime.UnlockOSThread()
	defer close(w.gone)
	defer w.s.forget(w)
	closeState, err := w.openState()
	if err != nil {
		w.ready(err)
		return
	}
	defer closeState()
	program, _ := os.Open(w.program) // as it is now; of one that can't be read no hash is known
	child, err := w.s.startChild(w.number, w.program)
	if err != nil {
		_ = program.Close()
		w.ready(err)
		return
	}
	defer child.close()
	if w.setChild(child) {
		child.kill() // while it was being started it was given up
	}
	var tasks sync.WaitGroup
	ended := make(chan struct{})
	w.listen(&tasks, ended)
	tasks.Go(func() { w.watchMemory(ended) })
	tasks.Go(func() { w.ping(ended) })
	tasks.Go(func() { w.identify(program) })
	switch err := w.handOver(); {
	case errors.Is(err, errChannelClosed):
		w.channel.close() // it ends, and says better why
	case err != nil:
		w.doom("it could not be told what to do: " + err.Error())
	}
	state, err := child.wait()
	close(ended)
	w.channel.close()
	w.hearOut(&tasks)
	closeState()         // what it held is free before anybody else comes
	_ = w.client.Close() // its requests end; they wait for gone then
	w.s.died(w, exit(state), err)
}

// setChild notes the process; it says that the worker was given up before.
func (w *worker) setChild(c *child) (givenUp bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.child = c
	w.log = w.s.log.With("worker", c.cmd.Process.Pid)
	w.channel = newChannel(c.control)
	w.channel.heard, w.channel.answer = w.heard, noAnswer
	w.client = frame.NewClient(frame.ClientConfig{Dial: func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", c.socket)
	}})
	return w.doomed != "" || w.expected
}

// handOver tells the worker what to do.
func (w *worker) handOver() error {
	s := w.s
	if err := w.child.renice(s.cfg.Nice); err != nil {
		w.log.Warn("the worker's niceness can't be set", "error", err.Error())
	}
	settings := *s.settings.Load()
	data, err := encodeConfig(settings)
	if err != nil {
		return err
	}
	return w.channel.tell("orders", handover{
		Protocol: protocol, Number: w.number, Engine: data,
		State: s.cfg.State, Socket: w.statePath(), Spare: w.spare, Suspects: s.suspects.pages(),
		Level: leastLevel(s.log), Sampled: settings.Observer != nil,
		Limits: limits{Memory: s.cfg.MemoryLimit, Files: s.cfg.Files, Processors: s.cfg.Processors},
	})
}

// leastLevel is the least level that a log takes.
func leastLevel(log *slog.Logger) slog.Level {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn} {
		if log.Enabled(context.Background(), level) {
			return level
		}
	}
	return slog.LevelError
}

// ready settles whether the worker is up, once. One that isn't is hung up on,
// which ends it.
func (w *worker) ready(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answered {
		return
	}
	w.answered, w.err = true, err
	if err != nil {
		w.expected = true
		if w.channel != nil {
			w.channel.close()
		}
	}
	close(w.up)
}

// openState lets a worker use the state that this process keeps, over a socket
// of its own, so that what it holds is free once it is dead. closed does that,
// and is called when the worker has ended.
func (w *worker) openState() (closed func(), err error) {
	s := w.s
	if s.cfg.Backend == nil {
		return func() {}, nil
	}
	w.stateName = strconv.FormatInt(w.number, 10) + "s"
	listener, err := s.folder.listen(w.stateName, s.owner)
	if err != nil {
		return nil, fmt.Errorf("making the socket of the state: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := remote.Serve(ctx, listener, s.cfg.Backend, remote.ServerConfig{Logger: s.log}); err != nil {
			s.log.Error("the workers can't reach the state any more", "error", err.Error())
		}
	})
	return func() {
		cancel()
		serving.Wait()
		_ = os.Remove(s.folder.file(w.stateName))
	}, nil
}

// statePath is where the worker finds the state; "" when it sees to that itself.
func (w *worker) statePath() string {
	if w.stateName == "" {
		return ""
	}
	return w.s.folder.file(w.stateName)
}

// listen reads all that the process says.
func (w *worker) listen(tasks *sync.WaitGroup, ended <-chan struct{}) {
	c := w.child
	for stream, file := range map[string]interface{ Read([]byte) (int, error) }{"stdout": c.out, "stderr": c.err} {
		tasks.Go(func() {
			readLines(file, func(line string) {
				level := slog.LevelInfo
				if stream == "stderr" {
					level = slog.LevelWarn
					w.words.hear(line)
				}
				w.log.Log(context.Background(), level, "worker says", "stream", stream, "line", line)
			}, func(n int) { w.log.Warn("the worker says too much", "stream", stream, "lines_left_out", n) })
		})
	}
	tasks.Go(func() { readLog(c.log, w.log) })
	tasks.Go(func() {
		if err := w.channel.serve(context.Background()); err != nil {
			w.doom(err.Error())
		}
		w.endsWithout(ended)
	})
}

// endsWithout kills a worker that doesn't end although the control channel
// has.
func (w *worker) endsWithout(ended <-chan struct{}) {
	timer := time.NewTimer(hangUpPatience)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		w.doom("it does not listen any more")
	}
}

// outPatience is how long a process's output is read after its end: somebody
// that it started may still have it open.
const outPatience = 2 * time.Second

// hearOut reads the last of what the process said.
func (w *worker) hearOut(tasks *sync.WaitGroup) {
	closing := time.AfterFunc(outPatience, func() {
		w.child.out.Close()
		w.child.err.Close()
		w.child.log.Close()
	})
	defer closing.Stop()
	tasks.Wait()
}

// heard takes what the worker says.
func (w *worker) heard(name string, body json.RawMessage) {
	switch name {
	case "ready":
		var r readiness
		err := json.Unmarshal(body, &r)
		switch {
		case err != nil:
		case r.Error != nil:
			err = r.Error.err()
		case r.Protocol != protocol:
			err = fmt.Errorf("the worker speaks protocol %d, this server %d", r.Protocol, protocol)
		}
		if err == nil {
			w.calls(r.Version)
			w.tellSuspects() // who were, or weren't, when it got its orders
			w.tellStopping()
			w.log.Info("worker ready", "number", w.number, "spare", w.spare, "version", w.version, "took", time.Since(w.began).Round(time.Millisecond))
		}
		w.ready(err)
	case "samples":
		w.observe(body)
	case "replace":
		var why string
		_ = json.Unmarshal(body, &why)
		w.s.replaceSoon(w, clip(why, 200))
	}
}

func (w *worker) observe(body json.RawMessage) {
	observer := w.s.settings.Load().Observer
	var batch sampleBatch
	if observer == nil || json.Unmarshal(body, &batch) != nil {
		return
	}
	for _, sample := range batch.Samples {
		observer.Served(sample)
	}
}

// noAnswer: a worker asks its parent nothing.
func noAnswer(context.Context, string, json.RawMessage) (any, error) { return nil, errUnknownCall }
