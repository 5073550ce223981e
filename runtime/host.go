package runtime

import (
	"reflect"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/runtime/internal/intrinsics"
)

// host is one intrinsic, collection or component as a script sees it: its
// members by a table, without regard to case. A host that can be called
// (item != nil) is a proxy over a function; one that can't is a dynamic
// object. Both are made of the same Go methods.
type host struct {
	*script
	class   *class
	of      component.Object // what the members of a table are called with
	live    *Object          // the component that it is
	self    any
	methods []goja.Value // by member index, made at first use

	// What collections have besides members.
	item      func(h *host, args []goja.Value) goja.Value    // h("key")
	put       func(h *host, args []goja.Value, v goja.Value) // h("key") = v
	primitive func(h *host) goja.Value                       // the default value
	keys      func(h *host) []string                         // for for…in
	object    *goja.Object
}

// newHost makes an object with members only.
func (sc *script) newHost(c *class, self any) *goja.Object {
	return sc.newObject(&host{class: c, self: self})
}

// newObject makes an object that can't be called, h.
func (sc *script) newObject(h *host) *goja.Object {
	h.script = sc
	h.object = sc.vm.NewDynamicObject(h)
	if sc.hosts == nil {
		sc.hosts = make(map[*goja.Object]*host)
	}
	sc.hosts[h.object] = h
	return h.object
}

// newCallable makes an object that can be called, h, with its callbacks set.
func (sc *script) newCallable(h *host) *goja.Object {
	h.script = sc
	if sc.target == nil {
		sc.target = sc.named("", noCall)
	}
	h.object = sc.vm.ToValue(sc.vm.NewProxy(sc.target, h.traps())).(*goja.Object)
	if sc.hosts == nil {
		sc.hosts = make(map[*goja.Object]*host)
	}
	sc.hosts[h.object] = h
	return h.object
}

// noCall is the function under every collection: it makes them callable and
// is never reached.
func noCall(goja.FunctionCall) goja.Value { return nil }

// hostOf finds the host behind a value.
func (sc *script) hostOf(v goja.Value) *host {
	if obj, ok := v.(*goja.Object); ok {
		return sc.hosts[obj]
	}
	return nil
}

// Get is a member's value. Object.prototype's own names come from there, and
// an unknown one is undefined; what may have been meant is remembered for the
// error of a call of it.
func (h *host) Get(key string) goja.Value {
	m := h.class.find(key)
	if m == nil {
		if v, ok := h.namedElement(key); ok {
			return v
		}
		if inherited(key) && !(key == "length" && h.isItem()) {
			return h.inheritedMember(key)
		}
		h.unknown = unknown{h, key}
		return nil // undefined, as of an object of COM (Wine's JScript); a call of it fails
	}
	if m.call == nil {
		h.mark()
		return m.get(h)
	}
	if h.methods == nil {
		h.methods = make([]goja.Value, len(h.class.ordered))
	}
	if h.methods[m.index] == nil {
		h.methods[m.index] = h.named(m.name, func(call goja.FunctionCall) goja.Value {
			h.mark()
			if v := m.call(h, call.Arguments); v != nil {
				return v
			}
			return goja.Undefined()
		})
		if m.bare {
			h.namesAction(h.methods[m.index])
		}
	}
	return h.methods[m.index]
}

// Set assigns a member.
func (h *host) Set(key string, v goja.Value) bool {
	m := h.class.find(key)
	if m == nil {
		h.noMember(key)
	}
	h.mark()
	if m.set == nil && m.call != nil {
		m.call(h, []goja.Value{v}) // as COM does when a method is assigned to
		return true
	}
	if m.set == nil {
		h.throwRuntime("TypeError", jsNoMember, "%s.%s can't be assigned", h.class.name, m.name)
	}
	m.set(h, v)
	return true
}

// namedElement is what a collection has under a name that is no member. What the
// language asks of every object a visitor's field can't be; a function's name it
// never asks, and many forms have such a field.
func (h *host) namedElement(key string) (goja.Value, bool) {
	if h.class.of == nil || h.class.of.Named == nil || inherited(key) && key != "name" {
		return nil, false
	}
	h.mark()
	v, ok := h.class.of.Named(h.of, key)
	if !ok {
		return nil, false
	}
	return h.toScript(v), true
}

