package runtime

import (
	"strings"

	"github.com/dop251/goja"
)

// expand is what a replacement text becomes for one match, $1 and the like
// filled in (ECMA-262, GetSubstitution). args are those of a function given to
// replace: the match, its groups, the position, the whole text, and named
// groups if there are any; units gives the whole text once more, so that it is
// cut only once.
func expand(template string, units func() []uint16, args []goja.Value) string {
	if !strings.Contains(template, "$") || len(args) < 3 {
		return template
	}
	var named *goja.Object
	if obj, ok := args[len(args)-1].(*goja.Object); ok {
		named, args = obj, args[:len(args)-1]
	}
	n := len(args)
	m := substitution{match: args[0].String(), groups: args[1 : n-2], named: named,
		at: int(args[n-2].ToInteger()), units: units}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(template, "$")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		text, used := m.symbol(rest)
		out.WriteString(text)
		template = rest[used:]
		if out.Len() > maxText {
			return out.String() // it is refused by whoever counts
		}
	}
}

// substitution is one match.
type substitution struct {
	match  string
	units  func() []uint16 // of the whole text
	groups []goja.Value
	named  *goja.Object
	at     int // in units
}

// symbol is what stands for a $ and the used bytes behind it.
func (m *substitution) symbol(rest string) (text string, used int) {
	if rest == "" {
		return "$", 0
	}
	switch c := rest[0]; {
	case c == '$':
		return "$", 1
	case c == '&':
		return m.match, 1
	case c == '`' || c == '\'':
		units := m.units()
		if c == '`' {
			return textOf16(units[:min(m.at, len(units))]), 1
		}
		return textOf16(units[min(m.at+len(utf16Of(m.match)), len(units)):]), 1
	case c >= '0' && c <= '9':
		return m.group(rest)
	case c == '<' && m.named != nil:
		if name, _, ok := strings.Cut(rest[1:], ">"); ok {
			return groupText(m.named.Get(name)), len(name) + 2
		}
	}
	return "$", 0
}

// group is $1 to $99, as many digits as there are groups for.
func (m *substitution) group(rest string) (text string, used int) {
	n := int(rest[0] - '0')
	if len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9' {
		if two := n*10 + int(rest[1]-'0'); two >= 1 && two <= len(m.groups) {
			return groupText(m.groups[two-1]), 2
		}
	}
	if n >= 1 && n <= len(m.groups) {
		return groupText(m.groups[n-1]), 1
	}
	return "$", 0
}

func groupText(v goja.Value) string {
	if v == nil || goja.IsUndefined(v) {
		return ""
	}
	return v.String()
}
