package runtime

import "github.com/dop251/goja"

// boundReflect looks at the names that the functions are given which give what
// has a name, or change how it can be found.
func (sc *script) boundReflect() {
	second := func(call *goja.FunctionCall) {
		if len(call.Arguments) > 1 {
			v := sc.propertyKey(call.Arguments[1])
			setArgument(call, 1, v)
			sc.keyed(v)
		}
	}
	every := func(call *goja.FunctionCall) { sc.extend(allBounds | needEvalBounds) }
	if object := sc.builtin("Object"); object != nil {
		sc.bound(object, "getOwnPropertyDescriptor", second)
		sc.bound(object, "defineProperty", second)
		sc.bound(object, "getOwnPropertyDescriptors", every)
		sc.bound(object, "defineProperties", func(call *goja.FunctionCall) {
			if props, ok := call.Argument(1).(*goja.Object); ok && sc.hosts[props] == nil {
				for _, name := range props.GetOwnPropertyNames() {
					sc.keyed(sc.vm.ToValue(name))
				}
			}
		})
	}
	if r := sc.builtin("Reflect"); r != nil {
		for _, name := range [...]string{"get", "getOwnPropertyDescriptor", "defineProperty"} {
			sc.bound(r, name, second)
		}
	}
}

// boundSymbol bounds the method behind replace, which can be called by its
// symbol.
func (sc *script) boundSymbol() {
	proto := sc.prototype("RegExp")
	checked := sc.checked(proto.GetSymbol(goja.SymReplace), sc.replacement("replace", func(call *goja.FunctionCall) goja.String {
		s := call.Argument(0).ToString()
		setArgument(call, 0, s)
		return s.(goja.String)
	}))
	if checked != nil {
		proto.DefineDataPropertySymbol(goja.SymReplace, checked, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}
