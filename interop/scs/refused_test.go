package scsstore_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	scsstore "github.com/najahost/naja/interop/scs"
)

// A picky store says of each commit whether it takes it.
type picky struct {
	scs.Store
	mu      sync.Mutex
	commits int
	refuses func(n int, b []byte) error // n counts the commits; nil takes all
}

func (p *picky) when(refuses func(n int, b []byte) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.commits, p.refuses = 0, refuses
}

func (p *picky) Commit(token string, b []byte, expiry time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.commits++; p.refuses != nil {
		if err := p.refuses(p.commits, b); err != nil {
			return err
		}
	}
	return p.Store.Commit(token, b, expiry)
}

func (p *picky) Delete(token string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuses != nil {
		if err := p.refuses(p.commits, nil); err != nil {
			return err
		}
	}
	return p.Store.Delete(token)
}

var errDown = errors.New("connection refused")

func failsOnce(n int, _ []byte) error {
	if n == 1 {
		return errDown
	}
	return nil
}

func readOnly(int, []byte) error { return errors.New("the server is a replica") }

func upTo(max int) func(int, []byte) error {
	return func(_ int, b []byte) error {
		if len(b) > max {
			return fmt.Errorf("data too long: %d bytes", len(b))
		}
		return nil
	}
}

func newPicky(t *testing.T, idle time.Duration, pages map[string]string, goes handlers) (*site, *picky) {
	t.Helper()
	sm := newSessions()
	store := &picky{Store: sm.Store}
	sm.Store, sm.IdleTimeout = store, idle
	return newSite(t, sm, pages, goes), store
}

// Who is told that the session couldn't be stored finds that nothing was: he
// may try again, and counts once.
func TestToldAndNotStored(t *testing.T) {
	for _, idle := range []time.Duration{0, time.Hour} {
		s, store := newPicky(t, idle, map[string]string{
			"inc.asp":   `<% Session("n")++ %>ok`,
			"flush.asp": `<% Session("n")++; Response.Flush() %>ok`,
			"catch.asp": `<% Session("n")++; try { Response.Flush() } catch (e) { } %>ok`,
		}, handlers{
			"inc": increment,
			"begin": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
				sm.Put(r.Context(), "n", 1)
				fmt.Fprint(w, "ok")
			},
		})
		for _, path := range []string{"/go/inc", "/both/inc", "/plain/inc", "/inc.asp", "/flush.asp", "/catch.asp"} {
			v := &visitor{site: s}
			v.says("/go/begin", "ok")
			store.when(func(n int, b []byte) error {
				if n <= 2 { // of a page the second finds out why
					return errDown
				}
				return nil
			})
			if rec := v.get(path); rec.Code < 500 || len(v.Sent) != 0 {
				t.Errorf("idle %v, %s: %d, cookies %q", idle, path, rec.Code, v.Sent)
			}
			store.when(nil)
			if got := v.stored()["n"]; got != 1 {
				t.Errorf("idle %v, %s: stored behind the %d: %v", idle, path, 500, got)
			}
		}
		v := &visitor{site: s}
		store.when(func(int, []byte) error { return errDown })
		if rec := v.get("/go/begin"); rec.Code != 500 || len(v.Sent) != 0 {
			t.Errorf("a first visitor: %d, %q", rec.Code, v.Sent)
		}
		store.when(nil)
		all, err := store.Store.(scs.IterableStore).All()
		if must(t, err); len(all) != 6 {
			t.Errorf("%d sessions", len(all))
		}
	}
}

// A hiccup of the store isn't told where a page's second try passes.
func TestHiccup(t *testing.T) {
	s, store := newPicky(t, 0, map[string]string{"inc.asp": `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`}, nil)
	v := &visitor{site: s}
	for n := range 3 {
		store.when(failsOnce)
		v.says("/inc.asp", fmt.Sprint(n+1))
	}
}

