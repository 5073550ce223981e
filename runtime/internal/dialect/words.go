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
			f.lead = w.lead // the function is a declaration if async begins a statement
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

// function reads the keyword; its name and parameters come next.
func (w *walker) function(f *frame, t token) {
	async := f.asyncKW && f.function.async
	start := t.start
	if async && f.news == 0 {
		start = f.newAt
	}
	f.begin(start)
	f.state, f.asyncKW = wantName, false
	f.function = head{async: async}
	if w.lead == leadStatement {
		f.function.kind = functionDeclaration
		f.pure = false
	}
}

// class reads the keyword; its name, extends clause and body come next.
func (w *walker) class(f *frame, t token) {
	f.begin(t.start)
	w.classes = append(w.classes, classHead{
		depth:       len(w.frames),
		declaration: w.lead == leadStatement,
		chain:       f.chain,
		prefix:      f.prefix,
	})
	f.state, f.prefix = wantClass, false
	f.pure = f.pure && w.lead != leadStatement
}

// extending reports whether a class of the innermost frame waits for its body.
func (w *walker) extending() bool {
	n := len(w.classes)
	return n > 0 && w.classes[n-1].depth == len(w.frames)
}

// statementPart reads what follows a keyword with a shape of its own. It
// reports false for a token that doesn't belong there.
func (w *walker) statementPart(f *frame, t token) bool {
	switch f.state {
	case wantParen:
		if t.is(punctLParen) {
			f.state = wantOperand
			w.push(f.control, t.start)
			return true
		}
		if t.word == wordAwait && f.control == frameForHead {
			w.forAwait()
			return true
		}
		w.statement(f)
	case wantName:
		return w.functionName(f, t)
	case wantBody:
		if t.is(punctLBrace) {
			w.pushFunction(f, t.start)
			return true
		}
		f.expect()
	case wantClass:
		return w.className(f, t)
	case wantLabel:
		if t.kind == kindWord && !t.newline {
			f.state = finished
			return true
		}
		w.statement(f)
	}
	w.lead, f.lead = f.lead, leadNone
	return false
}

// functionName reads what stands between function and its parameters.
func (w *walker) functionName(f *frame, t token) bool {
	switch {
	case t.kind == kindWord:
		f.function.named = true
		if t.word == wordAwait && !w.scope.function {
			w.awaits.name++
		}
	case t.is(punctStar):
		f.function.generator = true
	case t.is(punctLParen):
		w.push(frameParams, t.start)
	case f.function.named && t.is(punctDot):
		w.fail(t, "function a.b(){} is not supported; write a.b = function(){}")
	case f.function.named && t.is(punctColon) && w.lexer.at(0) == ':':
		w.fail(t, "function object::event(){} is not supported; write object.event = function(){}")
	default:
		f.expect()
		return false
	}
	return true
}

// className reads what stands between class and the body or the extends clause.
func (w *walker) className(f *frame, t token) bool {
	switch {
	case t.word == wordExtends:
		f.expect()
	case t.kind == kindWord:
	case t.is(punctLBrace):
		w.push(frameClass, t.start)
	default:
		w.classes = w.classes[:len(w.classes)-1]
		f.expect()
		return false
	}
	return true
}

func (w *walker) fail(t token, message string) {
	if w.err == nil {
		w.err = &Error{Offset: t.start, Message: message}
	}
}
