package runtime

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/internal/cborvalue"
)

// What a component's method takes as a number is a number, a text that is one
// from end to end (what comes from a form always is a text), true and false, or
// a BigInt. Everything else, and what the Go type has no room for, is refused:
// a wrong number would go on as a right one.

// isNumber tells the kinds of Go's numbers, but for the complex ones.
func isNumber(k reflect.Kind) bool {
	return k >= reflect.Int && k <= reflect.Float64 && k != reflect.Uintptr
}

// numeric puts the number that v is into out.
func (sc *script) numeric(v goja.Value, out reflect.Value) error {
	if obj, ok := v.(*goja.Object); ok {
		switch obj.ClassName() {
		case "Number", "String", "Boolean": // boxed
			v = sc.call(obj, "valueOf")
		default:
			return notNumber(describe(obj), out)
		}
	}
	if n, ok := v.Export().(*big.Int); ok {
		return setBig(n, out)
	}
	if _, symbol := v.(*goja.Symbol); symbol {
		return notNumber("a symbol", out)
	}
	f := v.ToFloat()
	if text, ok := v.Export().(string); ok {
		if strings.TrimSpace(text) == "" || math.IsNaN(f) {
			return notNumber(fmt.Sprintf("%q", clip(text)), out)
		}
	}
	if out.CanFloat() {
		if out.OverflowFloat(f) && !math.IsInf(f, 0) {
			return notFit(fmt.Sprint(f), out)
		}
		out.SetFloat(f)
		return nil
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return notFit(v.String(), out)
	}
	whole, accuracy := big.NewFloat(f).Int(nil)
	if accuracy != big.Exact {
		return notFit(v.String(), out)
	}
	return setBig(whole, out)
}

// setBig puts a whole number into out, which is one of any kind.
func setBig(n *big.Int, out reflect.Value) error {
	switch {
	case out.CanFloat():
		f, _ := new(big.Float).SetInt(n).Float64()
		if math.IsInf(f, 0) || out.OverflowFloat(f) {
			return notFit(n.String(), out)
		}
		out.SetFloat(f)
	case out.CanInt():
		if !n.IsInt64() || out.OverflowInt(n.Int64()) {
			return notFit(n.String(), out)
		}
		out.SetInt(n.Int64())
	default:
		if !n.IsUint64() || out.OverflowUint(n.Uint64()) {
			return notFit(n.String(), out)
		}
		out.SetUint(n.Uint64())
	}
	return nil
}

func notNumber(what string, out reflect.Value) error {
	return fmt.Errorf("%s is no number, which %s has to be", what, out.Type())
}

func notFit(number string, out reflect.Value) error {
	return fmt.Errorf("%s doesn't fit into %s", clip(number), out.Type())
}

// describe names a kind of object in a message.
func describe(obj *goja.Object) string {
	switch class := obj.ClassName(); class {
	case "Date", "Array", "Function":
		return "a value of " + class
	}
	return "an object"
}

// sortOf names what a page's value is.
func sortOf(v goja.Value) string {
	obj, ok := v.(*goja.Object)
	switch {
	case !ok && v.ExportType() == nil:
		return "this"
	case !ok:
		switch v.ExportType().Kind() {
		case reflect.String:
			return "a text"
		case reflect.Bool:
			return "true or false"
		}
		return "a number"
	case obj.ClassName() == "Date" && v.ToFloat() != v.ToFloat():
		return "a Date without a time"
	}
	return describe(obj)
}

// explained says in our words why a value has no place in a Go one.
func explained(err error) error {
	if e, ok := errors.AsType[*cborvalue.MismatchError](err); ok {
		where := ""
		if e.Field != "" {
			where = " (" + e.Field + ")"
		}
		return fmt.Errorf("it doesn't fit into %s%s", e.Type, where)
	}
	return err
}
