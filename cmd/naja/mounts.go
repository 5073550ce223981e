package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A site is one application that is served. *engine.Engine is one.
type site interface {
	http.Handler
	// Shutdown ends the sessions and the application; no request runs when it
	// is called, nor comes after it.
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

// ordered returns m with the longest prefix first.
func (m mounts) ordered() mounts {
	return slices.SortedStableFunc(slices.Values(m), func(a, b mount) int { return len(b.path) - len(a.path) })
}

func (m mounts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, mount := range m {
		if mount.holds(r.URL.Path) {
			mount.site.ServeHTTP(w, r)
			return
		}
	}
	http.NotFound(w, r)
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

// shutdown ends all sites, in the reverse of their order, and goes on after
// an error.
func (m mounts) shutdown(ctx context.Context) error {
	var errs []error
	for _, mount := range slices.Backward(m) {
		if err := mount.site.Shutdown(ctx); err != nil {
			errs = append(errs, fmt.Errorf("end the application at %s: %w", mount.path, err))
		}
	}
	return errors.Join(errs...)
}
