package dialect

// push opens a frame. Pointers to other frames may be stale afterwards.
func (w *walker) push(kind frameKind, open int) *frame {
	w.frames = append(w.frames, frame{kind: kind, open: open, pure: true, outer: w.scope})
	w.open[kind.bracket()]++
	f := w.top()
	switch {
	case kind.statements():
		f.lead = leadStatement
	case kind == frameObject || kind == frameClass:
		f.state = wantKey
	}
	if kind == frameClass {
		w.scope = scope{function: true}
	}
	return f
}

// pushFunction opens the body of the function whose head f has read.
func (w *walker) pushFunction(f *frame, open int) {
	h := f.function
	f.function = head{}
	body := w.push(frameFunction, open)
	body.body = h.kind
	w.scope = scope{generator: h.generator, async: h.async, function: true}
}

// brace reads {, which opens a block, a function body, a class or an object.
func (w *walker) brace(f *frame, t token) {
	switch {
	case w.lead == leadStatement:
		w.push(frameBlock, t.start)
	case w.lead == leadArrow:
		f.function.kind = functionArrow
		w.pushFunction(f, t.start)
	case f.state == haveOperand && w.extending():
		w.finish(f)
		w.push(frameClass, t.start)
	default:
		f.begin(t.start)
		w.push(frameObject, t.start)
	}
}

// paren reads (, which begins arguments or encloses an expression.
func (w *walker) paren(f *frame, t token) {
	if f.state != haveOperand {
		f.begin(t.start)
		w.push(frameGroup, t.start)
		return
	}
	call := callPlain
	switch {
	case f.chain.news > 0:
		f.chain.news--
		call = callNew
	case f.chain.special:
		call = callSpecial
	}
	w.push(frameCall, t.start).call = call
}

// square reads [, which begins an index or an array.
func (w *walker) square(f *frame, t token) {
	if f.state == haveOperand {
		w.push(frameIndex, t.start)
		return
	}
	f.begin(t.start)
	w.push(frameArray, t.start)
}

// template reads a template literal, tagged if it follows an operand.
func (w *walker) template(f *frame, t token) {
	if f.state != haveOperand {
		f.begin(t.start)
	}
	f.chain.last, f.chain.member = linkNone, member{}
	f.chain.special, f.chain.async = false, false
	if t.open {
		w.push(frameTemplate, t.start)
	}
}

// close reads a closing bracket. One that was never opened is ignored; one
// that closes an outer bracket closes the inner ones too.
func (w *walker) close(b bracket, t token) {
	if w.open[b] == 0 {
		return
	}
	for w.top().kind.bracket() != b {
		w.pop()
	}
	f := w.top()
	if f.kind == frameTemplate {
		w.finish(f)
		if w.lexer.template() {
			*f = frame{kind: frameTemplate, open: f.open, outer: f.outer}
			w.scope = f.outer
			return
		}
	}
	inner := w.pop()
	w.closed(w.top(), &inner, t.start)
}

// pop ends the innermost frame.
func (w *walker) pop() frame {
	w.finish(w.top())
	for w.extending() {
		w.classes = w.classes[:len(w.classes)-1]
	}
	f := *w.top()
	w.frames = w.frames[:len(w.frames)-1]
	w.open[f.kind.bracket()]--
	w.scope = f.outer
	return f
}

// closed tells f that the bracket inside it was closed at the given offset.
func (w *walker) closed(f, inner *frame, at int) {
	switch inner.kind {
	case frameBlock:
		w.statement(f)
		w.ended = true
	case frameHead, frameForHead:
		w.statement(f)
	case frameFunction:
		w.closedFunction(f, inner.body)
	case frameClass:
		w.closedClass(f)
	case frameParams:
		f.state = wantBody
	case frameKey:
		f.state = wantKey
	case frameIndex:
		f.chain.link(member{kind: memberIndex, at: inner.open, end: at})
	case frameCall:
		empty := inner.pure && inner.state == wantOperand && inner.news == 0
		f.chain.closeCall(inner.call, inner.open, at, empty)
	case frameGroup:
		if inner.pure && inner.state == haveOperand && !inner.chain.ended {
			f.chain.enclose(&inner.chain, inner.open, at)
		}
	}
}

func (w *walker) closedFunction(f *frame, kind functionKind) {
	switch {
	case kind == functionDeclaration:
		w.statement(f)
	case kind == functionArrow:
		f.state = finished
	case kind == functionMethod && f.kind == frameClass:
		f.clearKey()
	case kind == functionMethod:
		f.state = finished
	default:
		f.state = haveOperand
	}
}

func (w *walker) closedClass(f *frame) {
	if !w.extending() {
		return
	}
	n := len(w.classes) - 1
	c := w.classes[n]
	w.classes = w.classes[:n]
	if c.declaration {
		w.statement(f)
		return
	}
	f.chain, f.prefix, f.state = c.chain, c.prefix, haveOperand
}
