package runtime

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/nearest"
)

// member is one member of an intrinsic: a property with get and maybe set, or
// a method.
type member struct {
	name string
	get  func(h *host) goja.Value
	set  func(h *host, v goja.Value)
	call func(h *host, args []goja.Value) goja.Value
	// put assigns to a call of the member: dictionary.Key("old") = "new".
	put func(h *host, args []goja.Value, v goja.Value)
	// bare says that a method needs no argument: where it is read without
	// being called, it is called (bare.go).
	bare bool
	// indexed members are collections with arguments: Session.Contents("x")
	// works because what get returns can be called.
	index int
}

// class is the member table of one kind of intrinsic. It is made once and
// never changes.
type class struct {
	name    string
	exact   map[string]*member
	folded  map[string]*member
	ordered []*member
	of      *component.Class // the table that it was made of; nil for the language's own
}

// newClass makes a table.
func newClass(name string, members ...member) *class {
	c := &class{name: name, exact: make(map[string]*member, len(members)), folded: make(map[string]*member, len(members))}
	for i := range members {
		m := &members[i]
		m.index = i
		c.exact[m.name] = m
		c.folded[strings.ToLower(m.name)] = m
		c.ordered = append(c.ordered, m)
	}
	return c
}

// find looks a member up, without regard to case when its own spelling
// misses.
func (c *class) find(key string) *member {
	if m := c.exact[key]; m != nil {
		return m
	}
	if len(key) > 40 {
		return nil
	}
	return c.folded[strings.ToLower(key)]
}

// nearest is the member whose name a mistyped one is closest to, "" when none
// is close.
func (c *class) nearest(key string) string {
	names := make([]string, len(c.ordered))
	for i, m := range c.ordered {
		names[i] = m.name
	}
	return nearest.Of(key, names)
}

// property, constant and method are the three ways to write a row.
func property(name string, get func(*host) goja.Value, set func(*host, goja.Value)) member {
	return member{name: name, get: get, set: set}
}

func readOnly(name string, get func(*host) goja.Value) member { return member{name: name, get: get} }

func method(name string, call func(*host, []goja.Value) goja.Value) member {
	return member{name: name, call: call}
}

// action is a method that needs no argument.
func action(name string, call func(*host, []goja.Value) goja.Value) member {
	return member{name: name, call: call, bare: true}
}
