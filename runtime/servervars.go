package runtime

import (
	"strings"

	"github.com/dop251/goja"
)

// serverVariablesClass is Request.ServerVariables.
var serverVariablesClass = newClass("Request.ServerVariables",
	itself("Item"),
	readOnly("Count", func(h *host) goja.Value { return h.count(len(h.env.Request.ServerVariableNames())) }),
	method("Key", func(h *host, args []goja.Value) goja.Value {
		return h.vm.ToValue(h.keyOf(h.env.Request.ServerVariableNames, arg(args, 0)))
	}),
)

// serverVariables makes Request.ServerVariables.
func (sc *script) serverVariables() goja.Value {
	return sc.once(&sc.kept.variables, func() *goja.Object {
		return sc.newCallable(&host{
			class: serverVariablesClass,
			item: func(h *host, args []goja.Value) goja.Value {
				name := h.text(arg(args, 0))
				if _, ok := index(arg(args, 0)); ok {
					name = h.keyOf(h.env.Request.ServerVariableNames, args[0])
				}
				return h.variable(name)
			},
			primitive: func(h *host) goja.Value { return h.vm.ToValue(h.env.Request.ServerVariable("ALL_HTTP")) },
			elements:  func(h *host) []goja.Value { return h.strings(h.env.Request.ServerVariableNames()) },
			keys:      func(h *host) []string { return h.env.Request.ServerVariableNames() },
		})
	})
}

// variable is one server variable, "" when there is no such.
func (sc *script) variable(name string) goja.Value {
	return sc.newItem([]string{sc.env.Request.ServerVariable(strings.ToUpper(name))})
}
