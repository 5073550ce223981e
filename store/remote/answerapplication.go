package remote

import (
	"context"

	"github.com/najahost/naja/internal/packet"
	"github.com/najahost/naja/store"
)

func (s *server) doRead(ctx context.Context, b []byte, m *message) ([]byte, error) {
	have := m.Int()
	c, err := s.application.Read(ctx, have)
	return reply(b, c, err, func(b []byte, c store.Contents) []byte {
		return appendList(packet.AppendInt(b, c.Version), c.Items, appendItem)
	})
}

func (s *server) doLock(ctx context.Context, b []byte, m *message) ([]byte, error) {
	owner, lease := m.text(), m.duration()
	if m.Err() != nil {
		return b, nil
	}
	l, err := s.application.Lock(ctx, owner, lease)
	s.taken.lock(l.Token, err)
	return reply(b, l, err, func(b []byte, l store.Locked) []byte {
		return packet.AppendInt(packet.AppendInt(b, l.Token), l.Version)
	})
}

func (s *server) doRenewLock(ctx context.Context, b []byte, m *message) ([]byte, error) {
	token, lease := m.Int(), m.duration()
	if m.Err() != nil {
		return b, nil
	}
	return replyDone(b, s.application.Renew(ctx, token, lease))
}

func (s *server) doCommitLocked(ctx context.Context, b []byte, m *message) ([]byte, error) {
	token, c := m.Int(), m.changes()
	if m.Err() != nil {
		return b, nil
	}
	version, err := s.application.Commit(ctx, token, c)
	s.taken.unlocked(token, err)
	return replyNumber(b, version, err)
}

func (s *server) doUnlock(ctx context.Context, b []byte, m *message) ([]byte, error) {
	token := m.Int()
	if m.Err() != nil {
		return b, nil
	}
	err := s.application.Unlock(ctx, token)
	s.taken.unlocked(token, err)
	return replyDone(b, err)
}

func (s *server) doSwap(ctx context.Context, b []byte, m *message) ([]byte, error) {
	swap := store.Swap{Item: m.item(), Compare: m.Bool(), Old: m.bytes()}
	if m.Err() != nil {
		return b, nil
	}
	version, err := s.application.Swap(ctx, swap)
	return replyNumber(b, version, err)
}

func (s *server) doBreak(ctx context.Context, b []byte, _ *message) ([]byte, error) {
	owner, err := s.application.Break(ctx)
	return reply(b, owner, err, packet.AppendText[string])
}

func (s *server) doWait(ctx context.Context, b []byte, m *message) ([]byte, error) {
	have := m.Int()
	version, err := s.application.Wait(ctx, have)
	return replyNumber(b, version, err)
}

func (s *server) doFinishWith(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id, claim, lock := m.text(), m.Int(), m.Int()
	c := m.changes()
	if m.Err() != nil {
		return b, nil
	}
	version, err := s.backend.FinishWith(ctx, id, claim, lock, c)
	s.taken.gone(claim, err)
	s.taken.unlocked(lock, err)
	return replyNumber(b, version, err)
}

func (s *server) doErr(_ context.Context, b []byte, _ *message) ([]byte, error) {
	return replyDone(b, s.backend.Err())
}
