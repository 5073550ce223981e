package ecmaregexp

import "slices"

// parser makes the tree of a pattern. The order in which it complains, and its
// words, are those of V8.
type parser struct {
	flags   Flags
	mods    Flags // i, m and s where the parser stands: modifiers change them
	unicode bool  // with u or v, the stricter grammar

	src     []rune // units, or code points with u and v
	offsets []int  // of src, in units; nil when they are the same
	pos     int
	depth   int

	groups  int // that were opened
	total   int // that the pattern has, from scan
	named   bool
	open    []int // groups around this place
	names   []string
	live    map[string]bool // names that would be doubled here
	scopes  []scope
	byName  map[string][]int
	pending []*nodeBackref // by name
}

// scope is a disjunction that the parser is in: the names of its alternative,
// and those of the alternatives before it, which a later one may use again.
type scope struct{ current, before []string }

// fail is how the parser leaves; parse catches it.
type fail struct{ err *SyntaxError }

func (p *parser) fail(reason string) {
	at := p.pos
	if p.offsets != nil {
		at = p.offsets[min(at, len(p.offsets)-1)]
	}
	panic(fail{&SyntaxError{Offset: at, Reason: reason}})
}

const tooLarge = "Regular expression too large"

// parse gives the tree of the whole pattern.
func (p *parser) parse(pattern []uint16) (root node, err *SyntaxError) {
	defer func() {
		if f, ok := recover().(fail); ok {
			err = f.err
		} else if r := recover(); r != nil {
			panic(r)
		}
	}()
	if len(pattern) > MaxLength {
		p.fail(tooLarge)
	}
	p.read(pattern)
	p.scan()
	p.groups, p.names = 1, []string{""}
	p.live, p.byName = make(map[string]bool), make(map[string][]int)
	root = p.disjunction()
	if p.pos < len(p.src) {
		p.fail("Unmatched ')'")
	}
	for _, ref := range p.pending {
		if ref.groups = p.byName[ref.name]; ref.groups == nil {
			p.fail("Invalid named capture referenced")
		}
	}
	return root, nil
}

// read makes the pattern the characters that the grammar is about.
func (p *parser) read(pattern []uint16) {
	p.src = make([]rune, 0, len(pattern))
	for i := 0; i < len(pattern); i++ {
		c := rune(pattern[i])
		if p.unicode && isLead(c) && i+1 < len(pattern) && isTrail(rune(pattern[i+1])) {
			p.offsets = append(p.offsets, i)
			i++
			c = joined(c, rune(pattern[i]))
		} else if p.unicode {
			p.offsets = append(p.offsets, i)
		}
		p.src = append(p.src, c)
	}
	if p.unicode {
		p.offsets = append(p.offsets, len(pattern))
	}
}

func isLead(c rune) bool  { return c&^0x3FF == 0xD800 }
func isTrail(c rune) bool { return c&^0x3FF == 0xDC00 }

func joined(lead, trail rune) rune { return 0x10000 + (lead-0xD800)<<10 + (trail - 0xDC00) }

// scan counts the groups ahead, since \2 and \k mean one thing with them and
// another without.
func (p *parser) scan() {
	class := 0
	for i := 0; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c == '\\':
			i++
		case c == '[' && (class == 0 || p.flags&UnicodeSets != 0):
			class++
		case c == ']' && class > 0:
			class--
		case c == '(' && class == 0:
			if i+1 >= len(p.src) || p.src[i+1] != '?' {
				p.total++
			} else if i+2 < len(p.src) && p.src[i+2] == '<' && (i+3 == len(p.src) || p.src[i+3] != '=' && p.src[i+3] != '!') {
				p.total++
				p.named = true
			}
		}
	}
}

// end is what peek gives behind the pattern.
const end = -1

func (p *parser) peek() rune { return p.at(0) }

func (p *parser) at(n int) rune {
	if p.pos+n < len(p.src) {
		return p.src[p.pos+n]
	}
	return end
}

// accept goes over a text that stands here.
func (p *parser) accept(text string) bool {
	for i, c := range text {
		if p.at(i) != c {
			return false
		}
	}
	p.pos += len(text)
	return true
}

// deeper counts a level of nesting; the caller gives it back.
func (p *parser) deeper() {
	if p.depth++; p.depth > MaxNesting {
		p.fail(tooLarge)
	}
}

// disjunction reads alternatives up to a ) or the end.
func (p *parser) disjunction() node {
	p.scopes = append(p.scopes, scope{})
	alternatives := []node{p.alternative()}
	for p.accept("|") {
		s := &p.scopes[len(p.scopes)-1]
		for _, name := range s.current {
			delete(p.live, name)
		}
		s.before, s.current = joinNames(s.before, s.current), nil
		alternatives = append(alternatives, p.alternative())
	}
	p.leaveScope()
	if len(alternatives) == 1 {
		return alternatives[0]
	}
	return &nodeAlt{items: alternatives}
}

