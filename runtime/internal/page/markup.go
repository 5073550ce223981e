package page

import "strings"

// This file recognises comments and tags. No search here may fail and be made
// again over the same characters, or a file of 100,000 times "<!--METADATA"
// would take quadratic time. So a search that something else than an error
// follows stops where the next one of its kind could begin: at the next "<!--"
// in a comment, at the next "<script" or "<object" in a tag.

// comment reads a comment that is markup.
func (l *lexer) comment(i int) Segment {
	if body, ok := l.commentNamed(i, "#include"); ok {
		end, ok := l.commentEnd(body)
		if !ok {
			l.fail(127, i, "")
			return Segment{}
		}
		seg := Segment{Kind: Include, Pos: i, End: end + 3, Attrs: scanAttrs(l.src[:end], body)}
		if f := checkInclude(seg); f != nil {
			l.fail(f.code, f.pos, f.detail)
		}
		return seg
	}
	if body, ok := l.commentNamed(i, "metadata"); ok {
		return l.typeLib(i, body)
	}
	return Segment{}
}

// typeLib reads <!--METADATA TYPE="typelib" … -->.
func (l *lexer) typeLib(i, body int) Segment {
	end, ok := l.commentEnd(body)
	attrs := scanAttrs(l.src[:end], body)
	if kind, _ := attr(attrs, "type"); !strings.EqualFold(kind.Value, "typelib") {
		return Segment{}
	}
	if !ok {
		l.fail(127, i, "")
		return Segment{}
	}
	return Segment{Kind: Metadata, Pos: i, End: end + 3, Attrs: attrs}
}

// script reads the opening tag of <script runat=server>.
func (l *lexer) script(i int) Segment {
	t := l.tag(i, 117, "<script")
	if t.end == 0 {
		return Segment{}
	}
	return Segment{Kind: ScriptOpen, Pos: i, End: t.end, Attrs: t.attrs}
}

// object reads <object runat=server> with its content, which is dropped, and
// its closing tag.
func (l *lexer) object(i int) Segment {
	t := l.tag(i, 118, "<object")
	if t.end == 0 {
		return Segment{}
	}
	seg := Segment{Kind: ObjectTag, Pos: i, End: t.end, Attrs: t.attrs}
	if t.empty {
		if end := l.closeTag(skipSpace(l.src, t.end), "object"); end > 0 {
			seg.End = end
		}
		return seg
	}
	for k := t.end; k < len(l.src); k++ {
		l.work++
		if l.src[k] != '<' {
			continue
		}
		if end := l.closeTag(k, "object"); end > 0 {
			seg.End = end
			return seg
		}
		if hasTag(l.src, k, "<object") {
			l.fail(139, k, "")
			return Segment{}
		}
	}
	l.fail(118, i, "")
	return Segment{}
}

// tag reads a tag if it is one of the server's: end is 0 if it isn't. A tag of
// the server's that is cut off, or that holds <% %>, is an error and never
// text: text would show its script to the client.
func (l *lexer) tag(i, unclosed int, name string) serverTag {
	t := scanTag(l.src, i+len(name))
	l.work += t.next - i
	runat, ok := attr(t.attrs, "runat")
	switch {
	case !ok:
		return serverTag{}
	case !strings.EqualFold(runat.Value, "server"):
		l.fail(120, runat.Pos, "")
		return serverTag{}
	case t.nested:
		l.fail(138, i, "")
		return serverTag{}
	case t.end == 0:
		l.fail(unclosed, i, "")
	}
	return t
}

// closeTag returns the end of the closing tag at i, 0 when there is none.
func (l *lexer) closeTag(i int, name string) int {
	if !strings.HasPrefix(l.src[i:], "</") || !hasFold(l.src, i+2, name) {
		return 0
	}
	k := skipSpace(l.src, i+2+len(name))
	l.work += k - i
	if k < len(l.src) && l.src[k] == '>' {
		return k + 1
	}
	return 0
}

// commentNamed reports whether "<!--", blanks and then the word begin at i, and
// where what follows begins.
func (l *lexer) commentNamed(i int, word string) (body int, ok bool) {
	if !strings.HasPrefix(l.src[i:], "<!--") {
		return 0, false
	}
	k := skipSpace(l.src, i+4)
	l.work += k - i
	if !hasFold(l.src, k, word) {
		return 0, false
	}
	k += len(word)
	return k, k == len(l.src) || !isWord(l.src[k])
}

// commentEnd finds the "-->" that closes a comment: not ok when another comment
// or the end of the text comes first, at end.
func (l *lexer) commentEnd(from int) (end int, ok bool) {
	for i := from; i < len(l.src); i++ {
		l.work++
		switch c := l.src[i]; {
		case c == '-' && strings.HasPrefix(l.src[i:], "-->"):
			return i, true
		case c == '<' && strings.HasPrefix(l.src[i:], "<!--"):
			return i, false
		}
	}
	return len(l.src), false
}

func hasFold(s string, i int, word string) bool {
	return i+len(word) <= len(s) && strings.EqualFold(s[i:i+len(word)], word)
}

// hasTag reports whether a tag of that name begins at i of s.
func hasTag(s string, i int, name string) bool {
	if s[i] != '<' || !hasFold(s, i, name) {
		return false
	}
	k := i + len(name)
	return k < len(s) && (isSpace(s[k]) || s[k] == '/' || s[k] == '>')
}

func skipSpace(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}
