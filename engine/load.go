package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/engine/internal/site"
)

// Loaded is what [Engine.Load] did.
type Loaded struct {
	Pages      int      `json:"pages"`      // that are compiled now
	Broken     []string `json:"broken"`     // pages that don't compile, and why
	Skipped    int      `json:"skipped"`    // pages past script_file_cache_size, compiled when they are asked for
	Apartments int      `json:"apartments"` // that were warmed
	Took       Seconds  `json:"took_seconds"`
}

// Load makes the application ready before its first request: Application_OnStart
// runs, unless it has, every page is compiled, as many as the cache keeps, and
// each idle apartment has its goroutine and has made a script engine once. The
// error says why the application can't serve; pages that don't compile are no
// error.
func (e *Engine) Load(ctx context.Context) (Loaded, error) {
	began := time.Now()
	if _, err := e.life.ready(ctx); err != nil {
		return Loaded{}, fmt.Errorf("starting the application: %w", err)
	}
	var l Loaded
	if err := e.compileAll(ctx, &l); err != nil {
		return l, fmt.Errorf("compiling the pages: %w", err)
	}
	var idle []apartment.State
	for _, a := range e.apartments.Status().Apartments {
		if !a.InUse {
			idle = append(idle, a)
		}
	}
	var err error
	l.Apartments, _, err = e.exercise(ctx, idle)
	l.Took = Seconds(time.Since(began))
	return l, err
}

// compileAll puts every page into the cache that may be asked for.
func (e *Engine) compileAll(ctx context.Context, l *Loaded) error {
	room := e.pages.Room()
	return e.site.Walk(func(name string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case name == ".":
			return err
		case err != nil:
			return nil // nor can it be served
		case site.OddName(path.Base(name)) || site.Hidden(name):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || !strings.EqualFold(path.Ext(name), ".asp"):
			return nil
		case l.Pages+len(l.Broken) >= room:
			l.Skipped++
			return nil
		}
		if _, err := e.pages.Get(name); err != nil {
			l.Broken = append(l.Broken, err.Error())
			return nil
		}
		l.Pages++
		return nil
	})
}

// Refresh looks at all files again now, whatever check_interval says: after
// they were replaced, or when a watcher has seen a change. A global.asa that
// changed ends the application and starts it anew. The error is what is wrong
// with global.asa; pages are looked at when they are asked for.
func (e *Engine) Refresh(ctx context.Context) error {
	e.routes.Forget()
	e.pages.Forget()
	e.modules.Forget()
	if err := e.life.lookNow(ctx, true); err != nil {
		return err
	}
	if problem := e.life.problem(); problem != "" {
		return errors.New(problem)
	}
	return nil
}
