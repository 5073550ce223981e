package setting

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// A Setting is one line of the table.
type Setting struct {
	// Name is what it is called in a file.
	Name string
	// Of is whose field it fills, and Field the field's name there.
	Of    Owner
	Field string
	// Engine is the field of engine.Config that says the same, where Of is
	// another; with EngineZero the default isn't its, whose zero means something.
	Engine     string
	EngineZero bool
	// Inverted is for a bool whose field says the opposite, so that its zero
	// value is the default.
	Inverted bool
	// Scope is where it may stand.
	Scope Scope

	// Default is of the field's type, or a number. nil: the zero value, or what
	// the field's owner makes of other settings, which DefaultIs tells then.
	Default   any
	DefaultIs string
	// Zero is what 0 means for a number or a duration.
	Zero Zero
	// Least and Most bound a number, beside what Zero allows. 0 is what is usual
	// for its kind.
	Least, Most int64
	// OneOf are the texts that it can be; Fold takes them in any case.
	OneOf []string
	Fold  bool
	// Path says that it is the path of a file or a folder, relative to that of
	// the file that it stands in.
	Path bool

	// Want says in an error what would be right. Default: what fits its type.
	Want string
	// Such is the example of a duration whose default is 0.
	Such string

	// When is when a change of it counts.
	When When
	// Needs are what must hold for it to mean anything.
	Needs []Need
	// Doc is what docs/configuration.md says of it, in Markdown.
	Doc string
}

// An Owner is a struct with fields for settings.
type Owner int

// The owners.
const (
	Server      Owner = iota // the command's, for the process
	Engine                   // engine.Config
	Host                     // host.Config
	Worker                   // isolate.Config
	Application              // the command's, for an application
	Session                  // the command's, for [session]
	Mail                     // the command's, for [mail]
)

// A Scope is where in a file a setting may stand.
type Scope int

// The scopes.
const (
	Both     Scope = iota // at the top level as a default, and in each application
	TopLevel              // at the top level alone
	InTable               // in [[application]] alone
)

// A Zero says what 0 in a file means for a number or a duration. It can't be the
// 0 of a Config of Go: there, zero is a field that nobody has set.
type Zero int

// The meanings of zero.
const (
	Refused Zero = iota
	IsNone       // None
	Itself       // 0 too
	Tiny         // as short a time as there is; None in Go is never
)

// None is engine.None.
const None = -1

// A When says when a change of a setting counts.
type When int

// The times.
const (
	Loaded  When = iota // when the application is loaded again
	Now                 // at once
	Started             // when the process is started again
)

// A Need is what a setting needs beside it to mean anything, as errors and
// documents name it.
type Need string

// The needs, in the order in which they are looked at.
const (
	AdminAddr    Need = "admin_addr"
	Proxies      Need = "trusted_proxies"
	StateFile    Need = `state = "sqlite:PATH"`
	ServerKeeps  Need = `sessions that the server keeps, not session.store = "cookie"`
	UpdateSource Need = "update_source"
	Process      Need = `isolation = "process"`
	Pings        Need = "a ping_interval that isn't 0"
	RapidFails   Need = "rapid_fail_crashes that aren't 0"
	Gorilla      Need = `session.provider = "gorilla"`
	SCS          Need = `session.provider = "scs"`
	Library      Need = `session.provider = "scs" or "gorilla"; naja's own sessions have session.cookie_max_age`
	Naja         Need = `session.provider = "naja"; the others have session.cookie_persist`
)

// Needs lists them.
func Needs() []Need {
	return []Need{AdminAddr, Proxies, StateFile, ServerKeeps, UpdateSource, Process, Pings, RapidFails, Gorilla, SCS, Library, Naja}
}

// In lists the settings that owner has a field of.
func In(owner Owner) (list []Setting) {
	for _, s := range All() {
		if s.field(owner) != "" {
			list = append(list, s)
		}
	}
	return list
}

// Find is the setting of a name; ok is false if there is none.
func Find(name string) (s Setting, ok bool) {
	for _, s := range All() {
		if s.Name == name {
			return s, true
		}
	}
	return s, false
}

// Counts says when a change of the setting in a file counts: one of the server
// when the process is started again, whatever an engine could do.
func (s Setting) Counts() When {
	if s.Scope == TopLevel {
		return Started
	}
	return s.When
}

