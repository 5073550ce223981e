package remote

import (
	"context"
	"fmt"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/packet"
	"github.com/najahost/naja/session"
)

// answer does what a call says and appends how it ended. Its own error is a
// call that makes no sense.
func (s *server) answer(b []byte, m *message) ([]byte, error) {
	what, left := op(m.Byte()), m.duration()
	ctx, cancel := s.ctx, context.CancelFunc(func() {})
	if left > 0 {
		ctx, cancel = context.WithTimeout(ctx, left)
	}
	defer cancel()
	begun := len(b)
	b, err := s.do(ctx, b, what, m)
	if m.Err() != nil {
		return nil, fmt.Errorf("remote: call %d: %w", what, m.Err())
	}
	if err != nil {
		b = appendOutcome(b[:begun], err)
	}
	return b, nil
}

// do does one call. Arguments are read first and looked at before anything is
// done with them; whole says that they were all there.
func (s *server) do(ctx context.Context, b []byte, what op, m *message) ([]byte, error) {
	if what < opRead {
		return s.doSession(ctx, b, what, m)
	}
	return s.doApplication(ctx, b, what, m)
}

// reply appends a good outcome and what was asked for.
func reply[T any](b []byte, v T, err error, one func([]byte, T) []byte) ([]byte, error) {
	if err != nil {
		return b, err
	}
	return one(append(b, byte(ok)), v), nil
}

func replyNumber(b []byte, n int64, err error) ([]byte, error) {
	return reply(b, n, err, packet.AppendInt)
}

func replyDone(b []byte, err error) ([]byte, error) {
	return append(b, byte(ok)), err
}

func (s *server) doSession(ctx context.Context, b []byte, what op, m *message) ([]byte, error) {
	switch what {
	case opCreate:
		id, serial := m.text(), m.Int()
		n := session.NewSession{Serial: serial, Data: m.bytes(), Timeout: m.duration(), Lease: m.duration(), Max: int(m.Int())}
		if m.Err() != nil {
			return b, nil
		}
		token, err := s.sessions.Create(ctx, id, n)
		s.taken.session(id, token, err)
		return replyNumber(b, token, err)
	case opLoad:
		id := m.text()
		if m.Err() != nil {
			return b, nil
		}
		stored, err := s.sessions.Load(ctx, id)
		return reply(b, stored, err, appendStored)
	case opAcquire:
		id, lease := m.text(), m.duration()
		if m.Err() != nil {
			return b, nil
		}
		stored, err := s.sessions.Acquire(ctx, id, lease)
		s.taken.session(id, stored.Token, err)
		return reply(b, stored, err, appendStored)
	case opRenew:
		id, token, lease := m.text(), m.Int(), m.duration()
		if m.Err() != nil {
			return b, nil
		}
		err := s.sessions.Renew(ctx, id, token, lease)
		if err != nil {
			s.taken.gone(token, err)
		}
		return replyDone(b, err)
	case opCommit:
		id, token := m.text(), m.Int()
		c := m.commit()
		if m.Err() != nil {
			return b, nil
		}
		err := s.sessions.Commit(ctx, id, token, c)
		s.taken.committed(id, token, c, err)
		return replyDone(b, err)
	case opRelease:
		id, token := m.text(), m.Int()
		if m.Err() != nil {
			return b, nil
		}
		err := s.sessions.Release(ctx, id, token)
		s.taken.gone(token, err)
		return replyDone(b, err)
	}
	return s.doEnds(ctx, b, what, m)
}

