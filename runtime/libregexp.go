package runtime

import (
	"strconv"

	"github.com/dop251/goja"
)

// lastMatch is what the RegExp object remembers of the script's last
// successful match.
type lastMatch struct {
	input  string
	units  []uint16 // input, so that indices count as the language does
	index  int
	groups []string
}

// extendRegExp gives RegExp its memory of the last match: $1 to $9,
// lastMatch, lastParen, leftContext, rightContext, input, index and
// lastIndex. Every match goes through exec once exec isn't the engine's own.
func (sc *script) extendRegExp() {
	ctor, ok := sc.vm.Get("RegExp").(*goja.Object)
	if !ok {
		return
	}
	proto := ctor.Get("prototype").(*goja.Object)
	exec, ok := goja.AssertFunction(proto.Get("exec"))
	if !ok {
		return
	}
	m := &lastMatch{}
	original, test := proto.Get("exec").(*goja.Object), proto.Get("test")
	wrapped := sc.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		v, err := exec(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		if found, ok := v.(*goja.Object); ok {
			m.remember(found)
		}
		return v
	})
	imitate(wrapped.(*goja.Object), original)
	proto.Set("exec", wrapped)                                        // by Set: it is what tells the engine that exec isn't its own any more
	tested := sc.vm.ToValue(func(call goja.FunctionCall) goja.Value { // which doesn't ask for exec
		return sc.vm.ToValue(!goja.IsNull(sc.call(call.This.ToObject(sc.vm), "exec", call.Argument(0))))
	})
	if test, ok := test.(*goja.Object); ok {
		imitate(tested.(*goja.Object), test)
	}
	proto.Set("test", tested)
	for i := 1; i <= 9; i++ {
		sc.static(ctor, "$"+strconv.Itoa(i), func() any { return m.group(i) })
	}
	for _, names := range [...]struct {
		long, short string
		get         func() any
	}{
		{"lastMatch", "$&", func() any { return m.group(0) }},
		{"lastParen", "$+", func() any { return m.group(max(len(m.groups)-1, 1)) }},
		{"leftContext", "$`", func() any { return m.slice(0, m.index) }},
		{"rightContext", "$'", func() any { return m.slice(m.end(), len(m.units)) }},
		{"input", "$_", func() any { return m.input }},
		{"index", "", func() any { return m.position(m.index) }},
		{"lastIndex", "", func() any { return m.position(m.end()) }},
	} {
		sc.static(ctor, names.long, names.get)
		if names.short != "" {
			sc.static(ctor, names.short, names.get)
		}
	}
}

// static defines a read-only property of a constructor.
func (sc *script) static(ctor *goja.Object, name string, get func() any) {
	getter := sc.named("get "+name, func(goja.FunctionCall) goja.Value { return sc.vm.ToValue(get()) })
	setter := sc.named("set "+name, func(goja.FunctionCall) goja.Value { return goja.Undefined() })
	ctor.DefineAccessorProperty(name, getter, setter, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// remember keeps what a match array says.
func (m *lastMatch) remember(found *goja.Object) {
	m.input = textOf(found.Get("input"))
	m.units = nil
	m.index = int(found.Get("index").ToInteger())
	n := int(found.Get("length").ToInteger())
	m.groups = m.groups[:0]
	for i := range n {
		m.groups = append(m.groups, textOf(found.Get(strconv.Itoa(i))))
	}
}

func (m *lastMatch) group(i int) string {
	if i < len(m.groups) {
		return m.groups[i]
	}
	return ""
}

// position is -1 before the first match.
func (m *lastMatch) position(i int) int {
	if len(m.groups) == 0 {
		return -1
	}
	return i
}

func (m *lastMatch) end() int {
	m.split()
	return min(m.index+len(utf16Of(m.group(0))), len(m.units))
}

func (m *lastMatch) split() {
	if m.units == nil {
		m.units = utf16Of(m.input)
	}
}

func (m *lastMatch) slice(from, to int) string {
	m.split()
	from, to = min(from, len(m.units)), min(to, len(m.units))
	return textOf16(m.units[from:max(from, to)])
}
