package frame

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// A ServerConfig says how [Serve] serves.
type ServerConfig struct {
	// Logger gets panics of the handler and what wasn't understood. Default:
	// slog.Default().
	Logger *slog.Logger
}

// Serve has h answer the requests that come over the connections of l. When
// ctx ends it closes l and all connections, cancels the contexts of the
// requests that run, and returns nil once they have. A worker that is to end
// without losing a request is given no more of them before.
func Serve(ctx context.Context, l net.Listener, h http.Handler, cfg ServerConfig) error {
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	s := &server{handler: h, log: cfg.Logger, index: newNameIndex(), conns: map[net.Conn]bool{}, peers: map[uint64]*peer{}}
	stop := context.AfterFunc(ctx, func() {
		_ = l.Close()
		s.close()
	})
	err := s.accept(l)
	if stop() {
		_ = l.Close()
		s.close()
	}
	s.wg.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// A server is the worker's side.
type server struct {
	handler http.Handler
	log     *slog.Logger
	index   nameIndex

	mu     sync.Mutex
	conns  map[net.Conn]bool
	peers  map[uint64]*peer // by the number of the Client
	closed bool
	wg     sync.WaitGroup // of connections; grows under mu
}

// accept serves connections until the listener is closed.
func (s *server) accept(l net.Listener) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			if isShortage(err) {
				<-time.After(10 * time.Millisecond)
				continue
			}
			return fmt.Errorf("frame: accepting: %w", err)
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			_ = conn.Close()
			continue
		}
		s.conns[conn] = true
		s.wg.Go(func() { s.serve(conn) })
		s.mu.Unlock()
	}
}

// isShortage: there are too many open files, which passes.
func isShortage(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	//lint:ignore SA1019 it is what net/http asks too
	return ok && t.Temporary()
}

// close ends all connections and what runs for them.
func (s *server) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for conn := range s.conns {
		_ = conn.Close()
	}
	for _, p := range s.peers {
		p.cancelAll()
	}
}

// serve serves one connection.
func (s *server) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		s.mu.Lock()
		delete(s.conns, conn)
		s.mu.Unlock()
	}()
	err := s.greet(conn)
	if err != nil && !isEnd(err) {
		s.log.Warn("a connection of the server process was ended", "error", err)
	}
}

func (s *server) greet(conn net.Conn) error {
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	p, err := readPreface(conn)
	if err != nil {
		return err
	}
	_ = conn.SetReadDeadline(time.Time{})
	of := s.enter(p.client)
	defer s.leave(p.client)
	if p.kind == kindControl {
		return of.listen(conn)
	}
	return s.requests(conn, of, p.conn)
}

// enter gives the peer that a connection belongs to.
func (s *server) enter(client uint64) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.peers[client]
	if p == nil {
		p = &peer{conns: map[uint64]*serverConn{}}
		s.peers[client] = p
	}
	p.users++
	return p
}

func (s *server) leave(client uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.peers[client]
	if p.users--; p.users == 0 {
		delete(s.peers, client)
	}
}
