package gorillastore_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
	gorillastore "github.com/najahost/naja/interop/gorilla"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// A table keeps sessions in rows, as stores over databases do. How it finds the
// row that a Save is about is what they differ in.
type table struct {
	byCookie bool // as gormstore does it: the row of the request's cookie, another if there is none
	byIsNew  bool // as pgstore does it: a row more for what is new, and an update of no row is no error
	lasting  bool // as stores without a deletion do it: a negative MaxAge is kept
	zeroEnds bool // as redistore does it: with MaxAge 0 the row goes
	// As gormstore does it: with MaxAge 0 the row's time is over.
	zeroIsNow bool
	absent    error // what New says of a row that isn't there
	codecs    []securecookie.Codec
	options   sessions.Options

	mu      sync.Mutex
	rows    map[string][]byte
	serial  int
	refuses func(data []byte) error
	down    error // of New and Save
	blind   error // of New alone
}

func newTable(edit func(*table)) *table {
	st := &table{codecs: securecookie.CodecsFromPairs(key), options: sessions.Options{Path: "/", MaxAge: 3600}, rows: map[string][]byte{}}
	if edit != nil {
		edit(st)
	}
	return st
}

func (st *table) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(st, name)
}

// cookie is the ID in the request's cookie.
func (st *table) cookie(r *http.Request, name string) (id string, err error) {
	c, err := r.Cookie(name)
	if err != nil {
		return "", nil
	}
	return id, securecookie.DecodeMulti(name, c.Value, &id, st.codecs...)
}

func (st *table) New(r *http.Request, name string) (*sessions.Session, error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	s, options := sessions.NewSession(st, name), st.options
	s.Options, s.IsNew = &options, true
	id, err := st.cookie(r, name)
	if err != nil || id == "" {
		return s, err
	}
	if err := errors.Join(st.down, st.blind); err != nil {
		return s, err
	}
	data, ok := st.rows[id]
	if !ok {
		return s, st.absent
	}
	s.ID, s.IsNew = id, false
	return s, securecookie.GobEncoder{}.Deserialize(data, &s.Values)
}

func (st *table) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.down != nil {
		return st.down
	}
	id := s.ID
	if st.byCookie {
		if id, _ = st.cookie(r, s.Name()); st.rows[id] == nil {
			id = ""
		}
	}
	if s.Options.MaxAge < 0 && !st.lasting || s.Options.MaxAge == 0 && st.zeroEnds {
		delete(st.rows, id)
		http.SetCookie(w, sessions.NewCookie(s.Name(), "", s.Options))
		return nil
	}
	data, err := securecookie.GobEncoder{}.Serialize(s.Values)
	if err != nil {
		return err
	}
	if st.refuses != nil {
		if err := st.refuses(data); err != nil {
			return err
		}
	}
	if id == "" {
		st.serial++
		id = strconv.Itoa(st.serial)
		s.ID = id
	}
	_, exists := st.rows[id]
	switch {
	case !st.byIsNew:
		st.rows[id] = data
	case s.IsNew && exists:
		return errors.New("duplicate key")
	case s.IsNew || exists:
		st.rows[id] = data
	}
	if s.Options.MaxAge == 0 && st.zeroIsNow {
		delete(st.rows, id)
	}
	value, err := securecookie.EncodeMulti(s.Name(), id, st.codecs...)
	if err == nil {
		http.SetCookie(w, sessions.NewCookie(s.Name(), value, s.Options))
	}
	return err
}

func (st *table) count() int {
	st.mu.Lock()
	defer st.mu.Unlock()
	return len(st.rows)
}

func (st *table) set(change func()) {
	st.mu.Lock()
	defer st.mu.Unlock()
	change()
}

// tables are the kinds of stores.
var tables = map[string]func(*table){
	"by ID":       nil,
	"by cookie":   func(st *table) { st.byCookie = true },
	"by IsNew":    func(st *table) { st.byIsNew = true },
	"by both":     func(st *table) { st.byCookie, st.byIsNew = true, true },
	"no deletion": func(st *table) { st.lasting = true },
}

