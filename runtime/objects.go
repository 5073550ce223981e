package runtime

import (
	"github.com/dop251/goja"
)

// declaration finds the <object> with the given id: those of the page first.
func (sc *script) declaration(id string) (ObjectDecl, bool) {
	for _, o := range sc.runs.objects {
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
	return ok || sc.constant(id) != nil
}

// declared is the object of a declaration, made when a page first names it, or a
// type library's constant; nil when there is no such declaration.
func (sc *script) declared(id string) goja.Value {
	if v := sc.objects[id]; v != nil {
		return v
	}
	decl, ok := sc.declaration(id)
	if !ok {
		return sc.constant(id)
	}
	o, err := sc.env.Host.StaticObject(around{sc}, decl)
	sc.check(err)
	if decl.Scope == ScopePage {
		sc.closes(o)
	}
	v := sc.newComponent(o)
	if sc.objects == nil {
		sc.objects = make(map[string]goja.Value)
	}
	sc.objects[id] = v
	return v
}
