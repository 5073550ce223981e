package page

import (
	"strconv"
	"strings"
)

// SessionState is the value of ENABLESESSIONSTATE.
type SessionState uint8

// The values of ENABLESESSIONSTATE.
const (
	SessionUnset    SessionState = iota // the page doesn't say
	SessionOn                           // True
	SessionOff                          // False
	SessionReadOnly                     // ReadOnly
)

// Directives is what a page and its includes say in <%@ … %>.
type Directives struct {
	Language           string // as written, or Options.Language
	CodePage           int    // 0: not said; whether it exists is for the caller to find out
	LCID               int    // 0: not said; likewise
	EnableSessionState SessionState
	Transaction        string // in lower case, "" when not said; naja has no transactions

	CodePageAt Position // where CodePage was said
	LCIDAt     Position // where LCID was said
}

// directives collects directives while a page is read.
type directives struct {
	Directives
	said   map[string]string // attribute in lower case to its normalised value
	speaks func(string) string
}

// add takes in one attribute of a directive. A repeated one has to say the
// same: a page and the include it shares its settings with may both carry it.
func (d *directives) add(a Attr, at Position) *fault {
	name, value := strings.ToLower(a.Name), a.text()
	switch {
	case a.Unclosed:
		return &fault{125, a.Pos, a.Name}
	case a.ValuePos == 0:
		return &fault{221, a.Pos, a.Name}
	}
	same := strings.ToLower(value)
	var bad *fault
	switch name {
	case "language":
		d.Language, same = value, d.speaks(value)
		if same == "" {
			bad = &fault{129, a.ValuePos, value}
		}
	case "codepage":
		d.CodePageAt = at
		d.CodePage, bad = number(a, 203)
	case "lcid":
		d.LCIDAt = at
		d.LCID, bad = number(a, 219)
	case "enablesessionstate":
		d.EnableSessionState, bad = sessionState(a)
	case "transaction":
		d.Transaction, bad = same, transaction(a)
	default:
		bad = &fault{221, a.Pos, a.Name}
	}
	if bad != nil {
		return bad
	}
	if old, ok := d.said[name]; ok && old != same {
		return &fault{141, a.Pos, "It says " + a.Name + "=" + value + " after " + old + "."}
	}
	if d.said == nil {
		d.said = map[string]string{}
	}
	d.said[name] = same
	return nil
}

func number(a Attr, code int) (int, *fault) {
	n, err := strconv.ParseUint(a.text(), 10, 31)
	if err != nil {
		return 0, &fault{code, a.ValuePos, a.Value}
	}
	return int(n), nil
}

func sessionState(a Attr) (SessionState, *fault) {
	switch strings.ToLower(a.text()) {
	case "true":
		return SessionOn, nil
	case "false":
		return SessionOff, nil
	case "readonly":
		return SessionReadOnly, nil
	}
	return SessionUnset, &fault{215, a.ValuePos, a.Value}
}

func transaction(a Attr) *fault {
	switch strings.ToLower(a.text()) {
	case "required", "requires_new", "supported", "not_supported", "disabled":
		return nil
	}
	return &fault{221, a.ValuePos, a.Name + "=" + a.Value}
}

// SniffCodePage finds a file's own CODEPAGE directive in its undecoded text:
// it has to be known before the file can be decoded. All code pages that pages
// are written in, UTF-16 excepted, write markup in ASCII, and no character of
// two bytes holds a byte of "<%" or "%>".
func SniffCodePage(raw string) (codePage int, ok bool) {
	l := newLexer(raw, inText)
	for {
		seg, more := l.next()
		if !more {
			return 0, false
		}
		if seg.Kind != Directive {
			continue
		}
		if a, ok := attr(seg.Attrs, "codepage"); ok {
			if n, bad := number(a, 203); bad == nil && n > 0 {
				return n, true
			}
		}
	}
}
