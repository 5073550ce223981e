package page

import "strings"

// An Attr is one attribute of a directive, a tag or a comment. Offsets are
// into the file's text.
type Attr struct {
	Name     string
	Value    string // without its quotes; "" too when there is none
	Pos      int    // of the name
	ValuePos int    // of the value, behind its quote; 0 when there is none
	Unclosed bool   // the value's closing quote is missing
}

// attr finds an attribute by name, in any case.
func attr(list []Attr, name string) (Attr, bool) {
	for _, a := range list {
		if strings.EqualFold(a.Name, name) {
			return a, true
		}
	}
	return Attr{}, false
}

// text is the value without blanks around it.
func (a Attr) text() string { return strings.Trim(a.Value, " \t\r\n\v\f") }

// scanAttrs reads the attributes of s from i to the end of s. What isn't an
// attribute is passed over.
func scanAttrs(s string, i int) []Attr {
	var list []Attr
	for i < len(s) {
		if !startsName(s[i]) {
			i++
			continue
		}
		a := Attr{Pos: i}
		a.Name, i = scanName(s, i)
		if k := skipSpace(s, i); k < len(s) && s[k] == '=' {
			i = a.scanValue(s, skipSpace(s, k+1))
		}
		list = append(list, a)
	}
	return list
}

// startsName reports whether c can be part of a name.
func startsName(c byte) bool { return !isSpace(c) && !strings.ContainsRune(`"'=/<>`, rune(c)) }

func scanName(s string, i int) (name string, end int) {
	for end = i; end < len(s) && startsName(s[end]); end++ {
	}
	return s[i:end], end
}

// scanValue reads the value at i and returns where it ends.
func (a *Attr) scanValue(s string, i int) int {
	if i == len(s) {
		return i
	}
	if q := s[i]; q == '"' || q == '\'' {
		a.ValuePos = i + 1
		n := strings.IndexByte(s[i+1:], q)
		if n < 0 {
			a.Value, a.Unclosed = s[i+1:], true
			return len(s)
		}
		a.Value = s[i+1 : i+1+n]
		return i + n + 2
	}
	a.ValuePos = i
	end := i
	for end < len(s) && !isSpace(s[end]) && s[end] != '>' && !strings.HasPrefix(s[end:], "/>") {
		end++
	}
	a.Value = s[i:end]
	return end
}

// serverTag is what scanTag found.
type serverTag struct {
	attrs  []Attr
	end    int  // behind the '>'; 0 when the tag isn't closed
	next   int  // how far the search looked
	empty  bool // it ends in "/>"
	nested bool // <% was seen inside
}

// scanTag reads a tag's attributes from i on. A '>' inside quotes or of a "%>"
// doesn't end the tag; the start of another script or object tag does, without
// closing it, even inside quotes.
func scanTag(s string, i int) serverTag {
	limit := i
	for limit < len(s) && !hasTag(s, limit, "<script") && !hasTag(s, limit, "<object") {
		limit++
	}
	t := serverTag{next: limit}
	for i < limit {
		switch c := s[i]; {
		case c == '>' && !(t.nested && s[i-1] == '%'):
			t.end, t.empty = i+1, s[i-1] == '/'
			return t
		case c == '<':
			t.nested = t.nested || strings.HasPrefix(s[i:], "<%")
			i++
		case !startsName(c):
			i++
		default:
			a := Attr{Pos: i}
			a.Name, i = scanName(s[:limit], i)
			if k := skipSpace(s[:limit], i); k < limit && s[k] == '=' {
				i = a.scanValue(s[:limit], skipSpace(s[:limit], k+1))
			}
			t.nested = t.nested || strings.Contains(a.Value, "<%")
			if a.Unclosed {
				i, a.Value = a.ValuePos, "" // a stray quote: the tag may end behind it
			}
			t.attrs = append(t.attrs, a)
		}
	}
	return t
}
