package dialect

// target rewrites a call that is assigned to. For callee(args) it makes
// Ref(callee,args).v and for object.key(args) RefMember(object,"key",args).v.
func (w *walker) target(c *chain) {
	from := c.target
	if c.member.kind == memberNone {
		w.insert(from, w.insertions.ref)
	} else {
		w.insert(from, w.insertions.refMember)
		w.memberArguments(&c.member)
	}
	separator := ","
	if c.empty {
		separator = " "
	}
	w.replace(c.open, separator)
	w.insert(c.close+1, w.insertions.value)
	w.targets = append(w.targets, Span{from, c.close + 1})
}

// assignLiteral rewrites a literal that is assigned to: Illegal(literal).v.
func (w *walker) assignLiteral(c *chain) {
	w.insert(c.start, w.insertions.illegal)
	w.insert(c.literal, ")"+w.insertions.value)
	w.illegal = append(w.illegal, Span{c.start, c.literal})
}

// memberArguments turns the access .key or [key] into two arguments.
func (w *walker) memberArguments(m *member) {
	w.replace(m.at, ",")
	if m.kind == memberName {
		// The escapes of a name mean the same in a string.
		w.insert(m.name, `"`)
		w.insert(m.end, `"`)
	} else {
		// The key may have commas of its own.
		w.edits[len(w.edits)-1].Text = ",("
		w.replace(m.end, ")")
	}
	// Parentheses around the access can't stay around two arguments.
	for _, p := range m.parens {
		w.replace(p[0], " ")
		w.replace(p[1], " ")
	}
}

// insert notes an insertion, with blanks where it would merge with a word.
func (w *walker) insert(at int, text string) {
	// Only a keyword can stand right before a target, and it is ASCII.
	if at > 0 && wordByte(w.src[at-1]) && wordLike(text[0]) {
		text = " " + text
	}
	if at < len(w.src) && wordLike(text[len(text)-1]) && w.wordAt(at) {
		text += " "
	}
	w.edits = append(w.edits, Edit{Offset: at, Text: text})
}

// wordAt reports whether the character at the offset may be part of a word.
func (w *walker) wordAt(at int) bool {
	if w.src[at] < 0x80 {
		return wordLike(w.src[at])
	}
	space, _, _ := wideSpace(w.src[at:])
	return !space
}

// replace notes the replacement of one byte.
func (w *walker) replace(at int, text string) {
	w.edits = append(w.edits, Edit{Offset: at, Len: 1, Text: text})
}

// hide makes an HTML-like comment mark one that the parser knows too.
func (w *walker) hide(start, end int) {
	w.edits = append(w.edits, Edit{Offset: start, Len: end - start, Text: "//  "[:end-start]})
}

// wordLike reports whether c may be part of a word, ASCII or not.
func wordLike(c byte) bool { return wordByte(c) || c == '\\' || c >= 0x80 }