// leaveScope makes the names of all alternatives those of the one around them.
func (p *parser) leaveScope() {
	last := len(p.scopes) - 1
	s := p.scopes[last]
	p.scopes = p.scopes[:last]
	if last == 0 {
		return
	}
	for _, name := range s.before {
		p.live[name] = true
	}
	outer := &p.scopes[last-1]
	outer.current = joinNames(outer.current, joinNames(s.before, s.current))
}

// joinNames appends the shorter list to the longer one, so that names which
// are handed up through many levels aren't copied at each.
func joinNames(a, b []string) []string {
	if len(a) < len(b) {
		a, b = b, a
	}
	return append(a, b...)
}

// alternative reads terms up to a |, a ) or the end.
func (p *parser) alternative() node {
	var items []node
	for p.pos < len(p.src) && p.peek() != '|' && p.peek() != ')' {
		groups := p.groups
		atom, quantifiable := p.term()
		if quantifiable {
			atom = p.quantified(atom, groups)
		}
		if seq, ok := atom.(*nodeSeq); !ok || len(seq.items) > 0 {
			items = append(items, atom)
		}
	}
	if len(items) == 1 {
		return items[0]
	}
	return &nodeSeq{items: items}
}

// term reads an assertion or an atom, and says whether a quantifier may
// follow.
func (p *parser) term() (n node, quantifiable bool) {
	switch c := p.peek(); c {
	case '*', '+', '?':
		p.fail("Nothing to repeat")
	case '^':
		p.pos++
		return &nodeAssert{choose(p.mods&Multiline != 0, opLineStart, opStart)}, false
	case '$':
		p.pos++
		return &nodeAssert{choose(p.mods&Multiline != 0, opLineEnd, opEnd)}, false
	case '(':
		return p.group()
	case '[':
		return p.class(), true
	case '.':
		p.pos++
		if p.mods&DotAll != 0 {
			return &nodeChars{everything}, true
		}
		return &nodeChars{lineEnds.not()}, true
	case '\\':
		return p.escape()
	case '{':
		if _, _, ok := p.interval(); ok {
			p.fail("Nothing to repeat")
		}
		p.strict("Lone quantifier brackets")
	case '}', ']':
		p.strict("Lone quantifier brackets")
	}
	p.pos++
	return p.char(p.src[p.pos-1]), true
}

func choose[T any](cond bool, yes, no T) T {
	if cond {
		return yes
	}
	return no
}

// strict fails with u and v, whose grammar lacks what Annex B allows.
func (p *parser) strict(reason string) {
	if p.unicode {
		p.fail(reason)
	}
}

// char is one character, and with i all that are equal to it.
func (p *parser) char(c rune) node { return p.chars(setOf(c, c)) }

func (p *parser) chars(set charSet) node {
	if p.mods&IgnoreCase != 0 {
		set = set.closed(p.unicode)
	}
	return &nodeChars{set}
}

// quantified reads a quantifier behind an atom, if there is one. groups is how
// many there were before the atom.
func (p *parser) quantified(atom node, groups int) node {
	lo, hi := 0, -1
	switch p.peek() {
	case '*':
		p.pos++
	case '+':
		p.pos++
		lo = 1
	case '?':
		p.pos++
		hi = 1
	case '{':
		var ok bool
		if lo, hi, ok = p.interval(); !ok {
			p.strict("Incomplete quantifier")
			return atom
		}
		if hi >= 0 && hi < lo {
			p.fail("numbers out of order in {} quantifier")
		}
	default:
		return atom
	}
	lazy := p.accept("?")
	if look, ok := atom.(*nodeLook); ok && (p.unicode || look.behind) {
		p.fail("Invalid quantifier")
	}
	if lo == 1 && hi == 1 {
		return atom
	}
	return &nodeRepeat{min: lo, max: hi, lazy: lazy, first: groups, last: p.groups, body: atom}
}

// maxCount is where counts of quantifiers end; more is as good as for ever.
const maxCount = 1<<31 - 1

// interval reads {n}, {n,} or {n,m}, or nothing.
func (p *parser) interval() (lo, hi int, ok bool) {
	start := p.pos
	p.pos++
	lo, ok = p.number()
	hi = lo
	if ok && p.accept(",") {
		var bounded bool
		if hi, bounded = p.number(); !bounded {
			hi = -1
		}
	}
	if !ok || !p.accept("}") {
		p.pos = start
		return 0, 0, false
	}
	if hi == maxCount {
		hi = -1
	}
	return lo, hi, true
}

func (p *parser) number() (n int, ok bool) {
	for ; p.peek() >= '0' && p.peek() <= '9'; p.pos++ {
		n, ok = min(n*10+int(p.peek()-'0'), maxCount), true
	}
	return n, ok
}

// insideGroup reports whether this place is in a group itself.
func (p *parser) insideGroup(i int) bool { return slices.Contains(p.open, i) }