func (s *Setting) field(of Owner) string {
	switch of {
	case s.Of:
		return s.Field
	case Engine:
		return s.Engine
	}
	return ""
}

// value is the setting's field in the struct that c points to, which is of's.
func (s *Setting) value(of Owner, c any) reflect.Value {
	return reflect.ValueOf(c).Elem().FieldByName(s.field(of))
}

// Pointer points to the setting's field in the struct that c points to, which is
// that of s.Of.
func (s Setting) Pointer(c any) any { return s.value(s.Of, c).Addr().Interface() }

// Take makes the setting in to that in from, which are both of's, and says
// whether it was another.
func (s Setting) Take(of Owner, to, from any) bool {
	a, b := s.value(of, to), s.value(of, from)
	if reflect.DeepEqual(a.Interface(), b.Interface()) {
		return false
	}
	a.Set(b)
	return true
}

// Fill gives the fields of the struct that c points to, which is of's, their
// defaults where they are zero, and lists of their own.
func Fill(of Owner, c any) {
	for _, s := range In(of) {
		if s.Of != of && s.EngineZero {
			continue
		}
		field := s.value(of, c)
		def := reflect.ValueOf(s.Default)
		switch {
		case field.Kind() == reflect.Slice && s.Default != nil:
			if !field.IsNil() {
				def = field
			}
			field.Set(reflect.AppendSlice(reflect.MakeSlice(field.Type(), 0, def.Len()), def))
		case s.Default != nil && !s.Inverted && field.IsZero():
			field.Set(def.Convert(field.Type()))
		}
	}
}

// Check looks at the numbers, the durations and the words in the struct that c
// points to, which is of's and has its defaults: it returns the name of the first
// that can't be used, and why; "" if there is none.
func Check(of Owner, c any) (name, problem string) {
	for _, s := range In(of) {
		switch v := s.value(of, c).Interface().(type) {
		case int:
			problem = s.inForce(int64(v))
		case int64:
			problem = s.inForce(v)
		case time.Duration:
			if problem = s.inForce(int64(v)); v < 0 && problem != "" {
				problem = fmt.Sprintf("%v is negative", v)
			}
		case string:
			if !s.Knows(v) {
				problem = fmt.Sprintf("%q is not one of %s", v, strings.Join(s.OneOf, ", "))
			}
		}
		if problem != "" {
			return s.Name, problem
		}
	}
	return "", ""
}

// inForce says what is wrong with a number as fields have it, "" for nothing.
func (s *Setting) inForce(n int64) string {
	if n == 0 || n == None && (s.Zero == IsNone || s.Zero == Tiny) {
		return "" // nobody has set it, or it is none
	}
	return s.Problem(n, "")
}

// Knows says that a text is one of those that the setting can be.
func (s Setting) Knows(text string) bool {
	return s.OneOf == nil || slices.ContainsFunc(s.OneOf, func(one string) bool {
		return one == text || s.Fold && strings.EqualFold(one, text)
	})
}

// The most that a number or a duration may be, where its line doesn't say: above
// it is a slip of the keyboard, or what the process would have to end of; and far
// below what overflows when something is added to it.
const (
	mostNumber = 1<<31 - 1
	mostBytes  = 1 << 50
	mostHours  = 10 * 365 * 24
)

// Problem says what is wrong with a number other than 0, or with a duration in
// nanoseconds that somebody has written as text; "" for nothing.
func (s Setting) Problem(n int64, text string) string {
	_, isTime := s.Default.(time.Duration)
	least, most := s.Least, s.Most
	if least == 0 && s.Zero == Refused {
		least = 1
	}
	switch {
	case isTime || s.Such != "":
		if n > int64(mostHours*time.Hour) {
			return fmt.Sprintf("%s is more than the %dh that it may be", cmp.Or(text, time.Duration(n).String()), mostHours)
		}
		most = n
	case most == 0:
		most = mostNumber
	}
	switch {
	case n < max(least, 0):
		return fmt.Sprintf("%d is too small; the least is %d", n, least)
	case n > most:
		return fmt.Sprintf("%d is more than the %d that it may be", n, most)
	}
	return ""
}
