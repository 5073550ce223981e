package runtime

import (
	"slices"

	"github.com/dop251/goja"
)

// boundJSON bounds the depth of what JSON reads and writes, and the number of
// values written.
func (sc *script) boundJSON() {
	json := sc.builtin("JSON")
	if json == nil {
		return
	}
	sc.bound(json, "parse", func(call *goja.FunctionCall) {
		text := call.Argument(0).ToString()
		setArgument(call, 0, text)
		if deep(text.String()) {
			sc.throwRuntime("RangeError", jsInvalidCall, "JSON.parse: more than %d levels", maxParse)
		}
	})
	sc.bound(json, "stringify", func(call *goja.FunctionCall) {
		if _, ok := call.Argument(0).(*goja.Object); !ok {
			return
		}
		replace, callable := goja.AssertFunction(call.Argument(1))
		w := jsonWriter{sc: sc}
		if list, ok := call.Argument(1).(*goja.Object); ok && !callable {
			w.list(list)
		}
		setArgument(call, 1, sc.vm.ToValue(func(c goja.FunctionCall) goja.Value {
			v := c.Argument(1)
			if callable {
				var err error
				if v, err = replace(c.This, c.Arguments...); err != nil {
					panic(err)
				}
			}
			w.note(c.This, v)
			return w.pick(v)
		}))
	})
}

// deep says whether a JSON text is nested too deeply.
func deep(text string) bool {
	level, inText := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inText:
			if c == '\\' {
				i++
			} else if c == '"' {
				inText = false
			}
		case c == '"':
			inText = true
		case c == '[' || c == '{':
			if level++; level > maxParse {
				return true
			}
		case c == ']' || c == '}':
			level--
		}
	}
	return false
}

// jsonWriter follows JSON.stringify from value to value.
type jsonWriter struct {
	sc    *script
	stack []*goja.Object // the holders above the value
	nodes int

	names  []string                      // of the members to write, where picked isn't nil
	picked map[*goja.Object]*goja.Object // what stands for an object, and the object
}

// note takes one value and the object that holds it.
func (w *jsonWriter) note(holder, v goja.Value) {
	if w.nodes++; w.nodes > maxNodes {
		w.sc.rangeError("JSON.stringify: more than %d values", maxNodes)
	}
	if w.sc.stopped() {
		w.sc.rangeError("JSON.stringify: the script was stopped") // the engine looks when it is back in the script
	}
	h, _ := holder.(*goja.Object)
	for len(w.stack) > 0 && w.stack[len(w.stack)-1] != h {
		w.stack = w.stack[:len(w.stack)-1]
	}
	if obj, ok := v.(*goja.Object); ok {
		if len(w.stack) == 0 {
			w.stack = append(w.stack, h)
		}
		if w.stack = append(w.stack, obj); len(w.stack) > maxStringify {
			w.sc.rangeError("JSON.stringify: more than %d levels", maxStringify)
		}
	}
}

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
