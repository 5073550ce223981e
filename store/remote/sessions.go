package remote

import (
	"context"
	"time"

	"github.com/najahost/naja/internal/packet"
	"github.com/najahost/naja/store"
)

// sessions are those of the other process.
type sessions struct{ c *Client }

var _ store.Sessions = (*sessions)(nil)

// ofSession begins the arguments of what is done to a session that was taken.
func ofSession(b []byte, id string, token int64) []byte {
	return packet.AppendInt(packet.AppendText(b, id), token)
}

// done is a call that answers nothing but its outcome.
func (c *Client) done(ctx context.Context, what op, args func([]byte) []byte) error {
	m, err := c.call(ctx, what, args)
	if err == nil {
		err = m.Err()
	}
	return err
}

// answer is a call that answers one thing.
func answer[T any](ctx context.Context, c *Client, what op, args func([]byte) []byte, get func(*message) T) (T, error) {
	var none T
	m, err := c.call(ctx, what, args)
	if err != nil {
		return none, err
	}
	got := get(m)
	if err := m.Err(); err != nil {
		return none, err
	}
	return got, nil
}

func number(m *message) int64 { return m.Int() }

// Create implements [store.Sessions].
func (s *sessions) Create(ctx context.Context, id string, n store.NewSession) (int64, error) {
	return answer(ctx, s.c, opCreate, func(b []byte) []byte {
		b = packet.AppendInt(packet.AppendText(b, id), n.Serial)
		b = appendDuration(appendDuration(appendBytes(b, n.Data), n.Timeout), n.Lease)
		return packet.AppendInt(b, int64(n.Max))
	}, number)
}

// Load implements [store.Sessions].
func (s *sessions) Load(ctx context.Context, id string) (store.Stored, error) {
	return answer(ctx, s.c, opLoad, func(b []byte) []byte { return packet.AppendText(b, id) }, (*message).stored)
}

// Acquire implements [store.Sessions].
func (s *sessions) Acquire(ctx context.Context, id string, lease time.Duration) (store.Stored, error) {
	return answer(ctx, s.c, opAcquire, func(b []byte) []byte {
		return appendDuration(packet.AppendText(b, id), lease)
	}, (*message).stored)
}

// Renew implements [store.Sessions].
func (s *sessions) Renew(ctx context.Context, id string, token int64, lease time.Duration) error {
	return s.c.done(ctx, opRenew, func(b []byte) []byte { return appendDuration(ofSession(b, id, token), lease) })
}

// Commit implements [store.Sessions].
func (s *sessions) Commit(ctx context.Context, id string, token int64, c store.Commit) error {
	return s.c.done(ctx, opCommit, func(b []byte) []byte { return appendCommit(ofSession(b, id, token), c) })
}

// Release implements [store.Sessions].
func (s *sessions) Release(ctx context.Context, id string, token int64) error {
	return s.c.done(ctx, opRelease, func(b []byte) []byte { return ofSession(b, id, token) })
}

// Touch implements [store.Sessions].
func (s *sessions) Touch(ctx context.Context, id string, timeout time.Duration) error {
	return s.c.done(ctx, opTouch, func(b []byte) []byte { return appendDuration(packet.AppendText(b, id), timeout) })
}

// End implements [store.Sessions].
func (s *sessions) End(ctx context.Context, id string, reason store.Reason) error {
	return s.c.done(ctx, opEnd, func(b []byte) []byte { return packet.AppendText(packet.AppendText(b, id), string(reason)) })
}

// Claim implements [store.Sessions].
func (s *sessions) Claim(ctx context.Context, owner string, lease time.Duration, n int) ([]store.Claimed, error) {
	return answer(ctx, s.c, opClaim, func(b []byte) []byte {
		return packet.AppendInt(appendDuration(packet.AppendText(b, owner), lease), int64(n))
	}, func(m *message) []store.Claimed { return list(m, m.claimed) })
}

// Finish implements [store.Sessions].
func (s *sessions) Finish(ctx context.Context, id string, token int64) error {
	return s.c.done(ctx, opFinish, func(b []byte) []byte { return ofSession(b, id, token) })
}

// Count implements [store.Sessions].
func (s *sessions) Count(ctx context.Context) (store.Counts, error) {
	return answer(ctx, s.c, opCount, nil, func(m *message) store.Counts {
		return store.Counts{Live: int(m.Int()), Ending: int(m.Int())}
	})
}

// List implements [store.Sessions].
func (s *sessions) List(ctx context.Context, after string, n int) ([]store.Info, error) {
	return answer(ctx, s.c, opList, func(b []byte) []byte {
		return packet.AppendInt(packet.AppendText(b, after), int64(n))
	}, func(m *message) []store.Info { return list(m, m.info) })
}
