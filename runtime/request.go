package runtime

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// requestClass is ASP's Request; calling it searches the collections.
var requestClass = newClass("Request",
	itself("Item"),
	readOnly("QueryString", func(h *host) goja.Value { return h.queryString() }),
	readOnly("Form", func(h *host) goja.Value { return h.form() }),
	readOnly("Cookies", func(h *host) goja.Value { return h.requestCookies() }),
	readOnly("ServerVariables", func(h *host) goja.Value { return h.serverVariables() }),
	readOnly("ClientCertificate", func(h *host) goja.Value { return h.clientCertificate() }),
	readOnly("Files", func(h *host) goja.Value { return h.files() }),
	readOnly("Signal", func(h *host) goja.Value { return h.signalObject() }),
	readOnly("TotalBytes", func(h *host) goja.Value { return h.vm.ToValue(h.env.Request.TotalBytes()) }),
	method("BinaryRead", func(h *host, args []goja.Value) goja.Value {
		b, err := h.env.Request.BinaryRead(int64(h.number(arg(args, 0))))
		h.check(err)
		d := decoder{sc: h.script}
		return d.make("Uint8Array", d.buffer(b))
	}),
)

// requestObject makes Request.
func (sc *script) requestObject() goja.Value {
	if sc.env.Request == nil {
		sc.missing("Request", "there is no request in this event")
	}
	return sc.newCallable(&host{class: requestClass, item: func(h *host, args []goja.Value) goja.Value {
		return h.lookup(h.text(arg(args, 0)))
	}})
}

// lookup is Request("name"): QueryString, Form, Cookies, ClientCertificate,
// ServerVariables, the first that has it; Empty when none has.
func (sc *script) lookup(name string) goja.Value {
	values, from, err := sc.env.Request.Lookup(name)
	sc.check(err)
	switch from {
	case asp.SourceNone:
		return goja.Undefined()
	case asp.SourceCookies:
		return sc.requestCookie(name)
	}
	return sc.newItem(values)
}

// itemText is what a member Item gives that isn't called: an item's text. Of
// anything else it is what it is.
func (sc *script) itemText(call goja.FunctionCall) goja.Value {
	v := call.Argument(0)
	if h := sc.hostOf(v); h != nil && h.isItem() && h.primitive != nil {
		return h.primitive(h)
	}
	return v
}

// valuesClass is QueryString, Form and ClientCertificate; self is the
// *asp.Values.
var valuesClass = func(name string) *class {
	return newClass(name,
		itself("Item"),
		member{name: "Count", get: func(h *host) goja.Value { return h.count(h.self.(*asp.Values).Len()) }},
		method("Key", func(h *host, args []goja.Value) goja.Value {
			v := h.self.(*asp.Values)
			i, ok := index(arg(args, 0))
			if !ok {
				name := h.text(arg(args, 0))
				for j := 1; j <= v.Len(); j++ {
					if k, _ := v.Key(j); strings.EqualFold(k, name) {
						return h.vm.ToValue(k)
					}
				}
				return h.vm.ToValue("")
			}
			k, ok := v.Key(i)
			if !ok {
				h.outOfRange()
			}
			return h.vm.ToValue(k)
		}),
	)
}

var (
	queryStringClass = valuesClass("Request.QueryString")
	formClass        = valuesClass("Request.Form")
	certificateClass = valuesClass("Request.ClientCertificate")
)

// count is a number that can be called, as Count() is written too.
func (sc *script) count(n int) goja.Value { return sc.vm.ToValue(n) }

func (sc *script) queryString() goja.Value {
	return sc.once(&sc.kept.queryString, func() *goja.Object {
		return sc.newValues(queryStringClass, sc.env.Request.QueryString())
	})
}

func (sc *script) form() goja.Value {
	form, err := sc.env.Request.Form()
	sc.check(err)
	return sc.once(&sc.kept.form, func() *goja.Object { return sc.newValues(formClass, form) })
}

func (sc *script) clientCertificate() goja.Value {
	return sc.once(&sc.kept.certificate, func() *goja.Object {
		return sc.newValues(certificateClass, sc.env.Request.ClientCertificate())
	})
}

// newValues makes a collection of values.
func (sc *script) newValues(c *class, v *asp.Values) *goja.Object {
	return sc.newCallable(&host{
		class: c,
		self:  v,
		item: func(h *host, args []goja.Value) goja.Value {
			if len(args) == 0 {
				return h.primitive(h)
			}
			if i, ok := index(args[0]); ok {
				key, ok := v.Key(i)
				if !ok {
					h.outOfRange()
				}
				return h.newItem(v.Get(key))
			}
			return h.newItem(v.Get(h.text(args[0])))
		},
		primitive: func(h *host) goja.Value { return h.vm.ToValue(v.Raw()) },
		elements:  func(h *host) []goja.Value { return h.strings(keysOf(v)) },
		keys:      func(*host) []string { return keysOf(v) },
	})
}

func keysOf(v *asp.Values) []string {
	keys := make([]string, 0, v.Len())
	for i := 1; i <= v.Len(); i++ {
		k, _ := v.Key(i)
		keys = append(keys, k)
	}
	return keys
}

// itemClass is what a Request collection gives for a name: IStringList, the
// values of that name. A missing one has none and reads as undefined.
var itemClass = newClass("Request item",
	itself("Item"),
	readOnly("Count", func(h *host) goja.Value { return h.count(len(h.self.([]string))) }),
)

// newItem makes an item of a list of strings.
func (sc *script) newItem(list []string) goja.Value {
	return sc.newCallable(&host{
		class: itemClass,
		self:  list,
		item: func(h *host, args []goja.Value) goja.Value {
			if len(args) == 0 {
				return h.primitive(h)
			}
			i := h.number(args[0])
			if i < 1 || i > len(list) {
				h.outOfRange()
			}
			return h.vm.ToValue(list[i-1])
		},
		primitive: func(h *host) goja.Value {
			if len(list) == 0 {
				return goja.Undefined()
			}
			return h.vm.ToValue(strings.Join(list, ", "))
		},
		elements: func(h *host) []goja.Value { return h.strings(list) },
	})
}
