package page

import "strings"

// Kind says what a Segment is.
type Kind uint8

// The kinds of segments.
const (
	Text        Kind = iota // text and markup that is sent as it stands
	Open                    // <% of statements
	OpenExpr                // <%= or <% =
	OpenEncoded             // <%:
	Code                    // script between Open… and Close, or between ScriptOpen and ScriptClose
	Close                   // %>
	Directive               // <%@ … %>, whole
	Include                 // <!-- #include … -->, whole
	Metadata                // <!--METADATA TYPE="typelib" … -->, whole
	ObjectTag               // <object runat=server …> … </object>, whole
	ScriptOpen              // <script runat=server …>
	ScriptClose             // </script>
)

var kindNames = [...]string{"Text", "Open", "OpenExpr", "OpenEncoded", "Code", "Close", "Directive", "Include",
	"Metadata", "ObjectTag", "ScriptOpen", "ScriptClose"}

func (k Kind) String() string { return kindNames[k] }

// A Segment is a part of a file's text. The segments of a file follow each
// other without gaps.
type Segment struct {
	Kind     Kind
	Pos, End int    // offsets into the file's text
	Attrs    []Attr // of Directive, Include, Metadata, ObjectTag, ScriptOpen
}

// mode is what the lexer is inside of. It passes into an included file and out
// of it again.
type mode uint8

const (
	inText   mode = iota
	inCode        // <% … %>
	inScript      // <script runat=server> … </script>
)

// A lexer cuts one file's text into segments.
type lexer struct {
	src     string
	pos     int      // where the next segment begins
	started mode     // mode at the start of the text
	mode    mode     // may be changed between segments
	opener  int      // offset of the delimiter that opened the block
	queue   *Segment // markup found behind the segment that was returned last
	err     *fault
	work    int // characters looked at, for the test that keeps this linear
}

// fault is a mistake in the text, not yet tied to a file.
type fault struct {
	code   int
	pos    int
	detail string
}

func newLexer(src string, m mode) *lexer { return &lexer{src: src, started: m, mode: m} }

// next returns the next segment; false at the end of the text or at a fault,
// which is then in l.err. A segment is never empty.
func (l *lexer) next() (Segment, bool) {
	if l.err != nil {
		return Segment{}, false
	}
	var seg Segment
	switch {
	case l.queue != nil:
		seg, l.queue = *l.queue, nil
	case l.pos == len(l.src):
		l.checkClosed()
		return Segment{}, false
	default:
		plain, markup := l.scan()
		if l.err != nil {
			return Segment{}, false
		}
		seg = markup
		if plain.Pos < plain.End {
			seg = plain
			if markup.End > 0 {
				l.queue = &markup
			}
		}
	}
	l.pos = seg.End
	l.enter(seg)
	return seg, true
}

// enter follows the mode behind seg.
func (l *lexer) enter(seg Segment) {
	switch seg.Kind {
	case Open, OpenExpr, OpenEncoded:
		l.mode, l.opener = inCode, seg.Pos
	case ScriptOpen:
		l.mode, l.opener = inScript, seg.Pos
	case Close, ScriptClose:
		l.mode = inText
	}
}

// checkClosed blames a block that the end of the file leaves open. A file that
// was included inside of a block may end inside of one: it goes on in the
// including file.
func (l *lexer) checkClosed() {
	switch {
	case l.mode == inCode && l.started != inCode:
		l.fail(116, l.opener, "")
	case l.mode == inScript:
		l.fail(117, l.opener, "")
	}
}

func (l *lexer) fail(code, pos int, detail string) {
	if l.err == nil {
		l.err = &fault{code, pos, detail}
	}
}

// scan looks for the next markup. It returns what lies before it, which may be
// empty, and the markup, whose End is 0 when there is none.
func (l *lexer) scan() (plain, markup Segment) {
	find, kind := l.markup, Text
	switch l.mode {
	case inCode:
		find, kind = l.codeMarkup, Code
	case inScript:
		find, kind = l.scriptMarkup, Code
	}
	i := l.pos
	for ; i < len(l.src) && l.err == nil; i++ {
		l.work++
		if c := l.src[i]; c == '<' || c == '%' {
			if markup = find(i); markup.End > 0 {
				break
			}
		}
	}
	return Segment{Kind: kind, Pos: l.pos, End: i}, markup
}

// markup recognises what counts outside of script.
func (l *lexer) markup(i int) Segment {
	if l.src[i] != '<' || i+1 == len(l.src) {
		return Segment{}
	}
	switch l.src[i+1] {
	case '%':
		return l.open(i)
	case '!':
		return l.comment(i)
	case 's', 'S':
		if hasTag(l.src, i, "<script") {
			return l.script(i)
		}
	case 'o', 'O':
		if hasTag(l.src, i, "<object") {
			return l.object(i)
		}
	}
	return Segment{}
}

// codeMarkup recognises what counts inside <% %>.
func (l *lexer) codeMarkup(i int) Segment {
	if l.src[i] == '%' {
		if strings.HasPrefix(l.src[i:], "%>") {
			return Segment{Kind: Close, Pos: i, End: i + 2}
		}
		return Segment{}
	}
	body, ok := l.commentNamed(i, "#include")
	if !ok {
		return Segment{}
	}
	end, ok := l.commentEnd(body)
	if !ok || strings.Contains(l.src[i:end], "%>") {
		return Segment{}
	}
	seg := Segment{Kind: Include, Pos: i, End: end + 3, Attrs: scanAttrs(l.src[:end], body)}
	if checkInclude(seg) != nil {
		return Segment{}
	}
	return seg
}

// scriptMarkup recognises what counts inside <script runat=server>.
func (l *lexer) scriptMarkup(i int) Segment {
	if end := l.closeTag(i, "script"); end > 0 {
		return Segment{Kind: ScriptClose, Pos: i, End: end}
	}
	if _, ok := l.commentNamed(i, "#include"); ok {
		l.fail(234, i, "")
	}
	return Segment{}
}

// open reads <% and what belongs to it.
func (l *lexer) open(i int) Segment {
	k := skipSpace(l.src, i+2)
	l.work += k - i
	switch {
	case strings.HasPrefix(l.src[i:], "<%:"):
		return Segment{Kind: OpenEncoded, Pos: i, End: i + 3}
	case k < len(l.src) && l.src[k] == '=':
		return Segment{Kind: OpenExpr, Pos: i, End: k + 1}
	case k < len(l.src) && l.src[k] == '@':
		n := strings.Index(l.src[k:], "%>")
		if n < 0 {
			l.fail(116, i, "")
			return Segment{}
		}
		l.work += n
		return Segment{Kind: Directive, Pos: i, End: k + n + 2, Attrs: scanAttrs(l.src[:k+n], k+1)}
	}
	return Segment{Kind: Open, Pos: i, End: i + 2}
}
