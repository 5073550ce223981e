package scsstore

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/session"
)

// A visit is one request's session in scs: that of a page, or of the Go
// handlers inside Serialize. The store in front of the manager's own finds it
// in the context.
type visit struct {
	p     *Provider
	ctx   context.Context // with scs's data in it
	place *bridge.Place

	late     bool // the visitor's token is one that the session had before: he is told nothing
	foreign  bool // LoadAndSave is around it, without Serialize: that sends the cookie
	readOnly bool // the request has no turn

	raw      []byte        // the record as loaded
	failed   error         // why the last commit failed; nil after one that didn't
	expired  bool          // at the last commit its time was over
	timeout  time.Duration // Session.Timeout, where a page set one
	deadline time.Time     // scs's, at the last commit
	renewing bool          // deletions wait until the new token is stored
	outdated []string      // the tokens that wait for that, as the store knows them

	found   string         // the token that the session was found by, as the store knows it
	limbo   string         // its name after a handler destroyed it or changed its token; see guard.part
	cleared bool           // what was in it then is no more: it was destroyed
	ending  bool           // what is deleted now is destroyed
	first   map[string]any // the values as loaded
	left    string         // the session of a former token that a handler destroyed or renewed; see leave
	parted  map[string]any // what stays with it

	sent   string         // the token that the visitor has
	told   bool           // the visitor was told to forget it
	stored map[string]any // the values at the last commit; nil before it
}

// inside is the visit of Serialize as the backend of a page inside it: the
// middleware moves the expiry.
type inside struct{ *visit }

// Touch implements bridge.Backend.
func (inside) Touch(context.Context) (http.Header, error) { return nil, nil }

var (
	_ bridge.Backend = (*visit)(nil)
	_ bridge.Backend = inside{}
)

// visitKey is the context key of a *visit.
type visitKey struct{}

