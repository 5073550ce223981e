package runtime

import "github.com/najahost/naja/component"

// What pages can create, and who may call it; see package component.
type (
	// Component is what pages can create by a ProgID.
	Component = component.Component
	// Threading says who may call a component.
	Threading = component.Threading
	// An Object is one live component.
	Object = component.Live
)

// The threading models.
const (
	PerRequest = component.PerRequest
	Apartment  = component.Apartment
	Agile      = component.Agile
)

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
