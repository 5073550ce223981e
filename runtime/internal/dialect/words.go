package dialect

// word reads an identifier or keyword where an operand, an operator or a
// statement may stand.
func (w *walker) word(f *frame, t token) {
	switch t.word {
	case wordInfix, wordOf:
		w.infix(f, t)
	case wordPrefix, wordCase, wordExtends:
		w.operator(f)
	case wordDeclare:
		w.declare(f)
	case wordControl, wordFor:
		f.state, f.control = wantParen, frameHead
		if t.word == wordFor {
			f.control = frameForHead
		}
	case wordBlock, wordExport:
		w.statement(f)
	case wordReturn:
		w.operator(f)
		f.lead = leadReturn
	case wordLabel:
		f.state, f.pure = wantLabel, false
	case wordDefault, wordDebugger:
		f.state, f.pure = finished, false
	case wordNew:
		if f.news == 0 {
			f.newAt = t.start
		}
		f.news++
	case wordFunction:
		w.function(f, t)
	case wordClass:
		w.class(f, t)
	default:
		w.soft(f, t)
	}
}

// soft reads a word that is an identifier, except in its place.
func (w *walker) soft(f *frame, t token) {
	switch t.word {
	case wordAsync:
		w.async(f, t)
		return
	case wordLet:
		if w.lead == leadStatement || f.kind == frameForHead && f.pure {
			if w.declares() {
				w.declare(f)
				return
			}
		}
	case wordYield:
		if w.scope.generator {
			w.operator(f)
			f.lead = leadYield
			return
		}
	case wordAwait:
		if w.await(f) {
			w.operator(f)
			return
		}
	}
	async := f.asyncKW
	f.begin(t.start)
	f.asyncKW, f.chain.async = false, async
	f.chain.special = t.word == wordSpecial
}

// infix reads in, instanceof and of. After a call in the head of a for, in
// and of make the call the target of each round.
func (w *walker) infix(f *frame, t token) {
	if t.word == wordOf && f.state != haveOperand && f.state != haveBinding {
		f.begin(t.start) // an identifier after all
		return
	}
	if f.kind == frameForHead && f.pure && f.state == haveOperand &&
		!f.prefix && f.chain.assignable() && w.src[t.start:t.end] != "instanceof" {
		w.target(&f.chain)
	}
	w.operator(f)
	f.declare = f.declare && f.kind != frameForHead
}

// operator ends the operand before an operator, infix or prefix.
func (w *walker) operator(f *frame) {
	w.finish(f)
	f.expect()
}

// declare begins the list of a var, let or const.
func (w *walker) declare(f *frame) {
	w.operator(f)
	f.declare, f.lead = true, leadBinding
}

// declares reports whether the let just read begins a declaration.
func (w *walker) declares() bool {
	at, _ := w.lexer.peek()
	if at >= len(w.src) {
		return false
	}
	switch c := w.src[at]; c {
	case '[', '{':
		return true
	default:
		name := w.lexer.peekWord(at)
		return name != "" && classify(name) != wordInfix
	}
}

// async reads async as a modifier of a function or as an identifier.
func (w *walker) async(f *frame, t token) {
	at, newline := w.lexer.peek()
	if name := w.lexer.peekWord(at); !newline && name != "" {
		switch classify(name) {
		case wordFunction:
			f.function, f.asyncKW = head{async: true}, true
			if w.lead == leadStatement {
				f.lead = leadStatement // so that the function is a declaration
			}
			if f.news == 0 {
				f.newAt = t.start
			}
			return
		case wordInfix:
		default:
			f.asyncKW, f.pure = true, false // async x => …
			return
		}
	}
	f.begin(t.start)
	f.chain.async = true
}
