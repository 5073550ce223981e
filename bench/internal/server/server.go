package server

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
	"testing/fstest"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/isolate"
)

// childVariable is set in the environment of a child.
const childVariable = "NAJA_BENCH_SERVER"

// IsChild reports whether this process is a server that [Start] started: then
// main does nothing but call [Serve].
func IsChild() bool { return os.Getenv(childVariable) != "" }

// Serve is the server process. It ends when in does. It is its worker process
// too, which ends with it.
func Serve(in io.Reader, out io.Writer) error {
	if os.Getenv(childVariable) == asWorker {
		return isolate.Worker(context.Background(), isolate.WorkerConfig{})
	}
	orders, answers := json.NewDecoder(bufio.NewReader(in)), json.NewEncoder(out)
	var site Site
	if err := orders.Decode(&site); err != nil {
		return fmt.Errorf("read which pages to serve: %w", err)
	}
	s, err := open(site)
	if err != nil {
		return errors.Join(err, answers.Encode(ready{Err: err.Error()}))
	}
	err = s.obey(orders, answers)
	return errors.Join(err, s.close())
}

// A server is both ways to serve the pages, at two addresses.
type server struct {
	wide, narrow *engine.Engine
	isolated     *isolated // nil unless it is asked for
	plain        *plain
	fronts       []*front
	addrs        ready
}

func open(site Site) (*server, error) {
	pages := site.pages()
	files := fstest.MapFS{}
	for _, page := range pages {
		files[page.Path] = &fstest.MapFile{Data: []byte(page.Source), ModTime: time.Unix(0, 0)}
	}
	s := &server{plain: newPlain(pages)}
	config := engine.Config{
		FS: files, Path: NajaPrefix,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	var err error
	if s.wide, err = engine.New(config); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if site.Isolated {
		if s.isolated, err = openIsolated(config, pages); err != nil {
			return nil, errors.Join(err, s.close())
		}
		s.addrs.Worker = &Worker{Start: s.isolated.start, Memory: s.isolated.worker().Memory}
	}
	config.ProcessorThreadMax = NarrowApartments
	if s.narrow, err = engine.New(config); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if s.addrs.Addr, err = s.listen(s.wide, 0); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if s.addrs.Narrow, err = s.listen(s.narrow, narrowBuffer); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// obey answers the parent's orders until there are no more.
func (s *server) obey(orders *json.Decoder, answers *json.Encoder) error {
	if err := answers.Encode(s.addrs); err != nil {
		return err
	}
	m := meter{
		apartments: func() int { return s.wide.Status().Busy + s.narrow.Status().Busy },
		handlers:   func() int { return int(s.plain.running.Load()) },
		cpu:        s.cpuTime,
	}
	defer m.end()
	for {
		var o order
		if err := orders.Decode(&o); err != nil {
			return nil // the parent has ended
		}
		var u Usage
		switch o.Do {
		case doBegin:
			m.begin()
		case doEnd:
			u = m.end()
		}
		if err := answers.Encode(u); err != nil {
			return err
		}
	}
}

// cpuTime is what this process has used, and its worker.
func (s *server) cpuTime() (used time.Duration, ok bool) {
	own, ok := cpuTime()
	workers, known := s.isolated.cpuTime()
	return own + workers, ok && known
}

// listen serves one engine and the plain handlers at an address of its own.
func (s *server) listen(e *engine.Engine, writeBuffer int) (addr string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	mux := http.NewServeMux()
	mux.Handle(NajaPrefix, e)
	mux.Handle(PlainPrefix, s.plain)
	if s.isolated != nil {
		mux.Handle(IsolatedPrefix, s.isolated)
	}
	f := &front{served: make(chan struct{})}
	// The timeouts of naja serve.
	f.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute}
	s.fronts = append(s.fronts, f)
	go f.serve(narrowed{listener, writeBuffer})
	return listener.Addr().String(), nil
}

// close ends everything. Its error says what didn't end well.
func (s *server) close() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, f := range s.fronts {
		err = errors.Join(err, f.http.Close())
		<-f.served
	}
	for _, e := range []*engine.Engine{s.wide, s.narrow} {
		if e != nil {
			err = errors.Join(err, e.Shutdown(ctx))
		}
	}
	return errors.Join(err, s.isolated.close())
}

// A front is an http.Server and the goroutine that serves it.
type front struct {
	http   *http.Server
	served chan struct{}
}

func (f *front) serve(l net.Listener) {
	defer close(f.served)
	_ = f.http.Serve(l) // its error is that it was closed
}

// narrowBuffer is the send buffer of a connection over a real line when it
// begins. That of the loopback device is so large that a whole page vanishes
// in it, however slow its reader is.
const narrowBuffer = 64 << 10

// narrowed gives connections a send buffer of their own, if it isn't 0.
type narrowed struct {
	net.Listener
	buffer int
}

func (l narrowed) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok && l.buffer > 0 {
		err = errors.Join(err, tcp.SetWriteBuffer(l.buffer))
	}
	return conn, err
}
