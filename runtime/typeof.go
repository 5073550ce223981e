package runtime

import "github.com/dop251/goja"

// typeOf corrects typeof for what is called like a function and is none. A
// second argument is what typeof said of it; the first is looked at only when
// that was a function.
func (sc *script) typeOf(call goja.FunctionCall) goja.Value {
	v := call.Argument(0)
	if said := call.Argument(1); len(call.Arguments) > 1 && said.String() != "function" {
		return said
	}
	if obj, ok := v.(*goja.Object); ok {
		if sc.hosts[obj] != nil {
			return sc.vm.ToValue("object")
		}
		if _, ok := goja.AssertFunction(obj); ok {
			return sc.vm.ToValue("function")
		}
		return sc.vm.ToValue("object")
	}
	return sc.vm.ToValue(primitiveType(v))
}

// primitiveType is typeof of what is no object.
func primitiveType(v goja.Value) string {
	switch {
	case v == nil, goja.IsUndefined(v):
		return "undefined"
	case goja.IsNull(v):
		return "object"
	}
	switch v.(type) {
	case *goja.Symbol:
		return "symbol"
	case goja.String:
		return "string"
	}
	switch v.Export().(type) {
	case bool:
		return "boolean"
	case int64, float64:
		return "number"
	}
	return "bigint"
}
