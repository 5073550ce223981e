package runtime

import (
	"github.com/dop251/goja"
)

// A guard makes what came out of Application refuse to be changed when the
// change would be lost without a word: read without the lock, or changed after
// the lock under which it was read was given up. Plain objects and arrays
// stand behind a proxy; Map, Set, Date and the typed arrays can't, and have
// their changing methods replaced. The engine has no way to refuse that an
// element of a typed array is assigned, or a property of an Error: what has
// such parts is compared when the script lets go of it; see [script.lost].
type guard struct {
	sc     *script
	key    string
	period int    // of the lock; see [State.lockPeriod]
	of     *taken // the whole value
}

// guards are what a script was handed behind guards.
type guards struct {
	proxies map[*goja.Object]*goja.Object // by what is behind them
	targets map[*goja.Object]*goja.Object // the other way round
	method  map[*goja.Object]*guard       // of what has its methods replaced
	classes map[string]*goja.Object       // prototypes with replaced methods
}

// behind is the object behind a guard's proxy, or obj itself.
func (g *guards) behind(obj *goja.Object) *goja.Object {
	if t := g.targets[obj]; t != nil {
		return t
	}
	return obj
}

// check throws unless a change would be stored.
func (g *guard) check() {
	if g.period == g.sc.lockPeriod && g.sc.env.Application.Locked() {
		return
	}
	g.sc.throw(notLocked(g.key))
}

// value guards a value and what is in it.
func (g *guard) value(v goja.Value) goja.Value {
	obj, ok := v.(*goja.Object)
	if !ok {
		return v
	}
	switch class := kindOf(obj); class {
	case "Array":
		return g.proxy(obj)
	case "Object":
		if tag := obj.GetSymbol(goja.SymToStringTag); tag != nil {
			g.of.bare = true
			return g.methods(tag.String(), obj) // a typed array or DataView
		}
		return g.proxy(obj)
	case "Map", "Set":
		g.elements(class, obj)
		return g.methods(class, obj)
	case "Date":
		return g.methods(class, obj)
	}
	g.of.bare = true
	return obj
}

// proxy puts an object behind a proxy, always the same one.
func (g *guard) proxy(obj *goja.Object) goja.Value {
	if obj.Prototype() == nil {
		return obj
	}
	all := &g.sc.guards
	if p := all.proxies[obj]; p != nil {
		return p
	}
	p := g.sc.vm.ToValue(g.sc.vm.NewProxy(obj, g.traps())).(*goja.Object)
	if all.proxies == nil {
		all.proxies, all.targets = make(map[*goja.Object]*goja.Object), make(map[*goja.Object]*goja.Object)
	}
	all.proxies[obj], all.targets[p] = p, obj
	return p
}

func (g *guard) traps() *goja.ProxyTrapConfig {
	return &goja.ProxyTrapConfig{
		Get: func(t *goja.Object, k string, _ goja.Value) goja.Value {
			if v := t.Get(k); v != nil {
				return g.value(v)
			}
			return goja.Undefined()
		},
		Set: func(t *goja.Object, k string, v, _ goja.Value) bool {
			g.check()
			return t.Set(k, g.plain(v)) == nil
		},
		DeleteProperty: func(t *goja.Object, k string) bool {
			g.check()
			return t.Delete(k) == nil
		},
		DefineProperty: func(t *goja.Object, k string, d goja.PropertyDescriptor) bool {
			g.check()
			return d.Value != nil && t.DefineDataProperty(k, g.plain(d.Value), d.Writable, d.Configurable, d.Enumerable) == nil
		},
		SetPrototypeOf: func(*goja.Object, *goja.Object) bool {
			g.check()
			return false
		},
	}
}

// plain takes the guard off a value that is put into another.
func (g *guard) plain(v goja.Value) goja.Value {
	if obj, ok := v.(*goja.Object); ok {
		return g.sc.guards.behind(obj)
	}
	return v
}

// elements guards what a Map or Set holds.
func (g *guard) elements(class string, obj *goja.Object) {
	if g.sc.guards.method[obj] != nil {
		return
	}
	var items []goja.Value
	composite := false
	g.sc.vm.ForOf(obj, func(v goja.Value) bool {
		items = append(items, v)
		_, is := v.(*goja.Object)
		composite = composite || is
		return true
	})
	if !composite {
		return
	}
	if class == "Map" {
		for _, pair := range items {
			p := pair.ToObject(g.sc.vm)
			g.sc.call(obj, "set", p.Get("0"), g.value(p.Get("1")))
		}
		return
	}
	g.sc.call(obj, "clear")
	for _, v := range items {
		g.sc.call(obj, "add", g.value(v))
	}
}

// changing are the methods by which an object of a class is changed.
func changing(class string) []string {
	switch class {
	case "Map":
		return []string{"set", "delete", "clear"}
	case "Set":
		return []string{"add", "delete", "clear"}
	case "Date":
		return []string{"setTime", "setMilliseconds", "setUTCMilliseconds", "setSeconds", "setUTCSeconds", "setMinutes", "setUTCMinutes",
			"setHours", "setUTCHours", "setDate", "setUTCDate", "setMonth", "setUTCMonth", "setFullYear", "setUTCFullYear", "setYear"}
	case "DataView":
		return []string{"setInt8", "setUint8", "setInt16", "setUint16", "setInt32", "setUint32", "setFloat32", "setFloat64",
			"setBigInt64", "setBigUint64"}
	}
	return []string{"set", "fill", "sort", "reverse", "copyWithin"} // a typed array
}

// methods gives an object the changing methods that look at its guard first.
func (g *guard) methods(class string, obj *goja.Object) goja.Value {
	all := &g.sc.guards
	if all.method[obj] != nil {
		return obj
	}
	if all.method == nil {
		all.method, all.classes = make(map[*goja.Object]*guard), make(map[string]*goja.Object)
	}
	if all.classes[class] == nil {
		all.classes[class] = g.sc.guardedClass(class, obj.Prototype())
	}
	if obj.SetPrototype(all.classes[class]) == nil {
		all.method[obj] = g
	}
	return obj
}

// guardedClass makes a prototype in front of a class's own.
func (sc *script) guardedClass(class string, proto *goja.Object) *goja.Object {
	guarded := sc.vm.CreateObject(proto)
	for _, name := range changing(class) {
		method, ok := goja.AssertFunction(proto.Get(name))
		if !ok {
			continue
		}
		checked := func(c goja.FunctionCall) goja.Value {
			if obj, ok := c.This.(*goja.Object); ok && sc.guards.method[obj] != nil {
				sc.guards.method[obj].check()
			}
			v, err := method(c.This, c.Arguments...)
			if err != nil {
				panic(err)
			}
			return v
		}
		_ = guarded.DefineDataProperty(name, sc.vm.ToValue(checked), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	return guarded
}
