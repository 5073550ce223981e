package runtime

import (
	"strconv"

	"github.com/dop251/goja"
)

// lastMatch is what the RegExp object remembers of the script's last
// successful match. Texts are cut when somebody asks for one.
type lastMatch struct {
	input  goja.String
	groups [20]int32 // begin and end of the match and of groups 1 to 9
	n      int       // how many of groups count
	last   [2]int32  // and of the last group
}

// remember keeps a match.
func (m *lastMatch) remember(s goja.String, found []int32) {
	m.input = s
	m.n = copy(m.groups[:], found)
	m.last = [2]int32(found[len(found)-2:])
	if len(found) == 2 {
		m.last = [2]int32{-1, -1}
	}
}

// extendRegExp shows RegExp's memory of the last match: $1 to $9, lastMatch,
// lastParen, leftContext, rightContext, input, index and lastIndex.
func (sc *script) extendRegExp() {
	sc.extend(need(needMatcher))
	if sc.regexp == nil {
		return
	}
	ctor, m := sc.regexp.ctor, &sc.regexp.last
	for i := 1; i <= 9; i++ {
		sc.static(ctor, "$"+strconv.Itoa(i), func() any { return m.group(i) })
	}
	for _, names := range [...]struct {
		long, short string
		get         func() any
	}{
		{"lastMatch", "$&", func() any { return m.group(0) }},
		{"lastParen", "$+", func() any { return m.slice(m.last[0], m.last[1]) }},
		{"leftContext", "$`", func() any { return m.slice(0, m.groups[0]) }},
		{"rightContext", "$'", func() any { return m.slice(m.groups[1], m.length()) }},
		{"input", "$_", func() any { return m.slice(0, m.length()) }},
		{"index", "", func() any { return m.position(0) }},
		{"lastIndex", "", func() any { return m.position(1) }},
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

func (m *lastMatch) length() int32 {
	if m.input == nil {
		return 0
	}
	return int32(m.input.Length())
}

func (m *lastMatch) group(i int) any {
	if 2*i >= m.n {
		return ""
	}
	return m.slice(m.groups[2*i], m.groups[2*i+1])
}

// position is -1 before the first match.
func (m *lastMatch) position(i int) int32 {
	if m.input == nil {
		return -1
	}
	return m.groups[i]
}

func (m *lastMatch) slice(from, to int32) any {
	if m.input == nil || from < 0 {
		return ""
	}
	return m.input.Substring(int(from), int(to))
}
