package runtime

import (
	"reflect"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/runtime/internal/reflected"
	"github.com/najahost/naja/variant"
)

// newComponent is the object by which a script sees a component: by the table
// that it has, or by the one that is made of its Go type.
func (sc *script) newComponent(o *Object) *goja.Object {
	if table, ok := o.Instance.(component.Object); ok {
		return sc.hosted(table, o)
	}
	return sc.hosted(reflected.New(o.Instance, o.ProgID, sc.tableOf(o), caller{sc}), o)
}

// tableOf is the table of a component's Go type, made once for all pages of a
// compiler.
func (sc *script) tableOf(o *Object) *component.Class {
	t := reflect.TypeOf(o.Instance)
	if c, ok := sc.prog.names.classes.Load(t); ok {
		return c.(*component.Class)
	}
	c, _ := sc.prog.names.classes.LoadOrStore(t, reflected.Class(t, o.ProgID))
	return c.(*component.Class)
}

// part is what a component gives, as a component of the same threading.
func (sc *script) part(name string, instance any) *Object {
	return &Object{ProgID: name, Threading: sc.from.Threading, Instance: instance, Home: sc.from.Home}
}

func typeName(t reflect.Type) string { return strings.TrimPrefix(t.String(), "*") }

// Into puts a value into a Go variable, as components' arguments are.
func (c caller) Into(v variant.Value, out reflect.Value) error {
	in, err := c.argument(c.toScript(v), out.Type())
	if err == nil {
		out.Set(in)
	}
	return err
}

// Each are the elements of a value of the script's.
func (c caller) Each(v variant.Value) (all []variant.Value, err error) {
	err = c.try(func() {
		c.vm.ForOf(c.toScript(v), func(v goja.Value) bool {
			all = append(all, c.fromScript(v))
			return len(all) < maxEnumerated
		})
	})
	return all, err
}
