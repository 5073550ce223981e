package config

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/najahost/naja/engine"
)

// A target is what a key writes to: a server or an application, never both.
type target struct {
	server *Server
	app    *Application
}

// A key is one setting: its name, where it may stand, how a value gets in and
// how it is written out again.
type key struct {
	name  string
	scope scope
	set   func(to target, v any) error // its error is an Error's Problem
	get   func(from target) any        // string, int64, bool or []string
}

type scope int

const (
	forServer scope = iota // top level only
	forBoth                // top level as a default, and in each application
	forTable               // in [[application]] only
)

// A zero says what 0 means for a number or a duration. The file's 0 and the
// engine's can't be the same: there, zero is a field nobody has set.
type zero int

const (
	zeroRefused zero = iota
	zeroIsNone       // engine.None
	zeroIsZero       // 0 itself
	zeroIsTiny       // as short a time as there is
)

// longest is far above any time that is meant, and far below what overflows
// when something is added to it.
const longest = 10 * 365 * 24 * time.Hour

// most is the most that a number may be: above it is a slip of the keyboard,
// or what the process would have to end of.
func most(name string) int64 {
	switch name {
	case "processor_thread_max":
		return 100_000 // apartments, which are made at the start
	case "max_header_bytes":
		return 1 << 30
	case "buffering_limit", "max_request_entity", "upload_max_request_entity", "max_form_field_size", "memory_limit", "sending_max":
		return 1 << 50 // bytes
	}
	return 1<<31 - 1
}

var (
	errBelowZero = errors.New("can't be below 0")
	errZero      = errors.New("can't be 0")
)

// stored makes of n what the target's field holds.
func (z zero) stored(n int64) (int64, error) {
	switch {
	case n < 0:
		return 0, errBelowZero
	case n > 0:
		return n, nil
	}
	switch z {
	case zeroIsNone:
		return engine.None, nil
	case zeroIsZero:
		return 0, nil
	case zeroIsTiny:
		return 1, nil
	}
	return 0, errZero
}

// shown is the opposite of stored.
func (z zero) shown(n int64) int64 {
	if z == zeroIsNone && n == engine.None || z == zeroIsTiny && n == 1 {
		return 0
	}
	return n
}

func wrong(v any, want string) error {
	return fmt.Errorf("%s; want %s", describe(v), want)
}

// text is a key that takes a text; check, which may be nil, refuses some.
func text(name string, scope scope, want string, check func(string) error, field func(target) *string) key {
	return key{
		name: name, scope: scope,
		set: func(to target, v any) error {
			s, ok := asText(v)
			switch {
			case !ok && strings.Contains(want, `"`):
				return wrong(v, want)
			case !ok:
				return wrong(v, want+", in quotes")
			}
			if check != nil {
				if err := check(s); err != nil {
					return fmt.Errorf("%w; want %s", err, want)
				}
			}
			*field(to) = s
			return nil
		},
		get: func(from target) any { return *field(from) },
	}
}

func number[T int | int64](name string, scope scope, want string, z zero, field func(target) *T) key {
	return key{
		name: name, scope: scope,
		set: func(to target, v any) error {
			n, ok := plain(v).(int64)
			if !ok || int64(T(n)) != n {
				return wrong(v, want)
			}
			if n > most(name) {
				return fmt.Errorf("%d is more than the %d that it may be; want %s", n, most(name), want)
			}
			n, err := z.stored(n)
			if err != nil {
				return fmt.Errorf("%w; want %s", err, want)
			}
			*field(to) = T(n)
			return nil
		},
		get: func(from target) any { return z.shown(int64(*field(from))) },
	}
}

func duration(name string, scope scope, z zero, example string, field func(target) *time.Duration) key {
	want := fmt.Sprintf("a duration with its unit, such as %q", example)
	return key{
		name: name, scope: scope,
		set: func(to target, v any) error {
			text, ok := asText(v)
			if !ok {
				return wrong(v, want)
			}
			d, err := time.ParseDuration(text)
			if err != nil {
				return fmt.Errorf("%q is not a duration; want %s", text, want)
			}
			if d > longest {
				return fmt.Errorf("%s is more than the %dh that it may be; want %s", text, longest/time.Hour, want)
			}
			n, err := z.stored(int64(d))
			if err != nil {
				return fmt.Errorf("%w; want %s", err, want)
			}
			*field(to) = time.Duration(n)
			return nil
		},
		get: func(from target) any {
			return formatDuration(time.Duration(z.shown(int64(*field(from)))))
		},
	}
}

// truth is a key for a bool; the engine stores some of them the other way
// round, so that its zero value is the default.
func truth(name string, inverted bool, field func(target) *bool) key {
	return key{
		name: name, scope: forBoth,
		set: func(to target, v any) error {
			b, ok := plain(v).(bool)
			if !ok {
				return wrong(v, "true or false")
			}
			*field(to) = b != inverted
			return nil
		},
		get: func(from target) any { return *field(from) != inverted },
	}
}

func list(name string, want string, field func(target) *[]string) key {
	return key{
		name: name, scope: forBoth,
		set: func(to target, v any) error {
			items, ok := asList(v)
			if !ok {
				return wrong(v, want)
			}
			*field(to) = items
			return nil
		},
		get: func(from target) any { return *field(from) },
	}
}
