package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/sqlite"
)

// A backend is a kind of place for sessions and Application. Everything that
// depends on the kind asks for its row of the table.
type backend struct {
	scheme string
	form   string // of the setting, for messages
	// open opens what the engine is to keep its state in. nil: the engine keeps
	// it by itself.
	open func(ctx context.Context, app *config.Application, at config.Place) (openedBackend, error)
	// tend opens what is there already, while it is served or not. nil: nobody
	// outside can see it.
	tend func(ctx context.Context, app *config.Application, at config.Place) (tended, error)
}

// An openedBackend is closed after the engine over it.
type openedBackend interface {
	store.Backend
	io.Closer
}

// A tended backend is one that an operator looks after.
type tended struct {
	openedBackend
	// compact gives back the room that isn't used, and says what came of it. nil:
	// there is no such thing.
	compact func(context.Context) (said string, err error)
}

// backends are those that this version can serve.
func backends() []backend {
	return []backend{
		{scheme: "memory", form: "memory"},
		{scheme: "sqlite", form: "sqlite:PATH", open: openSQLite, tend: tendSQLite},
	}
}

// backendOf is the row for a setting.
func backendOf(state string) (b backend, at config.Place, ok bool) {
	at = config.PlaceOf(state)
	for _, b := range backends() {
		if b.scheme == at.Scheme {
			return b, at, true
		}
	}
	return backend{}, at, false
}

// unavailable says that a setting is good but that this version can't serve
// it, "" if it can.
func unavailable(state string) string {
	if _, _, ok := backendOf(state); ok {
		return ""
	}
	all := forms(func(backend) bool { return true })
	return fmt.Sprintf("%q is not available in this version; want \"%s\"", config.Masked(state), strings.Join(all, `" or "`))
}

// forms are the settings of some backends.
func forms(which func(backend) bool) (list []string) {
	for _, b := range backends() {
		if which(b) {
			list = append(list, b.form)
		}
	}
	return list
}

func openSQLite(ctx context.Context, app *config.Application, at config.Place) (openedBackend, error) {
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	return sqlite.Open(ctx, sqlite.Config{Path: at.Rest, Application: app.Path, Relaxed: app.Durable == "relaxed"})
}

func tendSQLite(ctx context.Context, app *config.Application, at config.Place) (tended, error) {
	db, err := sqlite.Open(ctx, sqlite.Config{Path: at.Rest, Application: app.Path, Existing: true})
	return tended{db, func(ctx context.Context) (string, error) {
		sizes, err := db.Compact(ctx)
		return fmt.Sprintf("%s: %d bytes, before %d", db.Path(), sizes.After, sizes.Before), err
	}}, err
}
