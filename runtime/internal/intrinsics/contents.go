package intrinsics

import (
	"strconv"
	"strings"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// contents are what Session and Application keep, and their Contents.
type contents struct {
	*Page
	scope   Scope
	kept    *Contents
	statics *Statics
}

// keys are the names in it.
func (c *contents) keys() []string {
	if c.scope == InApplication {
		return c.Application.Keys()
	}
	return c.Session.Keys()
}

// item reads what is kept under a name, Empty when there is nothing.
func (c *contents) item(args component.Args) (variant.Value, error) {
	if err := c.touch(); err != nil {
		return variant.Empty, err
	}
	key, err := c.keyOf(args.At(0), c.keys)
	if err != nil {
		return variant.Empty, err
	}
	var o *component.Live
	var live, ok bool
	var raw []byte
	if c.scope == InApplication {
		if o, live = c.Application.Object(key); !live {
			raw, ok = c.Application.Get(key)
		}
	} else if o, live = c.Session.Object(key); !live {
		raw, ok = c.Session.Get(key)
	}
	switch {
	case live && o == nil:
		return variant.Empty, asp.New(asp.CodeNotAllowed, c.quoted(key)+": "+ElsewhereText)
	case live:
		return c.Program.Live(o), nil
	case ok:
		return c.Program.Load(c.scope, key, raw)
	}
	return variant.Empty, nil
}

// touch begins a session that doesn't exist yet.
func (c *contents) touch() error {
	if s, ok := c.Session.(interface{ Touch() error }); ok && c.scope == InSession {
		return s.Touch()
	}
	return nil
}

// setItem keeps a value: a component by reference, anything else by copy, so that
// the next read makes a copy of its own.
func (c *contents) setItem(args component.Args, v variant.Value) error {
	key, err := c.keyOf(args.At(0), c.keys)
	if err != nil {
		return err
	}
	if o := c.Program.LiveOf(v); o != nil {
		c.Program.Forget(c.scope, key)
		if c.scope == InApplication {
			err = c.Application.SetObject(c.Program.Waits(), key, o)
		} else {
			err = c.Session.SetObject(key, o)
		}
		if err == nil {
			c.Program.Kept(o)
		}
		return err
	}
	raw, err := c.store(key, v)
	if err != nil {
		return err
	}
	if c.scope == InApplication {
		err = c.Application.Set(c.Program.Waits(), key, raw)
	} else {
		err = c.Session.Set(key, raw)
	}
	switch {
	case err != nil:
	case c.scope == InSession:
		c.Program.Keep(key, raw, v)
	default:
		c.Program.Forget(c.scope, key)
	}
	return err
}

// store is the form in which a value is kept; ASP has a code of its own for what
// Application may not hold.
func (c *contents) store(key string, v variant.Value) ([]byte, error) {
	raw, err := c.Program.Store(c.quoted(key), v)
	if e, ok := err.(*asp.Error); ok && c.scope == InApplication {
		e.Code = 197
	}
	return raw, err
}

// quoted is how messages name an item.
func (c *contents) quoted(key string) string { return Quoted(c.scope, key) }

// Quoted is how messages name an item of a scope.
func Quoted(s Scope, key string) string { return s.String() + "(" + strconv.Quote(clip(key)) + ")" }

func (c *contents) remove(key string) error {
	c.Program.Forget(c.scope, key)
	if c.scope == InApplication {
		return c.Application.Remove(c.Program.Waits(), key)
	}
	return c.Session.Remove(key)
}

func (c *contents) removeAll() error {
	c.Program.ForgetAll(c.scope)
	if c.scope == InApplication {
		return c.Application.RemoveAll(c.Program.Waits())
	}
	return c.Session.RemoveAll()
}

// enum walks over the names.
func (c *contents) enum() (component.Enum, error) {
	if err := c.touch(); err != nil {
		return nil, err
	}
	return component.Texts(c.keys()), nil
}

// contentsObject is the member Contents.
func (c *contents) contentsObject() variant.Value {
	return component.Of(once(&c.kept, c, func(c *contents) *Contents { return &Contents{c} }))
}

// staticObjects is the member StaticObjects.
func (c *contents) staticObjects() variant.Value {
	return component.Of(once(&c.statics, c, func(c *contents) *Statics {
		return &Statics{c.Page, c.scope, c.Program.Declarations(c.scope)}
	}))
}

// Contents is Session.Contents and Application.Contents.
type Contents struct{ *contents }

// Class is its table.
func (c *Contents) Class() *component.Class { return contentsClasses[c.scope] }

var contentsClasses = [...]*component.Class{InSession: contentsClass("Session.Contents"), InApplication: contentsClass("Application.Contents")}

func contentsClass(name string) *component.Class {
	return component.Make(component.Class{
		Name: name,
		Members: []component.Member{
			component.Indexed("Item", "(name)", "any", (*Contents).item, (*Contents).setItem),
			countedProperty("Count", "number", func(c *Contents) (variant.Value, error) {
				err := c.touch()
				return numbers(len(c.keys())), err
			}),
			component.Method("Key", "(i)", "text", func(c *Contents, args component.Args) (variant.Value, error) {
				if err := c.touch(); err != nil {
					return variant.Empty, err
				}
				i, err := c.number(args.At(0))
				if err != nil {
					return variant.Empty, err
				}
				return texts(nth(c.keys(), i))
			}),
			component.Action("Remove", "(name)", func(c *Contents, args component.Args) error {
				key, err := c.keyOf(args.At(0), c.keys)
				if err != nil {
					return err
				}
				return c.remove(key)
			}),
			component.Action("RemoveAll", "()", func(c *Contents, _ component.Args) error { return c.removeAll() }),
		},
		Default: "Item",
		Enum:    func(o component.Object) (component.Enum, error) { return o.(*Contents).enum() },
		Keyed:   true,
	})
}

// countedProperty is a property for reading that pages write with parentheses
// behind.
func countedProperty[T component.Object](name, gives string, get func(T) (variant.Value, error)) component.Member {
	return counted(component.Property(name, gives, get, nil))
}

// Statics is StaticObjects of a scope: what global.asa declares.
type Statics struct {
	*Page
	scope Scope
	ids   []string
}

// Class is its table.
func (s *Statics) Class() *component.Class { return staticsClasses[s.scope] }

func (s *Statics) page() *Page { return s.Page }

func (s *Statics) names() []string { return s.ids }

var staticsClasses = [...]*component.Class{InSession: staticsClass("Session.StaticObjects"), InApplication: staticsClass("Application.StaticObjects")}

func staticsClass(name string) *component.Class {
	return component.Make(component.Class{
		Name: name,
		Members: []component.Member{
			component.Indexed("Item", "(name)", "any",
				func(s *Statics, args component.Args) (variant.Value, error) {
					id, err := s.keyOf(args.At(0), s.names)
					if err != nil {
						return variant.Empty, err
					}
					for _, known := range s.ids {
						if strings.EqualFold(known, id) {
							return s.Program.Declared(known)
						}
					}
					return variant.Empty, nil
				},
				func(*Statics, component.Args, variant.Value) error { return asp.New(226, "") }),
			countMember(func(s *Statics) int { return len(s.ids) }),
			keyMember((*Statics).page, (*Statics).names),
		},
		Default: "Item",
		Enum:    func(o component.Object) (component.Enum, error) { return component.Texts(o.(*Statics).ids), nil },
		Keyed:   true,
	})
}