// eachTable runs test for each kind, with its codecs and without.
func eachTable(t *testing.T, pages map[string]string, goes handlers, test func(t *testing.T, s *site, st *table)) {
	for kind, edit := range tables {
		for _, codecs := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, codecs %v", kind, codecs), func(t *testing.T) {
				t.Parallel()
				st := newTable(edit)
				s := newSite(t, st, false, pages, goes, func(c *gorillastore.Config, _ *engine.Config) {
					c.RenewGrace = -1
					if codecs {
						c.Codecs = st.codecs
					}
				})
				test(t, s, st)
			})
		}
	}
}

var livingPages = map[string]string{
	"set.asp":   `<% Session("user") = "ann"; Session("n") = 1 %><%= Session.SessionID %>`,
	"inc.asp":   `<% Session("n")++ %><%= Session("n") %>`,
	"renew.asp": `<% Session.Renew(); Session("n")++ %><%= Session.SessionID %>`,
	"flush.asp": `<% Session("n") = (Session("n") || 0) + 1; Response.Flush(); Session("late") = "yes"; Session("n")++ %>ok`,
	"twice.asp": `<% Session.Renew(); Response.Flush(); Session("late") = "yes"; Session("n")++ %>ok`,
	"out.asp":   `<% Session.Abandon() %>bye`,
	"brief.asp": `<% Session("x") = 1; Response.Flush(); Session.Abandon() %>bye`,
	"fifth.asp": `<% Session("x") = 1; Session.Renew(); Session.Renew(); Session.Abandon() %>bye`,
}

// Whatever a store goes by when it saves, a session goes through its life: a
// new ID, what comes after a flush, its end.
func TestLivesInAnyStore(t *testing.T) {
	eachTable(t, livingPages, handlers{"show": show}, func(t *testing.T, s *site, st *table) {
		v := &visitor{site: s}
		v.get("/flush.asp") // a first visitor's
		v.says("/go/show?late", "string yes")
		v.says("/inc.asp", "3")
		if n := st.count(); n != 1 {
			t.Errorf("%d rows after a first visitor's flush", n)
		}
		id := v.get("/set.asp").Body.String()
		for n, page := range []string{"/renew.asp", "/twice.asp", "/renew.asp"} {
			old := &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
			if v.get(page); v.Cookie == old.Cookie {
				t.Errorf("%s: the cookie is the same", page)
			}
			v.says("/go/show?user", "string ann")
			v.says("/go/show?n", fmt.Sprint("int ", n+2))
			s.gone(st, old, page)
		}
		v.says("/renew.asp", id)
		v.says("/inc.asp", "6")
		for _, page := range []string{"/out.asp", "/brief.asp", "/fifth.asp"} {
			v.get("/set.asp")
			old := &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
			v.says(page, "bye")
			if page != "/brief.asp" && v.Cookie != "" {
				t.Errorf("%s: the cookie stays", page)
			}
			v.Cookie = ""
			s.gone(st, old, page)
		}
		v.get("/brief.asp") // a first visitor's that ends at once
		if n := st.count(); n != 0 && !st.lasting {
			t.Errorf("%d rows are left", n)
		}
	})
}

// Who comes with the former cookie within the grace is in the session, whether
// the store's codecs are known or not.
func TestLateInAnyStore(t *testing.T) {
	for kind, edit := range tables {
		for _, codecs := range []bool{true, false} {
			st := newTable(edit)
			s := newSite(t, st, false, livingPages, handlers{"show": show, "inc": increment}, func(c *gorillastore.Config, _ *engine.Config) {
				if c.RenewGrace = time.Hour; codecs {
					c.Codecs = st.codecs
				}
			})
			v := &visitor{site: s}
			v.get("/set.asp")
			late := &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
			v.get("/renew.asp")
			if late.says("/inc.asp", "3"); len(late.Sent) != 0 {
				t.Errorf("%s, codecs %v: a late one is told of %q", kind, codecs, late.Sent)
			}
			late.get("/go/inc")
			v.says("/go/show?n", "int 4")
			v.says("/out.asp", "bye")
			late.says("/go/show?n", "<nil> <nil>")
		}
	}
}

