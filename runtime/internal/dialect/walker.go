package dialect

// walker reads a source token by token and keeps on a stack what is open. It
// has no recursion, so no nesting of the source can exhaust the Go stack.
type walker struct {
	lexer      lexer
	src        string
	insertions insertions
	frames     []frame
	open       [brackets]int // frames per bracket
	classes    []classHead
	scope      scope
	lead       lead // of the token being read
	ended      bool // a block ended with the token that was read last
	behind     bool // the token being read stands right behind a block
	awaits     awaits

	edits   []Edit
	targets []Span
	illegal []Span // literals that are assigned to
	err     *Error
}

// classHead is a class whose body has not begun. The extends clause is read
// as an operand of its own, so the operand that the class itself is part of
// waits here.
type classHead struct {
	depth       int // frames open where the class stands
	declaration bool
	chain       chain
	prefix      bool
}

func newWalker(src string, names Names) *walker {
	w := &walker{src: src, insertions: names.insertions()}
	w.lexer = lexer{src: src, comment: w.hide}
	w.frames = append(make([]frame, 0, 16), frame{lead: leadStatement})
	return w
}

// walk reads the whole source, or up to the first thing that is refused.
func walk(src string, names Names) *walker {
	w := newWalker(src, names)
	for w.err == nil {
		t := w.lexer.next(w.top().operand())
		if t.kind == kindEOF {
			break
		}
		if t.kind == kindNumber {
			w.decimal(t)
		}
		w.read(t)
	}
	w.finish(w.top())
	return w
}

// operand reports whether an operand may begin here.
func (f *frame) operand() bool {
	switch f.state {
	case wantOperand, haveBinding, finished, wantLabel:
		return true
	}
	return false
}

func (w *walker) top() *frame { return &w.frames[len(w.frames)-1] }

// read takes one token. Where the state of the frame doesn't fit the token,
// the source is broken; the state then gives way so that the reading goes on.
func (w *walker) read(t token) {
	w.behind, w.ended = w.ended, false
	f := w.settle(t)
	switch f.state {
	case wantKey:
		if w.key(f, t) {
			return
		}
	case wantMember:
		if w.memberName(f, t) {
			return
		}
	case wantParen, wantName, wantBody, wantClass, wantLabel:
		if w.statementPart(f, t) {
			return
		}
	}
	switch t.kind {
	case kindWord:
		w.word(f, t)
	case kindTemplate:
		w.template(f, t)
	case kindPunct:
		w.punct(f, t)
	default:
		f.begin(t.start)
		if t.kind == kindString || t.kind == kindNumber {
			f.chain.literal = t.end
		}
	}
}

// settle applies the rules of line ends and of automatic semicolons: it ends
// the expression or statement before t if t can't go on with it.
func (w *walker) settle(t token) *frame {
	f := w.top()
	w.lead, f.lead = f.lead, leadNone
	switch {
	case w.lead == leadReturn && t.newline:
		w.statement(f)
		w.lead, f.lead = f.lead, leadNone
	case w.lead == leadYield && t.newline:
		f.state = finished
	case w.lead == leadArrow && !t.is(punctLBrace):
		w.concise(f)
	}
	if w.breaks(f, t) {
		w.finish(f)
		switch {
		case f.kind.statements():
			w.statement(f)
			w.lead, f.lead = f.lead, leadNone
		case f.kind == frameClass:
			w.endConcise(f)
			f.clearKey()
		default:
			f.expect()
		}
	}
	f.binding = w.lead == leadBinding
	return f
}

// breaks reports whether t must begin something new after what f has.
func (w *walker) breaks(f *frame, t token) bool {
	infix := t.word == wordInfix || t.word == wordOf && f.kind == frameForHead
	switch f.state {
	case haveOperand:
	case haveBinding:
		return !separates(t) && !t.is(punctAssign) && !infix
	case finished:
		return !separates(t)
	default:
		return false
	}
	switch t.kind {
	case kindWord:
		return !infix
	case kindTemplate:
		return f.chain.ended
	case kindPunct:
	default:
		return true
	}
	switch t.punct {
	case punctLParen, punctLBracket:
		return f.chain.ended
	case punctLBrace:
		return !w.extending()
	case punctIncDec:
		return t.newline || f.chain.ended
	}
	return t.punct == punctNot || t.punct == punctEllipsis
}

// separates reports whether t may follow an expression that can't go on.
func separates(t token) bool {
	switch t.punct {
	case punctRParen, punctRBracket, punctRBrace, punctComma, punctSemicolon, punctColon:
		return true
	}
	return false
}

// statement makes the frame want a statement.
func (w *walker) statement(f *frame) {
	w.endConcise(f)
	f.expect()
	f.lead, f.ternary, f.news, f.prefix, f.declare = leadStatement, 0, 0, false, false
}

// finish ends the operand of the frame: nothing more can join it. A prefix
// ++ or -- before it finds its target now.
func (w *walker) finish(f *frame) {
	if f.prefix && f.state == haveOperand && f.chain.assignable() {
		w.target(&f.chain)
	}
	f.prefix = false
}

// concise begins the body of x => expression, unless the frame is in one.
func (w *walker) concise(f *frame) {
	if !f.concise {
		f.concise, f.arrowAt, f.around = true, f.ternary, w.scope
	}
	w.scope = scope{async: f.function.async, function: true}
	f.function = head{}
}

func (w *walker) endConcise(f *frame) {
	if f.concise {
		f.concise, w.scope = false, f.around
	}
}

// fail ends the walk with the first error.
func (w *walker) fail(t token, message string) {
	if w.err == nil {
		w.err = &Error{Offset: t.start, Message: message}
	}
}
