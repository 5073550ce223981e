package engine

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/store/memory"
)

// inBubble makes an engine in a bubble of time, and a browser, whose first page
// has to begin a session.
func inBubble(t *testing.T, cfg Config, files map[string]string) (e *Engine, m *meetings, get func(string) <-chan *httptest.ResponseRecorder) {
	t.Helper()
	site := fstest.MapFS{}
	for name, text := range files {
		site[name] = &fstest.MapFile{Data: []byte(text)}
	}
	m = newMeetings()
	cfg.FS, cfg.Logger = site, slog.New(slog.DiscardHandler)
	cfg.Components = map[string]Component{"Test.Meet": {Threading: Agile, New: func(context.Context) (any, error) { return m, nil }}}
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		m.openAll()
		if err := e.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	var cookies []*http.Cookie
	return e, m, func(path string) <-chan *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		got := make(chan *httptest.ResponseRecorder, 1)
		go func() {
			w := httptest.NewRecorder()
			e.ServeHTTP(w, r)
			got <- w
		}()
		if len(cookies) == 0 {
			w := <-got
			cookies = w.Result().Cookies()
			got <- w
		}
		return got
	}
}

// Who has a session's turn while its next request has waited for long is ended.
func TestRecoverFreesATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, m, get := inBubble(t, Config{}, map[string]string{
			"a.asp": `<% Session("x") = 1 %>free`, "stop.asp": meet + `<% Session("x") = 2; meet.Stop("stop") %>`,
		})
		<-get("/a.asp")
		stuck := get("/stop.asp")
		<-m.point("stop").came
		waits := get("/a.asp")
		time.Sleep(turnStuck - time.Second)
		if r, err := e.Recover(t.Context()); err != nil || len(r.Interrupted) != 0 {
			t.Errorf("too early: %+v, %v", r, err)
		}
		time.Sleep(2 * time.Second)
		r, err := e.Recover(t.Context())
		if err != nil || len(r.Interrupted) != 1 || r.Interrupted[0].Request.URL != "/stop.asp" || !strings.Contains(strings.Join(r.Done, ""), "the turn of session") {
			t.Errorf("%+v, %v", r, err)
		}
		if a, b := <-stuck, <-waits; a.Code != 503 || b.Body.String() != "free" {
			t.Error(a.Code, b.Body)
		}
	})
}

// A lock of another process that somebody waits for is broken.
func TestRecoverBreaksALockElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		backend := memory.New()
		e, _, get := inBubble(t, Config{Backend: backend, ApplicationLockTimeout: time.Minute}, map[string]string{
			"a.asp": `<% Session("x") = 1 %>`, "lock.asp": `<% Application.Lock() %>mine`,
		})
		<-get("/a.asp")
		if _, err := backend.Application().Lock(t.Context(), "process 7 on another host", time.Hour); err != nil {
			t.Fatal(err)
		}
		waits := get("/lock.asp")
		time.Sleep(2 * lockStuck)
		r, err := e.Recover(t.Context())
		if err != nil || !slices.Equal(r.Broken, []string{"process 7 on another host"}) {
			t.Errorf("%+v, %v", r, err)
		}
		if w := <-waits; w.Body.String() != "mine" {
			t.Error(w.Body)
		}
	})
}
