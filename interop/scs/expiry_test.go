package scsstore_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/najahost/naja/engine"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/session"
)

// A forever store keeps what has no age left without an end, as some do.
type forever struct {
	scs.Store
	kept map[string]time.Time
}

func (f *forever) Commit(token string, b []byte, expiry time.Time) error {
	f.kept[token] = expiry
	if age := time.Until(expiry); age <= 0 {
		expiry = time.Now().Add(1000 * time.Hour)
	}
	return f.Store.Commit(token, b, expiry)
}

// A session whose deadline passes while a request has it ends with its commit
// and never reaches the store; the visitor forgets it.
func TestEndsAtItsDeadline(t *testing.T) {
	for name, act := range map[string]func(h session.Handle) error{
		"read":  func(session.Handle) error { return nil },
		"write": func(h session.Handle) error { return h.Set("n", encode(t, 2)) },
		"age":   func(h session.Handle) error { return h.SetTimeout(time.Hour) },
	} {
		for _, idle := range []time.Duration{0, time.Minute} {
			synctest.Test(t, func(t *testing.T) {
				sm := newSessions()
				sm.Lifetime, sm.IdleTimeout = 2*time.Minute, idle
				store := &forever{sm.Store, map[string]time.Time{}}
				sm.Store = store
				s := newSite(t, sm, nil, handlers{"put": put, "show": show})
				v := &visitor{site: s}
				v.says("/go/put?n=1", "ok")
				h, err := s.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
				must(t, err)
				time.Sleep(3 * time.Minute)
				must(t, act(h))
				header := http.Header{}
				must(t, h.Close(t.Context(), header))
				v.Take(v, header)
				for token, expiry := range store.kept {
					if expiry.Before(time.Now().Add(-3 * time.Minute)) {
						t.Errorf("%s, idle %v: %q was stored until %v", name, idle, token, expiry)
					}
				}
				all, err := store.Store.(scs.IterableStore).All()
				if must(t, err); len(all) != 0 {
					t.Errorf("%s, idle %v: the store has %d", name, idle, len(all))
				}
				if dirty := name != "read" || idle > 0; dirty && v.Cookie != "" {
					t.Errorf("%s, idle %v: the visitor isn't told: %q", name, idle, v.Sent)
				}
				v.says("/go/show?n", "<nil> <nil>")
			})
		}
	}
}

// The same in handlers, and for a program's own commits.
func TestEndsAtItsDeadlineInHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sm := newSessions()
		sm.Lifetime = 2 * time.Minute
		store := &forever{sm.Store, map[string]time.Time{}}
		sm.Store = store
		s := newSite(t, sm, nil, handlers{"put": put, "show": show, "slow": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
			time.Sleep(3 * time.Minute)
			sm.Put(r.Context(), "n", "2")
			fmt.Fprint(w, "ok")
		}})
		for _, path := range []string{"/go/slow", "/both/slow", "/plain/slow"} {
			v := &visitor{site: s}
			v.says("/go/put?n=1", "ok")
			if old := v.Cookie; v.get(path).Code == 200 && v.Cookie == old && path != "/plain/slow" {
				t.Errorf("%s: the visitor isn't told: %q", path, v.Sent)
			}
			all, err := store.Store.(scs.IterableStore).All()
			if must(t, err); len(all) != 0 {
				t.Errorf("%s: the store has %d", path, len(all))
			}
			v.says("/go/show?n", "<nil> <nil>")
		}
	})
}

