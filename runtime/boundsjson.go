package runtime

import (
	"slices"

	"github.com/dop251/goja"
)

// list takes the names of the members to write, which JSON.stringify may be
// given in the place of a function (ECMA-262, 25.5.2). What it writes then are
// copies with these members, so that they can be counted.
func (w *jsonWriter) list(names *goja.Object) {
	if names.ClassName() != "Array" || w.sc.lengthOf(names) > maxArguments {
		return
	}
	w.picked = make(map[*goja.Object]*goja.Object)
	for i := range int(w.sc.lengthOf(names)) {
		v := names.Get(w.sc.vm.ToValue(i).String())
		name, ok := w.name(v)
		if ok && !slices.Contains(w.names, name) {
			w.names = append(w.names, name)
		}
	}
}

// name is the name that an element of a list stands for: a text or a number,
// or an object of one of them.
func (w *jsonWriter) name(v goja.Value) (string, bool) {
	switch n := v.(type) {
	case nil:
		return "", false
	case goja.String:
		return n.String(), true
	case *goja.Object:
		if c := n.ClassName(); c != "String" && c != "Number" {
			return "", false
		}
		return n.ToString().String(), true
	}
	switch v.Export().(type) {
	case int64, float64:
		return v.String(), true
	}
	return "", false
}

// pick gives what stands for a value when there is a list of names.
func (w *jsonWriter) pick(v goja.Value) goja.Value {
	obj, ok := v.(*goja.Object)
	if !ok || w.picked == nil {
		return v
	}
	switch obj.ClassName() {
	case "Array", "Function", "String", "Number", "Boolean", "BigInt":
		return v
	}
	for _, above := range w.stack[:max(len(w.stack)-1, 0)] {
		if w.picked[above] == obj {
			w.sc.throwRuntime("TypeError", jsTypeError, "Converting circular structure to JSON")
		}
	}
	out := w.sc.vm.NewObject()
	for _, name := range w.names {
		if member := obj.Get(name); member != nil && !goja.IsUndefined(member) {
			out.DefineDataProperty(name, member, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
		}
	}
	w.picked[out] = obj
	if n := len(w.stack); n > 0 && w.stack[n-1] == obj {
		w.stack[n-1] = out // the holder of what comes next
	}
	return out
}
