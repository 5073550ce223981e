package dialect

// punct reads a punctuator where an operand or an operator may stand.
func (w *walker) punct(f *frame, t token) {
	switch t.punct {
	case punctLParen:
		w.paren(f, t)
	case punctRParen:
		w.close(round, t)
	case punctLBracket:
		w.square(f, t)
	case punctRBracket:
		w.close(square, t)
	case punctLBrace:
		w.brace(f, t)
	case punctRBrace:
		w.close(curly, t)
	case punctDot, punctOptional:
		w.dot(f, t)
	case punctComma, punctSemicolon, punctColon, punctQuestion:
		w.separator(f, t)
	case punctAssign:
		w.assign(f)
	case punctIncDec:
		w.incDec(f, t)
	case punctArrow:
		w.arrow(f)
	case punctAt:
		w.conditional(t)
	default:
		w.operator(f)
	}
}

// separator reads , ; : and ?.
func (w *walker) separator(f *frame, t token) {
	w.finish(f)
	switch t.punct {
	case punctQuestion:
		f.ternary++
		f.expect()
	case punctColon:
		w.colon(f)
	case punctComma:
		w.endConcise(f)
		f.expect()
		if f.kind == frameObject {
			f.clearKey()
		} else if f.declare {
			f.lead = leadBinding
		}
	case punctSemicolon:
		switch {
		case f.kind.statements():
			w.passOver(t)
			w.statement(f)
		case f.kind == frameClass:
			w.endConcise(f)
			f.clearKey()
		default:
			w.endConcise(f)
			f.expect()
			f.declare = false
		}
	}
}

// passOver takes away a semicolon between a block and else, catch or finally.
// No parser of JavaScript takes one: a block needs no semicolon, so this one
// is a statement, which those three words can't follow.
func (w *walker) passOver(t token) {
	if !w.behind {
		return
	}
	at, _ := w.lexer.peek()
	switch w.lexer.peekWord(at) {
	case "else", "catch", "finally":
		w.replace(t.start, " ")
	}
}

// colon reads the colon of a conditional expression, a label or a case.
func (w *walker) colon(f *frame) {
	if f.concise && f.ternary <= f.arrowAt {
		w.endConcise(f)
	}
	switch {
	case f.ternary > 0:
		f.ternary--
		f.expect()
	case f.kind.statements():
		w.statement(f)
	default:
		f.expect()
	}
}

// assign reads = or another assignment operator.
func (w *walker) assign(f *frame) {
	if f.state == haveOperand && !f.prefix && f.chain.assignable() {
		w.target(&f.chain)
	} else if f.state == haveOperand && !f.prefix && f.chain.illegal() {
		w.assignLiteral(&f.chain)
	}
	w.operator(f)
}

// incDec reads ++ or --: behind an operand on the same line it changes that
// operand, everywhere else the one that follows.
func (w *walker) incDec(f *frame, t token) {
	if f.state == haveOperand && !t.newline {
		if !f.prefix && f.chain.assignable() {
			w.target(&f.chain)
		}
		f.chain = chain{start: f.chain.start, ended: true}
		f.prefix, f.pure = false, false
		return
	}
	w.operator(f)
	f.prefix = true
}

// arrow reads =>. What stood before it were parameters.
func (w *walker) arrow(f *frame) {
	async := f.state == haveOperand && f.chain.async
	w.finish(f)
	f.expect()
	f.lead = leadArrow
	f.function = head{kind: functionArrow, async: async}
}

// conditional refuses the commands of conditional compilation.
func (w *walker) conditional(t token) {
	switch name := w.lexer.peekWord(t.end); name {
	case "cc_on", "if", "elif", "else", "end", "set":
		w.fail(t, "@"+name+" is not supported: conditional compilation works in a comment only, where it is ignored")
	}
}
