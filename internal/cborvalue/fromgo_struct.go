package cborvalue

import (
	"fmt"
	"reflect"
	"slices"
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
		if f.Anonymous && !tagged && embeddedType(f.Type) != nil {
			if s := reflect.Indirect(v.Field(i)); s.IsValid() {
				inner = append(inner, s)
			}
			continue
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

// embeddedType is the struct type of an embedded field, nil if it is none.
func embeddedType(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

// Fields are the fields of a struct type that FromGo writes, each with the name
// that it has there and the index that leads to it (reflect.Value.FieldByIndex).
// The way may lead through an embedded pointer that is nil.
func Fields(t reflect.Type) []reflect.StructField {
	return typeFields(t, nil, map[reflect.Type]bool{})
}

// typeFields goes into a type that embeds itself once.
func typeFields(t reflect.Type, way []int, within map[reflect.Type]bool) []reflect.StructField {
	if within[t] {
		return nil
	}
	within[t] = true
	defer delete(within, t)
	var own, inner []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, tagged := fieldTag(f)
		index := append(slices.Clone(way), i)
		s := embeddedType(f.Type)
		switch {
		case name == "-":
		case f.Anonymous && !tagged && s != nil:
			inner = append(inner, typeFields(s, index, within)...)
		case f.IsExported():
			f.Name, f.Index = name, index
			own = append(own, f)
		}
	}
	for _, f := range inner {
		if !slices.ContainsFunc(own, func(o reflect.StructField) bool { return o.Name == f.Name }) {
			own = append(own, f)
		}
	}
	return own
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
