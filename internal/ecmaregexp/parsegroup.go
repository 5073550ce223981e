package ecmaregexp

// group reads what begins with a parenthesis.
func (p *parser) group() (n node, quantifiable bool) {
	p.deeper()
	p.pos++
	mods, open := p.mods, len(p.open)
	defer func() {
		p.depth--
		p.mods, p.open = mods, p.open[:open]
	}()
	if !p.accept("?") {
		return p.capture(""), true
	}
	switch {
	case p.accept(":"):
		return &nodeSeq{items: []node{p.closed()}}, true // so that it is no lookahead itself
	case p.accept("="):
		return &nodeLook{body: p.closed()}, true
	case p.accept("!"):
		return &nodeLook{not: true, body: p.closed()}, true
	case p.accept("<="):
		return &nodeLook{behind: true, body: p.closed()}, true
	case p.accept("<!"):
		return &nodeLook{behind: true, not: true, body: p.closed()}, true
	case p.accept("<"):
		name, ok := p.groupName()
		if !ok {
			p.fail("Invalid capture group name")
		}
		if p.live[name] {
			p.fail("Duplicate capture group name")
		}
		p.live[name] = true
		s := &p.scopes[len(p.scopes)-1]
		s.current = append(s.current, name)
		return p.capture(name), true
	}
	p.modifiers()
	return p.closed(), true
}

// closed reads the inside of a group and its end.
func (p *parser) closed() node {
	body := p.disjunction()
	if !p.accept(")") {
		p.fail("Unterminated group")
	}
	return body
}

// capture reads the inside of a group that captures.
func (p *parser) capture(name string) node {
	if p.groups > maxGroups {
		p.fail("Too many captures")
	}
	g := &nodeGroup{index: p.groups}
	p.groups++
	p.names = append(p.names, name)
	p.open = append(p.open, g.index)
	if name != "" {
		p.byName[name] = append(p.byName[name], g.index)
	}
	g.body = p.closed()
	return g
}

// modifiers reads what stands between (? and : of (?i:…) and (?i-m:…).
func (p *parser) modifiers() {
	var on, off Flags
	to := &on
	for {
		c := p.peek()
		var f Flags
		switch c {
		case 'i':
			f = IgnoreCase
		case 'm':
			f = Multiline
		case 's':
			f = DotAll
		case '-':
			if to == &off {
				p.fail("Multiple dashes in flag group")
			}
			to = &off
			p.pos++
			continue
		case ':':
			if on|off == 0 {
				p.fail("Invalid flag group")
			}
			p.pos++
			p.mods = p.mods&^off | on
			return
		default:
			p.fail("Invalid group")
		}
		if (on|off)&f != 0 {
			p.fail("Repeated flag in flag group")
		}
		*to |= f
		p.pos++
	}
}

// groupName reads a name and the > behind it.
func (p *parser) groupName() (string, bool) {
	var name []rune
	for {
		c := p.nameRune()
		switch {
		case c == '>' && len(name) > 0:
			return string(name), true
		case c == end, len(name) == 0 && !isIDStart(c), !isIDPart(c):
			return "", false
		}
		name = append(name, c)
	}
}

// nameRune reads a character of a name: a code point, as it stands or as \u….
// The > that ends a name can't be escaped.
func (p *parser) nameRune() rune {
	c := p.peek()
	p.pos++
	if c == '\\' {
		if !p.accept("u") {
			return end
		}
		c, ok := p.unicodeEscape(true)
		if !ok {
			p.fail("Invalid Unicode escape")
		}
		return choose(c == '>', end, c)
	}
	if isLead(c) && isTrail(p.peek()) {
		p.pos++
		return joined(c, p.at(-1))
	}
	return c
}
