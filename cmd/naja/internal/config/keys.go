package config

import (
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/najahost/naja/internal/setting"
)

// A target is what a key writes to: the server's settings and an application's,
// of which a key of the other one needs none.
type target struct {
	server *Server
	app    *Application
}

// A key is a line of the table of settings: where it may stand, how a value gets
// in and how it is written out again.
type key struct {
	setting.Setting
	name  string
	scope scope
	set   func(to target, v any) error // its error is an Error's Problem
	get   func(from target) any        // string, int64, bool or []string
}

type scope setting.Scope

const (
	forServer = scope(setting.TopLevel) // top level only
	forBoth   = scope(setting.Both)     // top level as a default, and in each application
	forTable  = scope(setting.InTable)  // in [[application]] only
)

// keys lists every setting, in the order in which they are documented and
// written out. Whatever the owner of a setting checks itself isn't checked here.
// The list is everybody's: nobody changes it.
func keys() []key { return allKeys() }

var allKeys = sync.OnceValue(func() (all []key) {
	for _, s := range setting.All() {
		all = append(all, keyOf(s))
	}
	return all
})

// keyOf makes a key of a line of the table, as its field's type wants it.
func keyOf(s setting.Setting) key {
	k := key{Setting: s, name: s.Name, scope: scope(s.Scope)}
	switch s.Pointer(owner(target{new(Server), new(Application)}, s.Of)).(type) {
	case *string:
		k.text(field[string](s))
	case *int:
		number(&k, field[int](s))
	case *int64:
		number(&k, field[int64](s))
	case *time.Duration:
		k.duration(field[time.Duration](s))
	case *bool:
		k.truth(field[bool](s))
	case *[]string:
		k.list(field[[]string](s))
	case *Secret:
		k.secret(field[Secret](s))
	case *[]netip.Prefix:
		k.prefixes(field[[]netip.Prefix](s))
	case *slog.Level:
		k.level(field[slog.Level](s))
	default:
		panic(fmt.Sprintf("setting %s: there is no kind of key for its field", s.Name)) // which the tests would meet
	}
	switch hide := k.get; s.Name {
	case "state", "mail.relay":
		k.get = func(from target) any { return Masked(hide(from).(string)) }
	case "worker_environment":
		k.get = func(from target) any { return maskedPairs(hide(from).([]string)) }
	}
	return k
}

// owner is the struct of a target that has an owner's fields.
func owner(t target, of setting.Owner) any {
	switch of {
	case setting.Server:
		return t.server
	case setting.Engine:
		return &t.app.Config
	case setting.Host:
		return &t.app.Hosting
	case setting.Worker:
		return &t.app.Worker
	case setting.Session:
		return &t.app.Session
	case setting.Mail:
		return &t.app.Mail
	}
	return t.app
}

// field finds the setting's field in a target.
func field[T any](s setting.Setting) func(target) *T {
	return func(t target) *T { return s.Pointer(owner(t, s.Of)).(*T) }
}

// texts are the formats of texts that a plain type doesn't have, beside those
// that the owner of the setting checks itself.
func texts(name string) func(string) error {
	switch name {
	case "addr":
		return checkAddr
	case "admin_addr":
		return orEmpty(checkAddr)
	case "public_url":
		return orEmpty(checkSite)
	case "path":
		return checkMount
	case "root", "session_cookie", "script_error_message":
		return notEmpty
	case "state":
		return checkState
	case "session.cookie_domain":
		return checkDomain
	case "mail.relay":
		return orEmpty(checkRelay)
	case "mail.password":
		return orEmpty(checkReference)
	}
	return func(string) error { return nil }
}
