package remote

import (
	"context"
	"fmt"

	"github.com/najahost/naja/internal/packet"
)

// A handler does what one kind of call says and appends how it ended. It reads
// the arguments first, and does nothing unless they are whole.
type handler func(s *server, ctx context.Context, b []byte, m *message) ([]byte, error)

// handlers are all there are.
func handlers() map[op]handler {
	return map[op]handler{
		opCreate:       (*server).doCreate,
		opLoad:         (*server).doLoad,
		opAcquire:      (*server).doAcquire,
		opRenew:        (*server).doRenew,
		opCommit:       (*server).doCommit,
		opRelease:      (*server).doRelease,
		opTouch:        (*server).doTouch,
		opEnd:          (*server).doEnd,
		opClaim:        (*server).doClaim,
		opFinish:       (*server).doFinish,
		opCount:        (*server).doCount,
		opList:         (*server).doList,
		opRead:         (*server).doRead,
		opLock:         (*server).doLock,
		opRenewLock:    (*server).doRenewLock,
		opCommitLocked: (*server).doCommitLocked,
		opUnlock:       (*server).doUnlock,
		opSwap:         (*server).doSwap,
		opBreak:        (*server).doBreak,
		opWait:         (*server).doWait,
		opFinishWith:   (*server).doFinishWith,
		opErr:          (*server).doErr,
	}
}

// answer does what a call says and appends how it ended. Its own error is a
// call that makes no sense.
func (s *server) answer(b []byte, m *message) ([]byte, error) {
	what, left := op(m.Byte()), m.duration()
	do, known := s.handlers[what]
	if !known || m.Bad() {
		return nil, fmt.Errorf("remote: an unknown call, %d", what)
	}
	ctx, cancel := s.ctx, context.CancelFunc(func() {})
	if left > 0 {
		ctx, cancel = context.WithTimeout(ctx, left)
	}
	defer cancel()
	begun := len(b)
	b, err := do(s, ctx, b, m)
	if m.Err() != nil {
		return nil, fmt.Errorf("remote: call %d: %w", what, m.Err())
	}
	if err != nil {
		b = appendOutcome(b[:begun], err)
	}
	return b, nil
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
