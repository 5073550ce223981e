package ecmaregexp

import "slices"

// class reads a class in brackets.
func (p *parser) class() node {
	p.deeper()
	defer func() { p.depth-- }()
	if p.flags&UnicodeSets != 0 {
		return p.classUnion().node(p)
	}
	p.pos++
	not := p.accept("^")
	var sets []charSet
	for p.pos < len(p.src) && p.peek() != ']' {
		sets = append(sets, p.classRange())
	}
	if !p.accept("]") {
		p.fail("Unterminated character class")
	}
	set := union(sets...)
	if p.mods&IgnoreCase != 0 {
		set = set.closed(p.unicode)
	}
	if not {
		set = set.not()
	}
	return &nodeChars{set}
}

// classRange reads a character, a class with a letter, or a range.
func (p *parser) classRange() charSet {
	from, single := p.classAtom()
	if p.peek() != '-' {
		return from
	}
	p.pos++
	dash := setOf('-', '-')
	if p.pos == len(p.src) || p.peek() == ']' {
		return union(from, dash)
	}
	to, alsoSingle := p.classAtom()
	if !single || !alsoSingle {
		p.strict("Invalid character class")
		return union(from, dash, to)
	}
	if from[0] > to[0] {
		p.fail("Range out of order in character class")
	}
	return setOf(from[0], to[0])
}

// classAtom reads one of the ends of a range, and says whether it is a single
// character.
func (p *parser) classAtom() (charSet, bool) {
	c := p.peek()
	p.pos++
	if c != '\\' {
		return setOf(c, c), true
	}
	if p.accept("b") {
		return setOf('\b', '\b'), true
	}
	if set, _, ok := p.classEscape(true); ok {
		return set, false
	}
	c = p.charEscape(true)
	return setOf(c, c), true
}

// classSet is an operand of a class with v: characters, and texts of none or
// several. Whether it may have texts is asked of how it is written.
type classSet struct {
	chars   charSet
	texts   [][]rune
	mayText bool
}

// node is what matches the set: longer texts come first.
func (s *classSet) node(p *parser) node {
	chars := p.chars(s.chars)
	if len(s.texts) == 0 {
		return chars
	}
	texts := slices.Clone(s.texts)
	slices.SortStableFunc(texts, func(a, b []rune) int { return len(b) - len(a) })
	alt := &nodeAlt{}
	for i, text := range texts {
		if len(text) == 0 && (i == 0 || len(texts[i-1]) > 0) {
			alt.items = append(alt.items, chars)
		}
		seq := &nodeSeq{}
		for _, c := range text {
			seq.items = append(seq.items, p.char(c))
		}
		alt.items = append(alt.items, seq)
	}
	if len(texts[len(texts)-1]) > 0 {
		alt.items = append(alt.items, chars)
	}
	return alt
}

// fold makes two texts or sets that i takes for each other the same.
func (p *parser) fold(s *classSet) *classSet {
	if p.mods&IgnoreCase == 0 {
		return s
	}
	out := &classSet{chars: s.chars.closed(true), mayText: s.mayText}
	for _, text := range s.texts {
		folded := make([]rune, len(text))
		for i, c := range text {
			folded[i] = canonical(c, true)
		}
		out.texts = append(out.texts, folded)
	}
	return out
}

func (s *classSet) add(t *classSet) {
	s.chars, s.texts = union(s.chars, t.chars), append(s.texts, t.texts...)
	s.mayText = s.mayText || t.mayText
}

// keep leaves the texts and characters that the other has, or hasn't.
func (s *classSet) keep(t *classSet, having bool) {
	if having {
		s.chars = s.chars.and(t.chars)
		s.mayText = s.mayText && t.mayText
	} else {
		s.chars = s.chars.minus(t.chars)
	}
	has := make(map[string]bool, len(t.texts))
	for _, text := range t.texts {
		has[string(text)] = true
	}
	s.texts = slices.DeleteFunc(slices.Clone(s.texts), func(text []rune) bool { return has[string(text)] != having })
}

// classUnion reads a class with v, from its [ to its ].
func (p *parser) classUnion() *classSet {
	p.pos++
	not := p.accept("^")
	out := &classSet{}
	if p.peek() != ']' {
		p.classContents(out, not)
	}
	if !p.accept("]") {
		p.fail("Unterminated character class")
	}
	if not {
		p.noTexts(out)
		out.chars = out.chars.not()
	}
	return out
}

