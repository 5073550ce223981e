package gorillastore

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/session"
)

// metaKey is where a page's session keeps its settings, flashKey gorilla's
// flash messages. No page sees either.
const (
	metaKey  = "_naja"
	flashKey = "_flash"
)

// earlySession is what a program is told that may load sessions before their
// turn. It is no error: the registry may be there for another name.
const earlySession = "gorillastore: gorilla sessions are used around this page without Provider.Serialize outside: " +
	"of this name, what is saved there may undo what parallel requests stored"

// probe is in a context that asks whether there is a registry in it.
type probe struct{}

// A Provider gives pages the sessions of a program's gorilla store. It is safe
// for any goroutine and owns none.
type Provider struct {
	cfg   Config
	guard *guard
	gate  *bridge.Gate
	names *bridge.Renamed // by IDs
	// Of sessions that were renamed, where the codecs aren't known.
	cookies *bridge.Cookies
	roomy   func() bool // whether the store takes sessions of MaxSize

	early, unserialized sync.Once
	oddities            sync.Map // what was said of the store
	lags                bridge.Seldom
	larger              larger

	unfit sync.Map // types of values that no page can be shown, as they were met
}

var _ session.Provider = (*Provider)(nil)

// New makes the Provider of a store, to be given to the engine as
// Config.Sessions, and registers with encoding/gob the types of what pages
// store. The error says what is wrong with cfg. A program makes one Provider
// of each store and name, as the turns are the Provider's.
func New(cfg Config) (*Provider, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	bridge.RegisterTypes()
	if cfg.CookieOnly {
		cfg.Logger.Warn("gorillastore: these sessions are kept in cookies alone: of two parallel requests of a visitor "+
			"the one that answers last wins, and who logs out keeps a cookie that is good until it is too old", "name", cfg.Name)
	}
	own, _ := cfg.Store.(*Store)
	p := &Provider{
		cfg:   cfg,
		guard: &guard{inner: cfg.Store, own: own, ended: bridge.NewEnded(cfg.LongestRequest)},
		gate:  bridge.NewGate(cfg.SessionQueueMax, cfg.RequestQueueMax),
		names: bridge.NewRenamed(cfg.RenewGrace, cfg.LongestRequest),
		// For as long as a name leads anywhere.
		cookies: bridge.NewCookies(max(cfg.RenewGrace, cfg.LongestRequest)),
		roomy: sync.OnceValue(func() bool {
			large := map[any]any{"": strings.Repeat("x", cfg.MaxSize)}
			_, err := securecookie.EncodeMulti(cfg.Name, large, cfg.Codecs...)
			return err == nil
		}),
	}
	p.guard.outside, p.guard.id, p.guard.odd = p.outside, p.id, p.odd
	p.guard.grace = p.names.Grace()
	p.guard.visit = func(r *http.Request) *visit { return p.visitOf(r.Context()) }
	return p, nil
}

// errUnserialized is what a program is told that saves sessions without their
// turn.
const errUnserialized = bridge.Misuse("gorillastore: a handler outside of Provider.Serialize saves this session, " +
	"so that parallel requests overwrite each other's: use provider.Serialize(handler)")

// outside tells that a handler of a server saves a session without its turn.
func (p *Provider) outside(r *http.Request) error {
	ctx := r.Context()
	if p.cfg.CookieOnly || p.visitOf(ctx) != nil || ctx.Value(pageKey{p}) != nil || ctx.Value(http.ServerContextKey) == nil {
		return nil
	}
	if p.cfg.Dev {
		return errUnserialized
	}
	p.unserialized.Do(func() { p.cfg.Logger.Error(errUnserialized.Error(), "path", r.URL.Path) })
	return nil
}

// pageKey is in the context of what a page asks the store.
type pageKey struct{ p *Provider }

// Store is the program's store, with a memory of the sessions that were ended:
// a handler that uses it, inside Serialize or not, can't bring one back. Saving
// such a session is [store.ErrLost].
func (p *Provider) Store() sessions.Store { return p.guard }

// ShareTurns gives the turns that the requests of a session take, pages and
// Go handlers alike. Who calls it promises that from then on it enters the
// turn of [Provider.Key] before each Open that isn't read-only, as
// [session.Provider] says; until somebody does, Open takes the turn by itself.
//
// A hint left with a turn (see [turn.Turn.SetHint]) that has a method
// Drop() is dropped by it when the next holder is a Go handler, or nobody.
// Several engines may use the same turns: a hint has to know whose it is.
func (p *Provider) ShareTurns() *turn.Turns { return p.gate.Share() }

