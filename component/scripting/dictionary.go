package scripting

import (
	"context"
	"math"
	"reflect"
	"strings"
	"sync"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// maxItems bounds one dictionary.
const maxItems = 1 << 20

// The errors of scrrun that pages see by their numbers.
var (
	errExists   = &component.Error{Number: component.Control(457), Description: "This key is already associated with an element of this collection"}
	errMissing  = &component.Error{Number: component.Control(32811), Description: "Element not found"}
	errCall     = &component.Error{Number: component.Control(5), Description: "Invalid procedure call or argument"}
	errTooMany  = &component.Error{Number: variant.OutOfMemory, Description: "there are too many elements in the dictionary"}
	errNotPlain = &component.Error{Number: component.Control(5), Description: "a Dictionary that Session or Application keeps takes plain values only"}
)

// binaryCompare is the CompareMode that tells A from a; every other doesn't.
const binaryCompare = 0

// A dictionary is Scripting.Dictionary: keys of any type with their own type ("1" and
// 1 are two), in the order in which they came. Any goroutine may use it, one at a
// time.
//
// What a script alone has, its functions and objects, a dictionary keeps and gives
// back as they are for the request that made it. In one that is kept longer, by
// Session or Application, there is room for plain values only, and what a
// script had is Empty: it has ended with the request.
type dictionary struct {
	begun context.Context // of the request that made it

	mu     sync.Mutex
	mode   int32
	at     map[any]*element
	first  *element
	last   *element
	shared bool // the request has ended
}

// An element is one key with its value, in a list. One that was removed leads on to
// what came behind it.
type element struct {
	key, value variant.Value
	same       any // what equal keys have in common
	prev, next *element
	gone       bool
}

func newDictionary(ctx context.Context) *dictionary {
	return &dictionary{begun: ctx, at: make(map[any]*element)}
}

// Class is the table of its members.
func (d *dictionary) Class() *component.Class { return dictionaryClass }

var dictionaryClass = component.Make(component.Class{
	Name: "Scripting.Dictionary",
	Members: []component.Member{
		component.Indexed("Item", "(key)", "any", (*dictionary).item, (*dictionary).setItem),
		component.Action("Add", "(key, item)", (*dictionary).add),
		component.Property("CompareMode", "number", (*dictionary).compareMode, (*dictionary).setCompareMode),
		counted(component.ReadOnly("Count", "number", func(d *dictionary) variant.Value {
			defer d.enter()()
			return variant.Int(int64(len(d.at)))
		})),
		component.Method("Exists", "(key)", "boolean", (*dictionary).exists),
		component.Method("Items", "()", "array", func(d *dictionary, _ component.Args) (variant.Value, error) {
			return d.list(func(e *element) variant.Value { return e.value }), nil
		}),
		component.Indexed("Key", "(key)", "any", nil, (*dictionary).rename),
		component.Method("Keys", "()", "array", func(d *dictionary, _ component.Args) (variant.Value, error) {
			return d.list(func(e *element) variant.Value { return e.key }), nil
		}),
		component.Action("Remove", "(key)", (*dictionary).remove),
		component.Action("RemoveAll", "()", (*dictionary).removeAll),
	},
	Default: "Item",
	Keyed:   true,
	Enum:    func(o component.Object) (component.Enum, error) { return o.(*dictionary).walk(), nil },
})

// counted marks a property that pages write with parentheses behind.
func counted(m component.Member) component.Member {
	m.Counted = true
	return m
}

// enter takes the lock, and drops what belongs to a request that has ended.
func (d *dictionary) enter() (leave func()) {
	d.mu.Lock()
	if !d.shared && (d.begun.Done() == nil || d.begun.Err() != nil) {
		d.shared = true
		d.begun = context.Background()
		for e := d.first; e != nil; e = e.next {
			if e.value.Script() != nil {
				e.value = variant.Empty
			}
		}
	}
	return d.mu.Unlock
}

// keyOf is what a key is told from others by.
func (d *dictionary) keyOf(v variant.Value) (any, variant.Value, error) {
	v = v.Deref()
	if v.IsMissing() {
		return nil, v, variant.ParamNotOption
	}
	switch v.Kind() {
	case variant.KindObject:
		return v.Object(), v, nil
	case variant.KindScript:
		s := v.Script()
		if d.shared || !reflect.TypeOf(s).Comparable() {
			return nil, v, errNotPlain
		}
		return s, v, nil
	case variant.KindString:
		s, _ := v.Str()
		if d.mode != binaryCompare {
			return strings.ToUpper(strings.ToLower(s)), v.Own(), nil
		}
		return s, v.Own(), nil
	case variant.KindArray, variant.KindBytes:
		return nil, v, errCall
	case variant.KindEmpty, variant.KindNull, variant.KindNothing, variant.KindError:
		return v, v, nil
	}
	f, err := v.ToFloat()
	if err != nil {
		return nil, v, errCall
	}
	if f != f {
		f = math.Inf(1) // it would equal nothing, itself neither
	}
	return f + 0, v, nil // -0 is 0
}

// valueOf is a value that may be kept.
func (d *dictionary) valueOf(v variant.Value) (variant.Value, error) {
	v = v.Deref()
	switch {
	case v.IsMissing():
		return v, variant.ParamNotOption
	case d.shared && (v.Kind() == variant.KindScript || v.Kind() == variant.KindObject):
		return v, errNotPlain
	}
	return v.Own(), nil
}

func (d *dictionary) find(v variant.Value) (*element, error) {
	same, _, err := d.keyOf(v)
	return d.at[same], err
}

// put adds an element at the end.
func (d *dictionary) put(same any, key, value variant.Value) error {
	if len(d.at) >= maxItems {
		return errTooMany
	}
	e := &element{key: key, value: value, same: same, prev: d.last}
	if d.last != nil {
		d.last.next = e
	} else {
		d.first = e
	}
	d.last = e
	d.at[same] = e
	return nil
}

// item reads a value. One that isn't there comes to be, as Empty.
func (d *dictionary) item(args component.Args) (variant.Value, error) {
	defer d.enter()()
	same, key, err := d.keyOf(args.At(0))
	if err != nil {
		return variant.Empty, err
	}
	if e := d.at[same]; e != nil {
		return e.value, nil
	}
	return variant.Empty, d.put(same, key, variant.Empty)
}

func (d *dictionary) setItem(args component.Args, v variant.Value) error {
	defer d.enter()()
	same, key, err := d.keyOf(args.At(0))
	if err != nil {
		return err
	}
	if v, err = d.valueOf(v); err != nil {
		return err
	}
	if e := d.at[same]; e != nil {
		e.value = v
		return nil
	}
	return d.put(same, key, v)
}

func (d *dictionary) add(args component.Args) error {
	defer d.enter()()
	same, key, err := d.keyOf(args.At(0))
	if err != nil {
		return err
	}
	v, err := d.valueOf(args.At(1))
	if err != nil {
		return err
	}
	if d.at[same] != nil {
		return errExists
	}
	return d.put(same, key, v)
}

func (d *dictionary) exists(args component.Args) (variant.Value, error) {
	defer d.enter()()
	e, err := d.find(args.At(0))
	return variant.Bool(e != nil), err
}

func (d *dictionary) compareMode() (variant.Value, error) {
	defer d.enter()()
	return variant.Long(d.mode), nil
}

// setCompareMode is for an empty dictionary: the keys that are there have been
// compared.
func (d *dictionary) setCompareMode(v variant.Value) error {
	v, err := component.Plain(v)
	if err != nil {
		return err
	}
	mode, err := v.ToLong()
	if err != nil {
		return err
	}
	defer d.enter()()
	if len(d.at) > 0 || mode < 0 {
		return errCall
	}
	d.mode = mode
	return nil
}

// rename is Key(old) = new.
func (d *dictionary) rename(args component.Args, v variant.Value) error {
	defer d.enter()()
	e, err := d.find(args.At(0))
	if err != nil {
		return err
	}
	if e == nil {
		return errMissing
	}
	same, key, err := d.keyOf(v)
	if err != nil {
		return err
	}
	if other := d.at[same]; other != nil && other != e {
		return errExists
	}
	delete(d.at, e.same)
	e.same, e.key = same, key
	d.at[same] = e
	return nil
}

func (d *dictionary) remove(args component.Args) error {
	defer d.enter()()
	e, err := d.find(args.At(0))
	if err != nil {
		return err
	}
	if e == nil {
		return errMissing
	}
	d.take(e)
	return nil
}

// take removes an element, which leads walkers that stand on it on.
func (d *dictionary) take(e *element) {
	delete(d.at, e.same)
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		d.first = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		d.last = e.prev
	}
	e.gone = true
}

func (d *dictionary) removeAll(component.Args) error {
	defer d.enter()()
	for e := d.first; e != nil; e = e.next {
		e.gone = true
	}
	clear(d.at)
	d.first, d.last = nil, nil
	return nil
}

// list is an array of what there is.
func (d *dictionary) list(of func(*element) variant.Value) variant.Value {
	defer d.enter()()
	all := make([]variant.Value, 0, len(d.at))
	for e := d.first; e != nil; e = e.next {
		all = append(all, of(e))
	}
	return variant.OfArray(variant.List(all...))
}

// walk goes over the keys as they are when it comes to them.
func (d *dictionary) walk() component.Enum {
	var at *element
	begun := false
	return component.Func(func() (variant.Value, bool, error) {
		defer d.enter()()
		switch {
		case !begun:
			at, begun = d.first, true
		case at != nil:
			at = at.next
		}
		for at != nil && at.gone {
			at = at.next
		}
		if at == nil {
			return variant.Empty, false, nil
		}
		return at.key, true, nil
	})
}
