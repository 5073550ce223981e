package mail

import (
	"fmt"
	"net/mail"
	"net/textproto"
	"strings"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// addresses reads a list as pages write it: with commas, or with semicolons as
// Outlook and CDONTS do. "" is none.
func addresses(list string) ([]*mail.Address, error) {
	var found []*mail.Address
	for _, one := range split(list) {
		a, err := mail.ParseAddress(one)
		if err != nil {
			// What a server would answer to it (RFC 5321 section 4.2.2; RFC 3463 5.1.3).
			return nil, &textproto.Error{Code: 501, Msg: "5.1.3 Invalid Address: " + quotable(one)}
		}
		found = append(found, a)
	}
	return found, nil
}

// split cuts a list at its commas and semicolons, but for those in quotes,
// comments and angle brackets.
func split(list string) []string {
	var parts []string
	var quoted, escaped bool
	depth, begin := 0, 0
	add := func(end int) {
		if one := strings.TrimSpace(list[begin:end]); one != "" {
			parts = append(parts, one)
		}
		begin = end + 1
	}
	for i, c := range []byte(list) {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<' || c == '(':
			depth++
		case c == '>' || c == ')':
			depth--
		case depth <= 0 && (c == ',' || c == ';'):
			add(i)
		}
	}
	add(len(list))
	return parts
}

// quotable is a text that an error may repeat.
func quotable(s string) string {
	if len(s) > 64 {
		s = strings.ToValidUTF8(s[:64], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
}

// oneLine refuses what would end a header field and begin another: what a visitor
// typed into a subject must not become a recipient.
func oneLine(field, text string) error {
	if strings.ContainsAny(text, "\r\n\x00") {
		return &component.Error{Number: variant.InvalidArg, Description: field + ": a header field is one line"}
	}
	return nil
}

// fieldName checks the name of a header field (RFC 5322 section 2.2).
func fieldName(name string) error {
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f || c == ':' {
			return &component.Error{Number: variant.InvalidArg, Description: fmt.Sprintf("%q is no name of a header field", quotable(name))}
		}
	}
	if name == "" || len(name) > 76 {
		return &component.Error{Number: variant.InvalidArg, Description: "the name of a header field has 1 to 76 characters"}
	}
	return nil
}
