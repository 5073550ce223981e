package component

import (
	"strings"

	"github.com/najahost/naja/variant"
)

// A Member is one row of a class: a property (Get, Put) or a method (Call).
// Functions get the object that the class is of, and may keep neither the slice
// of the arguments nor, longer than the request, what is in it.
type Member struct {
	Name string
	// Sig are the arguments as documents write them: "(name[, value])", "()"
	// for a method without, "" for a property without. What is in brackets
	// may be left out.
	Sig string
	// Gives says what it is or gives: "text", "number", "boolean", "date",
	// "bytes", "any", the name of a class, or "" for nothing.
	Gives string
	// Counted says that pages write it with parentheses behind though it is a
	// property without arguments: Count().
	Counted bool

	Get func(o Object, args Args) (variant.Value, error)
	Put func(o Object, args Args, v variant.Value) error
	// PutRef is Set o.m = object in a language that tells the two apart; nil
	// where Put takes objects as well.
	PutRef func(o Object, args Args, v variant.Value) error
	Call   func(o Object, args Args) (variant.Value, error)

	index, needs int
}

// Index is the member's place in its class.
func (m *Member) Index() int { return m.index }

// IsMethod tells a method from a property.
func (m *Member) IsMethod() bool { return m.Call != nil }

// Needs is how many arguments can't be left out.
func (m *Member) Needs() int { return m.needs }

// Indexed tells a property with arguments: Parameters(i), dictionary.Key(old).
func (m *Member) Indexed() bool { return m.Call == nil && m.Sig != "" }

// Read gets a property or calls a method. A property that can't be read is
// NoMember.
func (m *Member) Read(o Object, args Args) (variant.Value, error) {
	switch {
	case m.Call != nil:
		return m.Call(o, args)
	case m.Get != nil:
		return m.Get(o, args)
	}
	return variant.Empty, variant.NoMember
}

// Assign puts a property: by reference where set says that the language means
// the object itself. A method is called with the value behind its arguments, as
// COM does with one that is assigned to; a property for reading is NoMember.
func (m *Member) Assign(o Object, args Args, v variant.Value, set bool) error {
	switch {
	case m.Call != nil:
		_, err := m.Call(o, append(args[:len(args):len(args)], v))
		return err
	case set && m.PutRef != nil:
		return m.PutRef(o, args, v)
	case m.Put != nil:
		return m.Put(o, args, v)
	}
	return variant.NoMember
}

// required counts the arguments of a signature that stand outside of brackets.
func required(sig string) int {
	needed, _, _ := strings.Cut(strings.Trim(sig, "()"), "[")
	n := 0
	for part := range strings.SplitSeq(needed, ",") {
		if part = strings.TrimSpace(part); part != "" && !strings.HasPrefix(part, "…") {
			n++
		}
	}
	return n
}

// Property is a property without arguments; put is nil for one to be read, get for
// one to be written.
func Property[T Object](name, gives string, get func(T) (variant.Value, error), put func(T, variant.Value) error) Member {
	m := Member{Name: name, Gives: gives}
	if get != nil {
		m.Get = func(o Object, _ Args) (variant.Value, error) { return get(o.(T)) }
	}
	if put != nil {
		m.Put = func(o Object, _ Args, v variant.Value) error { return put(o.(T), v) }
	}
	return m
}

// ReadOnly is a property without arguments whose reading can't fail.
func ReadOnly[T Object](name, gives string, get func(T) variant.Value) Member {
	return Member{Name: name, Gives: gives, Get: func(o Object, _ Args) (variant.Value, error) { return get(o.(T)), nil }}
}

// Indexed is a property with arguments; put is nil for one to be read, get for one
// to be written.
func Indexed[T Object](name, sig, gives string, get func(T, Args) (variant.Value, error), put func(T, Args, variant.Value) error) Member {
	m := Member{Name: name, Sig: sig, Gives: gives}
	if get != nil {
		m.Get = func(o Object, args Args) (variant.Value, error) { return get(o.(T), args) }
	}
	if put != nil {
		m.Put = func(o Object, args Args, v variant.Value) error { return put(o.(T), args, v) }
	}
	return m
}

// Method is a method that gives a value.
func Method[T Object](name, sig, gives string, call func(T, Args) (variant.Value, error)) Member {
	return Member{Name: name, Sig: sig, Gives: gives, Call: func(o Object, args Args) (variant.Value, error) { return call(o.(T), args) }}
}

// Action is a method that gives nothing.
func Action[T Object](name, sig string, call func(T, Args) error) Member {
	return Member{Name: name, Sig: sig, Call: func(o Object, args Args) (variant.Value, error) {
		return variant.Empty, call(o.(T), args)
	}}
}