func (s *server) doEnds(ctx context.Context, b []byte, what op, m *message) ([]byte, error) {
	switch what {
	case opTouch:
		id, timeout := m.text(), m.duration()
		if m.Err() != nil {
			return b, nil
		}
		return replyDone(b, s.sessions.Touch(ctx, id, timeout))
	case opEnd:
		id, reason := m.text(), m.text()
		if m.Err() != nil {
			return b, nil
		}
		return replyDone(b, s.sessions.End(ctx, id, session.Reason(reason)))
	case opClaim:
		owner, lease, n := m.text(), m.duration(), max(int(m.Int()), 0)
		if m.Err() != nil {
			return b, nil
		}
		claimed, err := s.sessions.Claim(ctx, owner, lease, n)
		for _, c := range claimed {
			s.taken.session(c.ID, c.Token, err)
		}
		return reply(b, claimed, err, func(b []byte, all []session.Claimed) []byte { return appendList(b, all, appendClaimed) })
	case opFinish:
		id, token := m.text(), m.Int()
		if m.Err() != nil {
			return b, nil
		}
		err := s.sessions.Finish(ctx, id, token)
		s.taken.gone(token, err)
		return replyDone(b, err)
	case opCount:
		n, err := s.sessions.Count(ctx)
		return reply(b, n, err, func(b []byte, n session.Counts) []byte {
			return packet.AppendInt(packet.AppendInt(b, int64(n.Live)), int64(n.Ending))
		})
	case opList:
		after, n := m.text(), max(int(m.Int()), 0)
		if m.Err() != nil {
			return b, nil
		}
		infos, err := s.sessions.List(ctx, after, n)
		return reply(b, infos, err, func(b []byte, all []session.Info) []byte { return appendList(b, all, appendInfo) })
	}
	m.Fail()
	return b, nil
}

func (s *server) doApplication(ctx context.Context, b []byte, what op, m *message) ([]byte, error) {
	switch what {
	case opRead:
		have := m.Int()
		c, err := s.application.Read(ctx, have)
		return reply(b, c, err, func(b []byte, c appstate.Contents) []byte {
			return appendList(packet.AppendInt(b, c.Version), c.Items, appendItem)
		})
	case opLock:
		owner, lease := m.text(), m.duration()
		if m.Err() != nil {
			return b, nil
		}
		l, err := s.application.Lock(ctx, owner, lease)
		s.taken.lock(l.Token, err)
		return reply(b, l, err, func(b []byte, l appstate.Locked) []byte {
			return packet.AppendInt(packet.AppendInt(b, l.Token), l.Version)
		})
	case opRenewLock:
		token, lease := m.Int(), m.duration()
		if m.Err() != nil {
			return b, nil
		}
		return replyDone(b, s.application.Renew(ctx, token, lease))
	case opCommitLocked:
		token, c := m.Int(), m.changes()
		if m.Err() != nil {
			return b, nil
		}
		version, err := s.application.Commit(ctx, token, c)
		s.taken.unlocked(token, err)
		return replyNumber(b, version, err)
	case opUnlock:
		token := m.Int()
		if m.Err() != nil {
			return b, nil
		}
		err := s.application.Unlock(ctx, token)
		s.taken.unlocked(token, err)
		return replyDone(b, err)
	}
	return s.doOthers(ctx, b, what, m)
}

func (s *server) doOthers(ctx context.Context, b []byte, what op, m *message) ([]byte, error) {
	switch what {
	case opSwap:
		swap := appstate.Swap{Item: m.item(), Compare: m.Bool(), Old: m.bytes()}
		if m.Err() != nil {
			return b, nil
		}
		version, err := s.application.Swap(ctx, swap)
		return replyNumber(b, version, err)
	case opBreak:
		owner, err := s.application.Break(ctx)
		return reply(b, owner, err, packet.AppendText[string])
	case opWait:
		have := m.Int()
		version, err := s.application.Wait(ctx, have)
		return replyNumber(b, version, err)
	case opFinishWith:
		id, claim, lock := m.text(), m.Int(), m.Int()
		c := m.changes()
		if m.Err() != nil {
			return b, nil
		}
		version, err := s.backend.FinishWith(ctx, id, claim, lock, c)
		s.taken.gone(claim, err)
		s.taken.unlocked(lock, err)
		return replyNumber(b, version, err)
	case opErr:
		return replyDone(b, s.backend.Err())
	}
	m.Fail()
	return b, nil
}
