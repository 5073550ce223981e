package value

import (
	"fmt"
	"reflect"
	"strings"
)

// A goField is a struct's field as a property.
type goField struct {
	name string
	v    reflect.Value
}

// fields writes a struct as a plain object.
func (w *goWalker) fields(v reflect.Value) error {
	list := goFields(nil, v, 0)
	if len(list) == 0 && v.NumField() > 0 && !hasExported(v.Type()) {
		return w.fail(fmt.Errorf("value: %s has no exported fields", v.Type()))
	}
	if err := w.e.BeginObject(len(list)); err != nil {
		return w.fail(err)
	}
	for _, f := range list {
		if err := w.e.Key(f.name); err != nil {
			return w.fail(err)
		}
		if err := w.at("."+f.name, f.v); err != nil {
			return err
		}
	}
	return nil
}

// goFields appends the properties of a struct; those of embedded structs
// without a tag are its own, as encoding/json has it, and an outer field hides
// an inner one of the same name.
func goFields(list []goField, v reflect.Value, depth int) []goField {
	if depth > DefaultMaxDepth {
		return list
	}
	t := v.Type()
	own := len(list)
	var inner []reflect.Value
	for i := range t.NumField() {
		f := t.Field(i)
		name, omit, tagged := fieldTag(f)
		if name == "-" {
			continue
		}
		if f.Anonymous && !tagged {
			if s := embedded(v.Field(i)); s.IsValid() {
				inner = append(inner, s)
				continue
			}
		}
		if f.IsExported() && !(omit && v.Field(i).IsZero()) {
			list = append(list, goField{name, v.Field(i)})
		}
	}
	for _, s := range inner {
		for _, f := range goFields(nil, s, depth+1) {
			if !hasField(list[own:], f.name) {
				list = append(list, f)
			}
		}
	}
	return list
}

// embedded is the struct in an embedded field, invalid if it is none.
func embedded(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return v
}

// FieldName is what a field of a Go struct is called where it is stored, and to
// pages: as its cbor or json tag says, else by its own name. It is false for
// a field that the tag leaves out.
func FieldName(f reflect.StructField) (name string, ok bool) {
	name, _, _ = fieldTag(f)
	return name, name != "-"
}

// fieldTag reads a field's cbor tag, or else its json tag.
func fieldTag(f reflect.StructField) (name string, omit, tagged bool) {
	tag, ok := f.Tag.Lookup("cbor")
	if !ok {
		tag = f.Tag.Get("json")
	}
	if tag == "-" {
		return "-", false, true
	}
	name, options, _ := strings.Cut(tag, ",")
	omit = strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
	if name == "" {
		return f.Name, omit, false
	}
	return name, omit, true
}

func hasField(list []goField, name string) bool {
	for i := range list {
		if list[i].name == name {
			return true
		}
	}
	return false
}

func hasExported(t reflect.Type) bool {
	for i := range t.NumField() {
		if t.Field(i).IsExported() {
			return true
		}
	}
	return false
}
