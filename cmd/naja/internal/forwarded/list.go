package forwarded

import (
	"iter"
	"slices"
	"strings"
)

// xForwarded gives the hops of X-Forwarded-For and X-Forwarded-Proto from the
// nearest to the farthest; nil where both say nothing. Lists of the same
// length speak of the same hops; otherwise, as a proxy may replace the one and
// add to the other, the last scheme is the nearest hop's.
func xForwarded(fors, protos []string) iter.Seq[hop] {
	clients, schemes := items(fors), items(protos)
	if len(schemes) != len(clients) {
		schemes = schemes[:min(len(schemes), 1)]
	}
	if len(clients)+len(schemes) == 0 {
		return nil
	}
	return func(yield func(hop) bool) {
		for i := range max(len(clients), len(schemes)) {
			var at hop
			if i < len(clients) {
				at.client = parseNode(clients[i])
			}
			if i < len(schemes) {
				at.scheme = scheme(schemes[i])
			}
			if !yield(at) {
				return
			}
		}
	}
}

// items gives the items of a list, the last one first. Several fields are one
// list, and an empty item is none (RFC 9110 section 5.6.1).
func items(fields []string) (all []string) {
	for _, field := range slices.Backward(fields) {
		parts := strings.Split(field, ",")
		for _, part := range slices.Backward(parts) {
			if part = trim(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// trim takes the blanks off that lists may have between their items.
func trim(text string) string { return strings.Trim(text, " \t") }
