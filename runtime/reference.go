package runtime

import (
	"strings"

	"github.com/dop251/goja"
)

// reference is the place that an assignment to a call writes to:
// Session("x") = 1 reaches the engine as REF(Session, "x").v = 1. Callee and
// arguments were evaluated once, in order, before it was made; a compound
// assignment reads it once and then writes it once.
type reference struct {
	sc     *script
	callee goja.Value
	this   goja.Value
	args   []goja.Value
	owner  *host   // whose member was named, as in rs.Fields.Item("f") = 1
	member *member // if it can be assigned to with arguments
}

// ref is REF(callee, …args).
func (sc *script) ref(call goja.FunctionCall) goja.Value {
	return sc.newReference(&reference{callee: call.Argument(0), this: goja.Undefined()}, rest(call.Arguments, 1))
}

// refMember is REFM(object, member, …args): the callee is the object's
// member, and this is the object.
func (sc *script) refMember(call goja.FunctionCall) goja.Value {
	obj, key := call.Argument(0), call.Argument(1)
	if goja.IsUndefined(obj) || goja.IsNull(obj) {
		sc.throwRuntime("TypeError", jsTypeError, "Cannot read property '%s' of %s", key, obj)
	}
	r := &reference{this: obj, callee: obj.ToObject(sc.vm).Get(key.String())}
	if h := sc.hostOf(obj); h != nil {
		if m := h.class.find(key.String()); m != nil && m.put != nil {
			r.owner, r.member = h, m
		} else if strings.EqualFold(key.String(), "Item") {
			r.owner = h
		}
	}
	return sc.newReference(r, rest(call.Arguments, 2))
}

// illegal is ILLEGAL("text"), for an assignment to what is no place.
func (sc *script) illegal(goja.FunctionCall) goja.Value {
	return sc.vm.NewDynamicObject(nowhere{sc: sc})
}

// nowhere is a place that is none: reading or writing it is JScript's error
// 5008.
type nowhere struct{ sc *script }

func (n nowhere) Get(string) goja.Value {
	n.sc.throwRuntime("ReferenceError", jsIllegal, "Illegal assignment")
	return nil
}

func (n nowhere) Set(string, goja.Value) bool {
	n.Get("")
	return false
}

// Has, Delete and Keys complete a dynamic object.
func (n nowhere) Has(string) bool    { return true }
func (n nowhere) Delete(string) bool { return false }
func (n nowhere) Keys() []string     { return nil }

// called is object.Count(): a member of the host that is no method is read,
// anything else is called.
func (sc *script) called(call goja.FunctionCall) goja.Value {
	obj, key := call.Argument(0), call.Argument(1).String()
	if h := sc.hostOf(obj); h != nil {
		if m := h.class.find(key); m != nil && m.call == nil {
			return h.Get(key)
		}
	}
	if goja.IsUndefined(obj) || goja.IsNull(obj) {
		sc.throwRuntime("TypeError", jsTypeError, "Cannot read property '%s' of %s", key, obj)
	}
	fn, ok := goja.AssertFunction(obj.ToObject(sc.vm).Get(key))
	if !ok {
		sc.throwRuntime("TypeError", jsNoMember, "Object has no member '%s'", key)
	}
	v, err := fn(obj)
	if err != nil {
		panic(err)
	}
	return v
}

func rest(args []goja.Value, n int) []goja.Value {
	if len(args) <= n {
		return nil
	}
	return args[n:]
}

// newReference keeps the arguments: the engine's own slice is used again.
func (sc *script) newReference(r *reference, args []goja.Value) goja.Value {
	r.sc, r.args = sc, append([]goja.Value(nil), args...)
	return sc.vm.NewDynamicObject(r)
}

// Get calls the callee.
func (r *reference) Get(string) goja.Value {
	fn, ok := goja.AssertFunction(r.callee)
	if !ok {
		r.sc.throwRuntime("TypeError", jsTypeError, "Object is not a function")
	}
	v, err := fn(r.this, r.args...)
	if err != nil {
		panic(err)
	}
	return v
}

// Set assigns through the callee: only what the host made can take that.
func (r *reference) Set(_ string, v goja.Value) bool {
	if r.member != nil {
		r.owner.mark()
		r.member.put(r.owner, r.args, v)
		return true
	}
	h := r.sc.hostOf(r.callee)
	if h == nil {
		h = r.owner
	}
	if h == nil || h.put == nil {
		r.sc.throwRuntime("ReferenceError", jsNotAssignable, "Cannot assign to a function result")
	}
	h.mark()
	h.put(h, r.args, v)
	return true
}

// Has, Delete and Keys complete a dynamic object.
func (r *reference) Has(string) bool    { return true }
func (r *reference) Delete(string) bool { return false }
func (r *reference) Keys() []string     { return nil }

const (
	jsNotAssignable int32 = -2146823285 // JScript's 5003, "Cannot assign to a function result"
	jsIllegal       int32 = -2146823280 // JScript's 5008, "Illegal assignment"
)

// index reads a collection's 1-based position when v is a number.
func index(v goja.Value) (int, bool) {
	switch n := v.Export().(type) {
	case int64:
		return int(n), true
	case float64:
		return int(n), true
	}
	return 0, false
}