// noTexts refuses texts in a class that is negated.
func (p *parser) noTexts(s *classSet) {
	if s.mayText {
		p.fail("Negated character class may contain strings")
	}
}

// classContents reads operands beside each other, or with && or -- between
// them.
func (p *parser) classContents(out *classSet, not bool) {
	first, single := p.classOperand()
	switch {
	case p.peek() == '&' && p.at(1) == '&':
		out.add(p.fold(first))
		p.classOperation(out, "&&")
		return
	case p.peek() == '-' && p.at(1) == '-':
		out.add(p.fold(first))
		if not {
			p.noTexts(out)
		}
		p.classOperation(out, "--")
		return
	}
	for {
		if single && p.peek() == '-' {
			first = p.classRangeTo(first)
		}
		out.add(p.fold(first))
		if p.pos == len(p.src) || p.peek() == ']' {
			return
		}
		switch c := p.peek(); {
		case c == '-' && p.at(1) == end:
			p.fail("Unterminated character class")
		case c == '-' && p.at(1) != '-':
			p.fail("Invalid character class")
		case c == '-', c == '&' && p.at(1) == '&':
			p.fail("Invalid set operation in character class")
		}
		first, single = p.classOperand()
	}
}

// classOperation reads operands with one operator between them.
func (p *parser) classOperation(out *classSet, operator string) {
	for p.pos < len(p.src) && p.peek() != ']' {
		if !p.accept(operator) {
			p.fail("Invalid set operation in character class")
		}
		if operator == "&&" && p.peek() == '&' {
			p.fail("Invalid character in character class")
		}
		operand, _ := p.classOperand()
		out.keep(p.fold(operand), operator == "&&")
	}
}

// classRangeTo reads the second end of a range.
func (p *parser) classRangeTo(from *classSet) *classSet {
	if p.at(1) == '-' {
		p.fail("Invalid set operation in character class")
	}
	p.pos++
	to, single := p.classOperand()
	if !single {
		p.fail("Invalid character class")
	}
	if from.chars[0] > to.chars[0] {
		p.fail("Range out of order in character class")
	}
	return &classSet{chars: setOf(from.chars[0], to.chars[0])}
}

// classOperand reads a class, texts, or a character, and says whether it is a
// single character.
func (p *parser) classOperand() (*classSet, bool) {
	switch c := p.peek(); {
	case c == '[':
		p.deeper()
		defer func() { p.depth-- }()
		return p.classUnion(), false
	case c == '\\' && p.at(1) == 'q' && p.at(2) == '{':
		p.pos += 3
		return p.classTexts(), false
	case c == '\\':
		p.pos++
		if set, texts, ok := p.classEscape(true); ok {
			return &classSet{set, texts, texts != nil}, false
		}
		p.pos--
	}
	c := p.classSetChar()
	return &classSet{chars: setOf(c, c)}, true
}

// classTexts reads \q{…} behind its brace.
func (p *parser) classTexts() *classSet {
	out := &classSet{}
	for {
		var text []rune
		for p.pos < len(p.src) && p.peek() != '|' && p.peek() != '}' {
			text = append(text, p.classSetChar())
		}
		if len(text) == 1 {
			out.chars = union(out.chars, setOf(text[0], text[0]))
		} else {
			out.texts, out.mayText = append(out.texts, text), true
		}
		if p.accept("}") {
			return out
		}
		if !p.accept("|") {
			p.fail("Unterminated character class")
		}
	}
}

// classSetChar reads a character of a class with v, where more of them have a
// meaning.
func (p *parser) classSetChar() rune {
	c := p.peek()
	if c == end {
		p.fail("Unterminated character class")
	}
	if c != '\\' {
		if c < 0x80 && slices.Contains([]rune("()[]{}/-|"), c) {
			p.fail("Invalid character in character class")
		}
		if c == p.at(1) && slices.Contains([]rune("&!#$%*+,.:;<=>?@^`~"), c) {
			p.fail("Invalid set operation in character class")
		}
		p.pos++
		return c
	}
	p.pos++
	if p.accept("b") {
		return '\b'
	}
	if c := p.peek(); c != end && slices.Contains([]rune("&-!#%,:;<=>@`~"), c) {
		p.pos++
		return c
	}
	return p.charEscape(true)
}
