package runtime

import (
	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/runtime/internal/intrinsics"
	"github.com/najahost/naja/variant"
)

// Objects of the host are tables of package component, which know nothing of
// JavaScript. This is where a script sees them: each table has a [class], made
// once, whose members call it.

// bind makes the class of a table.
func bind(c *component.Class) *class {
	members := make([]member, len(c.Members))
	for i := range c.Members {
		members[i] = boundMember(c, &c.Members[i])
	}
	bound := newClass(c.Name, members...)
	bound.of = c
	if c == intrinsics.Global("Response") {
		bound.exact["Write"].call = writeDirectly
	}
	return bound
}

// writeDirectly is Response.Write: what a page calls most goes to the response
// without becoming a value of the host's.
func writeDirectly(h *host, args []goja.Value) goja.Value {
	h.write(h.text(arg(args, 0)))
	return nil
}

// boundMember is a member of a table's. The default member of what is called is
// the object itself, which can be called, assigned and read as its value.
func boundMember(c *component.Class, m *component.Member) member {
	row := member{name: m.Name, bare: m.Needs() == 0}
	switch {
	case m == c.Item():
		row.bare = false
		row.get = func(h *host) goja.Value { return h.object }
	case m.IsMethod() || m.Indexed():
		row.call = func(h *host, args []goja.Value) goja.Value { return h.read(m, args) }
	default:
		row.get = func(h *host) goja.Value { return h.read(m, nil) }
		if m.Put != nil || m.PutRef != nil {
			row.set = func(h *host, v goja.Value) { h.assign(m, nil, v) }
		}
	}
	if m.Indexed() && m.Put != nil {
		row.put = func(h *host, args []goja.Value, v goja.Value) { h.assign(m, args, v) }
	}
	return row
}

// hosted is the script's object for one of the host's: always the same. live is
// the component that it is; nil for ASP's own objects.
func (sc *script) hosted(o component.Object, live *Object) *goja.Object {
	if o == sc.recent.of {
		return sc.recent.object
	}
	c := o.Class()
	if !c.Fresh || sc.fresh {
		if v := sc.hostedBefore(o, live); v != nil {
			if live == nil {
				sc.recent = recent{o, v}
			}
			return v
		}
	}
	h := &host{class: sc.classOf(c), of: o, live: live}
	if c.IsValue() {
		h.primitive = boundValue
	}
	if c.Enum != nil && c.Keyed {
		h.keys = boundKeys
	}
	item := c.Item()
	if item == nil && c.Enum == nil {
		return sc.knows(h, sc.newObject(h))
	}
	h.item = uncallable
	if item != nil {
		h.item = boundItem
		if item.Put != nil {
			h.put = boundPut
		}
	}
	return sc.knows(h, sc.newCallable(h))
}

// recent is the object of ASP's own that was asked for last.
type recent struct {
	of     component.Object
	object *goja.Object
}

// hostedBefore is the object that the script has already, nil where it has none
// that the same may call.
func (sc *script) hostedBefore(o component.Object, live *Object) *goja.Object {
	id := identityOf(o, live)
	if id == nil {
		return nil
	}
	v := sc.knownAs(id)
	if v == nil || live == nil {
		return v
	}
	if h := sc.hosts[v]; h.live != nil && (h.live.Threading != live.Threading || h.live.Home != live.Home) {
		return nil
	}
	return v
}

// knownAs is the script's object that stands for one of the host's; nil for one
// that the script hasn't seen. They are looked for from the second object on:
// most pages have one or two.
func (sc *script) knownAs(o any) *goja.Object {
	if sc.known == nil {
		if len(sc.hosts) == 0 {
			return nil
		}
		sc.known = make(map[any]*goja.Object)
		for obj, h := range sc.hosts {
			sc.knows(h, obj)
		}
	}
	return sc.known[o]
}

// knows remembers an object, but for one that the host gives away for good:
// it comes back only where the script itself hands it over (fromScript).
func (sc *script) knows(h *host, obj *goja.Object) *goja.Object {
	if sc.known != nil && !(h.of != nil && h.of.Class().Fresh) {
		if id := h.identity(); id != nil {
			sc.known[id] = obj
		}
	}
	return obj
}

// classOf is the class of a table, made once for all pages of a compiler.
func (sc *script) classOf(c *component.Class) *class {
	if made, ok := sc.prog.names.classes.Load(c); ok {
		return made.(*class)
	}
	made, _ := sc.prog.names.classes.LoadOrStore(c, bind(c))
	return made.(*class)
}