// gone says that nobody has a session by a former cookie, in the store's eyes
// as well.
func (s *site) gone(st *table, old *visitor, page string) {
	s.Helper()
	old.says("/go/show?user", "<nil> <nil>")
	if got, _ := st.New(old.Request("/"), "session"); !got.IsNew && len(got.Values) > 0 {
		s.Errorf("%s: the store still has %v by the old cookie", page, got.Values)
	}
}

// Handlers that renew in gorilla's way, by emptying the ID, and those that save
// more than once have one session as well.
func TestHandlersInAnyStore(t *testing.T) {
	eachTable(t, nil, handlers{"show": show, "put": put, "end": end, "inc": increment,
		"renew": func(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
			s.ID = ""
			increment(s, w, r)
			increment(s, httptest.NewRecorder(), r)
		},
		"twice": func(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
			increment(s, w, r)
			increment(s, httptest.NewRecorder(), r)
		},
	}, func(t *testing.T, s *site, st *table) {
		for _, way := range []string{"/go", "/plain"} {
			before := st.count()
			v := &visitor{site: s}
			v.get(way + "/twice")
			v.says(way+"/show?n", "int 2")
			if n := st.count() - before; n != 1 {
				t.Errorf("%s: %d rows", way, n)
			}
			old := v.Cookie
			v.get(way + "/renew")
			v.says(way+"/show?n", "int 4")
			if v.Cookie == old {
				t.Errorf("%s: the cookie is the same", way)
			}
			v.get(way + "/inc")
			v.says(way+"/show?n", "int 5")
			gone := &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
			v.get(way + "/end")
			s.gone(st, gone, way)
		}
	})
}

// A page's Request doesn't change because its session got another cookie.
func TestRequestStaysWhatItWas(t *testing.T) {
	s := newSite(t, newTable(nil), false, map[string]string{
		"page.asp": `<% Session("n") = 1; Response.Flush(); Session("n") = 2 %><%= Request.Cookies("session") %>`,
	}, nil)
	v := &visitor{site: s}
	v.says("/page.asp", "")
	old := v.Cookie
	if got := v.get("/page.asp").Body.String(); got != old {
		t.Errorf("the page reads %q, and was asked with %q", got, old)
	}
}

// A store that ends or loses what it was to save is told of once, and an error
// with Dev.
func TestEndsWhatItIsToSave(t *testing.T) {
	for name, edit := range map[string]func(*table){
		"ends it":    func(st *table) { st.options.MaxAge, st.zeroEnds = 0, true },
		"forgets it": func(st *table) { st.options.MaxAge, st.zeroIsNow = 0, true },
	} {
		for _, dev := range []bool{false, true} {
			st := newTable(edit)
			s := newSite(t, st, false, map[string]string{"page.asp": `<% Session("n") = 1 %>ok`}, handlers{"put": put},
				func(c *gorillastore.Config, _ *engine.Config) { c.Dev = dev })
			for range 3 {
				v := &visitor{site: s}
				rec := v.get("/page.asp")
				body := rec.Body.String()
				if dev != (rec.Code == 500 && strings.Contains(body, "MaxAge is 0")) || !dev && body != "ok" {
					t.Errorf("%s, dev %v: %d %s", name, dev, rec.Code, body)
				}
				if rec.Header().Get("Retry-After") != "" {
					t.Errorf("%s: to be tried again", name)
				}
				if rec := v.get("/go/put?a=1"); dev != (rec.Code == 409) {
					t.Errorf("%s, dev %v: a handler's: %d %s", name, dev, rec.Code, rec.Body)
				}
			}
			if n := strings.Count(s.log.String(), "level=ERROR msg=\"gorillastore"); n != 1 {
				t.Errorf("%s, dev %v: told %d times\n%s", name, dev, n, s.log)
			}
		}
	}
}

