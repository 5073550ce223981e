//go:build unix

package isolate

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	goruntime "runtime"
	"sync"
	"syscall"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/isolate/internal/frame"
	"github.com/najahost/naja/store/remote"
)

// An inWorker is the worker's own side of its life: the application, and what
// its parent asks of it.
type inWorker struct {
	cfg      WorkerConfig
	orders   handover
	channel  *channel
	listener net.Listener
	log      *slog.Logger
	logs     *os.File
	recorder *recorder
	samples  sampler
	engine   *engine.Engine
	opened   []func() error // what to close after the engine, the last first
	began    time.Time
	ending   sync.Mutex // held while the engine ends

	mu      sync.Mutex
	settled bool // the application has ended, or was left
}

// Worker serves an application as a process of its own, on behalf of the
// process that started this one, and returns when that has ended or says so.
// When ctx ends it asks to be replaced. It is what the program calls when it
// is run with Config.Args.
func Worker(ctx context.Context, cfg WorkerConfig) error {
	w := &inWorker{cfg: cfg, began: time.Now()}
	if err := w.inherit(); err != nil {
		return err
	}
	defer w.logs.Close()
	defer w.channel.close()
	broken := make(chan os.Signal, 1) // nobody reads what it writes: no reason to end
	signal.Notify(broken, syscall.SIGPIPE)
	defer signal.Stop(broken)
	if err := w.listen(); err != nil {
		return err
	}
	return w.serve(ctx)
}

// inherit takes what the parent opened for this process.
func (w *inWorker) inherit() error {
	var info syscall.Stat_t
	if err := syscall.Fstat(controlFile, &info); err != nil || info.Mode&syscall.S_IFMT != syscall.S_IFSOCK {
		return errNotAWorker
	}
	if err := syscall.Fstat(boxFile, &info); err != nil {
		return errNotAWorker
	}
	for fd := controlFile; fd <= boxFile; fd++ {
		syscall.CloseOnExec(fd) // nothing of it is for what this process may start
	}
	control := os.NewFile(controlFile, "control")
	defer control.Close()
	conn, err := net.FileConn(control)
	if err != nil {
		return errNotAWorker
	}
	w.channel = newChannel(conn)
	w.channel.answer, w.channel.heard = w.answer, w.heard
	w.logs = os.NewFile(logFile, "log")
	return nil
}

// listen reads the orders and takes the socket for requests.
func (w *inWorker) listen() error {
	m, err := w.channel.first()
	if err != nil {
		return fmt.Errorf("reading what to do: %w", err)
	}
	if err := json.Unmarshal(m.Body, &w.orders); err != nil {
		return fmt.Errorf("reading what to do: %w", err)
	}
	w.log = slog.New(newShipper(w.logs, w.orders.Level))
	requests := os.NewFile(requestFile, "requests")
	defer requests.Close()
	w.listener, err = net.FileListener(requests)
	if err != nil {
		return fmt.Errorf("taking the socket for requests: %w", err)
	}
	return nil
}

// serve makes the application and serves it until the parent hangs up.
func (w *inWorker) serve(ctx context.Context) error {
	defer w.listener.Close()
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := w.start(running); err != nil {
		// The parent says it; this process has said all it has to.
		_ = w.channel.tell("ready", readiness{Protocol: protocol, Error: failureOf(err)})
		_ = w.channel.serve(running) // until the parent has read it
		return err
	}
	var tasks sync.WaitGroup
	tasks.Go(func() { w.report(running, ctx.Done()) })
	tasks.Go(func() {
		if err := frame.Serve(running, w.listener, w.handler(), frame.ServerConfig{Logger: w.log}); err != nil {
			w.log.Error("the worker accepts no requests any more", "error", err.Error())
		}
	})
	err := w.channel.tell("ready", readiness{Protocol: protocol, Version: cmp.Or(w.cfg.Version, buildVersion()), Took: time.Since(w.began)})
	err = errors.Join(err, w.channel.serve(running))
	if !w.isSettled() {
		// The parent is gone without a word. What runs is nobody's.
		w.log.Warn("the server is gone")
		return err
	}
	stop()
	tasks.Wait()
	for i := len(w.opened) - 1; i >= 0; i-- {
		err = errors.Join(err, w.opened[i]())
	}
	return err
}

// start makes the application.
func (w *inWorker) start(ctx context.Context) error {
	if w.orders.Protocol != protocol {
		return fmt.Errorf("the worker's version is another one: it speaks protocol %d, the server %d", protocol, w.orders.Protocol)
	}
	if err := w.orders.Limits.apply(); err != nil {
		return err
	}
	cfg, err := decodeConfig(w.orders.Engine)
	if err != nil {
		return err
	}
	if w.recorder, err = openRecorder(cfg, w.orders); err != nil {
		return err
	}
	cfg.Logger, cfg.Recorder = w.log, w.recorder
	if w.orders.Sampled {
		cfg.Observer = &w.samples
	}
	if err := w.openState(ctx, &cfg); err != nil {
		return err
	}
	w.engine, err = engine.New(cfg)
	return err
}

// handler is the application, where some of its pages may be for another
// worker.
func (w *inWorker) handler() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if meta, ok := frame.MetaFrom(r.Context()); ok {
			w.recorder.box.see(meta.ID)
		}
		if w.recorder.hasSuspects() {
			r = r.WithContext(withAnswer(r.Context(), rw.Header()))
		}
		w.engine.ServeHTTP(rw, r)
	})
}

// reportInterval is the time between two looks whether there is something to
// tell the parent.
const reportInterval = 250 * time.Millisecond

