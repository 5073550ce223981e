package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A parting is from connections that clients keep: a connection that is closed
// between two requests may be closed while the second one is on its way, and then
// nobody knows whether it was heard. So each is told with an answer that it ends.
type parting struct {
	on atomic.Bool

	mu    sync.Mutex
	conns int
	none  chan struct{} // closed when there are none; nil while nobody waits
}

// count is [http.Server.ConnState].
func (p *parting) count(_ net.Conn, state http.ConnState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch state {
	case http.StateNew:
		p.conns++
	case http.StateClosed, http.StateHijacked:
		p.conns--
		if p.conns == 0 && p.none != nil {
			close(p.none)
			p.none = nil
		}
	}
}

// before has each answer end its connection once the parting has begun; with HTTP/2
// it is the last one of the connection's that begin from now on.
func (p *parting) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.on.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// wait begins it and waits until no connection is left, for a time.
func (p *parting) wait(ctx context.Context, patience time.Duration) {
	p.on.Store(true)
	none := make(chan struct{})
	p.mu.Lock()
	if p.conns == 0 {
		p.mu.Unlock()
		return
	}
	p.none = none
	p.mu.Unlock()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-none:
	case <-timer.C:
	case <-ctx.Done():
	}
}
