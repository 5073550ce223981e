package ecmaregexp

import (
	"encoding/binary"
	"math"
)

// emitter makes the instructions of a tree.
type emitter struct {
	prog    *Program
	unicode bool
	classes map[string]*class
	firsts  map[firsts]*firsts
}

// emitProgram makes the program of a parsed pattern.
func emitProgram(p *parser, root node) *Program {
	prog := &Program{flags: p.flags, groups: p.groups, registers: 2 * p.groups}
	if len(p.byName) > 0 {
		prog.names = p.names
	}
	e := &emitter{prog: prog, unicode: p.unicode, classes: map[string]*class{}, firsts: map[firsts]*firsts{}}
	accept := anything()
	accept.accept = true
	e.emit(root, accept)
	e.add(inst{op: opMatch})
	prog.begin = beginOf(root, p.unicode)
	return prog
}

func (e *emitter) add(in inst) int {
	e.prog.code = append(e.prog.code, in)
	return len(e.prog.code) - 1
}

func (e *emitter) here() int32 { return int32(len(e.prog.code)) }

func (e *emitter) register() int32 {
	e.prog.registers++
	return int32(e.prog.registers - 1)
}

// class and ahead keep equal ones together: a pattern may be a megabyte.
func (e *emitter) class(s charSet) *class {
	key := make([]byte, 0, 4*len(s))
	for _, r := range s {
		key = binary.LittleEndian.AppendUint32(key, uint32(r))
	}
	if e.classes[string(key)] == nil {
		e.classes[string(key)] = newClass(s)
	}
	return e.classes[string(key)]
}

func (e *emitter) ahead(f firsts) *firsts {
	if e.firsts[f] == nil {
		e.firsts[f] = &f
	}
	return e.firsts[f]
}

// emit makes a node's instructions, to the right. follow is what comes behind.
func (e *emitter) emit(n node, follow firsts) {
	switch n := n.(type) {
	case *nodeChars:
		e.chars(n.set, false)
	case *nodeSeq:
		e.seq(n, follow)
	case *nodeAlt:
		e.alt(n, follow)
	case *nodeGroup:
		e.add(inst{op: opSave, a: int32(2 * n.index)})
		e.emit(n.body, follow)
		e.add(inst{op: opSave, a: int32(2*n.index + 1)})
	case *nodeRepeat:
		if !e.run(n, follow) {
			e.repeat(n, firstsOf(n.body), follow, func(inner firsts) { e.emit(n.body, inner) })
		}
	case *nodeBackref:
		e.add(inst{op: opBackref, ref: n})
	default:
		e.zeroWidth(n)
	}
}

// emitBack is emit to the left. There it isn't known what comes next.
func (e *emitter) emitBack(n node) {
	switch n := n.(type) {
	case *nodeChars:
		e.chars(n.set, true)
	case *nodeSeq:
		for i := len(n.items) - 1; i >= 0; i-- {
			e.emitBack(n.items[i])
		}
	case *nodeAlt:
		e.alternatives(n.items, anything(), func(item node) { e.emitBack(item) }, func(node) firsts { return anything() })
	case *nodeGroup:
		e.add(inst{op: opSave, a: int32(2*n.index + 1)})
		e.emitBack(n.body)
		e.add(inst{op: opSave, a: int32(2 * n.index)})
	case *nodeRepeat:
		first := anything()
		first.still = firstsOf(n.body).still
		e.repeat(n, first, anything(), func(firsts) { e.emitBack(n.body) })
	case *nodeBackref:
		e.add(inst{op: opBackrefBack, ref: n})
	default:
		e.zeroWidth(n)
	}
}

// zeroWidth makes what doesn't depend on the direction.
func (e *emitter) zeroWidth(n node) {
	switch n := n.(type) {
	case *nodeAssert:
		e.add(inst{op: n.op})
	case *nodeLook:
		at := e.add(inst{op: opLook, a: e.register()})
		e.register()
		if n.behind {
			e.emitBack(n.body)
		} else {
			e.emit(n.body, anything())
		}
		e.add(inst{op: choose(n.not, opLookNot, opLookEnd), a: e.prog.code[at].a})
		if n.not {
			e.prog.code[at].b = e.here()
		}
	}
}

// asPoints reports whether a set must be asked for code points: it has some
// of two units, or halves that don't count where they are part of a pair.
func (e *emitter) asPoints(s charSet) bool {
	return e.unicode && len(s.and(setOf(0xD800, 0xDFFF, 0x10000, maxRune))) > 0
}

func (e *emitter) chars(s charSet, back bool) {
	c, single := s.single()
	switch {
	case len(s) == 0:
		e.add(inst{op: opFail})
	case e.asPoints(s):
		e.add(inst{op: choose(back, opPointBack, opPoint), set: e.class(s)})
	case single:
		e.add(inst{op: choose(back, opCharBack, opChar), a: c})
	default:
		e.add(inst{op: choose(back, opSetBack, opSet), set: e.class(s)})
	}
}

// seq makes one after the other, and single characters one text.
func (e *emitter) seq(n *nodeSeq, follow firsts) {
	follows := make([]firsts, 0, 4) // of those that aren't characters, from behind
	for i := len(n.items) - 1; i >= 0; i-- {
		if _, ok := n.items[i].(*nodeChars); !ok {
			follows = append(follows, follow)
		}
		follow = firstsOf(n.items[i]).then(follow)
	}
	for i := 0; i < len(n.items); {
		text := e.literal(n.items[i:])
		if len(text) > 1 {
			e.add(inst{op: opText, text: text})
			i += len(text)
			continue
		}
		if _, ok := n.items[i].(*nodeChars); ok {
			e.emit(n.items[i], firsts{})
		} else {
			e.emit(n.items[i], follows[len(follows)-1])
			follows = follows[:len(follows)-1]
		}
		i++
	}
}

