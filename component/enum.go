package component

import "github.com/najahost/naja/variant"

// An Enum walks over a collection as it is when it is asked: what comes to the
// collection behind the place of the walk is met. A new walk is a new Enum.
type Enum interface {
	// Next is the next element; false when there is none.
	Next() (v variant.Value, ok bool, err error)
}

// Func is an Enum of a function.
type Func func() (v variant.Value, ok bool, err error)

// Next calls it.
func (f Func) Next() (v variant.Value, ok bool, err error) { return f() }

// Walk is an Enum over what is at the places from 0 on, until at says that there
// is nothing.
func Walk(at func(i int) (v variant.Value, ok bool)) Enum {
	i := -1
	return Func(func() (variant.Value, bool, error) {
		i++
		v, ok := at(i)
		return v, ok, nil
	})
}

// Texts is an Enum over texts.
func Texts(list []string) Enum {
	return Walk(func(i int) (variant.Value, bool) {
		if i >= len(list) {
			return variant.Empty, false
		}
		return variant.String(list[i]), true
	})
}

// All is what is left of a walk, at most so many: more are OutOfMemory.
func All(e Enum, most int) ([]variant.Value, error) {
	var all []variant.Value
	for {
		v, ok, err := e.Next()
		if err != nil || !ok {
			return all, err
		}
		if len(all) >= most {
			return nil, variant.OutOfMemory
		}
		all = append(all, v)
	}
}
