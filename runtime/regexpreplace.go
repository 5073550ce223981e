package runtime

import (
	"strings"

	"github.com/dop251/goja"
)

// replaced is one match that is to be replaced. What our own exec found is
// cut into texts when somebody looks.
type replaced struct {
	at, length int
	found      []int32
	groups     []goja.Value // with the match
	named      goja.Value
}

// regExpReplace is the method behind replace and replaceAll.
func (sc *script) regExpReplace(call goja.FunctionCall) goja.Value {
	obj := sc.object("[Symbol.replace]", call.This)
	s := sc.toText(call.Argument(0))
	by, isFunction := goja.AssertFunction(call.Argument(1))
	r := replacer{sc: sc, s: s, by: by}
	if !isFunction {
		r.template = sc.toText(call.Argument(1))
		r.plain = !strings.Contains(r.template.String(), "$")
	}
	e, flags := sc.flagsFor(obj)
	if e != nil && !isFunction {
		return r.atOnce(obj, e, flags)
	}
	matches := sc.toReplace(obj, e, s, flags)
	for i := range matches {
		if m := &matches[i]; m.found != nil && !r.plain {
			m.cut(sc, e, s)
		}
		r.one(&matches[i])
	}
	if len(matches) == 0 {
		return s
	}
	r.write(s, r.next, s.Length())
	return r.out.String()
}

// atOnce replaces each match as it is found: with a template nothing of the page's
// runs in between that could tell.
func (r *replacer) atOnce(obj *goja.Object, e *expression, flags string) goja.Value {
	var m replaced
	some := false
	add := func(found []int32) {
		some = true
		m = replaced{at: int(found[0]), length: int(found[1] - found[0]), found: found, named: goja.Undefined()}
		if !r.plain {
			m.cut(r.sc, e, r.s)
		}
		r.one(&m)
	}
	if strings.Contains(flags, "g") {
		r.sc.each(obj, e, r.s, add)
	} else if found := r.sc.execBuiltin(obj, e, r.s); found != nil {
		add(found)
	}
	if !some {
		return r.s
	}
	r.write(r.s, r.next, r.s.Length())
	return r.out.String()
}

// toReplace finds all that is to be replaced, before any of it is.
func (sc *script) toReplace(obj *goja.Object, e *expression, s goja.String, flags string) (matches []replaced) {
	global := strings.Contains(flags, "g")
	if e != nil {
		// Most texts have a few matches: room for them is made at once.
		all := make([]int32, 0, 16) // of all matches, behind each other
		matches = make([]replaced, 0, 4)
		add := func(found []int32) {
			all = append(all, found...)
			matches = append(matches, replaced{at: int(found[0]), length: int(found[1] - found[0]),
				found: all[len(all)-len(found):], named: goja.Undefined()})
		}
		if global {
			sc.each(obj, e, s, add)
		} else if found := sc.execBuiltin(obj, e, s); found != nil {
			add(found)
		}
		return matches
	}
	var results []*goja.Object
	if global {
		sc.eachObject(obj, s, flags, func(result *goja.Object) { results = append(results, result) })
	} else if result, ok := sc.execOf(obj, s).(*goja.Object); ok {
		results = append(results, result)
	}
	for _, result := range results {
		matches = append(matches, sc.replacedBy(result, s))
	}
	return matches
}

// cut makes the texts of a match's groups.
func (m *replaced) cut(sc *script, e *expression, s goja.String) {
	m.groups = make([]goja.Value, len(m.found)/2)
	for i := range m.groups {
		m.groups[i] = group(s, m.found, i)
	}
	m.named = sc.groupsOf(e, func(i int) any { return m.groups[i] })
}

// replacedBy reads what an exec of the page's gave.
func (sc *script) replacedBy(result *goja.Object, s goja.String) replaced {
	n := max(toLength(result.Get("length"))-1, 0)
	if n > maxArguments {
		sc.rangeError("replace: more than %d groups", maxArguments)
	}
	matched := sc.toText(result.Get("0"))
	at := min(max(result.Get("index").ToInteger(), 0), int64(s.Length()))
	m := replaced{at: int(at), length: matched.Length(), groups: []goja.Value{matched}}
	for i := int64(1); i <= n; i++ {
		v := result.Get(sc.vm.ToValue(i).String())
		if v == nil {
			v = goja.Undefined()
		}
		if !goja.IsUndefined(v) {
			v = sc.toText(v)
		}
		m.groups = append(m.groups, v)
	}
	if m.named = result.Get("groups"); m.named == nil {
		m.named = goja.Undefined()
	}
	return m
}