// What the store can't hold is the page's error, which names the key, and none
// of the store's: it is the same tomorrow. The session stays what it was.
func TestTooLargeForTheStore(t *testing.T) {
	big := `new Array(3000).join("x")`
	s, store := newPicky(t, 20*time.Minute, map[string]string{
		"set.asp":    `<% Session("user") = "ann" %>ok`,
		"big.asp":    `<% Session("small") = 1; Session("big") = ` + big + ` %>ok`,
		"first.asp":  `<% Session("big") = ` + big + ` %>ok`,
		"renew.asp":  `<% Session.Renew(); Session("big") = ` + big + ` %>ok`,
		"flush.asp":  `<% Session("big") = ` + big + `; Response.Flush() %>ok`,
		"close.asp":  `<% Session("big") = ` + big + `; try { Session.Close() } catch (e) { Session.Contents.Remove("big"); Response.Write(e.message) } %>`,
		"read.asp":   `<%= Session("user") %><%= typeof Session("big") %>`,
		"growby.asp": `<% Session("list") = (Session("list") || []).concat([` + strings.Repeat(`"some text",`, 20) + `]) %>ok`,
	}, handlers{"big": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
		sm.Put(r.Context(), "big", strings.Repeat("x", 3000))
		fmt.Fprint(w, "ok")
	}})
	store.when(upTo(2000))
	known := func() *visitor {
		v := &visitor{site: s}
		v.says("/set.asp", "ok")
		return v
	}
	refuses := func(v *visitor, path string, key string) {
		t.Helper()
		rec := v.get(path)
		body := rec.Body.String()
		if rec.Code != 500 || rec.Header().Get("Retry-After") != "" || len(v.Sent) != 0 ||
			!strings.Contains(strings.ReplaceAll(body, "&#34;", `"`), `"`+key+`"`) || !strings.Contains(body, "data too long") {
			t.Errorf("%s: %d %v %s", path, rec.Code, rec.Header(), body)
		}
	}
	for _, path := range []string{"/big.asp", "/first.asp", "/renew.asp", "/flush.asp", "/go/big"} {
		v := known()
		refuses(v, path, "big")
		v.says("/read.asp", "annundefined")
		refuses(&visitor{site: s}, path, "big")
	}
	v := known()
	if got := v.get("/close.asp").Body.String(); !strings.Contains(got, `"big"`) {
		t.Errorf("Session.Close says %q", got)
	}
	v.says("/read.asp", "annundefined")
	for range 20 {
		if v.get("/growby.asp").Code != 200 {
			break
		}
	}
	refuses(v, "/growby.asp", "list")
	all, err := store.Store.(scs.IterableStore).All()
	if must(t, err); len(all) != 6 {
		t.Errorf("%d sessions: tries are left", len(all))
	}
	if strings.Contains(s.log.String(), "session store failed") {
		t.Error("the store is said to have failed")
	}
}

// A store that can be read and takes nothing lets pages and handlers go on that
// only read; the others are told.
func TestReadOnlyStore(t *testing.T) {
	for _, idle := range []time.Duration{0, time.Hour} {
		s, store := newPicky(t, idle, map[string]string{
			"set.asp":   `<% Session("user") = "ann"; Session.Timeout = 30 %>ok`,
			"read.asp":  `<%= String(Session("user")) %>`,
			"only.asp":  `<%@ EnableSessionState=ReadOnly %><%= Session("user") %>`,
			"flush.asp": `<% Response.Flush() %><%= Session("user") %>`,
			"late.asp":  `<% Response.Flush(); try { Session("n") = 1; Response.Write("kept") } catch (e) { Response.Write("refused") } %>`,
			"write.asp": `<% Session("n") = 1 %>ok`,
			"end.asp":   `<% Session.Abandon() %>ok`,
			"renew.asp": `<% Session.Renew() %>ok`,
		}, handlers{"show": show, "put": put, "login": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
			if err := sm.RenewToken(r.Context()); err != nil {
				http.Error(w, err.Error(), 500)
			}
		}})
		v := &visitor{site: s}
		v.says("/set.asp", "ok")
		store.when(readOnly)
		for range 3 {
			v.says("/read.asp", "ann")
			v.says("/only.asp", "ann")
			v.says("/flush.asp", "ann")
			v.says("/go/show?user", "string ann")
			first := &visitor{site: s}
			first.says("/read.asp", "undefined")
			first.says("/late.asp", "refused")
			if first.Cookie != "" {
				t.Errorf("of a session that isn't stored the visitor hears: %q", first.Cookie)
			}
		}
		for _, path := range []string{"/go/put?a=1", "/go/login"} {
			if rec := v.get(path); rec.Code != 500 {
				t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
			}
		}
		store.when(nil) // RenewToken has ended the session here
		v.says("/set.asp", "ok")
		store.when(readOnly)
		for _, path := range []string{"/write.asp", "/renew.asp", "/end.asp"} {
			if rec := v.get(path); rec.Code != 503 || rec.Header().Get("Retry-After") == "" {
				t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
			}
		}
		if n := strings.Count(s.log.String(), "takes nothing"); n != 1 {
			t.Errorf("said %d times", n)
		}
		store.when(nil)
		v.says("/set.asp", "ok")
	}
}

