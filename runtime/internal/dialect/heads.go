package dialect

// This file reads what follows a keyword with a shape of its own: the heads of
// functions, classes and control statements.

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
