package remote

import (
	"context"

	"github.com/najahost/naja/internal/packet"
	"github.com/najahost/naja/store"
)

func (s *server) doCreate(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id, serial := m.text(), m.Int()
	n := store.NewSession{Serial: serial, Data: m.bytes(), Timeout: m.duration(), Lease: m.duration(), Max: int(m.Int())}
	if m.Err() != nil {
		return b, nil
	}
	token, err := s.sessions.Create(ctx, id, n)
	s.taken.session(id, token, err)
	return replyNumber(b, token, err)
}

func (s *server) doLoad(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id := m.text()
	if m.Err() != nil {
		return b, nil
	}
	stored, err := s.sessions.Load(ctx, id)
	return reply(b, stored, err, appendStored)
}

func (s *server) doAcquire(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id, lease := m.text(), m.duration()
	if m.Err() != nil {
		return b, nil
	}
	stored, err := s.sessions.Acquire(ctx, id, lease)
	s.taken.session(stored.ID, stored.Token, err)
	return reply(b, stored, err, appendStored)
}

func (s *server) doRenew(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id, token, lease := m.text(), m.Int(), m.duration()
	if m.Err() != nil {
		return b, nil
	}
	err := s.sessions.Renew(ctx, id, token, lease)
	if err != nil {
		s.taken.gone(token, err)
	}
	return replyDone(b, err)
}

func (s *server) doCommit(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id, token := m.text(), m.Int()
	c := m.commit()
	if m.Err() != nil {
		return b, nil
	}
	err := s.sessions.Commit(ctx, id, token, c)
	s.taken.committed(id, token, c, err)
	return replyDone(b, err)
}

func (s *server) doRelease(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id, token := m.text(), m.Int()
	if m.Err() != nil {
		return b, nil
	}
	err := s.sessions.Release(ctx, id, token)
	s.taken.gone(token, err)
	return replyDone(b, err)
}

func (s *server) doTouch(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id, timeout := m.text(), m.duration()
	if m.Err() != nil {
		return b, nil
	}
	return replyDone(b, s.sessions.Touch(ctx, id, timeout))
}

func (s *server) doEnd(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id, reason := m.text(), m.text()
	if m.Err() != nil {
		return b, nil
	}
	return replyDone(b, s.sessions.End(ctx, id, store.Reason(reason)))
}

func (s *server) doClaim(ctx context.Context, b []byte, m *message) ([]byte, error) {
	owner, lease, n := m.text(), m.duration(), max(int(m.Int()), 0)
	if m.Err() != nil {
		return b, nil
	}
	claimed, err := s.sessions.Claim(ctx, owner, lease, n)
	for _, c := range claimed {
		s.taken.session(c.ID, c.Token, err)
	}
	return reply(b, claimed, err, func(b []byte, all []store.Claimed) []byte { return appendList(b, all, appendClaimed) })
}

func (s *server) doFinish(ctx context.Context, b []byte, m *message) ([]byte, error) {
	id, token := m.text(), m.Int()
	if m.Err() != nil {
		return b, nil
	}
	err := s.sessions.Finish(ctx, id, token)
	s.taken.gone(token, err)
	return replyDone(b, err)
}

func (s *server) doCount(ctx context.Context, b []byte, _ *message) ([]byte, error) {
	n, err := s.sessions.Count(ctx)
	return reply(b, n, err, func(b []byte, n store.Counts) []byte {
		return packet.AppendInt(packet.AppendInt(b, int64(n.Live)), int64(n.Ending))
	})
}

func (s *server) doList(ctx context.Context, b []byte, m *message) ([]byte, error) {
	after, n := m.text(), max(int(m.Int()), 0)
	if m.Err() != nil {
		return b, nil
	}
	infos, err := s.sessions.List(ctx, after, n)
	return reply(b, infos, err, func(b []byte, all []store.Info) []byte { return appendList(b, all, appendInfo) })
}
