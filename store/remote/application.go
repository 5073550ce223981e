package remote

import (
	"context"
	"time"

	"github.com/najahost/naja/internal/packet"
	"github.com/najahost/naja/store"
)

// application is that of the other process.
type application struct{ c *Client }

var _ store.Application = (*application)(nil)

// Read implements [store.Application].
func (a *application) Read(ctx context.Context, have int64) (store.Contents, error) {
	return answer(ctx, a.c, opRead, func(b []byte) []byte { return packet.AppendInt(b, have) },
		func(m *message) store.Contents {
			return store.Contents{Version: m.Int(), Items: list(m, m.item)}
		})
}

// Lock implements [store.Application].
func (a *application) Lock(ctx context.Context, owner string, lease time.Duration) (store.Locked, error) {
	return answer(ctx, a.c, opLock, func(b []byte) []byte {
		return appendDuration(packet.AppendText(b, owner), lease)
	}, func(m *message) store.Locked { return store.Locked{Token: m.Int(), Version: m.Int()} })
}

// Renew implements [store.Application].
func (a *application) Renew(ctx context.Context, token int64, lease time.Duration) error {
	return a.c.done(ctx, opRenewLock, func(b []byte) []byte { return appendDuration(packet.AppendInt(b, token), lease) })
}

// Commit implements [store.Application].
func (a *application) Commit(ctx context.Context, token int64, c store.Changes) (int64, error) {
	return answer(ctx, a.c, opCommitLocked, func(b []byte) []byte {
		return appendChanges(packet.AppendInt(b, token), c)
	}, number)
}

// Unlock implements [store.Application].
func (a *application) Unlock(ctx context.Context, token int64) error {
	return a.c.done(ctx, opUnlock, func(b []byte) []byte { return packet.AppendInt(b, token) })
}

// Swap implements [store.Application].
func (a *application) Swap(ctx context.Context, s store.Swap) (int64, error) {
	return answer(ctx, a.c, opSwap, func(b []byte) []byte {
		return appendBytes(packet.AppendBool(appendItem(b, s.Item), s.Compare), s.Old)
	}, number)
}

// Break implements [store.Application].
func (a *application) Break(ctx context.Context) (string, error) {
	return answer(ctx, a.c, opBreak, nil, (*message).text)
}

// Wait implements [store.Application]. The answer comes from the other process as
// soon as there is one.
func (a *application) Wait(ctx context.Context, have int64) (int64, error) {
	version, err := answer(ctx, a.c, opWait, func(b []byte) []byte { return packet.AppendInt(b, have) }, number)
	if err != nil {
		version = have
	}
	return version, err
}

// FinishWith removes a claimed session and makes changes of Application in one
// step, as the other process's backend does.
func (c *Client) FinishWith(ctx context.Context, id string, claim, lock int64, ch store.Changes) (int64, error) {
	return answer(ctx, c, opFinishWith, func(b []byte) []byte {
		return appendChanges(packet.AppendInt(ofSession(b, id, claim), lock), ch)
	}, number)
}
