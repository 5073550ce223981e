package gorillastore_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/store"
)

// A shaky store panics where it is told to.
type shaky struct {
	*sessions.FilesystemStore
	where atomic.Value // of a string
}

func (s *shaky) New(r *http.Request, name string) (*sessions.Session, error) {
	if s.where.Load() == "New" {
		panic("the store has a bug")
	}
	return s.FilesystemStore.New(r, name)
}

func (s *shaky) Save(r *http.Request, w http.ResponseWriter, one *sessions.Session) error {
	if s.where.Load() == "Save" {
		panic("the store has a bug")
	}
	return s.FilesystemStore.Save(r, w, one)
}

// A store that panics has failed: a handler has its error, and no visitor a
// connection that ends.
func TestStorePanics(t *testing.T) {
	t.Parallel()
	inner := sessions.NewFilesystemStore(t.TempDir(), []byte("a key of 32 bytes, from a secret"))
	kept := &shaky{FilesystemStore: inner}
	var s *site
	var told error
	s = newSite(t, kept, false, map[string]string{"inc.asp": `<% Session("n") = (Session("n") || 0) + 1 %>ok`}, handlers{
		"save": func(one *sessions.Session, w http.ResponseWriter, r *http.Request) {
			one.Values["user"] = "ann"
			told = one.Save(r, w)
		},
		"who": func(_ *sessions.Session, _ http.ResponseWriter, r *http.Request) { _, told = s.p.Session(r) },
	})
	v := &visitor{site: s}
	v.says("/inc.asp", "ok")
	for _, c := range []struct{ where, path string }{{"New", "/go/who"}, {"New", "/go/save"}, {"Save", "/go/save"}} {
		kept.where.Store(c.where)
		told = nil
		rec := v.get(c.path)
		if _, ok := errors.AsType[*store.PanicError](told); !ok || len(rec.Result().Cookies()) != 0 {
			t.Errorf("%s at %s: %d, %v", c.where, c.path, rec.Code, told)
		}
		if rec := v.get("/inc.asp"); rec.Code != 503 {
			t.Errorf("%s: a page is answered %d", c.where, rec.Code)
		}
	}
	kept.where.Store("")
	if got := v.stored().Values["n"]; got != 1 {
		t.Errorf("after all that n is %v", got)
	}
}