// Has says whether a member exists.
func (h *host) Has(key string) bool {
	if h.class.find(key) != nil {
		return true
	}
	_, ok := h.namedElement(key)
	return ok
}

// Delete refuses: members of the host are no properties of the page.
func (h *host) Delete(string) bool { return false }

// Keys are the names that for…in visits.
func (h *host) Keys() []string {
	if h.keys != nil {
		return h.keys(h)
	}
	names := make([]string, len(h.class.ordered))
	for i, m := range h.class.ordered {
		names[i] = m.name
	}
	return names
}

// unknown is the member that a script has asked for last and that isn't there.
type unknown struct {
	h   *host
	key string
}

// of says that a text, such as the engine's of a call, is about that member.
func (u unknown) of(text string) bool {
	return u.h != nil && strings.Contains(text, "Object has no member '"+u.key+"'")
}

// noMember throws JScript's 438 with the name that was probably meant.
func (h *host) noMember(key string) {
	description, hint := unknown{h, key}.said()
	message := noMemberText + ": " + h.class.name + "." + clip(key)
	if hint != "" {
		message += ": " + hint
	}
	h.throwDescribed("TypeError", jsNoMember, description, message)
}

// said is the description of the error, which is JScript's alone where no name
// is near, and what may help.
func (u unknown) said() (description, hint string) {
	if near := u.h.class.nearest(u.key); near != "" {
		hint = "did you mean " + near + "?"
		return noMemberText + ": " + u.h.class.name + "." + clip(u.key) + ": " + hint, hint
	}
	switch {
	case u.h.isItem():
		hint = "an item is an object, its text is String(item)"
	case u.h.item != nil:
		hint = "an item is read by a call, " + u.h.class.name + "(\"" + clip(u.key) + "\")"
	}
	return noMemberText, hint
}

// noMemberText is the description of JScript's 438, which pages compare with.
const noMemberText = "Object doesn't support this property or method"

// isItem tells what pages mistake for a string.
func (h *host) isItem() bool { return intrinsics.IsText(h.class.of) }

// inherited are the names that the language itself asks of every object.
func inherited(key string) bool {
	switch key {
	case "toString", "valueOf", "toLocaleString", "constructor", "hasOwnProperty", "isPrototypeOf",
		"propertyIsEnumerable", "toJSON", "then", "prototype", "__proto__", "length", "name", "nodeType", "inspect":
		return true
	}
	return strings.HasPrefix(key, "__")
}

// inheritedMember answers what the language asks of an object that has a
// default value; nil leaves the question to Object.prototype.
func (h *host) inheritedMember(key string) goja.Value {
	if h.primitive == nil {
		return nil
	}
	switch key {
	case "toString":
		return h.named(key, func(goja.FunctionCall) goja.Value { return h.vm.ToValue(h.primitive(h).String()) })
	case "valueOf", "toJSON":
		return h.named(key, func(goja.FunctionCall) goja.Value { return h.primitive(h) })
	}
	return nil
}

// check throws err when there is one.
func (sc *script) check(err error) {
	if err != nil {
		sc.throw(err)
	}
}

// arg is the i-th argument, undefined when it wasn't given.
func arg(args []goja.Value, i int) goja.Value {
	if i < len(args) {
		return args[i]
	}
	return goja.Undefined()
}

var boolType = reflect.TypeFor[bool]()

// text is a value as ASP's string: booleans as COM spells them, and nothing for
// undefined and null, which are COM's Empty and Null (E. Lippert, "A little more on
// Nothing", 2003-10-01).
func (sc *script) text(v goja.Value) string {
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return ""
	}
	switch v := v.(type) {
	case *goja.Object:
		if h := sc.hosts[v]; h != nil && h.primitive != nil {
			return sc.text(h.primitive(h))
		}
		if v.ClassName() == "Boolean" {
			return sc.text(sc.call(v, "valueOf"))
		}
		return v.String()
	}
	if v.ExportType() == boolType {
		if v.ToBoolean() {
			return "True"
		}
		return "False"
	}
	return v.String()
}

// plain unwraps a collection to its default value.
func (sc *script) plain(v goja.Value) goja.Value {
	if h := sc.hostOf(v); h != nil && h.primitive != nil {
		return h.primitive(h)
	}
	return v
}

// wrongType throws ASP 0106 for an argument.
func (sc *script) wrongType(what string) { sc.throw(asp.New(106, what)) }
