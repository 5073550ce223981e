package ecmaregexp

import (
	"slices"
	"strings"
)

// escape reads what begins with a backslash, outside of classes.
func (p *parser) escape() (n node, quantifiable bool) {
	p.pos++
	switch c := p.peek(); c {
	case 'b':
		p.pos++
		return &nodeAssert{choose(p.foldsWords(), opFoldBoundary, opBoundary)}, false
	case 'B':
		p.pos++
		return &nodeAssert{choose(p.foldsWords(), opNotFoldBoundary, opNotBoundary)}, false
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if n := p.decimalRef(); n != nil {
			return n, true
		}
		p.strict("Invalid escape")
		if c >= '8' {
			p.pos++
			return p.char(c), true
		}
	case '0':
		if next := p.at(1); next >= '0' && next <= '9' {
			p.strict("Invalid decimal escape")
		}
	case 'k':
		if p.unicode || p.named {
			p.pos++
			return p.namedRef(), true
		}
	}
	if set, texts, ok := p.classEscape(false); ok {
		if p.flags&UnicodeSets != 0 {
			return (&classSet{chars: set, texts: texts}).node(p), true
		}
		return p.chars(set), true
	}
	return p.char(p.charEscape(false)), true
}

// foldsWords: with i and u or v, \w and \b know two characters more.
func (p *parser) foldsWords() bool { return p.unicode && p.mods&IgnoreCase != 0 }

// decimalRef reads \1 and the like, if there is such a group.
func (p *parser) decimalRef() node {
	start := p.pos
	n, _ := p.number()
	if n > p.total {
		p.pos = start
		return nil
	}
	if p.insideGroup(n) {
		return &nodeSeq{} // what the group captured was forgotten when it began
	}
	return &nodeBackref{groups: []int{n}, fold: p.mods&IgnoreCase != 0}
}

func (p *parser) namedRef() node {
	if !p.accept("<") {
		p.fail("Invalid named reference")
	}
	name, ok := p.groupName()
	if !ok {
		p.fail("Invalid capture group name")
	}
	if slices.ContainsFunc(p.open, func(g int) bool { return p.names[g] == name }) {
		return &nodeSeq{}
	}
	ref := &nodeBackref{name: name, fold: p.mods&IgnoreCase != 0}
	p.pending = append(p.pending, ref)
	return ref
}

// classEscape reads \d, \p{…} and the like; the backslash is behind it.
func (p *parser) classEscape(inClass bool) (set charSet, texts [][]rune, ok bool) {
	c := p.peek()
	switch c | 0x20 {
	case 'd':
		set = digits
	case 's':
		set = spaces
	case 'w':
		set = choose(p.foldsWords(), foldWords, words)
	case 'p':
		if !p.unicode {
			return nil, nil, false
		}
		p.pos++
		return p.propertyEscape(c == 'P', inClass)
	default:
		return nil, nil, false
	}
	p.pos++
	if c < 'a' {
		set = set.not()
	}
	return set, nil, true
}

// propertyEscape reads {name} or {name=value} behind \p or \P.
func (p *parser) propertyEscape(not, inClass bool) (charSet, [][]rune, bool) {
	reason := choose(inClass, "Invalid property name in character class", "Invalid property name")
	if !p.accept("{") {
		p.fail(reason)
	}
	word := func(stop string) string {
		var out strings.Builder
		for isWord(p.peek(), false) {
			out.WriteRune(p.peek())
			p.pos++
		}
		if !strings.ContainsRune(stop, p.peek()) {
			p.fail(reason)
		}
		return out.String()
	}
	name, value := word("=}"), ""
	hasValue := p.accept("=")
	if hasValue {
		value = word("}")
	}
	p.pos++
	set, texts, ok := property(name, value, hasValue, p.flags&UnicodeSets != 0)
	if !ok || not && texts != nil {
		p.fail(reason)
	}
	if not {
		if p.flags&UnicodeSets != 0 && p.mods&IgnoreCase != 0 {
			set = set.closed(true)
		}
		set = set.not()
	}
	return set, texts, true
}

// charEscape reads an escape that stands for one character; the backslash is
// behind it.
func (p *parser) charEscape(inClass bool) rune {
	c := p.peek()
	if c == end {
		p.fail(`\ at end of pattern`)
	}
	p.pos++
	switch c {
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	case 'c':
		return p.control(inClass)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		if next := p.peek(); c == '0' && (next < '0' || next > '9') {
			return 0
		}
		p.strict(choose(inClass, "Invalid class escape", "Invalid decimal escape"))
		return p.octal(c)
	case 'x':
		if n, ok := p.hex(2); ok {
			return n
		}
		p.strict("Invalid escape")
		return 'x'
	case 'u':
		if n, ok := p.unicodeEscape(p.unicode); ok {
			return n
		}
		p.strict("Invalid Unicode escape")
		return 'u'
	}
	if p.unicode && !strings.ContainsRune(`^$\.*+?()[]{}|/`, c) && !(inClass && c == '-') || !p.unicode && p.named && c == 'k' {
		p.fail("Invalid escape")
	}
	return c
}

// control reads the letter of \cX. Without one the backslash stands for
// itself, and the c comes next.
func (p *parser) control(inClass bool) rune {
	c := p.peek()
	if c|0x20 >= 'a' && c|0x20 <= 'z' {
		p.pos++
		return c & 0x1F
	}
	p.strict("Invalid Unicode escape")
	if inClass && (c >= '0' && c <= '9' || c == '_') {
		p.pos++
		return c & 0x1F
	}
	p.pos--
	return '\\'
}

// octal reads up to three digits, the first of them behind it, below 256.
func (p *parser) octal(first rune) rune {
	n := first - '0'
	for range 2 {
		if c := p.peek(); c < '0' || c > '7' || n >= 32 {
			break
		}
		n = n*8 + p.peek() - '0'
		p.pos++
	}
	return n
}

// hex reads so many hexadecimal digits, or none.
func (p *parser) hex(digits int) (n rune, ok bool) {
	for i := range digits {
		d, ok := hexDigit(p.at(i))
		if !ok {
			return 0, false
		}
		n = n<<4 | d
	}
	p.pos += digits
	return n, true
}

func hexDigit(c rune) (rune, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// unicodeEscape reads what follows \u: four digits, a pair of such escapes, or
// digits in braces; the last two where whole code points count.
func (p *parser) unicodeEscape(points bool) (rune, bool) {
	start := p.pos
	if points && p.accept("{") {
		n := rune(0)
		for p.peek() != '}' {
			d, ok := hexDigit(p.peek())
			if n = n<<4 | d; !ok || n > maxRune {
				p.pos = start
				return 0, false
			}
			p.pos++
		}
		if p.pos++; p.pos == start+2 {
			p.pos = start
			return 0, false
		}
		return n, true
	}
	n, ok := p.hex(4)
	if points && isLead(n) {
		at := p.pos
		if p.accept(`\u`) {
			if trail, ok := p.hex(4); ok && isTrail(trail) {
				return joined(n, trail), true
			}
		}
		p.pos = at
	}
	return n, ok
}
