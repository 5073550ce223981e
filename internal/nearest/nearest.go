// Package nearest finds the name that somebody meant who wrote another: a
// command, a setting, a member of an object.
package nearest

import "strings"

// longest is the length past which a text isn't a slip of a name any more.
const longest = 40

// Of is the name that text is most likely a slip of, as it is spelled among
// names, or "" if none is near. Case doesn't matter. A third of the letters may
// be wrong, and one always may, but not all. Of names that are as near, one of
// the same length is meant: two letters changed places, or one is another.
func Of(text string, names []string) string {
	if text == "" || len(text) > longest {
		return ""
	}
	text = strings.ToLower(text)
	best, least := "", min(max(len(text)/3, 1)+1, len(text))
	for _, name := range names {
		d := distance(text, strings.ToLower(name))
		if d < least || d == least && best != "" && len(best) != len(text) && len(name) == len(text) {
			best, least = name, d
		}
	}
	return best
}

// distance is how many slips make a of b: a byte too many, one missing, a wrong
// one, two that changed places (Damerau's four, each place in at most one of
// them).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
