package admin

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/answer"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/store"
)

// An ApplicationErrors are the errors of one application's pages.
type ApplicationErrors struct {
	Application string              `json:"application"`
	Errors      []engine.ErrorGroup `json:"errors"` // the last first
}

// errors are those of the application that is asked for, or of all.
func (c *Console) errors(r *http.Request) (all []ApplicationErrors, err error) {
	apps := c.cfg.Applications
	if r.FormValue("application") != "" {
		app, err := c.asked(r)
		if err != nil {
			return nil, err
		}
		apps = []*host.Application{app}
	}
	all = []ApplicationErrors{}
	for _, app := range apps {
		one := ApplicationErrors{Application: app.Path(), Errors: []engine.ErrorGroup{}}
		if runner, ok := app.Runner(); ok {
			one.Errors = append(one.Errors, runner.Errors()...)
		}
		all = append(all, one)
	}
	return all, nil
}

// errorsJSON is the error log for programs.
func (c *Console) errorsJSON(w http.ResponseWriter, r *http.Request, account string) {
	all, err := c.errors(r)
	if err != nil {
		c.fail(w, r, account, err)
		return
	}
	write(w, r, http.StatusOK, struct {
		OK           bool                `json:"ok"`
		Applications []ApplicationErrors `json:"applications"`
	}{true, all})
}

// errorsText is the error log as a file to keep.
func (c *Console) errorsText(w http.ResponseWriter, r *http.Request, account string) {
	all, err := c.errors(r)
	if err != nil {
		c.fail(w, r, account, err)
		return
	}
	var b bytes.Buffer
	now := c.cfg.now().UTC()
	fmt.Fprintf(&b, "Errors of pages, %s\n", now.Format(time.RFC3339))
	for _, one := range all {
		fmt.Fprintf(&b, "\nApplication %s\n", one.Application)
		for _, e := range one.Errors {
			fmt.Fprintf(&b, "\n%s\n  %s\n  %d times, first %s, last %s\n", placeOf(e), e.Message, e.Count,
				e.First.UTC().Format(time.RFC3339), e.Last.UTC().Format(time.RFC3339))
			if e.URL != "" {
				fmt.Fprintf(&b, "  by %s %s\n", e.Method, e.URL)
			}
			for _, frame := range e.Stack {
				fmt.Fprintf(&b, "    at %s\n", frame)
			}
		}
		if len(one.Errors) == 0 {
			b.WriteString("\nnone\n")
		}
	}
	w.Header().Set("Content-Disposition", `attachment; filename="naja-errors-`+now.Format("20060102-150405")+`.txt"`)
	answer.Body(w, r, http.StatusOK, "text/plain; charset=utf-8", b.Bytes())
}

// placeOf is where an error happened, and in what page if that isn't its file.
func placeOf(e engine.ErrorGroup) string {
	at := e.File
	if at == "" {
		at = e.Page
	}
	if e.Line > 0 {
		at += ":" + strconv.Itoa(e.Line)
	}
	if e.File != "" && e.File != e.Page {
		at += " (in " + e.Page + ")"
	}
	return at
}

// sessionsAtOnce is how many sessions are listed where n isn't given, and
// sessionsMax how many at most.
const (
	sessionsAtOnce = 100
	sessionsMax    = 1000
)

// sessionsJSON lists sessions, or shows the one that id names.
func (c *Console) sessionsJSON(w http.ResponseWriter, r *http.Request, account string) {
	result, err := c.sessions(r)
	if err != nil {
		c.fail(w, r, account, err)
		return
	}
	write(w, r, http.StatusOK, result)
}

func (c *Console) sessions(r *http.Request) (any, error) {
	app, err := c.asked(r)
	if err != nil {
		return nil, err
	}
	runner, ok := app.Runner()
	if !ok {
		return nil, host.ErrNotLoaded
	}
	if id := r.FormValue("id"); id != "" {
		one, err := runner.Session(r.Context(), id, c.cfg.ShowValues)
		return struct {
			OK          bool                 `json:"ok"`
			Application string               `json:"application"`
			Session     engine.SessionDetail `json:"session"`
		}{true, app.Path(), one}, err
	}
	n := sessionsAtOnce
	if text := r.FormValue("n"); text != "" {
		if n, err = strconv.Atoi(text); err != nil || n < 1 || n > sessionsMax {
			return nil, &problem{http.StatusBadRequest, fmt.Sprintf("n is %q; want 1 to %d", clip(text), sessionsMax)}
		}
	}
	page, err := runner.Sessions(r.Context(), r.FormValue("after"), n)
	if page.Sessions == nil {
		page.Sessions = []engine.SessionInfo{}
	}
	return struct {
		OK          bool   `json:"ok"`
		Application string `json:"application"`
		engine.SessionPage
	}{true, app.Path(), page}, err
}

// asked is the application that a request is about.
func (c *Console) asked(r *http.Request) (*host.Application, error) {
	path := r.FormValue("application")
	if path == "" {
		path = "/"
	}
	if app := c.application(path); app != nil {
		return app, nil
	}
	return nil, &problem{http.StatusNotFound, "there is no application at " + clip(path)}
}

// fail answers a look that came to nothing.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, account string, err error) {
	if errors.Is(err, store.ErrNotFound) {
		err = &problem{http.StatusNotFound, "there is no such session"}
	}
	write(w, r, failed(err), Answer{Message: err.Error()})
}