// A record that outlived its deadline in its store is no session, for pages,
// handlers and whatever else loads one.
func TestOutlivedItsDeadline(t *testing.T) {
	for _, codec := range []scs.Codec{scs.GobCodec{}, scsstore.CBOR{}} {
		sm := newSessions()
		sm.Codec = codec
		inner := sm.Store
		s := newSite(t, sm, map[string]string{
			"page.asp": `<%= typeof Session("user") %>`,
			"only.asp": `<%@ EnableSessionState=ReadOnly %><%= typeof Session("user") %>`,
		}, handlers{"show": show})
		for path, want := range map[string]string{
			"/page.asp": "undefined", "/only.asp": "undefined",
			"/go/show?user": "<nil> <nil>", "/both/show?user": "<nil> <nil>", "/plain/show?user": "<nil> <nil>",
		} {
			b, err := codec.Encode(time.Now().Add(-time.Second), map[string]any{"user": "ann"})
			must(t, err)
			must(t, inner.Commit("old", b, time.Now().Add(time.Hour)))
			v := &visitor{site: s}
			v.Cookie = "old"
			v.says(path, want)
			if _, found, _ := inner.Find("old"); found {
				t.Errorf("%T, %s: the store still has it", codec, path)
			}
		}
	}
}

// A listing store has something to say when it is listed.
type listing struct {
	*memstore.MemStore
	list func(ctx context.Context, all map[string][]byte) (map[string][]byte, error)
}

func (l *listing) AllCtx(ctx context.Context) (map[string][]byte, error) {
	all, err := l.All()
	if err != nil {
		return nil, err
	}
	return l.list(ctx, all)
}

func (l *listing) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	return l.Find(token)
}
func (l *listing) CommitCtx(_ context.Context, token string, b []byte, expiry time.Time) error {
	return l.Commit(token, b, expiry)
}
func (l *listing) DeleteCtx(_ context.Context, token string) error { return l.Delete(token) }

// Nobody lists a store for the sake of ends that nobody hears of. Where there
// is a Session_OnEnd no request waits for the list, and what it has counts,
// though it breaks off.
func TestListing(t *testing.T) {
	begun := make(chan bool, 10)
	sm := newSessions()
	store := &listing{memstore.NewWithCleanupInterval(0), nil}
	sm.Store = store
	goOn := make(chan bool)
	store.list = func(ctx context.Context, all map[string][]byte) (map[string][]byte, error) {
		begun <- true
		select {
		case <-goOn:
		case <-ctx.Done():
		}
		return all, fmt.Errorf("only %d of them", len(all))
	}
	quiet := newSite(t, sm, map[string]string{"last.asp": ending["last.asp"]}, nil)
	(&visitor{site: quiet}).says("/last.asp", "undefined: undefined")
	quiet.shutDown()
	if len(begun) != 0 {
		t.Error("listed without a Session_OnEnd")
	}
	for i := range 3 {
		deadline := time.Now().Add(100 * time.Millisecond)
		b, err := sm.Codec.Encode(deadline, map[string]any{"who": "listed", "user.name": map[string]any{"first": "Ada"}})
		must(t, err)
		must(t, store.Commit(fmt.Sprint("token", i), b, deadline.Add(time.Hour))) // else a list doesn't have it any more
	}
	db := openDB(t, filepath.Join(t.TempDir(), "state.db"))
	s := newSite(t, sm, ending, nil, func(_ *scsstore.Config, e *engine.Config) { e.Backend = db })
	(&visitor{site: s}).says("/last.asp", "undefined: undefined") // it waits for no list
	<-begun
	close(goOn)
	s.until("the listed ones have ended", func() bool {
		return strings.HasPrefix((&visitor{site: s}).get("/last.asp").Body.String(), "3: timeout listed")
	})
	if !strings.Contains(s.log.String(), "only 3 of them") {
		t.Error("that the list broke off isn't said")
	}
}

// The engine's end ends a list.
func TestListingEnds(t *testing.T) {
	begun := make(chan bool, 1)
	sm := newSessions()
	sm.Store = &listing{memstore.NewWithCleanupInterval(0), func(ctx context.Context, _ map[string][]byte) (map[string][]byte, error) {
		begun <- true
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	s := newSite(t, sm, ending, nil)
	(&visitor{site: s}).says("/last.asp", "undefined: undefined")
	<-begun
	s.shutDown()
}