// Key implements [session.Provider]. It is a hash of the session's ID. Where
// everything is in the cookie there is none, and no turn. A request inside
// [Provider.Serialize] has its turn already and gives none.
func (p *Provider) Key(r *http.Request) (key string, ok bool) {
	if p.visitOf(r.Context()) != nil {
		return "", false
	}
	key = bridge.Key(p.id(r))
	return key, key != ""
}

// id is the ID of the session that r brings, whether it is there or not.
func (p *Provider) id(r *http.Request) string {
	if p.cfg.CookieOnly {
		return ""
	}
	c, err := r.Cookie(p.cfg.Name)
	if err != nil {
		return ""
	}
	if p.cfg.Codecs == nil {
		s, err := p.guard.New(r, p.cfg.Name)
		if err == nil && !s.IsNew {
			return s.ID
		}
		return p.cookies.Name(c.Value)
	}
	return p.idIn(c.Value)
}

// idIn is the ID in a cookie's value.
func (p *Provider) idIn(cookie string) (id string) {
	if p.cfg.CookieOnly || securecookie.DecodeMulti(p.cfg.Name, cookie, &id, p.cfg.Codecs...) != nil {
		return ""
	}
	return id
}

// Open implements [session.Provider]. Inside [Provider.Serialize] the page and
// the Go handlers around it have one session between them. ctx only bounds the
// wait for the turn: gorilla's stores know no contexts but the request's.
func (p *Provider) Open(ctx context.Context, r *http.Request, mode session.Mode) (session.Handle, error) {
	if mode == session.Off {
		return bridge.NewHandle(nil, bridge.Options{LCID: p.cfg.LCID, CodePage: p.cfg.CodePage, Timeout: p.cfg.Timeout}), nil
	}
	if v := p.visitOf(r.Context()); v != nil {
		if err := v.get(r); err != nil {
			return nil, err
		}
		return p.handle(v, inside{v}, mode), nil
	}
	if _, existed := withRegistry(r.WithContext(context.WithValue(r.Context(), probe{}, true))); existed {
		p.early.Do(func() { p.cfg.Logger.Warn(earlySession, "path", r.URL.Path) })
	}
	key := ""
	if mode == session.ReadWrite {
		key, _ = p.Key(r)
	}
	place, err := p.gate.EnterFor(ctx, key)
	if err != nil {
		return nil, err
	}
	r = r.WithContext(context.WithValue(r.Context(), pageKey{p}, true))
	v := &visit{p: p, place: place, readOnly: mode == session.ReadOnly}
	r = v.known(r)
	if v.readOnly {
		r = r.WithContext(bridge.ByFormer(r.Context()))
	}
	v.r = apart(detach(r))
	if err := errors.Join(v.hold(ctx, r), v.load()); err != nil {
		place.Leave()
		return nil, err
	}
	return p.handle(v, v, mode), nil
}

// handle makes the page's view of a loaded session.
func (p *Provider) handle(v *visit, back bridge.Backend, mode session.Mode) session.Handle {
	values := v.values()
	saved := !v.s.IsNew || v.s.ID != "" // a store that isn't the guard's leaves IsNew as it is
	o := bridge.Options{
		Mode: mode, Exists: saved || len(values) > 0, New: !saved && len(values) > 0,
		Values: values, Hidden: []string{flashKey}, MetaKey: metaKey,
		CookieOnly: p.cfg.CookieOnly, Unnamed: p.cfg.CookieOnly,
		MaxSize: p.cfg.MaxSize, Timeout: p.timeout(v.s), LCID: p.cfg.LCID, CodePage: p.cfg.CodePage,
		Unfit: p.cannotShow, Unkept: p.unkept,
	}
	if back == bridge.Backend(v) {
		o.Place = v.place
	}
	return bridge.NewHandle(back, o)
}

// timeout is how long a session lives that set nothing else.
func (p *Provider) timeout(s *sessions.Session) time.Duration {
	if s.Options.MaxAge > 0 {
		return time.Duration(s.Options.MaxAge) * time.Second
	}
	return p.cfg.Timeout
}
