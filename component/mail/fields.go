package mail

import (
	"strings"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// maxFields bounds what a page can keep in one collection.
const maxFields = 256

// fields is ADO's collection of that name as CDO has it: by URI, with regard to
// case (KB 265527), and a name that isn't there is made.
type fields struct {
	all []*field
	// check says what is wrong with a value before it is kept; nil for none.
	check func(name string, v variant.Value) error
}

// A field is one of them, and one object for the page.
type field struct {
	of    *fields
	name  string
	value variant.Value
}

// Class is the table of a collection's members.
func (f *fields) Class() *component.Class { return fieldsClass }

// Class is the table of a field's members.
func (f *field) Class() *component.Class { return fieldClass }

var fieldsClass = component.Make(component.Class{
	Name: "Fields",
	Members: []component.Member{
		component.Indexed("Item", "(name)", "Field", (*fields).item, (*fields).setItem),
		component.ReadOnly("Count", "number", func(f *fields) variant.Value { return variant.Int(int64(len(f.all))) }),
		component.Action("Update", "()", nothing[*fields]),
		component.Action("Resync", "([values])", nothing[*fields]),
		component.Action("Refresh", "()", nothing[*fields]),
		component.Action("Delete", "(name)", (*fields).remove),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		f := o.(*fields)
		return component.Walk(func(i int) (variant.Value, bool) {
			if i >= len(f.all) {
				return variant.Empty, false
			}
			return component.Of(f.all[i]), true
		}), nil
	},
})

var fieldClass = component.Make(component.Class{
	Name: "Field",
	Members: []component.Member{
		component.Property("Value", "any",
			func(f *field) (variant.Value, error) { return f.value, nil }, (*field).set),
		component.ReadOnly("Name", "text", func(f *field) variant.Value { return variant.String(f.name) }),
	},
	Value: "Value",
})

// nothing is a method that has nothing to do here: values count at once.
func nothing[T component.Object](T, component.Args) error { return nil }

func (f *fields) item(args component.Args) (variant.Value, error) {
	if n, ok := ordinal(args.At(0)); ok {
		if n < 0 || n >= len(f.all) {
			return variant.Empty, &component.Error{Number: component.Control(3265), Description: "Item cannot be found in the collection corresponding to the requested name or ordinal."}
		}
		return component.Of(f.all[n]), nil
	}
	x, err := f.named(args)
	if err != nil {
		return variant.Empty, err
	}
	return component.Of(x), nil
}

// ordinal is a number as an index.
func ordinal(v variant.Value) (int, bool) {
	switch v.Kind() {
	case variant.KindByte, variant.KindInteger, variant.KindLong, variant.KindLongLong, variant.KindSingle, variant.KindDouble:
		n, err := v.ToLong()
		return int(n), err == nil
	}
	return 0, false
}

func (f *fields) setItem(args component.Args, v variant.Value) error {
	x, err := f.named(args)
	if err != nil {
		return err
	}
	return x.set(v)
}

// named is the field of a name, made where there is none.
func (f *fields) named(args component.Args) (*field, error) {
	name, err := args.Text(0)
	if err != nil {
		return nil, err
	}
	if x := f.find(name); x != nil {
		return x, nil
	}
	if len(f.all) == maxFields || len(name) > 256 {
		return nil, &component.Error{Number: variant.OutOfMemory, Description: "there are too many fields"}
	}
	x := &field{of: f, name: name}
	f.all = append(f.all, x)
	return x, nil
}

func (f *fields) find(name string) *field {
	for _, x := range f.all {
		if x.name == name {
			return x
		}
	}
	return nil
}

func (f *fields) remove(args component.Args) error {
	name, err := args.Text(0)
	if err != nil {
		return err
	}
	for i, x := range f.all {
		if x.name == name {
			f.all = append(f.all[:i], f.all[i+1:]...)
			break
		}
	}
	return nil
}

func (x *field) set(v variant.Value) error {
	v, err := component.Plain(v)
	if err != nil {
		return err
	}
	if x.of.check != nil {
		if err := x.of.check(x.name, v); err != nil {
			return err
		}
	}
	x.value = v.Own()
	return nil
}

// text is a field's value as text; "" without one.
func (f *fields) text(name string) string {
	x := f.find(name)
	if x == nil || x.value.IsAbsent() || x.value.Kind() == variant.KindNull {
		return ""
	}
	s, _ := x.value.ToString()
	return strings.TrimSpace(s)
}

// number is a field's value as a number; false where it has none, or another.
func (f *fields) number(name string) (n int, ok bool) {
	x := f.find(name)
	if x == nil || x.value.IsAbsent() || x.value.Kind() == variant.KindNull {
		return 0, false
	}
	long, err := x.value.ToLong()
	return int(long), err == nil
}

// flag is a field's value as a Boolean.
func (f *fields) flag(name string) bool {
	x := f.find(name)
	if x == nil {
		return false
	}
	b, err := x.value.ToBool()
	return err == nil && b
}
