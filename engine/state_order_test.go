package engine

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/sqlite"
)

// A slowBackend holds commits of sessions up when it is told to.
type slowBackend struct {
	*sqlite.DB
	hold    atomic.Bool
	reached chan struct{} // one commit has come
	goOn    chan struct{} // closed when commits may go on
}

func (b *slowBackend) Sessions() store.Sessions { return slowSessions{b.DB.Sessions(), b} }

type slowSessions struct {
	store.Sessions
	b *slowBackend
}

func (s slowSessions) Commit(ctx context.Context, id string, token int64, c store.Commit) error {
	if s.b.hold.CompareAndSwap(true, false) {
		close(s.b.reached)
		<-s.b.goOn
	}
	return s.Sessions.Commit(ctx, id, token, c)
}

// The turn is given on after the session is stored and not before: while a
// commit takes its time, the session's next request still waits for its turn,
// instead of meeting the old values or the store's lease.
func TestTheTurnIsKeptUntilTheSessionIsStored(t *testing.T) {
	b := &slowBackend{reached: make(chan struct{}), goOn: make(chan struct{})}
	b.DB = openState(t, sqlite.Config{Path: filepath.Join(t.TempDir(), "state.db"), Application: "/"})
	pg := play(t, Config{Backend: b}, map[string]string{"n.asp": `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`})
	g := pg.guest()
	g.wants("/n.asp", "1")
	var wg sync.WaitGroup
	defer wg.Wait()
	var once sync.Once
	goOn := func() { once.Do(func() { close(b.goOn) }) }
	defer goOn()

	b.hold.Store(true)
	wg.Go(func() { g.wants("/n.asp", "2") })
	<-b.reached
	wg.Go(func() { g.wants("/n.asp", "3") })
	pg.until("the next request waits for its turn", func() bool {
		w := pg.Status().Waiting
		return len(w) == 1 && w[0].WaitsFor == "turn"
	})
	goOn()
}
