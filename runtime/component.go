package runtime

import "context"

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

// A Component is a Go type that pages can create by a ProgID.
type Component struct {
	// New makes one. Its exported methods and fields are the members that
	// pages see, without regard to case; a method's last result may be an
	// error, which is thrown to the page. ctx ends with the request, and when
	// its script is stopped; so does that of a method whose first parameter
	// is a context.
	New func(ctx context.Context) (any, error)
	// Threading says who may call it. The zero value is the safe one.
	Threading Threading
}

// An Object is one live component.
type Object struct {
	ProgID    string
	Threading Threading
	Instance  any
	// Home names the apartment that made it: only that one may call an
	// Apartment component.
	Home int
}

// Scope is where an <object> declaration lives.
type Scope int

// The scopes of <object runat=server>.
const (
	ScopePage Scope = iota
	ScopeSession
	ScopeApplication
)

// An ObjectDecl is one <object runat=server> declaration.
type ObjectDecl struct {
	ID     string
	ProgID string
	Scope  Scope
	File   string
	Line   int
}
