package scsstore_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
	"github.com/najahost/naja/store/sqlite"
)

// backends are those that a Store may be over.
var backends = map[string]func(t *testing.T) store.Sessions{
	"memory": func(*testing.T) store.Sessions { return memory.NewSessions() },
	"sqlite": func(t *testing.T) store.Sessions { return openDB(t, filepath.Join(t.TempDir(), "state.db")).Sessions() },
}

func openDB(t *testing.T, path string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(context.Background(), sqlite.Config{Path: path})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func newStore(t *testing.T, in store.Sessions) *scsstore.Store {
	t.Helper()
	st, err := scsstore.NewStore(scsstore.StoreConfig{Sessions: in})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	return st
}

// What scs asks of a store.
func TestStore(t *testing.T) {
	for name, open := range backends {
		t.Run(name, func(t *testing.T) {
			in := open(t)
			st := newStore(t, in)
			find := func(token, want string) {
				t.Helper()
				b, found, err := st.Find(token)
				must(t, err)
				if string(b) != want || found != (want != "") {
					t.Errorf("%q: %q, %v; want %q", token, b, found, want)
				}
			}
			later := time.Now().Add(time.Hour)
			find("t1", "")
			must(t, st.Commit("t1", []byte("a"), later))
			must(t, st.Commit("t2", []byte("b"), later))
			find("t1", "a")
			must(t, st.Commit("t1", []byte("a2"), later))
			find("t1", "a2")
			find("", "")
			must(t, st.Commit("brief", []byte("c"), time.Now().Add(50*time.Millisecond)))
			must(t, st.Commit("past", []byte("c"), time.Now().Add(-time.Hour)))
			must(t, st.Delete("t2"))
			must(t, st.Delete("t2"))
			must(t, st.Delete("never"))
			find("t2", "")
			if err := st.Commit("t2", []byte("back"), later); !errors.Is(err, store.ErrLost) {
				t.Errorf("a session that was ended is stored again: %v", err)
			}
			for end := time.Now().Add(10 * time.Second); ; {
				if _, found, err := st.Find("brief"); err == nil && !found {
					break
				}
				if time.Now().After(end) {
					t.Fatal("it doesn't expire")
				}
			}
			all, err := st.All()
			must(t, err)
			for name, b := range all {
				if string(b) != "a2" || strings.Contains(name, "t1") {
					t.Errorf("%q: %q", name, b)
				}
				find(name, "") // what the store shows is no token
			}
			if len(all) != 1 {
				t.Errorf("there are %d sessions", len(all))
			}
			infos, err := in.List(context.Background(), "", 10)
			must(t, err)
			for _, info := range infos {
				if strings.Contains(info.ID, "t1") {
					t.Errorf("the token can be read: %q", info.ID)
				}
			}
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if _, _, err := st.FindCtx(ctx, "t1"); err == nil {
				t.Error("nobody heeds the context")
			}
		})
	}
}

// A program without pages: scs as its own, over our backend.
func TestStoreAlone(t *testing.T) {
	for name, open := range backends {
		t.Run(name, func(t *testing.T) {
			sm := newSessions()
			sm.Store = newStore(t, open(t))
			h := sm.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/login":
					must(t, sm.RenewToken(r.Context()))
					sm.Put(r.Context(), "user", "ada")
				case "/logout":
					must(t, sm.Destroy(r.Context()))
				}
				_, _ = w.Write([]byte(sm.GetString(r.Context(), "user")))
			}))
			ask := func(path, token string) (string, string) {
				r := httptest.NewRequest("GET", path, nil)
				r.AddCookie(&http.Cookie{Name: "session", Value: token})
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				for _, c := range w.Result().Cookies() {
					token = c.Value
				}
				return w.Body.String(), token
			}
			_, token := ask("/login", "forged")
			if body, same := ask("/", token); body != "ada" || same != token || token == "forged" {
				t.Errorf("%q, %q and %q", body, token, same)
			}
			_, second := ask("/login", token)
			if body, _ := ask("/", token); body != "" || second == token {
				t.Errorf("the old token goes on: %q", body)
			}
			ended := 0
			must(t, sm.Iterate(context.Background(), func(ctx context.Context) error {
				ended++
				return sm.Destroy(ctx)
			}))
			if body, _ := ask("/", second); body != "" || ended != 1 {
				t.Errorf("after all were destroyed: %q, %d", body, ended)
			}
			_, token = ask("/login", "")
			ask("/logout", token)
			if body, _ := ask("/", token); body != "" {
				t.Errorf("after the logout: %q", body)
			}
		})
	}
}

func TestStoreConfig(t *testing.T) {
	if _, err := scsstore.NewStore(scsstore.StoreConfig{}); err == nil {
		t.Error("no backend is taken")
	}
	st, err := scsstore.NewStore(scsstore.StoreConfig{Sessions: memory.NewSessions(), Max: 1, Keep: true})
	must(t, err)
	defer st.Close()
	must(t, st.Commit("a", nil, time.Now().Add(time.Hour)))
	if err := st.Commit("b", nil, time.Now().Add(time.Hour)); !errors.Is(err, store.ErrFull) {
		t.Errorf("one more: %v", err)
	}
	var _ scs.CtxStore = st
}
