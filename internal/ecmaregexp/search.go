package ecmaregexp

import (
	"bytes"
	"math"
	"unsafe"
)

// Text is what is searched. It is read only while Match runs.
type Text struct {
	narrow []byte
	wide   []uint16
}

// Narrow is a text of which each byte is a character below 256: Go's strings
// of ASCII are.
func Narrow(s string) Text {
	return Text{narrow: unsafe.Slice(unsafe.StringData(s), len(s))} // never written to
}

// Wide is a text in UTF-16, which may have half pairs.
func Wide(units []uint16) Text { return Text{wide: units} }

// Len is the text's length in units.
func (t Text) Len() int { return len(t.narrow) + len(t.wide) }

// Match finds the first match of the text that begins at start or later; at
// start alone if sticky. The groups are pairs of begin and end in units, -1
// where a group took no part, and nil when nothing matches; they are good
// until the machine's next match. The error is Poll's, or ErrTooComplex.
//
// With the flags u and v a start within a pair of surrogates is the pair's
// begin. If nothing matches there, what needs no character may match within
// the pair: ECMA-262 has no such place, but V8 has. A start beyond the text
// matches nothing.
func (m *Machine) Match(p *Program, t Text, start int, sticky bool) ([]int32, error) {
	if start < 0 || start > t.Len() {
		return nil, nil
	}
	if t.Len() > math.MaxInt32-1 {
		return nil, ErrTooComplex
	}
	m.prepare(p, t.Len())
	defer m.done()
	var found bool
	var err error
	if t.wide != nil {
		found, err = search(m, p, t.wide, start, sticky)
	} else {
		found, err = search(m, p, t.narrow, start, sticky)
	}
	if !found || err != nil {
		return nil, err
	}
	return m.regs[:2*p.groups], nil
}

// begin is what is known of where a match can start.
type begin struct {
	anchored bool     // only at the text's begin
	text     []uint16 // it starts with this
	firsts   *firsts  // or with one of these; nil with anything
	need     int32    // a unit that it must have somewhere, -1 without one
}

func beginOf(root node, unicode bool) begin {
	b := begin{need: -1, anchored: startsText(root), text: leading(root, unicode)}
	if f := firstsOf(root); !f.empty && !f.end {
		b.firsts = &f
	}
	if c, ok := needed(root); ok && len(b.text) == 0 && !b.anchored && !(unicode && (c > 0xFFFF || isLead(c) || isTrail(c))) {
		b.need = c
	}
	return b
}

func startsText(n node) bool {
	switch n := n.(type) {
	case *nodeSeq:
		return len(n.items) > 0 && startsText(n.items[0])
	case *nodeGroup:
		return startsText(n.body)
	case *nodeAlt:
		for _, item := range n.items {
			if !startsText(item) {
				return false
			}
		}
		return true
	case *nodeAssert:
		return n.op == opStart
	}
	return false
}

// leading is the text that a match must start with.
func leading(n node, unicode bool) []uint16 {
	e := emitter{unicode: unicode}
	switch n := n.(type) {
	case *nodeChars:
		return e.literal([]node{n})
	case *nodeSeq:
		if text := e.literal(n.items); len(text) > 0 || len(n.items) == 0 {
			return text
		}
		return leading(n.items[0], unicode)
	case *nodeGroup:
		return leading(n.body, unicode)
	case *nodeRepeat:
		if n.min > 0 {
			return leading(n.body, unicode)
		}
	}
	return nil
}

// needed is a character that every match has, the last one that is found.
func needed(n node) (c rune, ok bool) {
	switch n := n.(type) {
	case *nodeChars:
		return n.set.single()
	case *nodeSeq:
		for i := len(n.items) - 1; i >= 0; i-- {
			if c, ok := needed(n.items[i]); ok {
				return c, true
			}
		}
	case *nodeGroup:
		return needed(n.body)
	case *nodeRepeat:
		if n.min > 0 {
			return needed(n.body)
		}
	}
	return 0, false
}

// search tries one place after the other.
func search[T unit](m *Machine, p *Program, in []T, start int, sticky bool) (bool, error) {
	last := len(in)
	if sticky {
		last = start
	}
	if p.flags.FullUnicode() && start > 0 && splitsPair(in, start) {
		start--
	}
	b := &p.begin
	if b.anchored && start > 0 || b.need >= 0 && !sticky && index(in[start:], []uint16{uint16(b.need)}) < 0 {
		return false, nil
	}
	for pos := start; pos <= last; pos++ {
		if !sticky {
			if pos = next(b, in, pos); pos < 0 {
				return false, nil
			}
		}
		if err := m.poll(1 + (pos-start)>>4); err != nil {
			return false, err
		}
		m.clear(p)
		m.regs[0] = int32(pos)
		found, err := run(m, p, in, pos)
		if found || err != nil || b.anchored {
			return found, err
		}
	}
	return false, nil
}

// next is the first place from pos on where a match can start, -1 if there is
// none.
func next[T unit](b *begin, in []T, pos int) int {
	switch {
	case len(b.text) > 0:
		at := index(in[pos:], b.text)
		if at < 0 {
			return -1
		}
		return pos + at
	case b.firsts != nil:
		for pos < len(in) {
			c := in[pos]
			if uint16(c) < 256 {
				if b.firsts.low.has(byte(c)) {
					return pos
				}
			} else if b.firsts.high {
				return pos
			}
			pos++
		}
		return -1
	}
	return pos
}

// index is where a text has another first, -1 without.
func index[T unit](in []T, text []uint16) int {
	if narrow, ok := any(in).([]byte); ok {
		var room [32]byte
		sought := room[:0]
		for _, c := range text {
			if c > 0xFF {
				return -1
			}
			sought = append(sought, byte(c))
		}
		return bytes.Index(narrow, sought)
	}
	for i := 0; i+len(text) <= len(in); i++ {
		if uint16(in[i]) == text[0] && hasText(in, i, text) {
			return i
		}
	}
	return -1
}
