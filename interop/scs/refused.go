package scsstore

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/najahost/naja/interop/internal/bridge"
)

// errOurs is that our own store isn't to be tried: it refuses nothing that it
// takes another time.
var errOurs = errors.New("scsstore: one of ours")

// Probe implements bridge.Backend: the record as it was loaded is stored once
// more, or an empty one comes and goes.
func (v *visit) Probe(context.Context) error {
	g := v.p.guard
	if g.own != nil {
		return errOurs
	}
	ctx, cancel := g.bound(context.WithoutCancel(v.ctx))
	defer cancel()
	if v.found != "" {
		return g.store(ctx, nil, v.found, v.raw, v.ends())
	}
	soon := time.Now().Add(time.Minute).UTC()
	b, err := g.codec.Encode(soon, map[string]any{})
	if err != nil {
		return err
	}
	token := "naja tries " + rand.Text()
	return errors.Join(g.put(ctx, token, b, soon), g.forget(ctx, token))
}

// ends is when the session ends as it was loaded, if nobody comes.
func (v *visit) ends() time.Time {
	expiry := v.deadline
	if idle := v.manager().IdleTimeout; idle > 0 && time.Until(expiry) > idle {
		expiry = time.Now().Add(idle).UTC()
	}
	return v.expiry(expiry)
}

// keep is commit for handlers. One that only reads goes on when the store takes
// nothing; what the store refuses is said with its key.
func (v *visit) keep() (http.Header, error) {
	due, err := v.commit()
	if err == nil {
		return due, nil
	}
	now := v.values()
	if v.stored == nil && v.former() == "" && v.Name() == v.sent && reflect.DeepEqual(now, v.first) {
		v.p.unkept(err)
		v.failed = nil
		return nil, nil
	}
	key, size := bridge.Heaviest(v.first, now)
	return bridge.Tell(err, key, size, func() error { return v.Probe(v.ctx) }, v.commit)
}
