package dialect

// memberName reads what follows a dot. It reports false for a token that
// begins a link of its own, as in a?.(x).
func (w *walker) memberName(f *frame, t token) bool {
	f.state = haveOperand
	switch t.kind {
	case kindWord:
		m := f.chain.member
		f.chain.link(member{kind: memberName, at: m.at, name: t.start, end: t.end})
		return true
	case kindPrivate:
		f.chain.link(member{})
		return true
	}
	return false
}

// dot reads . or ?. behind an operand. Anywhere else only new.target has one.
func (w *walker) dot(f *frame, t token) {
	if f.state != haveOperand {
		if f.news == 0 {
			return
		}
		f.news--
		f.begin(f.newAt)
		f.chain.special = true
	}
	f.chain.optional = f.chain.optional || t.is(punctOptional)
	f.chain.member.at = t.start
	f.state = wantMember
}

// key reads a token in the place of a key of an object literal or class:
// modifiers, the name, and what follows it. It reports false for a token
// that is read as everywhere else.
func (w *walker) key(f *frame, t token) bool {
	switch t.kind {
	case kindWord:
		f.keyPart()
		f.asyncKW = t.word == wordAsync
		return true
	case kindString, kindNumber, kindPrivate:
		f.keyPart()
		return true
	case kindPunct:
	default:
		f.expect()
		return false
	}
	switch t.punct {
	case punctStar:
		f.keyPart()
		f.function.generator = true
	case punctLBracket:
		f.keyPart()
		w.push(frameKey, t.start)
	case punctLParen:
		f.asyncKW = false
		f.function.kind = functionMethod
		w.push(frameParams, t.start)
	case punctAssign, punctColon, punctEllipsis:
		f.asyncKW = false
		f.expect()
	case punctComma, punctSemicolon:
		f.clearKey()
	case punctLBrace: // static { … }
		f.function = head{kind: functionMethod}
		w.pushFunction(f, t.start)
	case punctRBrace:
		return false
	default:
		f.expect()
		return false
	}
	return true
}

// keyPart notes that async, if it was read before, is a modifier.
func (f *frame) keyPart() {
	f.function.async = f.function.async || f.asyncKW
	f.asyncKW = false
}
