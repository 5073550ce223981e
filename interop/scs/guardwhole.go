package scsstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
)

// surelyWhole are the bytes that any store keeps whole: a little less than the
// smallest bound of a column that servers are known to cut off at.
const surelyWhole = 32 << 10

// whole reads back a session that is larger than any that came back whole
// before, which is seldom: a server outside of its strict mode cuts off what a
// column can't hold and says nothing, and the visitor's next request finds half
// a session. The one that was there before is put back.
func (g *guard) whole(ctx context.Context, v *visit, token string, b []byte, expiry time.Time) error {
	if n := int64(len(b)); n <= max(surelyWhole, g.cameBack.Load()) {
		return nil
	}
	got, found, err := g.get(ctx, token)
	if err != nil || !found {
		return nil // which somebody else will notice
	}
	if len(got) >= len(b) {
		g.cameBack.Store(int64(len(b))) // another may have stored more: it is only asked once more
		return nil
	}
	err = fmt.Errorf("scsstore: of a session's %d bytes the store keeps %d and doesn't say so", len(b), len(got))
	if v != nil && v.found == token {
		return errors.Join(err, g.put(ctx, token, v.raw, expiry))
	}
	return errors.Join(err, g.forget(ctx, token))
}

// get is the program's own store.
func (g *guard) get(ctx context.Context, token string) (b []byte, found bool, err error) {
	defer bridge.Panicked(&err)
	if inner, ok := g.inner.(scs.CtxStore); ok {
		return inner.FindCtx(ctx, token)
	}
	return g.inner.Find(token)
}
