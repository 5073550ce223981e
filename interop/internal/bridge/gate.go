package bridge

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/internal/turn"
)

// A Gate lets one request of a session through at a time, whether a page or a
// Go handler answers it. It is safe for any goroutine.
type Gate struct {
	turns  *turn.Turns
	shared atomic.Bool
}

// NewGate makes a Gate whose queues are bounded as [turn.Config] says.
func NewGate(perSession, total int) *Gate {
	return &Gate{turns: turn.New(turn.Config{PerSession: perSession, Total: total, Drop: drop})}
}

// drop gives back a hint that nobody can use here: what the engine passes on
// with a turn knows by itself where it belongs.
func drop(hint any) {
	if d, ok := hint.(interface{ Drop() }); ok {
		d.Drop()
	}
}

// Share hands the turns to who enters them from now on before it calls Open.
func (g *Gate) Share() *turn.Turns {
	g.shared.Store(true)
	return g.turns
}

// Enter waits for the turn of key; without a key there is none to wait for.
// Errors as of [turn.Turns.Enter].
func (g *Gate) Enter(ctx context.Context, key string) (*Place, error) {
	p := &Place{turns: g.turns}
	if key == "" {
		return p, nil
	}
	t, err := g.turns.Enter(ctx, key)
	if err != nil {
		return nil, err
	}
	drop(t.TakeHint())
	p.held, p.line = append(p.held, t), t
	return p, nil
}

// EnterFor is Enter for a provider's Open: who shares the turns has this one.
func (g *Gate) EnterFor(ctx context.Context, key string) (*Place, error) {
	if g.shared.Load() {
		return &Place{line: turn.In(ctx)}, nil
	}
	return g.Enter(ctx, key)
}

// Try takes the turn of key if nobody has it.
func (g *Gate) Try(key string) (*turn.Turn, bool) { return g.turns.TryEnter(key) }

// A Place is a request's turn in its session and, once it made or renewed one,
// in that as well. All methods are safe for any goroutine; the zero Place and
// nil hold nothing and take nothing.
type Place struct {
	turns *turn.Turns

	line *turn.Turn // of the session that the request came with; nil where none is known

	mu   sync.Mutex
	held []*turn.Turn
	hold *Holding
	left bool
}

// Hold takes the session that r knows by name for as long as the place is
// held; see [Records.Hold].
func (p *Place) Hold(ctx context.Context, r *Records, name string, most time.Duration) (*Holding, error) {
	hold, err := r.Hold(ctx, name, most)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = hold
	return hold, nil
}

// Last says that what is stored next is the last of this place's request.
func (p *Place) Last() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold.Last()
}

// OnLost has f called when the session turns out to be in other hands.
func (p *Place) OnLost(f func()) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold.OnLost(f)
}

// Also takes the turn of a session that the visitor is about to learn of. It
// never waits: nobody else knows the key.
func (p *Place) Also(key string) {
	if p == nil || p.turns == nil || key == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left {
		return
	}
	if t, ok := p.turns.TryEnter(key); ok {
		p.held = append(p.held, t)
	}
}

// Move brings the line that the request stands in to the session's new key; see
// [turn.Turn.Move].
func (p *Place) Move(key string, grace time.Duration) {
	if p != nil && p.line != nil {
		p.line.Move(key, grace)
	}
}

// key is the line's.
func (p *Place) key() string {
	if p == nil || p.line == nil {
		return ""
	}
	return p.line.Key()
}

// Leave gives the turns on. A second call does nothing.
func (p *Place) Leave() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = true
	p.hold.Leave() // before the turns: who comes next finds it free
	for _, t := range p.held {
		t.Leave()
	}
	p.held = nil
}

// Key is the turn's key of a session that its library knows by name, which may
// be as good as a password: keys are shown to operators.
func Key(name string) string {
	if name == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("naja turn: " + name))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}
