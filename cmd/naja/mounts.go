package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/najahost/naja/internal/answer"
)

// A site is one application that is served. *engine.Engine is one.
type site interface {
	http.Handler
	// Shutdown ends the sessions and the application; no request comes after
	// it. Those that still run when ctx has ended are cut off.
	Shutdown(context.Context) error
}

// A mount is a site at a URL prefix: "/" or "/shop".
type mount struct {
	path string
	site site
}

// mounts hands each request to the site with the longest prefix. The sites
// share nothing, and take their prefix off themselves.
type mounts []mount

// nobodysPatience is for how long a client whose request is for no application
// may go on sending it.
const nobodysPatience = 10 * time.Second

// handler hands requests to the sites that m has now.
func (m mounts) handler() http.Handler {
	longestFirst := slices.SortedStableFunc(slices.Values(m), func(a, b mount) int { return len(b.path) - len(a.path) })
	linger := new(answer.Linger)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, mount := range longestFirst {
			if mount.holds(r.URL.Path) {
				mount.site.ServeHTTP(w, r)
				return
			}
		}
		answer.Text(w, r, http.StatusNotFound, answer.Plain, "404 page not found\n")
		linger.Read(w, r, nobodysPatience)
	})
}

func (m mount) holds(path string) bool {
	rest, ok := strings.CutPrefix(path, m.path)
	return m.path == "/" || ok && (rest == "" || rest[0] == '/')
}

// hosted are the applications that an operator may look after.
func (m mounts) hosted() (list []hosted) {
	for _, mount := range m {
		if h, ok := mount.site.(hosted); ok {
			list = append(list, h)
		}
	}
	return list
}

// drain refuses what would have to be waited for.
func (m mounts) drain() {
	for _, app := range m.hosted() {
		app.Drain()
	}
}

// headStart is how long a site may take to end before the next one begins to.
const headStart = 50 * time.Millisecond

// shutdown ends all sites, in the reverse of their order, and goes on after an
// error. One that takes long takes no other's time.
func (m mounts) shutdown(ctx context.Context) error {
	errs := make([]error, len(m))
	var ending sync.WaitGroup
	for i, mount := range slices.Backward(m) {
		done := make(chan struct{})
		ending.Go(func() {
			defer close(done)
			if err := mount.site.Shutdown(ctx); err != nil {
				errs[len(m)-1-i] = fmt.Errorf("end the application at %s: %w", mount.path, err)
			}
		})
		select {
		case <-done:
		case <-time.After(headStart):
		}
	}
	ending.Wait()
	return errors.Join(errs...)
}