// report tells the parent what it should know, and asks it to be replaced
// when somebody wants this process to end.
func (w *inWorker) report(ctx context.Context, asked <-chan struct{}) {
	tick := time.NewTicker(reportInterval)
	defer tick.Stop()
	said := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked:
			asked = nil
			_ = w.channel.tell("replace", "it got a signal to end")
		case <-tick.C:
			if batch := w.samples.take(); len(batch.Samples) > 0 {
				_ = w.channel.tell("samples", batch)
			}
			if !said && w.engine.Unhealthy() {
				said = true
				_ = w.channel.tell("replace", unhealthy)
			}
		}
	}
}

// heard takes what the parent says.
func (w *inWorker) heard(name string, body json.RawMessage) {
	switch name {
	case "suspects":
		var pages []string
		if json.Unmarshal(body, &pages) == nil {
			w.recorder.suspect(pages)
		}
	case "stopping":
		var on bool
		if json.Unmarshal(body, &on) == nil {
			w.engine.Stopping(on)
		}
	}
}

func (w *inWorker) isSettled() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.settled
}

// errNoState: the parent wants a store that this program can't open.
var errNoState = errors.New("this worker can't open the application's state")

// openRecorder maps the record of running pages and closes the file.
func openRecorder(cfg engine.Config, orders handover) (*recorder, error) {
	file := os.NewFile(boxFile, "box")
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	box, err := openBox(file, int(info.Size()-maxSeen)/slotSize)
	if err != nil {
		return nil, err
	}
	r := &recorder{box: box, alone: orders.Spare}
	r.suspect(orders.Suspects)
	return r, nil
}

var _ io.Closer = (*os.File)(nil)

// answer is what the parent gets for a call.
func (w *inWorker) answer(ctx context.Context, name string, body json.RawMessage) (any, error) {
	switch name {
	case "ping":
		return pong{w.engine.Unhealthy(), goruntime.NumGoroutine()}, nil
	case "status":
		return w.engine.Status(), nil
	case "load":
		return w.engine.Load(ctx)
	case "recover":
		return w.engine.Recover(ctx)
	case "keepalive":
		return w.engine.KeepAlive(ctx)
	case "errors":
		return w.engine.Errors(), nil
	case "generation":
		return nil, w.engine.BeginGeneration(ctx)
	case "refresh":
		return nil, w.engine.Refresh(ctx)
	case "shutdown":
		return nil, w.end(ctx, body, w.engine.Shutdown)
	case "leave":
		return nil, w.end(ctx, body, w.engine.Leave)
	}
	return w.answerWith(ctx, name, body)
}

// answerWith is answer for calls with arguments.
func (w *inWorker) answerWith(ctx context.Context, name string, body json.RawMessage) (any, error) {
	switch name {
	case "interrupt":
		return with(body, func(a interruptArgs) (any, error) { return w.engine.Interrupt(ctx, a.Request) })
	case "single":
		return with(body, func(a singleArgs) (any, error) { return nil, w.engine.Single(ctx, a.On) })
	case "sessions":
		return with(body, func(a sessionsArgs) (any, error) { return w.engine.Sessions(ctx, a.After, a.N) })
	case "session":
		return with(body, func(a sessionArgs) (any, error) { return w.engine.Session(ctx, a.ID, a.Values) })
	case "endsession":
		return with(body, func(a sessionArgs) (any, error) { return nil, w.engine.EndSession(ctx, a.ID) })
	case "reconfigure":
		return with(body, func(a configArgs) (any, error) { return w.reconfigure(ctx, a) })
	}
	return nil, fmt.Errorf("%w: %s", errUnknownCall, name)
}

func (w *inWorker) reconfigure(ctx context.Context, a configArgs) (engine.Reconfigured, error) {
	cfg, err := decodeConfig(a.Engine)
	if err != nil {
		return engine.Reconfigured{}, err
	}
	return w.engine.Reconfigure(ctx, cfg)
}

// end ends the engine; the process ends when the parent hangs up. Who comes
// second waits for the first.
func (w *inWorker) end(ctx context.Context, body json.RawMessage, how func(context.Context) error) error {
	if len(body) > 0 {
		var args endArgs
		if err := json.Unmarshal(body, &args); err != nil {
			return fmt.Errorf("reading the arguments: %w", err)
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, args.Patience)
		defer cancel()
	}
	w.ending.Lock()
	defer w.ending.Unlock()
	err := withoutCut(how(ctx))
	w.mu.Lock()
	w.settled = true
	w.mu.Unlock()
	return err
}

// withoutCut leaves out that requests were cut off: the parent has counted them.
func withoutCut(err error) error {
	switch e := err.(type) {
	case *engine.CutError:
		return nil
	case interface{ Unwrap() []error }:
		var rest []error
		for _, one := range e.Unwrap() {
			rest = append(rest, withoutCut(one))
		}
		return errors.Join(rest...)
	}
	return err
}

// openState gives cfg the state that the orders name: the parent's, and what
// the program itself opens.
func (w *inWorker) openState(ctx context.Context, cfg *engine.Config) error {
	if path := w.orders.Socket; path != "" {
		client := remote.New(remote.Config{Dial: func(ctx context.Context) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		}})
		w.opened = append(w.opened, client.Close)
		cfg.Backend = client
	}
	switch {
	case w.cfg.Open == nil && w.orders.State == "":
		return nil
	case w.cfg.Open == nil:
		return errNoState
	}
	closed, err := w.cfg.Open(ctx, w.orders.State, cfg)
	if closed != nil {
		w.opened = append(w.opened, closed)
	}
	if err != nil {
		return fmt.Errorf("opening the state: %w", err)
	}
	return nil
}