func boundItem(h *host, args []goja.Value) goja.Value { return h.read(h.class.of.Item(), args) }

func boundPut(h *host, args []goja.Value, v goja.Value) { h.assign(h.class.of.Item(), args, v) }

func boundValue(h *host) goja.Value {
	if h.live == nil {
		v, _, err := component.ValueOf(h.of)
		h.check(err)
		return h.toScript(v)
	}
	var v variant.Value
	err := h.calls("Value", func() (err error) {
		v, _, err = component.ValueOf(h.of)
		return err
	})
	h.check(err)
	return h.gives(v)
}

// isCollection says that there is something to walk over.
func (h *host) isCollection() bool { return h != nil && h.class.of != nil && h.class.of.Enum != nil }

// walk begins a walk over a collection.
func (h *host) walk() stepper {
	var enum component.Enum
	h.check(h.calls("_NewEnum", func() (err error) {
		enum, err = h.class.of.Enum(h.of)
		return err
	}))
	return func() goja.Value {
		var v variant.Value
		var more bool
		h.check(h.calls("_NewEnum", func() (err error) {
			v, more, err = enum.Next()
			return err
		}))
		if !more {
			return nil
		}
		return h.gives(v)
	}
}

func boundKeys(h *host) (keys []string) {
	next := h.walk()
	for v := next(); v != nil && len(keys) < maxEnumerated; v = next() {
		keys = append(keys, v.String())
	}
	return keys
}

// read reads a member or calls it.
func (h *host) read(m *component.Member, args []goja.Value) goja.Value {
	if len(args) == 0 && h.live == nil {
		v, err := m.Read(h.of, nil)
		h.check(err)
		return h.toScript(v)
	}
	given := h.give(args)
	defer h.done(len(given))
	var v variant.Value
	var err error
	if h.live == nil {
		v, err = m.Read(h.of, given)
	} else {
		err = h.calls(m.Name, func() (err error) {
			v, err = m.Read(h.of, given)
			return err
		})
	}
	h.check(err)
	return h.gives(v)
}

// assign assigns to a member.
func (h *host) assign(m *component.Member, args []goja.Value, v goja.Value) {
	given := h.give(args)
	defer h.done(len(given))
	value := h.fromScript(v)
	h.check(h.calls(m.Name, func() error {
		return m.Assign(h.of, given, value, value.Kind() == variant.KindObject)
	}))
}

// calls runs what belongs to a component: a panic of its own is ASP 0115. What
// the engine throws goes through it.
func (h *host) calls(name string, f func() error) (err error) {
	if h.live == nil {
		return f()
	}
	defer h.calling.Store(h.calling.Swap(h.live))
	defer func() {
		if r := recover(); r != nil {
			err = h.crashed(h.live, name, r)
		}
	}()
	return f()
}

// crashed is the error of a component that panicked; what the engine threw
// through it is thrown on.
func (sc *script) crashed(o *Object, name string, r any) error {
	switch r := r.(type) {
	case goja.Value, *goja.Exception, *goja.InterruptedError, *goja.StackOverflowError:
		panic(r)
	}
	e := asp.New(115, o.ProgID+"."+name)
	e.Err = &PanicError{Value: r}
	return e
}

// gives is the script's value of what a member gave. Objects that a component
// gives may be called by whoever may call it.
func (h *host) gives(v variant.Value) goja.Value {
	if h.live == nil {
		return h.toScript(v)
	}
	before := h.from
	h.from = h.live
	out := h.toScript(v)
	h.from = before
	return out
}

// give makes the arguments of a member: for the call alone, on a stack of which
// done takes as many again. A member that calls the script is in the middle.
func (sc *script) give(args []goja.Value) component.Args {
	from := len(sc.giving)
	for _, a := range args {
		sc.giving = append(sc.giving, sc.fromScript(a))
	}
	return component.Args(sc.giving[from:len(sc.giving):len(sc.giving)])
}

func (sc *script) done(n int) {
	rest := max(len(sc.giving)-n, 0)
	clear(sc.giving[rest:])
	sc.giving = sc.giving[:rest]
}

// uncallable is what a collection without a default member is called by.
func uncallable(h *host, _ []goja.Value) goja.Value {
	h.throw(asp.New(185, h.class.name))
	return nil
}

// itemText is what a member Item gives that isn't called: an item's text. Of
// anything else it is what it is.
func (sc *script) itemText(call goja.FunctionCall) goja.Value {
	v := call.Argument(0)
	if h := sc.hostOf(v); h != nil && h.isItem() && h.primitive != nil {
		return h.primitive(h)
	}
	return v
}
