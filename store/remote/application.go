package remote

import (
	"context"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/packet"
)

// application is that of the other process.
type application struct{ c *Client }

var _ appstate.Store = (*application)(nil)

// Read implements [appstate.Store].
func (a *application) Read(ctx context.Context, have int64) (appstate.Contents, error) {
	return answer(ctx, a.c, opRead, func(b []byte) []byte { return packet.AppendInt(b, have) },
		func(m *message) appstate.Contents {
			return appstate.Contents{Version: m.Int(), Items: list(m, m.item)}
		})
}

// Lock implements [appstate.Store].
func (a *application) Lock(ctx context.Context, owner string, lease time.Duration) (appstate.Locked, error) {
	return answer(ctx, a.c, opLock, func(b []byte) []byte {
		return appendDuration(packet.AppendText(b, owner), lease)
	}, func(m *message) appstate.Locked { return appstate.Locked{Token: m.Int(), Version: m.Int()} })
}

// Renew implements [appstate.Store].
func (a *application) Renew(ctx context.Context, token int64, lease time.Duration) error {
	return a.c.done(ctx, opRenewLock, func(b []byte) []byte { return appendDuration(packet.AppendInt(b, token), lease) })
}

// Commit implements [appstate.Store].
func (a *application) Commit(ctx context.Context, token int64, c appstate.Changes) (int64, error) {
	return answer(ctx, a.c, opCommitLocked, func(b []byte) []byte {
		return appendChanges(packet.AppendInt(b, token), c)
	}, number)
}

// Unlock implements [appstate.Store].
func (a *application) Unlock(ctx context.Context, token int64) error {
	return a.c.done(ctx, opUnlock, func(b []byte) []byte { return packet.AppendInt(b, token) })
}

// Swap implements [appstate.Store].
func (a *application) Swap(ctx context.Context, s appstate.Swap) (int64, error) {
	return answer(ctx, a.c, opSwap, func(b []byte) []byte {
		return appendBytes(packet.AppendBool(appendItem(b, s.Item), s.Compare), s.Old)
	}, number)
}

// Break implements [appstate.Store].
func (a *application) Break(ctx context.Context) (string, error) {
	return answer(ctx, a.c, opBreak, nil, (*message).text)
}

// Wait implements [appstate.Store]. The answer comes from the other process as
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
func (c *Client) FinishWith(ctx context.Context, id string, claim, lock int64, ch appstate.Changes) (int64, error) {
	return answer(ctx, c, opFinishWith, func(b []byte) []byte {
		return appendChanges(packet.AppendInt(ofSession(b, id, claim), lock), ch)
	}, number)
}