// replacer writes a text with its matches replaced.
type replacer struct {
	sc       *script
	s        goja.String
	by       goja.Callable
	template goja.String
	plain    bool // the template has no $
	out      goja.StringBuilder
	length   int
	next     int // of s, what isn't written yet
}

// write adds a part of a text, within the bound of what may be made.
func (r *replacer) write(s goja.String, from, to int) {
	if r.length += to - from; r.length > maxText {
		r.sc.rangeError("replace would make a text of more than %d characters", maxText)
	}
	if from < to {
		r.out.WriteSubstring(s, from, to)
	}
}

// one writes what is before a match, and what stands for it.
func (r *replacer) one(m *replaced) {
	var text goja.String
	if r.by != nil {
		args := append(append(make([]goja.Value, 0, len(m.groups)+3), m.groups...), r.sc.vm.ToValue(m.at), r.s)
		if !goja.IsUndefined(m.named) {
			args = append(args, m.named)
		}
		v, err := r.by(goja.Undefined(), args...)
		if err != nil {
			panic(err)
		}
		text = r.sc.toText(v)
	}
	var named *goja.Object
	if text == nil && !goja.IsUndefined(m.named) {
		named = m.named.ToObject(r.sc.vm)
	}
	if m.at < r.next {
		return
	}
	r.write(r.s, r.next, m.at)
	r.next = m.at + m.length
	switch {
	case text != nil:
		r.write(text, 0, text.Length())
	case r.plain:
		r.write(r.template, 0, r.template.Length())
	default:
		r.substitute(m, named)
	}
}

// substitute is GetSubstitution of ECMA-262.
func (r *replacer) substitute(m *replaced, named *goja.Object) {
	t, n := r.template, r.template.Length()
	from := 0
	for i := 0; i+1 < n; i++ {
		if t.CharAt(i) != '$' {
			continue
		}
		text, lo, hi, used := r.symbol(m, named, i+1)
		if used == 0 {
			continue
		}
		r.write(t, from, i)
		if text != nil {
			r.write(text, lo, hi)
		}
		i += used
		from = i + 1
	}
	r.write(t, from, n)
}

// symbol is what stands for the $ before a place of the template: a part of a
// text, and how much of the template it used, 0 if the $ is a dollar.
func (r *replacer) symbol(m *replaced, named *goja.Object, i int) (text goja.String, lo, hi, used int) {
	t, size := r.template, r.s.Length()
	switch c := t.CharAt(i); {
	case c == '$':
		return t, i, i + 1, 1
	case c == '&':
		matched := m.groups[0].(goja.String)
		return matched, 0, matched.Length(), 1
	case c == '`':
		return r.s, 0, m.at, 1
	case c == '\'':
		return r.s, min(m.at+m.length, size), size, 1
	case c == '<' && named != nil:
		for j := i + 1; j < t.Length(); j++ {
			if t.CharAt(j) != '>' {
				continue
			}
			v := named.Get(t.Substring(i+1, j).String())
			if v == nil || goja.IsUndefined(v) {
				return nil, 0, 0, j - i + 1
			}
			text = r.sc.toText(v)
			return text, 0, text.Length(), j - i + 1
		}
	case c >= '0' && c <= '9':
		return r.numbered(m, i, int(c-'0'))
	}
	return nil, 0, 0, 0
}

// numbered is $1 to $99, with as many digits as there are groups for.
func (r *replacer) numbered(m *replaced, i, n int) (text goja.String, lo, hi, used int) {
	used = 1
	if i+1 < r.template.Length() {
		if d := r.template.CharAt(i + 1); d >= '0' && d <= '9' {
			if two := n*10 + int(d-'0'); two >= 1 && two < len(m.groups) {
				n, used = two, 2
			}
		}
	}
	if n < 1 || n >= len(m.groups) {
		return nil, 0, 0, 0
	}
	if s, ok := m.groups[n].(goja.String); ok {
		return s, 0, s.Length(), used
	}
	return nil, 0, 0, used
}

