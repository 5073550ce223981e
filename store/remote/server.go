package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/najahost/naja/store"
)

// A ServerConfig says how [Serve] serves.
type ServerConfig struct {
	// Logger gets connections that weren't understood. Default: slog.Default().
	Logger *slog.Logger
}

// Serve lets the other side of l's connections, one worker process, use b.
// When ctx ends it closes l and the connections, waits for the calls that run,
// gives up every lease, claim and lock that was taken over the connections and
// not given up, and returns nil. So ctx ends after the worker has: what it
// still held is free at once.
func Serve(ctx context.Context, l net.Listener, b store.Backend, cfg ServerConfig) error {
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{backend: b, sessions: b.Sessions(), application: b.Application(), ctx: running, log: cfg.Logger, conns: map[net.Conn]bool{}, taken: newTaken(), handlers: handlers()}
	stop := context.AfterFunc(ctx, func() {
		_ = l.Close()
		s.close()
	})
	err := s.accept(l)
	cancel()
	if stop() {
		_ = l.Close()
		s.close()
	}
	s.wg.Wait()
	s.taken.giveUp(context.WithoutCancel(ctx), b)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// A server serves one worker.
type server struct {
	backend     store.Backend
	sessions    store.Sessions
	application store.Application
	ctx         context.Context // of all calls
	log         *slog.Logger
	taken       *taken
	handlers    map[op]handler

	mu     sync.Mutex
	conns  map[net.Conn]bool
	closed bool
	wg     sync.WaitGroup // of connections; grows under mu
}

func (s *server) accept(l net.Listener) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ECONNABORTED) {
				<-time.After(10 * time.Millisecond)
				continue
			}
			return fmt.Errorf("remote: accepting: %w", err)
		}
		s.mu.Lock()
		if s.closed {
			_ = conn.Close()
		} else {
			s.conns[conn] = true
			s.wg.Go(func() { s.serve(conn) })
		}
		s.mu.Unlock()
	}
}

func (s *server) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for conn := range s.conns {
		_ = conn.Close()
	}
}

// serve answers the calls of one connection, one after the other.
func (s *server) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		s.mu.Lock()
		delete(s.conns, conn)
		s.mu.Unlock()
	}()
	if err := s.calls(conn); !isEnd(err) {
		s.log.Warn("a worker's connection to the state was ended", "error", err)
	}
}

// calls answers them until the connection ends, and says why it did.
func (s *server) calls(conn net.Conn) error {
	if err := readPreface(conn); err != nil {
		return err
	}
	m := newMessenger(conn)
	for {
		call, err := m.receive()
		if err != nil {
			return err
		}
		answer, err := s.answer(m.begin(), read(call))
		if err != nil {
			return err
		}
		if err := m.send(answer); err != nil {
			return err
		}
	}
}

// isEnd says that a connection ended as connections do.
func isEnd(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}
