package scsstore_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
)

// A shaky store panics where it is told to.
type shaky struct {
	*memstore.MemStore
	where atomic.Value // of a string
	lists atomic.Int32
}

func (s *shaky) at(where string) {
	if s.where.Load() == where {
		panic("the store has a bug")
	}
}

func (s *shaky) Find(token string) ([]byte, bool, error) {
	s.at("Find")
	return s.MemStore.Find(token)
}

func (s *shaky) Commit(token string, b []byte, expiry time.Time) error {
	s.at("Commit")
	return s.MemStore.Commit(token, b, expiry)
}

func (s *shaky) Delete(token string) error {
	s.at("Delete")
	return s.MemStore.Delete(token)
}

func (s *shaky) All() (map[string][]byte, error) {
	s.lists.Add(1)
	s.at("All")
	return s.MemStore.All()
}

// A store that panics has failed, for handlers as for pages: they are answered,
// and the log has it with the place. Listing it beside the requests ends no
// process.
func TestStorePanics(t *testing.T) {
	t.Parallel()
	store := &shaky{MemStore: memstore.NewWithCleanupInterval(0)}
	store.where.Store("All")
	sm := newSessions()
	sm.Store = store
	var destroyed error
	s := newSite(t, sm, map[string]string{
		"inc.asp": `<% Session("n")++ %>ok`, "out.asp": `<% Session.Abandon() %>`,
		"global.asa": `<script runat="server">function Session_OnEnd() { }</script>`,
	}, handlers{"inc": increment, "out": func(sm *scs.SessionManager, _ http.ResponseWriter, r *http.Request) {
		destroyed = sm.Destroy(r.Context())
	}})
	sm.ErrorFunc = nil // naja's own answer, which is logged
	v := &visitor{site: s}
	v.says("/go/inc", "ok")
	v.says("/inc.asp", "ok")
	s.until("the list", func() bool { return store.lists.Load() > 0 && strings.Contains(s.log.String(), "the store panicked") })
	for _, c := range []struct {
		where, path string
		code        int
	}{
		{"Find", "/go/inc", 500}, {"Find", "/inc.asp", 503}, {"Commit", "/go/inc", 500}, {"Commit", "/inc.asp", 503},
	} {
		store.where.Store(c.where)
		before := len(s.log.String())
		rec := v.get(c.path)
		said := s.log.String()[before:]
		if rec.Code != c.code || !strings.Contains(said, "the store has a bug") || !strings.Contains(said, "shaky") {
			t.Errorf("%s at %s: %d %s\n%s", c.where, c.path, rec.Code, rec.Body, said)
		}
	}
	store.where.Store("")
	if got := v.stored()["n"]; got != 2 {
		t.Errorf("after all that n is %v", got)
	}
	store.where.Store("Delete")
	other := &visitor{site: s}
	other.says("/go/inc", "ok")
	if rec := v.get("/out.asp"); rec.Code != 503 {
		t.Errorf("a session is ended whose store can't: %d", rec.Code)
	}
	if other.get("/go/out"); destroyed == nil {
		t.Error("a session is destroyed, and its store can't")
	}
}
