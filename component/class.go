package component

import (
	"fmt"
	"strings"

	"github.com/najahost/naja/variant"
)

// An Object is one object of the host: a pointer, which is its identity.
type Object interface {
	// Class is the table of its members: the same at each call.
	Class() *Class
}

// A Class is the table of members of one kind of object. [Make] makes it; it
// never changes afterwards and may be used by any goroutine.
type Class struct {
	// Name is what errors and documents call it: "ADODB.Recordset".
	Name string
	// Members, in the order in which for…in visits them.
	Members []Member
	// Default names the member that the object stands for where a page calls
	// it or assigns to a call of it: Session("n") is Session.Item("n"). ""
	// for an object that isn't called.
	Default string
	// Value names the member that the object is as text, in arithmetic and
	// where it is stored. It is Default unless set, where that needs no
	// argument; an object without one is no value.
	Value string
	// Enum begins a walk over the elements; nil for what isn't a collection.
	Enum func(o Object) (Enum, error)
	// Named reads what is no member by its name, as of a collection whose elements
	// have names; false where there is nothing. Members come first, and so does
	// what the language itself has in every object. nil: nothing is read so.
	Named func(o Object, name string) (variant.Value, bool)
	// Fresh says that an object is given to a page once and never again: nothing
	// has to be remembered of it.
	Fresh bool
	// Keyed says that the elements are the keys, by which for…in goes too.
	Keyed bool

	exact, folded map[string]*Member
	item, value   *Member
	longest       int // of the names, in bytes
}

// Make makes a class. It panics where the table has a mistake: two members of
// one name, a member that does nothing, a default that isn't there.
func Make(c Class) *Class {
	c.exact, c.folded = make(map[string]*Member, len(c.Members)), make(map[string]*Member, len(c.Members))
	c.Members = append([]Member(nil), c.Members...)
	for i := range c.Members {
		m := &c.Members[i]
		m.index, m.needs = i, required(m.Sig)
		key := fold(m.Name)
		switch {
		case c.folded[key] != nil:
			panic(fmt.Sprintf("component: %s has two members %s", c.Name, m.Name))
		case m.Get == nil && m.Put == nil && m.Call == nil || m.Call != nil && (m.Get != nil || m.Put != nil):
			panic(fmt.Sprintf("component: %s.%s is neither a property nor a method", c.Name, m.Name))
		}
		c.exact[m.Name], c.folded[key] = m, m
		c.longest = max(c.longest, len(m.Name))
	}
	c.item = c.named(c.Default)
	c.value = c.named(c.Value)
	if c.value == nil && c.item != nil && c.item.needs == 0 {
		c.value = c.item
	}
	return &c
}

func (c *Class) named(name string) *Member {
	m := c.exact[name]
	if m == nil && name != "" {
		panic(fmt.Sprintf("component: %s has no member %s", c.Name, name))
	}
	return m
}

// Find looks a member up: by its own spelling first, then without regard to
// case; nil where there is none.
func (c *Class) Find(name string) *Member {
	if m := c.exact[name]; m != nil {
		return m
	}
	if len(name) > 2*c.longest { // folding changes no length by more
		return nil
	}
	var short [64]byte
	if len(name) > len(short) {
		return c.folded[fold(name)]
	}
	for i := range len(name) {
		b := name[i]
		if b >= 0x80 {
			return c.folded[fold(name)]
		}
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		short[i] = b
	}
	return c.folded[string(short[:len(name)])]
}

// fold is the form in which names are looked up.
func fold(name string) string { return strings.ToLower(name) }

// Item is the default member of an object that is called; nil of one that isn't.
func (c *Class) Item() *Member {
	if c.item != nil && c.item.Indexed() {
		return c.item
	}
	return nil
}

// IsValue says that the objects stand for a value.
func (c *Class) IsValue() bool { return c.value != nil }

// ValueOf is what an object is as a value, and false of one that is none.
func ValueOf(o Object) (variant.Value, bool, error) {
	m := o.Class().value
	if m == nil {
		return variant.Empty, false, nil
	}
	v, err := m.Read(o, nil)
	return v, true, err
}

// Plain is a value with an object's default value in the object's place, and
// what is behind ByRef. An object that is no value is TypeMismatch.
func Plain(v variant.Value) (variant.Value, error) {
	for range maxDefaults {
		v = v.Deref()
		if v.Kind() != variant.KindObject {
			return v, nil
		}
		o, ok := v.Object().(Object)
		if !ok {
			break
		}
		next, ok, err := ValueOf(o)
		if err != nil || !ok {
			return variant.Empty, failure(err)
		}
		v = next
	}
	return variant.Empty, variant.TypeMismatch
}

// maxDefaults bounds objects whose default values are objects.
const maxDefaults = 8

func failure(err error) error {
	if err == nil {
		return variant.TypeMismatch
	}
	return err
}

// Of is an object as a value; nil is Nothing.
func Of(o Object) variant.Value {
	if o == nil {
		return variant.Nothing
	}
	return variant.Object(o)
}