// literal is the text at the begin of a sequence, of characters that are one
// unit.
func (e *emitter) literal(items []node) (text []uint16) {
	for _, item := range items {
		chars, ok := item.(*nodeChars)
		if !ok {
			break
		}
		c, single := chars.set.single()
		if !single || e.asPoints(chars.set) {
			break
		}
		text = append(text, uint16(c))
	}
	return text
}

func (e *emitter) alt(n *nodeAlt, follow firsts) {
	if set, ok := e.oneOf(n.items); ok {
		e.chars(set, false)
		return
	}
	e.alternatives(n.items, follow, func(item node) { e.emit(item, follow) }, func(item node) firsts { return firstsOf(item).then(follow) })
}

// oneOf is the set that alternatives are if each is one character.
func (e *emitter) oneOf(items []node) (charSet, bool) {
	sets := make([]charSet, len(items))
	for i, item := range items {
		chars, ok := item.(*nodeChars)
		if !ok {
			return nil, false
		}
		sets[i] = chars.set
	}
	return union(sets...), true
}

// alternatives makes each, with a split before all but the last.
func (e *emitter) alternatives(items []node, follow firsts, emit func(node), firstsOf func(node) firsts) {
	rest := make([]*firsts, len(items)) // what an alternative or a later one can begin with
	for i, all := len(items)-1, (firsts{}); i >= 0; i-- {
		all = all.or(firstsOf(items[i]))
		rest[i] = e.ahead(all)
	}
	var jumps []int
	for i, item := range items {
		split := -1
		if i < len(items)-1 {
			split = e.add(inst{op: opSplit, one: e.ahead(firstsOf(item)), two: rest[i+1]})
			e.prog.code[split].a = e.here()
		}
		emit(item)
		if split >= 0 {
			jumps = append(jumps, e.add(inst{op: opJump}))
			e.prog.code[split].b = e.here()
		}
	}
	for _, at := range jumps {
		e.prog.code[at].a = e.here()
	}
}

// run makes the repetition of one character, if it is that: no way back is
// kept for each, but one for all.
func (e *emitter) run(n *nodeRepeat, follow firsts) bool {
	body := n.body
	if alt, ok := body.(*nodeAlt); ok {
		if set, ok := e.oneOf(alt.items); ok {
			body = &nodeChars{set}
		}
	}
	chars, ok := body.(*nodeChars)
	if !ok || len(chars.set) == 0 {
		return false
	}
	in := inst{op: opRun, a: int32(n.min), b: int32(n.max), set: e.class(chars.set), two: e.ahead(follow), points: e.asPoints(chars.set)}
	if n.max < 0 {
		in.b = math.MaxInt32
	}
	switch {
	case n.lazy:
		in.op = opRunLazy
	case follow.accept || follow.apart(chars.set):
		in.op = opRunAll
	}
	e.add(in)
	return true
}

// repeat makes any other repetition. first is what a round can begin with.
func (e *emitter) repeat(n *nodeRepeat, first, follow firsts, body func(inner firsts)) {
	if n.max == 0 {
		return
	}
	still, max := first.still, int32(n.max)
	if n.max < 0 {
		max = math.MaxInt32
	}
	inner := first.then(follow).or(follow)
	if follow.accept || first.empty {
		inner = anything() // another round may come first
	}
	again, exit := e.ahead(first.then(inner)), e.ahead(follow)
	if n.max == 1 || n.min == 0 && n.max < 0 {
		e.rounds(n, again, exit, still, func() { body(inner) })
		return
	}
	count := e.register()
	e.add(inst{op: opZero, a: count})
	loop := e.add(inst{op: choose(n.lazy, opLoopLazy, opLoop), a: count, b: int32(n.min), c: max, one: again, two: exit})
	e.add(inst{op: opRound, a: count})
	mark := e.round(n, still, func() { body(inner) })
	if still {
		e.add(inst{op: opMovedBeyond, a: mark, b: int32(n.min), c: count})
	}
	e.add(inst{op: opJump, a: int32(loop)})
	e.prog.code[loop].d = e.here()
}

// rounds makes ? and *, which don't count.
func (e *emitter) rounds(n *nodeRepeat, again, exit *firsts, still bool, body func()) {
	split := e.add(inst{op: opSplit, one: again, two: exit})
	inside := e.here()
	mark := e.round(n, still, body)
	if still {
		e.add(inst{op: opMoved, a: mark})
	}
	if n.max != 1 {
		e.add(inst{op: opJump, a: int32(split)})
	}
	s := &e.prog.code[split]
	if s.a, s.b = inside, e.here(); n.lazy {
		s.a, s.b, s.one, s.two = s.b, s.a, s.two, s.one
	}
}

// round makes one round, which begins with its groups forgotten.
func (e *emitter) round(n *nodeRepeat, still bool, body func()) (mark int32) {
	if still {
		mark = e.register()
		e.add(inst{op: opMark, a: mark})
	}
	if n.last > n.first {
		e.add(inst{op: opForget, a: int32(2 * n.first), b: int32(2 * n.last)})
	}
	body()
	return mark
}
