package javascript

import "strings"

// htmlComments makes comments of the lines in script that begin with "<!--" or
// "-->". Pages hid their script from old browsers that way, and JScript took
// such a line for a comment; the engine doesn't.
//
// Where in the script a line begins is told without reading the script's
// tokens. Outside of a template literal a line that begins so can be nothing
// else but a comment (or lie inside of one, where the change does no harm), the
// second line of a string continued with a backslash excepted. So lines are left
// alone behind a backslash, and from the first backtick on: a template literal
// may well hold HTML.
type htmlComments struct {
	middle   bool // something else than blanks stands on the line so far
	escaped  bool // a backslash was the last character
	backtick bool
}

// mask returns s, the next piece of a block's script, with the comments in
// JavaScript's form. They keep their length, so that no column moves.
func (h *htmlComments) mask(s string) string {
	if !strings.Contains(s, "<!--") && !strings.Contains(s, "-->") {
		h.skip(s)
		return s
	}
	out := []byte(s)
	for i := 0; i < len(s) && !h.backtick; i++ {
		switch {
		case h.middle:
		case strings.HasPrefix(s[i:], "<!--"):
			copy(out[i:], "//--")
		case strings.HasPrefix(s[i:], "-->"):
			copy(out[i:], "//>")
		}
		h.step(s[i])
	}
	return string(out)
}

// skip follows a piece that holds no such comment.
func (h *htmlComments) skip(s string) {
	h.backtick = h.backtick || strings.IndexByte(s, '`') >= 0
	for i := max(0, strings.LastIndexAny(s, "\r\n")-2); i < len(s); i++ {
		h.step(s[i])
	}
}

// step follows one character. Behind a backslash a line end begins no line.
func (h *htmlComments) step(c byte) {
	switch c {
	case '\r':
		h.middle = h.escaped
		return // a backslash before CR LF counts for the LF as well
	case '\n':
		h.middle = h.escaped
	case '\\':
		h.middle, h.escaped = true, true
		return
	case '`':
		h.middle, h.backtick = true, true
	default:
		h.middle = h.middle || c != ' ' && (c < '\t' || c > '\r')
	}
	h.escaped = false
}
