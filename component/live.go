package component

import (
	"context"
	"log/slog"
)

// Threading says who may call a component: COM's threading models, reduced to
// the three that mean something here.
type Threading int

const (
	// PerRequest components die with the request that made them. They can't
	// be kept in Session or Application.
	PerRequest Threading = iota
	// Apartment components may only be called by the apartment that made
	// them (COM's "Apartment"). Kept in Session they pin the session to that
	// apartment; in Application they are refused (ASP 0197).
	Apartment
	// Agile components are safe for any goroutine ("Both" with the free
	// threaded marshaler). They may be kept anywhere.
	Agile
)

// String is the threading model's name in messages.
func (t Threading) String() string {
	switch t {
	case Apartment:
		return "apartment-threaded"
	case Agile:
		return "agile"
	}
	return "per-request"
}

// A Component is what pages can create by a ProgID: by New or by Make.
type Component struct {
	// New makes one of any Go type. Its exported methods and fields are the
	// members that pages see, without regard to case; a method's last result
	// may be an error, which is thrown to the page. ctx ends with the request,
	// and when its script is stopped; so does that of a method whose first
	// parameter is a context.
	New func(ctx context.Context) (any, error)
	// Make makes one that has a table of members, and is told what is around
	// it. It is used where it is set.
	Make func(env Env) (Object, error)
	// Threading says who may call it. The zero value is the safe one.
	Threading Threading
}

// A Live component is one that was made.
type Live struct {
	ProgID    string
	Threading Threading
	Instance  any // what New gave, or an [Object]
	// Home names the apartment that made it: only that one may call an
	// Apartment component.
	Home int
}

// Env is what is around a component when it is made: the request, the page and
// what they may. It belongs to the request; a component that is kept longer
// keeps nothing of it but Log.
type Env interface {
	Context() context.Context // ends with the request, and when its script is stopped
	MapPath(path string) (string, error)
	Page() string      // the page's virtual path
	UserAgent() string // the client's; "" in an event
	LCID() int
	CodePage() int
	Log() *slog.Logger // never nil
}

// End says how a scope came to its end.
type End int

const (
	// Finished: the page ended by itself, the session or the application did.
	Finished End = iota
	// Failed: by an error, a timeout or an operator; what isn't finished is
	// given up.
	Failed
)

// A Closer is told when the request that made it has ended, in whatever way: once,
// on its apartment's goroutine, in the reverse order of making. Its error is
// logged. What it waits for holds up the apartment. What Session or Application
// keeps isn't told.
type Closer interface {
	Close(End) error
}
