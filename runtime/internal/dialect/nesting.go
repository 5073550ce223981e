package dialect

// Bounds on the shape of a text, for parsers and compilers that recurse into
// it: theirs is the Go stack, which is the process's too, and their time isn't
// linear in every shape.
const (
	// MaxNesting is how deep brackets and template literals may nest.
	MaxNesting = 500
	// MaxChain is how many operators, calls, members and heads of statements
	// may hang on each other, those of the enclosing brackets included.
	MaxChain = 5000
	// MaxArrowNesting is how deep arrow functions may stand inside the
	// parameters of others.
	MaxArrowNesting = 5
	// maxUnclosed bounds brackets counted without regard to strings and
	// regular expressions, in case the parser takes one for the other.
	maxUnclosed = 20_000
)

// CheckNesting reports a text that is nested deeper, or has longer chains of
// operators, than the bounds allow. The error is nil or an *[Error] at the
// place where the bound is passed. It takes time linear in the length of src.
func CheckNesting(src string) error {
	if at := unclosed(src); at >= 0 {
		return &Error{Offset: at, Message: "the brackets are nested too deeply"}
	}
	w := newWalker(src, Names{})
	m := nesting{levels: make([]level, 1, 16)}
	for {
		t := w.lexer.next(w.top().operand())
		if t.kind == kindEOF {
			return nil
		}
		w.read(t)
		w.err, w.edits, w.targets, w.illegal = nil, w.edits[:0], w.targets[:0], nil // what the text means is not asked here
		if message := m.note(w, t); message != "" {
			return &Error{Offset: t.start, Message: message}
		}
	}
}

// unclosed is the offset where too many brackets are open; -1 for none.
func unclosed(src string) int {
	open := 0
	for i := range len(src) {
		switch src[i] {
		case '(', '[', '{':
			if open++; open > maxUnclosed {
				return i
			}
		case ')', ']', '}':
			open = max(open-1, 0)
		}
	}
	return -1
}

// nesting measures a text while the walker reads it.
type nesting struct {
	levels []level // as the walker's frames
	nested bool    // the statement that begins next is part of the last one
}

// level is what is known of one open bracket.
type level struct {
	above  int // links of all enclosing brackets
	links  int // operators, calls and members since the expression began
	heads  int // heads of statements since the outermost one began
	arrows int // how deep arrow functions stand in parameters, in here
	closed int // the arrows of the bracket that was closed last
}

// note takes one token, which the walker has read.
func (m *nesting) note(w *walker, t token) string {
	l := &m.levels[len(m.levels)-1]
	if w.lead == leadStatement {
		l.links = 0
		if !m.nested {
			l.heads = 0
		}
		m.nested = false
	}
	if message := m.follow(w); message != "" {
		return message
	}
	l = &m.levels[len(m.levels)-1]
	if !t.is(punctArrow) && !t.is(punctRParen) {
		l.closed = 0
	}
	switch t.kind {
	case kindWord:
		m.word(l, t.word)
	case kindTemplate:
		l.links++
	case kindPunct:
		m.punct(l, w.top(), t.punct)
	}
	switch {
	case l.arrows > MaxArrowNesting:
		return "arrow functions are nested too deeply in the parameters of others"
	case l.above+l.links+l.heads > MaxChain:
		return "too many operators hang on each other"
	}
	return ""
}

// follow opens and closes levels as the walker did with its frames.
func (m *nesting) follow(w *walker) string {
	for len(m.levels) > len(w.frames) {
		inner := m.levels[len(m.levels)-1]
		m.levels = m.levels[:len(m.levels)-1]
		outer := &m.levels[len(m.levels)-1]
		outer.closed, outer.arrows = inner.arrows, max(outer.arrows, inner.arrows)
	}
	for len(m.levels) < len(w.frames) {
		l := m.levels[len(m.levels)-1]
		m.levels = append(m.levels, level{above: l.above + l.links + l.heads})
		if len(m.levels) > MaxNesting {
			return "the brackets are nested too deeply"
		}
	}
	return ""
}

func (m *nesting) word(l *level, word word) {
	switch word {
	case wordPrefix, wordInfix, wordNew, wordAwait, wordYield:
		l.links++
	case wordControl, wordFor:
		l.heads++
	case wordBlock:
		l.heads++
		m.nested = true
	}
}

func (m *nesting) punct(l *level, f *frame, p punct) {
	switch p {
	case punctComma:
		l.links = 0
	case punctSemicolon:
		l.links, l.heads = 0, 0
	case punctColon:
		if f.kind.statements() && f.lead == leadStatement { // a label
			l.heads++
			m.nested = true
		}
	case punctRParen, punctRBracket, punctRBrace:
		m.closed(l, f, p)
	case punctArrow:
		l.links++
		l.arrows, l.closed = max(l.arrows, l.closed+1), 0
	case punctLParen, punctLBracket, punctLBrace:
	default:
		l.links++
	}
}

// closed takes a bracket that was just closed.
func (m *nesting) closed(l *level, f *frame, p punct) {
	switch {
	case f.kind == frameClass && f.state == wantKey:
		l.links = 0 // a method ended
	case f.lead == leadStatement:
		m.nested = p == punctRParen // the head of if, for, while …
	default:
		l.links++
	}
}