func visitIn(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// load brings what is stored under token. Where it was loaded by LoadAndSave
// it stays that. A session whose deadline is over is none, though its store
// kept it.
func (v *visit) load(ctx context.Context, token string) (err error) {
	ctx = context.WithValue(ctx, visitKey{}, v)
	v.ctx, err = v.manager().Load(ctx, token)
	switch {
	case err != nil && v.found != "":
		return fmt.Errorf("scsstore: %w: what is stored can't be decoded: %w", session.ErrRefused, err)
	case err != nil:
		return fmt.Errorf("scsstore: loading the session: %w", err)
	case v.found == "" || !isOver(v.manager().Deadline(v.ctx)):
		return nil
	}
	v.p.guard.drop(ctx, v.found)
	v.found, v.raw = "", nil
	v.ctx, err = v.manager().Load(ctx, "")
	return err
}

// visitOf is the visit of Serialize that a request is inside of.
func (p *Provider) visitOf(ctx context.Context) *visit {
	if v := visitIn(ctx); v != nil && v.p.cfg.Manager == p.cfg.Manager {
		return v
	}
	return nil
}

func (v *visit) manager() *scs.SessionManager { return v.p.cfg.Manager }

// values gives the session's values in a map of its own.
func (v *visit) values() map[string]any {
	sm := v.manager()
	keys := sm.Keys(v.ctx)
	values := make(map[string]any, len(keys))
	for _, key := range keys {
		values[key] = sm.Get(v.ctx, key)
	}
	return values
}

// expiry is when the record expires that scs would let expire at its time.
func (v *visit) expiry(expiry time.Time) time.Time {
	if v.timeout <= 0 {
		return expiry
	}
	own := time.Now().Add(v.timeout).UTC()
	if own.After(v.deadline) {
		return v.deadline
	}
	return own
}

// Name implements bridge.Backend.
func (v *visit) Name() string { return v.manager().Token(v.ctx) }

// Create implements bridge.Backend.
func (v *visit) Create(context.Context) error { return v.manager().RenewToken(v.ctx) }

// Fits implements bridge.Backend. The natural types are known to fit.
func (v *visit) Fits(key string, val any, _ func() map[string]any) error {
	switch val.(type) {
	case nil, bool, string, int, float64, time.Time, []byte:
		return nil
	}
	_, err := v.manager().Codec.Encode(time.Now(), map[string]any{key: val})
	return err
}

// Save implements bridge.Backend.
func (v *visit) Save(_ context.Context, s bridge.Saving) (http.Header, error) {
	sm := v.manager()
	for _, ch := range s.Changes {
		if ch.Remove {
			sm.Remove(v.ctx, ch.Key)
		} else {
			sm.Put(v.ctx, ch.Key, ch.Value)
		}
	}
	v.timeout = s.Timeout
	if s.Renew {
		if err := v.renew(); err != nil {
			return nil, err
		}
	}
	return v.commit()
}

// renew changes the token. The old record goes when the new one is stored.
func (v *visit) renew() error {
	v.renewing = true
	defer func() { v.renewing = false }()
	return v.manager().RenewToken(v.ctx)
}

// commit stores the session as it is and gives the lines that tell the
// visitor.
func (v *visit) commit() (http.Header, error) {
	sm := v.manager()
	v.deadline = sm.Deadline(v.ctx)
	v.cleared = v.limbo != "" && v.lacksAll()
	token, expiry, err := sm.Commit(v.ctx)
	if err != nil {
		return nil, err
	}
	v.renamed(token)
	for len(v.outdated) > 0 {
		if err := v.p.guard.outdated(v.ctx, v.outdated[0]); err != nil {
			return nil, fmt.Errorf("deleting the old token's record: %w", err)
		}
		v.outdated = v.outdated[1:]
	}
	v.stored, v.sent = v.values(), token
	switch {
	case v.expired:
		return v.Forget(), nil
	case v.foreign, v.late:
		return http.Header{}, nil
	}
	return v.cookie(token, v.expiry(expiry)), nil
}

// cookie gives scs's header lines.
func (v *visit) cookie(token string, expiry time.Time) http.Header {
	h := http.Header{"Vary": {"Cookie"}}
	v.manager().WriteSessionCookie(v.ctx, bridge.Recorder(h), token, expiry)
	return h
}

// changed reports whether Go code changed the session since it was stored.
func (v *visit) changed() bool {
	if v.stored == nil {
		return v.manager().Status(v.ctx) == scs.Modified
	}
	return !reflect.DeepEqual(v.stored, v.values())
}

// Touch implements bridge.Backend. With an IdleTimeout every request moves the
// expiry, and with that the whole record is stored again.
func (v *visit) Touch(context.Context) (http.Header, error) {
	if v.foreign {
		return nil, nil // LoadAndSave does it
	}
	if v.manager().IdleTimeout <= 0 && v.timeout <= 0 {
		return nil, nil
	}
	if v.readOnly {
		return v.touchAlone()
	}
	return v.commit()
}

// touchAlone moves the expiry for a request that has no turn: if the session's
// is free, with contents that are loaded again. Who has the turn moves it
// otherwise.
func (v *visit) touchAlone() (http.Header, error) {
	token := v.Name()
	if own := v.p.guard.own; own != nil {
		expiry := v.expiry(v.deadline)
		if idle := time.Now().Add(v.manager().IdleTimeout); v.timeout <= 0 && idle.Before(expiry) {
			expiry = idle
		}
		ctx, cancel := v.p.guard.bound(context.Background())
		defer cancel()
		exists, err := own.records.Touch(ctx, v.p.stored(token), time.Until(expiry))
		if v.late || !exists {
			return nil, err
		}
		return v.cookie(token, expiry), err
	}
	turn, ok := v.p.guard.gate.Try(bridge.Key(token))
	if !ok {
		return nil, nil
	}
	defer turn.Leave()
	fresh := &visit{p: v.p, timeout: v.timeout, late: v.late}
	if err := fresh.load(context.Background(), token); err != nil {
		return nil, err
	}
	if fresh.Name() == "" {
		return nil, nil // it was ended meanwhile
	}
	return fresh.commit()
}

// Forget implements bridge.Backend.
func (v *visit) Forget() http.Header {
	if v.foreign {
		return http.Header{}
	}
	v.told = true
	if v.late {
		return http.Header{}
	}
	return v.cookie("", time.Time{})
}