// A session that can't be decoded is the same tomorrow: an error, and no 503.
func TestUndecodable(t *testing.T) {
	s, store := newPicky(t, 0, map[string]string{"page.asp": `<%= String(Session("n")) %>`}, nil)
	must(t, store.Store.Commit("token", []byte("half a reco"), time.Now().Add(time.Hour)))
	v := &visitor{site: s}
	v.Cookie = "token"
	rec := v.get("/page.asp")
	if rec.Code != 500 || rec.Header().Get("Retry-After") != "" || !strings.Contains(rec.Body.String(), "decoded") {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
}

// Told is told: with the manager's ErrorFunc of its own too.
func TestErrorFuncAnswersAlone(t *testing.T) {
	sm := newSessions()
	store := &picky{Store: sm.Store}
	sm.Store = store
	sm.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		http.Redirect(w, r, "/sorry", http.StatusFound)
	}
	p, err := scsstore.New(scsstore.Config{Manager: sm})
	must(t, err)
	h := p.Serialize(sm.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sm.Put(r.Context(), "n", 1)
		fmt.Fprint(w, "ok")
	})))
	store.when(failsOnce)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	all, err := store.Store.(scs.IterableStore).All()
	must(t, err)
	if rec.Code != http.StatusFound || len(rec.Result().Cookies()) != 0 || len(all) != 0 {
		t.Errorf("%d %v, %d sessions", rec.Code, rec.Header(), len(all))
	}
}

// A cutting store keeps so many bytes of each session and says nothing.
type cutting struct {
	scs.Store
	finds int
}

func (c *cutting) Commit(token string, b []byte, expiry time.Time) error {
	return c.Store.Commit(token, b[:min(len(b), 65535)], expiry)
}

func (c *cutting) Find(token string) ([]byte, bool, error) {
	c.finds++
	return c.Store.Find(token)
}

// What a store cuts off in silence is refused as what it refuses, and the
// session stays. A size that came back whole isn't asked for again.
func TestCutOff(t *testing.T) {
	sm := newSessions()
	store := &cutting{Store: sm.Store}
	sm.Store = store
	s := newSite(t, sm, map[string]string{
		"set.asp":  `<% Session("user") = "ann"; Session("text") = new Array(Number(Request.QueryString("n"))).join("x") %>ok`,
		"read.asp": `<%= Session("user") %> <%= Session("text").length %>`,
	}, nil)
	v := &visitor{site: s}
	v.says("/set.asp?n=60001", "ok")
	v.says("/read.asp", "ann 60000")
	for _, who := range []*visitor{v, {site: s}} {
		if rec := who.get("/set.asp?n=70000"); rec.Code != 500 || !strings.Contains(rec.Body.String(), "keeps 65535") {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	}
	v.says("/read.asp", "ann 60000")
	store.finds = 0
	if v.says("/set.asp?n=60000", "ok"); store.finds != 1 {
		t.Errorf("the store was asked %d times", store.finds)
	}
	if all, err := store.Store.(scs.IterableStore).All(); err != nil || len(all) != 1 {
		t.Errorf("%d sessions, %v", len(all), err)
	}
}