// A store that keeps sessions without an age is left alone.
func TestNoAge(t *testing.T) {
	st := newTable(func(st *table) { st.options.MaxAge = 0 })
	s := newSite(t, st, false, map[string]string{"page.asp": `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`}, nil,
		func(c *gorillastore.Config, _ *engine.Config) { c.Dev = true })
	v := &visitor{site: s}
	v.says("/page.asp", "1")
	v.says("/page.asp", "2")
}

// What a store won't take is the page's error with its key; the session stays.
// Where the codecs are known and the store doesn't use them for the contents,
// they say nothing about their size.
func TestRefused(t *testing.T) {
	for _, codecs := range []bool{true, false} {
		for _, max := range []int{2000, 10000} {
			st := newTable(nil)
			st.refuses = func(data []byte) error {
				if len(data) > max {
					return fmt.Errorf("the value to store is too big: %d bytes", len(data))
				}
				return nil
			}
			s := newSite(t, st, false, map[string]string{
				"set.asp":   `<% Session("user") = "ann" %>ok`,
				"big.asp":   `<% Session("small") = 1; Session("big") = new Array(12000).join("x") %>ok`,
				"fits.asp":  `<% Session("big") = new Array(6000).join("x") %>ok`,
				"renew.asp": `<% Session.Renew(); Session("big") = new Array(12000).join("x") %>ok`,
			}, handlers{"show": show}, func(c *gorillastore.Config, _ *engine.Config) {
				if codecs {
					c.Codecs = st.codecs
				}
			})
			v := &visitor{site: s}
			v.says("/set.asp", "ok")
			for _, who := range []*visitor{v, {site: s}} {
				for _, path := range []string{"/big.asp", "/renew.asp"} {
					rec := who.get(path)
					body := strings.ReplaceAll(rec.Body.String(), "&#34;", `"`)
					if rec.Code != 500 || rec.Header().Get("Retry-After") != "" || !strings.Contains(body, `"big"`) {
						t.Errorf("codecs %v, %d: %s: %d %v %s", codecs, max, path, rec.Code, rec.Header(), body)
					}
				}
			}
			v.says("/go/show?user", "string ann")
			if got, want := v.get("/fits.asp").Code, map[int]int{2000: 500, 10000: 200}[max]; got != want {
				t.Errorf("codecs %v, %d: a value of 6000 bytes is answered %d", codecs, max, got)
			}
			v.says("/go/show?user", "string ann")
		}
	}
}

