package remote

import (
	"testing"
	"time"

	"github.com/najahost/naja/internal/packet"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// FuzzCalls: whatever a worker asks for, it gets an answer or loses its
// connection; an answer can be read.
func FuzzCalls(f *testing.F) {
	call := func(what op, args []byte) []byte {
		return append(appendDuration([]byte{byte(what)}, time.Second), args...)
	}
	f.Add(call(opCreate, packet.AppendInt(appendDuration(appendDuration(appendBytes(packet.AppendInt(packet.AppendText(nil, "x"), 7), []byte("data")), time.Hour), time.Hour), 0)))
	f.Add(call(opCommit, appendCommit(ofSession(nil, "x", 1), store.Commit{Data: []byte("d"), NewID: "y", Timeout: time.Hour})))
	f.Add(call(opClaim, packet.AppendInt(appendDuration(packet.AppendText(nil, "me"), time.Hour), 9)))
	f.Add(call(opSwap, appendBytes(packet.AppendBool(appendItem(nil, store.Item{ID: "a", Key: "A", Raw: []byte{1}}), true), nil)))
	f.Add(call(opFinishWith, appendChanges(packet.AppendInt(ofSession(nil, "x", 2), 3), store.Changes{Clear: true, Items: []store.Item{{ID: "b"}}})))
	f.Add(call(opList, packet.AppendInt(packet.AppendText(nil, ""), -5)))
	f.Fuzz(func(t *testing.T, asked []byte) {
		if len(asked) > 0 && op(asked[0]) == opWait {
			return // it may wait for ever
		}
		db := memory.New()
		s := &server{backend: db, sessions: db.Sessions(), application: db.Application(), ctx: t.Context(), taken: newTaken(), handlers: handlers()}
		answered, err := s.answer(nil, read(asked))
		if err == nil {
			m := read(answered)
			if _ = readOutcome(m); m.Bad() {
				t.Errorf("%x is answered by %x", asked, answered)
			}
		}
		s.taken.giveUp(t.Context(), db)
	})
}