// regExpSplit is the method behind split.
func (sc *script) regExpSplit(call goja.FunctionCall) goja.Value {
	obj := sc.object("[Symbol.split]", call.This)
	s := sc.toText(call.Argument(0))
	ctor := sc.species(obj)
	e, flags := sc.flagsFor(obj)
	out := &pieces{sc: sc, limit: 1<<32 - 1}
	if ctor == sc.regexp.ctor && e != nil && !strings.Contains(flags, "y") {
		out.limitBy(call.Argument(1))
		if out.limit > 0 {
			sc.splitBuiltin(e, s, out)
		}
		return sc.vm.NewArray(out.list...)
	}
	sticky := flags
	if !strings.Contains(flags, "y") {
		sticky += "y"
	}
	splitter, err := sc.vm.New(ctor, obj, sc.vm.ToValue(sticky))
	if err != nil {
		panic(err)
	}
	out.limitBy(call.Argument(1))
	if out.limit > 0 {
		sc.splitObject(splitter, s, fullUnicode(flags), out)
	}
	return sc.vm.NewArray(out.list...)
}

// pieces are what split has so far.
type pieces struct {
	sc    *script
	list  []any
	limit uint32
}

func (p *pieces) limitBy(v goja.Value) {
	if !goja.IsUndefined(v) {
		p.limit = uint32(v.ToNumber().ToInteger())
	}
}

// add says whether there is room for more.
func (p *pieces) add(v goja.Value) bool {
	p.list = append(p.list, v)
	return uint32(len(p.list)) < p.limit
}

// splitBuiltin splits by an expression whose exec is ours. It searches where
// the language tries place by place, which comes to the same.
func (sc *script) splitBuiltin(e *expression, s goja.String, out *pieces) {
	t, size := matchText(s), s.Length()
	search := func(at int) []int32 {
		found, err := sc.regexp.machine.Match(e.prog, t, at, false)
		return sc.matched(found, err)
	}
	if size == 0 {
		if search(0) == nil {
			out.add(s)
		}
		return
	}
	unicode := e.prog.Flags().FullUnicode()
	from, at := 0, 0
	for at < size {
		found := search(at)
		if found == nil || int(found[0]) >= size {
			break
		}
		if int(found[1]) == from {
			at = int(advance(s, int64(at), unicode))
			continue
		}
		sc.regexp.last.remember(s, found)
		if !out.add(s.Substring(from, int(found[0]))) {
			return
		}
		from, at = int(found[1]), int(found[1])
		for i := 1; i < len(found)/2; i++ {
			if !out.add(group(s, found, i)) {
				return
			}
		}
	}
	out.add(s.Substring(from, size))
}

// splitObject splits by what the page's class made.
func (sc *script) splitObject(splitter *goja.Object, s goja.String, unicode bool, out *pieces) {
	size := s.Length()
	if size == 0 {
		if goja.IsNull(sc.execOf(splitter, s)) {
			out.add(s)
		}
		return
	}
	from := 0
	for at := 0; at < size && !sc.stopped(); {
		sc.setLastIndex(splitter, int64(at))
		result, ok := sc.execOf(splitter, s).(*goja.Object)
		end := int64(from)
		if ok {
			end = min(toLength(splitter.Get("lastIndex")), int64(size))
		}
		if !ok || end == int64(from) {
			at = int(advance(s, int64(at), unicode))
			continue
		}
		if !out.add(s.Substring(from, at)) {
			return
		}
		from, at = int(end), int(end)
		groups := max(toLength(result.Get("length"))-1, 0)
		for i := int64(1); i <= groups; i++ {
			v := result.Get(sc.vm.ToValue(i).String())
			if v == nil {
				v = goja.Undefined()
			}
			if !out.add(v) {
				return
			}
		}
	}
	out.add(s.Substring(from, size))
}
