package runtime

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// declaration finds the <object> with the given id: those of the page first.
func (sc *script) declaration(id string) (ObjectDecl, bool) {
	for _, o := range sc.prog.objects {
		if o.ID == id {
			return o, true
		}
	}
	for _, o := range sc.env.Objects {
		if o.ID == id {
			return o, true
		}
	}
	return ObjectDecl{}, false
}

func (sc *script) isDeclared(id string) bool {
	_, ok := sc.declaration(id)
	return ok
}

// declared is the object of a declaration, made when a page first names it;
// nil when there is no such declaration.
func (sc *script) declared(id string) goja.Value {
	if v := sc.objects[id]; v != nil {
		return v
	}
	decl, ok := sc.declaration(id)
	if !ok {
		return nil
	}
	o, err := sc.env.Host.StaticObject(sc.waits(), decl)
	sc.check(err)
	v := sc.newComponent(o)
	if sc.objects == nil {
		sc.objects = make(map[string]goja.Value)
	}
	sc.objects[id] = v
	return v
}

// live is a component kept in Session or Application: the same script object
// for the whole page.
func (sc *script) live(of, key string, o *Object) goja.Value {
	id := of + "\x00" + strings.ToLower(key)
	if v := sc.objects[id]; v != nil {
		if h := sc.hostOf(v); h != nil && h.self == any(o) {
			return v
		}
	}
	v := sc.newComponent(o)
	if sc.objects == nil {
		sc.objects = make(map[string]goja.Value)
	}
	sc.objects[id] = v
	return v
}

// componentOf is the component behind a value, nil when it is none. One with a
// value of its own, a field of a recordset, stands for that.
func (sc *script) componentOf(v goja.Value) *Object {
	if h := sc.hostOf(v); h != nil && h.primitive == nil {
		if o, ok := h.self.(*Object); ok {
			return o
		}
	}
	return nil
}

// staticClass is StaticObjects; self is the list of declarations.
func staticClass(name string) *class {
	return newClass(name,
		itself("Item"),
		readOnly("Count", func(h *host) goja.Value { return h.count(len(h.self.([]string))) }),
		method("Key", func(h *host, args []goja.Value) goja.Value {
			return h.vm.ToValue(h.keyOf(func() []string { return h.self.([]string) }, arg(args, 0)))
		}),
	)
}

var (
	sessionStaticClass     = staticClass("Session.StaticObjects")
	applicationStaticClass = staticClass("Application.StaticObjects")
)

// staticObjects makes StaticObjects of a scope: what global.asa declares.
func (sc *script) staticObjects(name string, scope Scope) *goja.Object {
	ids := []string{}
	for _, o := range sc.env.Objects {
		if o.Scope == scope {
			ids = append(ids, o.ID)
		}
	}
	c := sessionStaticClass
	if scope == ScopeApplication {
		c = applicationStaticClass
	}
	return sc.newCallable(&host{
		class: c,
		self:  ids,
		item: func(h *host, args []goja.Value) goja.Value {
			id := h.keyOf(func() []string { return ids }, arg(args, 0))
			for _, known := range ids {
				if strings.EqualFold(known, id) {
					return h.declared(known)
				}
			}
			return goja.Undefined()
		},
		put: func(h *host, _ []goja.Value, _ goja.Value) {
			h.throw(asp.New(226, ""))
		},
		elements: func(h *host) []goja.Value { return h.strings(ids) },
		keys:     func(*host) []string { return ids },
	})
}
