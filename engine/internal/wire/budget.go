package wire

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/internal/linked"
)

// A Budget bounds the bytes of finished pages that wait for slow readers
// and hold no apartment any more: sending_max. Any goroutine may use it.
//
// When it is used up, answers whose clients take nothing give way to new ones:
// those of the client that has the most bytes waiting first, the oldest of
// them first. So clients who never read can neither fill the memory nor, by
// keeping apartments, stop the site.
type Budget struct {
	Limit int64        // in bytes; negative: nothing
	Used  atomic.Int64 // bytes that are taken

	mu   sync.Mutex
	sent linked.List[Waiting] // those that may be given up, the oldest first
}

const (
	// stallWhenFull is for how long a client may take nothing before its
	// answer gives way to another. A slow line takes something more seldom,
	// but a client with a single slow line isn't the one with the most.
	stallWhenFull = 100 * time.Millisecond
	// stallOfHog is the same for a client that has more than half of all.
	stallOfHog = 10 * time.Millisecond
	// roomPatience is how long an answer waits for room, in its apartment.
	roomPatience = time.Second
	// roomLook is the time between two looks for room.
	roomLook = 20 * time.Millisecond
)

// errNoRoom is why an answer was given up for another.
var errNoRoom = errors.New("it took nothing while too much waited to be sent")

// A Waiting is a finished page that is being sent: its part of the budget.
// Its zero value has none.
type Waiting struct {
	Bytes   int64  // that it has of the budget
	client  string // who waits for it: an address
	sender  *Sender
	place   linked.Node[Waiting] // the budget's
	entered bool                 // its handler's: it was listed once
}

// TryReserve takes n bytes if they are left. The caller gives them back by
// Leave when they are sent.
func (b *Budget) TryReserve(a *Waiting, n int64) bool {
	if b.Used.Add(n) > b.Limit {
		b.Used.Add(-n)
		return false
	}
	a.Bytes = n
	return true
}

// Await is TryReserve that makes room, and waits for it a bounded time. If
// there is none even then, the caller keeps its apartment while it sends: the
// clients take what they get, and the site is as slow as they are.
func (b *Budget) Await(ctx context.Context, a *Waiting, n int64) bool {
	if n > b.Limit {
		return false
	}
	tick := time.NewTicker(roomLook)
	defer tick.Stop()
	for began := time.Now(); time.Since(began) < roomPatience; {
		b.makeRoom(n)
		if b.TryReserve(a, n) {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return false
}

// Enter lists an answer that has its part of the budget, so that it may be
// given up while s sends it.
func (b *Budget) Enter(a *Waiting, remoteAddr string, s *Sender) {
	a.client, a.sender, a.entered = clientOf(remoteAddr), s, true
	s.progress()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent.PushBack(&a.place, a)
}

// clientOf is the address without its port.
func clientOf(remoteAddr string) string {
	host, _, err := net.SplitHostPort(remoteAddr)
	if err != nil {
		return remoteAddr
	}
	return host
}

// Leave gives back what the answer has. More than one call does no harm.
func (b *Budget) Leave(a *Waiting) {
	if !a.entered {
		b.Used.Add(-a.Bytes)
		a.Bytes = 0
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remove(a)
}

func (b *Budget) remove(a *Waiting) {
	b.Used.Add(-a.Bytes)
	a.Bytes = 0
	b.sent.Remove(&a.place)
}

// makeRoom gives up answers until n bytes are left or nobody stalls any more.
// Listed answers belong to handlers that haven't returned: they can't leave
// while this holds the lock.
func (b *Budget) makeRoom(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.Used.Load()+n > b.Limit {
		client, stall, ok := b.heaviest()
		if !ok {
			return
		}
		for a := range b.sent.All() {
			if b.Used.Load()+n <= b.Limit {
				break
			}
			if a.client == client && a.sender.stalls(stall) {
				a.sender.giveUp()
				b.remove(a)
			}
		}
	}
}

// heaviest is the client with the most bytes waiting, among those that have an
// answer that stalls, and what stalling is for it.
func (b *Budget) heaviest() (client string, stall time.Duration, ok bool) {
	bytes := make(map[string]int64)
	for a := range b.sent.All() {
		bytes[a.client] += a.Bytes
	}
	stallOf := func(client string) time.Duration {
		if bytes[client] > b.Limit/2 {
			return stallOfHog
		}
		return stallWhenFull
	}
	for a := range b.sent.All() {
		if (!ok || bytes[a.client] > bytes[client]) && a.sender.stalls(stallOf(a.client)) {
			client, ok = a.client, true
		}
	}
	return client, stallOf(client), ok
}
