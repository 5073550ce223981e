package reflected

import (
	"context"
	"reflect"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// An Object is a Go value with the table of its type.
type Object struct {
	class    *component.Class
	name     string // in messages: its ProgID
	instance reflect.Value
	caller   Caller
}

// New is an object of a value, with the table that [Class] made of its type.
func New(instance any, name string, class *component.Class, caller Caller) *Object {
	return &Object{class, name, reflect.ValueOf(instance), caller}
}

// Class is the table of its type.
func (o *Object) Class() *component.Class { return o.class }

// A Caller is the language whose program calls the object.
type Caller interface {
	// Into puts a value into a Go variable as the language converts it: a
	// component as itself where it is of the variable's type, another object by
	// its default value, plain data by copy.
	Into(v variant.Value, out reflect.Value) error
	// Copy is the language's own value of one encoded item of package cborvalue.
	Copy(raw []byte) (variant.Value, error)
	// Each are the elements of a value of the language's own.
	Each(v variant.Value) ([]variant.Value, error)
	// Waits ends with the request, and when its script is stopped.
	Waits() context.Context
}
