package forwarded

import (
	"iter"
	"slices"
	"strings"
)

// standard gives the hops of Forwarded (RFC 7239) from the nearest to the
// farthest, and ends at one that isn't written right.
func standard(fields []string) iter.Seq[hop] {
	return func(yield func(hop) bool) {
		for _, field := range slices.Backward(fields) {
			for element := ""; field != ""; {
				field, element = cutLast(field)
				if element = trim(element); element == "" {
					continue // an empty item is none
				}
				at, ok := parseElement(element)
				if !ok || !yield(at) {
					return
				}
			}
		}
	}
}

// cutLast cuts a list before its last item, at a comma that isn't in quotes.
// It looks at quotes from the end too: a proxy ends what it adds, but it adds
// it to anything.
func cutLast(list string) (before, item string) {
	quoted := false
	for i := len(list) - 1; i >= 0; i-- {
		switch {
		case list[i] == '"':
			if !quoted || !escaped(list[:i]) {
				quoted = !quoted
			}
		case list[i] == ',' && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return "", list
}

// escaped says whether what follows text belongs to a backslash at its end.
func escaped(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

// parseElement reads for and proto of an element: pairs of a name and a value,
// separated by semicolons. by, host and whatever else there is count for
// nothing. A name that comes twice is a mistake (section 4). More lenient than
// the grammar, it takes blanks around names and values, and an address without
// the quotes that its colons ask for.
func parseElement(text string) (at hop, ok bool) {
	var seen []string
	for text != "" {
		var pair string
		if pair, text, ok = cutPair(text); !ok {
			return hop{}, false
		}
		if pair = trim(pair); pair == "" {
			continue
		}
		name, quoted, _ := strings.Cut(pair, "=")
		name = strings.ToLower(trim(name))
		value, ok := unquote(trim(quoted))
		if !ok || name == "" || slices.Contains(seen, name) {
			return hop{}, false
		}
		seen = append(seen, name)
		switch name {
		case "for":
			at.client = parseNode(value)
		case "proto":
			at.scheme = scheme(value)
		}
	}
	return at, true
}

// cutPair cuts an element behind its first pair; not if a quote isn't closed.
func cutPair(text string) (pair, rest string, ok bool) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\\' && quoted:
			i++
		case text[i] == ';' && !quoted:
			return text[:i], text[i+1:], true
		}
	}
	return text, "", !quoted
}

// unquote gives what a token or a quoted string says (RFC 9110 section 5.6.4).
func unquote(text string) (value string, ok bool) {
	inside, isQuoted := strings.CutPrefix(text, `"`)
	if !isQuoted {
		return text, text != "" && !strings.ContainsAny(text, "\"\\ \t")
	}
	var b strings.Builder
	for i := 0; i < len(inside); i++ {
		switch inside[i] {
		case '"':
			return b.String(), i == len(inside)-1
		case '\\':
			i++
		}
		if i < len(inside) {
			b.WriteByte(inside[i])
		}
	}
	return "", false
}
