package reflected

import (
	"reflect"
	"strings"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/variant"
)

// Class makes the table of a type.
func Class(t reflect.Type, name string) *component.Class {
	if name == "" {
		name = t.String()
	}
	c := component.Class{Name: name}
	for i := range t.NumMethod() {
		if m, ok := methodMember(t, t.Method(i)); ok {
			c.Members = append(c.Members, m)
		}
	}
	for _, f := range fieldsOf(t) {
		if !has(c.Members, f.Name) {
			c.Members = append(c.Members, fieldMember(name, f))
		}
	}
	if _, readable := t.MethodByName("Item"); readable {
		c.Default = "Item"
	} else if _, assignable := t.MethodByName("SetItem"); assignable {
		c.Default = "Item"
		c.Members = append(c.Members, itemMember(t))
	}
	for i := range c.Members {
		if m := &c.Members[i]; m.Name == "Value" && !m.IsMethod() {
			c.Value = m.Name
		}
	}
	if m, ok := t.MethodByName("Elements"); ok {
		c.Enum = func(o component.Object) (component.Enum, error) { return o.(*Object).walk(m) }
	}
	return component.Make(c)
}

// methodMember is the member that a method is; false for one that is a part of
// another.
func methodMember(t reflect.Type, m reflect.Method) (component.Member, bool) {
	switch m.Name {
	case "Item":
		return itemMember(t), true
	case "SetItem", "Elements":
		return component.Member{}, false
	case "Close":
		if t.Implements(closerType) {
			return component.Member{}, false // it is for the host
		}
	}
	if set, ok := t.MethodByName("Set" + m.Name); ok && isProperty(m, set) {
		return component.Property(m.Name, "any",
			func(o *Object) (variant.Value, error) { return o.invoke(m, nil) },
			func(o *Object, v variant.Value) error {
				_, err := o.invoke(set, component.Args{v})
				return err
			}), true
	}
	if get, ok := t.MethodByName(strings.TrimPrefix(m.Name, "Set")); ok && isProperty(get, m) {
		return component.Member{}, false
	}
	return component.Method(m.Name, signature(m.Type), "any", func(o *Object, args component.Args) (variant.Value, error) {
		return o.invoke(m, args)
	}), true
}

// itemMember is what Item and SetItem are together.
func itemMember(t reflect.Type) component.Member {
	m := component.Member{Name: "Item", Sig: "(key)", Gives: "any"}
	m.Get = func(component.Object, component.Args) (variant.Value, error) {
		return variant.Empty, asp.New(185, t.String())
	}
	if get, ok := t.MethodByName("Item"); ok {
		m.Get = func(o component.Object, args component.Args) (variant.Value, error) {
			return o.(*Object).invoke(get, args)
		}
	}
	if set, ok := t.MethodByName("SetItem"); ok {
		before := inputs(set.Type) - 1 // of the value: a missing one is Empty
		m.Put = func(o component.Object, args component.Args, v variant.Value) error {
			all := append(component.Args(nil), args...)
			for !set.Type.IsVariadic() && len(all) < before {
				all = append(all, variant.Missing)
			}
			_, err := o.(*Object).invoke(set, append(all, v))
			return err
		}
	}
	return m
}

// signature are the arguments of a method by their types.
func signature(m reflect.Type) string {
	var b strings.Builder
	for i := m.NumIn() - inputs(m); i < m.NumIn(); i++ {
		name := m.In(i).String()
		if m.IsVariadic() && i == m.NumIn()-1 {
			name = "…" + m.In(i).Elem().String()
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strings.NewReplacer(",", ";", "[]", "list of ", "[", "<", "]", ">").Replace(name))
	}
	return "(" + b.String() + ")"
}

// inputs counts the arguments of a method besides its receiver, the first one,
// and the context that it may ask for.
func inputs(m reflect.Type) int {
	if m.NumIn() > 1 && m.In(1) == contextType {
		return m.NumIn() - 2
	}
	return m.NumIn() - 1
}

// isProperty tells a pair Name, SetName that reads and writes one value.
func isProperty(get, set reflect.Method) bool {
	reads := get.Type.NumOut() > 0 && get.Type.Out(0) != errorType
	return reads && get.Name != set.Name && inputs(get.Type) == 0 && inputs(set.Type) == 1 && !set.Type.IsVariadic()
}

func fieldsOf(t reflect.Type) []reflect.StructField {
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return nil
	}
	return cborvalue.Fields(t.Elem())
}

func has(members []component.Member, name string) bool {
	for i := range members {
		if strings.EqualFold(members[i].Name, name) {
			return true
		}
	}
	return false
}

// fieldMember makes a property of an exported field.
func fieldMember(class string, f reflect.StructField) component.Member {
	return component.Property(f.Name, "any",
		func(o *Object) (variant.Value, error) {
			v, err := o.instance.Elem().FieldByIndexErr(f.Index)
			if err != nil { // in an embedded struct that isn't there
				return variant.Empty, nil
			}
			return o.result(f.Name, v)
		},
		func(o *Object, v variant.Value) error {
			to, err := o.instance.Elem().FieldByIndexErr(f.Index)
			if err != nil {
				return asp.New(asp.CodeNotAllowed, class+"."+f.Name+" is in a part of it that is nil")
			}
			in, err := o.argument(v, f.Type)
			if err != nil {
				return asp.Errorf(106, "%s.%s: %w", class, f.Name, err)
			}
			to.Set(in)
			return nil
		})
}
