package scsstore

import (
	"context"
	"reflect"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
)

// Former implements bridge.Backend.
func (v *visit) Former() bool { return v.late }

// Part implements bridge.Backend.
func (v *visit) Part(context.Context) error {
	if err := v.renew(); err != nil {
		return err
	}
	v.outdated = nil // it stays
	if err := v.manager().Clear(v.ctx); err != nil {
		return err
	}
	v.late, v.found, v.raw, v.first, v.sent, v.timeout, v.stored = false, "", nil, nil, "", 0, nil
	return nil
}

// renamed has those in line go on with the session, where the token that was
// stored isn't that which it was loaded by. A late one with the former token is
// known where a page changed it; RenewToken of a handler promises that it is not.
func (v *visit) renamed(token string) {
	names := v.p.guard.renamed
	switch {
	case v.sent == "" || v.sent == token || v.parted != nil || v.lacksAll():
	case len(v.outdated) > 0:
		names.Add(v.place, v.sent, bridge.Name{Name: token})
	default:
		names.AddNow(v.place, v.sent, bridge.Name{Name: token})
	}
}

// leave is what happens to the session of a former token when a handler
// destroys it or changes its token, which scs tells a store by the same call.
// A token that is stored afterwards is that of another session, with what this
// request put: the other one, with everything that was there, is somebody
// else's who was told the token. See [session.Handle].
func (v *visit) leave(token string) {
	v.left, v.parted = token, v.first
	v.late, v.found, v.raw, v.sent = false, "", nil, ""
}

// stripped is a record without what a parted session left behind.
func (v *visit) stripped(b []byte) []byte {
	codec := v.p.guard.codec
	deadline, values, err := codec.Decode(b)
	if err != nil {
		return b // which can't be: it was encoded this moment
	}
	for key, old := range v.parted {
		if now, ok := values[key]; ok && reflect.DeepEqual(now, old) || key == metaKey {
			delete(values, key)
		}
	}
	if less, err := codec.Encode(deadline, values); err == nil {
		return less
	}
	return b
}

// leftBehind ends the session that a handler left, if it destroyed it.
func (v *visit) leftBehind() {
	if v.left == "" || v.manager().Status(v.ctx) != scs.Destroyed && !v.lacksAll() {
		return
	}
	v.p.guard.ended.Add(v.left)
	if err := v.p.guard.remove(v.ctx, v.left); err != nil {
		v.p.guard.ends.complain(err)
	}
}

var _ bridge.Backend = (*visit)(nil)