// Who only reads goes on where a store takes nothing.
func TestReadOnlyStore(t *testing.T) {
	st := newTable(nil)
	s := newSite(t, st, false, map[string]string{
		"set.asp":   `<% Session("user") = "ann" %>ok`,
		"read.asp":  `<%= String(Session("user")) %>`,
		"write.asp": `<% Session("n") = 1 %>ok`,
	}, nil)
	v := &visitor{site: s}
	v.says("/set.asp", "ok")
	st.set(func() { st.refuses = func([]byte) error { return errors.New("read-only transaction") } })
	v.says("/read.asp", "ann")
	first := &visitor{site: s}
	first.says("/read.asp", "undefined")
	if first.Cookie != "" {
		t.Error("of a session that isn't stored the visitor hears")
	}
	if rec := v.get("/write.asp"); rec.Code != 503 || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// A session that is due to be saved again, for its age, is left alone by a
// store that takes nothing.
func TestAgeOfAReadOnlyStore(t *testing.T) {
	st := newTable(nil)
	st.options.MaxAge = 1
	s := newSite(t, st, false, map[string]string{"set.asp": `<% Session("user") = "ann" %>ok`, "read.asp": `<%= String(Session("user")) %>`}, nil)
	v := &visitor{site: s}
	v.says("/set.asp", "ok")
	st.set(func() { st.refuses = func([]byte) error { return errors.New("read-only transaction") } })
	s.until("half of its age is over", func() bool {
		v.says("/read.asp", "ann")
		return strings.Contains(s.log.String(), "takes nothing")
	})
}

// A handler tells nobody from a store that failed, and who doesn't look can't
// put a new session in the place of one that couldn't be loaded.
func TestNobodyOrOutage(t *testing.T) {
	st := newTable(func(st *table) { st.absent = errors.New("memcache: cache miss") })
	p, err := gorillastore.New(gorillastore.Config{Store: st, Name: "session", Codecs: st.codecs})
	must(t, err)
	var careless bool
	s := &site{T: t, store: p.Store(), p: p, log: &asptest.Log{}}
	s.serving = p.Serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, err := p.Session(r)
		switch {
		case careless:
			got, _ = p.Store().Get(r, "session")
			got.Values["user"] = "nobody"
			save(got, w, r)
		case err != nil:
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		case got.IsNew:
			got.Values["user"] = "ann"
			save(got, w, r)
		default:
			fmt.Fprint(w, got.Values["user"])
		}
	}))
	v := &visitor{site: s}
	v.says("/", "ok")
	v.says("/", "ann")
	for _, cookie := range []string{"forged", strings.Repeat("A", 5000)} {
		(&visitor{site: s, Visitor: asptest.Visitor{Cookie: cookie}}).says("/", "ok")
	}
	st.set(func() { st.down = errors.New("connection refused") })
	if rec := v.get("/"); rec.Code != 503 || len(v.Sent) != 0 {
		t.Errorf("in an outage: %d %s", rec.Code, rec.Body)
	}
	careless = true
	st.set(func() { st.down, st.blind = nil, st.down }) // it is over when the handler saves
	if rec := v.get("/"); rec.Code != http.StatusConflict || len(v.Sent) != 0 {
		t.Errorf("who doesn't look: %d %s, %q", rec.Code, rec.Body, v.Sent)
	}
	careless = false
	st.set(func() { st.blind = nil })
	v.says("/", "ann")
	st.set(func() { clear(st.rows) }) // gone: nobody
	v.says("/", "ok")
}

// A cookie of a session that is gone is nobody's for pages, whatever words the
// store has for it, and an outage is one.
func TestGoneOrOutage(t *testing.T) {
	for _, absent := range []error{nil, errors.New("redigo: nil returned"), fmt.Errorf("loading: %w", errors.New("memcache: cache miss"))} {
		st := newTable(func(st *table) { st.absent = absent })
		s := newSite(t, st, false, map[string]string{"page.asp": `<% Session("n") = 1 %>ok`}, nil)
		v := &visitor{site: s}
		v.says("/page.asp", "ok")
		st.set(func() { clear(st.rows) })
		v.says("/page.asp", "ok")
		st.set(func() { st.down = errors.New("lookup db: host not found") })
		if rec := v.get("/page.asp"); rec.Code != 503 || len(v.Sent) != 0 {
			t.Errorf("%v: an outage: %d, %q", absent, rec.Code, v.Sent)
		}
	}
}

// A session that a handler ended in the midst of a page's isn't brought back by
// what the page does about a store that refuses it.
func TestRefusedAndEnded(t *testing.T) {
	st := newTable(nil)
	s := newSite(t, st, false, nil, handlers{"put": put, "end": end, "show": show})
	v := &visitor{site: s}
	v.says("/go/put?user=ann", "ok")
	h, err := s.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
	must(t, err)
	must(t, h.Set("n", encode(t, 1)))
	old := &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
	old.ask(old.Request("/plain/end"))
	if err := h.Close(context.Background(), http.Header{}); !errors.Is(err, store.ErrLost) {
		t.Errorf("Close: %v", err)
	}
	h.Discard()
	s.gone(st, old, "ended")
}
