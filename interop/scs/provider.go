package scsstore

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/session"
)

// metaKey is where a page's session keeps its settings; scs keeps its own
// under rememberKey. No page sees either.
const (
	metaKey     = "__naja"
	rememberKey = "__rememberMe"
)

// errUnserialized is what a program is told that loads sessions before their
// turn.
const errUnserialized = bridge.Misuse("scsstore: SessionManager.LoadAndSave runs around this handler without Provider.Serialize " +
	"outside it, so that parallel requests overwrite each other's sessions: " +
	"use provider.Serialize(manager.LoadAndSave(handler)), or provider.Serialize(handler) alone")

// A Provider gives pages the sessions of a program's scs.SessionManager. It is
// safe for any goroutine and owns none.
type Provider struct {
	cfg   Config
	guard *guard
	unfit sync.Map // types of values that no page can be shown, as they were met
	lags  bridge.Seldom
}

var _ session.Provider = (*Provider)(nil)

// New makes the Provider of a manager, to be given to the engine as
// Config.Sessions, and registers with encoding/gob the types of what pages
// store. The error says what is wrong with cfg. Several Providers of one
// manager have their turns in common.
func New(cfg Config) (*Provider, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	bridge.RegisterTypes()
	return &Provider{cfg: cfg, guard: guardOf(cfg)}, nil
}

// ShareTurns gives the turns that the requests of a session take, pages and
// Go handlers alike. Who calls it promises that from then on it enters the
// turn of [Provider.Key] before each Open that isn't read-only, as
// [session.Provider] says; until somebody does, Open takes the turn by itself.
//
// A hint left with a turn (see [turn.Turn.SetHint]) that has a method
// Drop() is dropped by it when the next holder is a Go handler, or nobody.
// Several engines may use the same turns: a hint has to know whose it is.
func (p *Provider) ShareTurns() *turn.Turns { return p.guard.gate.Share() }

// Key implements [session.Provider]. It is a hash of the token. A request
// inside [Provider.Serialize] has its turn already and gives none.
func (p *Provider) Key(r *http.Request) (key string, ok bool) {
	if p.visitOf(r.Context()) != nil {
		return "", false
	}
	key = bridge.Key(p.token(r))
	return key, key != ""
}

// token is what the visitor's cookie says.
func (p *Provider) token(r *http.Request) string {
	c, err := r.Cookie(p.cfg.Manager.Cookie.Name)
	if err != nil {
		return ""
	}
	return c.Value
}

// Open implements [session.Provider]. Inside [Provider.Serialize] the page and
// the Go handlers around it have one session between them.
func (p *Provider) Open(ctx context.Context, r *http.Request, mode session.Mode) (session.Handle, error) {
	if mode == session.Off {
		return bridge.NewHandle(nil, bridge.Options{LCID: p.cfg.LCID, CodePage: p.cfg.CodePage, Timeout: p.timeout()}), nil
	}
	if v := p.visitOf(r.Context()); v != nil {
		return p.handle(v, inside{v}, nil, mode)
	}
	key := ""
	if mode == session.ReadWrite {
		key = bridge.Key(p.token(r))
	}
	place, err := p.guard.gate.EnterFor(ctx, key)
	if err != nil {
		return nil, err
	}
	v, err := p.load(ctx, r, place, mode == session.ReadOnly)
	if err != nil {
		place.Leave()
		return nil, err
	}
	h, err := p.handle(v, v, place, mode)
	if err != nil {
		place.Leave()
		return nil, err
	}
	return h, nil
}

// load brings the session of r into a visit whose place it has.
func (p *Provider) load(ctx context.Context, r *http.Request, place *bridge.Place, readOnly bool) (*visit, error) {
	v := &visit{p: p, place: place, readOnly: readOnly}
	token := p.token(r)
	if now, ok := p.guard.renamed.Find(place, token); ok {
		token, v.late = now.Name, true
	}
	hold, err := p.hold(ctx, v, token)
	if err != nil {
		return nil, err
	}
	v.late = v.late || hold.Former()
	if p.loaded(r.Context()) {
		if err := p.complain(r); err != nil {
			return nil, err
		}
		v.foreign, ctx = true, r.Context()
	}
	if v.readOnly {
		ctx = bridge.ByFormer(ctx)
	}
	if err := v.load(hold.In(ctx), token); err != nil {
		return nil, err
	}
	v.deadline, v.sent = p.cfg.Manager.Deadline(v.ctx), p.cfg.Manager.Token(v.ctx)
	v.first = v.values()
	v.timeout = bridge.ParseMeta(p.cfg.Manager.Get(v.ctx, metaKey)).Timeout
	return v, nil
}

// hold keeps other processes from a session of our own store.
func (p *Provider) hold(ctx context.Context, v *visit, token string) (*bridge.Holding, error) {
	own := p.guard.own
	if own == nil || v.readOnly {
		return nil, nil
	}
	hold, err := v.place.Hold(ctx, own.records, p.stored(token), p.cfg.LongestRequest)
	if err != nil {
		return nil, fmt.Errorf("scsstore: taking the session: %w", err)
	}
	return hold, nil
}

// stored is what the store calls a token.
func (p *Provider) stored(token string) string {
	if p.cfg.Manager.HashTokenInStore && token != "" {
		return hashed(token)
	}
	return token
}

// handle makes the page's view of a loaded session. It gives the place up
// where that is the page's own.
func (p *Provider) handle(v *visit, back bridge.Backend, place *bridge.Place, mode session.Mode) (session.Handle, error) {
	sm := p.cfg.Manager
	o := bridge.Options{
		Mode: mode, Exists: sm.Token(v.ctx) != "", Values: v.values(),
		Hidden: []string{rememberKey}, MetaKey: metaKey,
		Size: len(v.raw), MaxSize: p.cfg.MaxSize,
		Timeout: p.timeout(), LCID: p.cfg.LCID, CodePage: p.cfg.CodePage,
		Place: place, Unfit: p.cannotShow, Unkept: p.unkept,
	}
	o.StoreName = p.stored
	if !o.Exists && len(o.Values) > 0 { // a Go handler made it, just now
		if err := v.Create(v.ctx); err != nil {
			return nil, err
		}
		o.Exists, o.New = true, true
	}
	return bridge.NewHandle(back, o), nil
}

// hashed is what scs calls a token in the store, where it is told to.
func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// timeout is how long a session lives that set nothing else.
func (p *Provider) timeout() time.Duration {
	if idle := p.cfg.Manager.IdleTimeout; idle > 0 {
		return idle
	}
	return p.cfg.Manager.Lifetime
}

// probe is in a context that asks whether there is session data in it.
type probe struct{}

// loaded reports whether the manager's data are in ctx: it then doesn't load
// anything and gives back the very same context.
func (p *Provider) loaded(ctx context.Context) bool {
	ctx = context.WithValue(ctx, probe{}, true)
	got, err := p.cfg.Manager.Load(ctx, "")
	return err == nil && got == ctx
}
