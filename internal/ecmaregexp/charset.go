package ecmaregexp

import (
	"slices"
	"sort"
)

// maxRune is the last code point; of a text without u and v, a unit is one.
const maxRune = 0x10FFFF

// charSet is a set of code points: sorted ranges that don't touch, each as its
// first and its last.
type charSet []rune

func setOf(ranges ...rune) charSet { return ranges }

// contains reports whether a code point is in the set.
func (s charSet) contains(c rune) bool {
	i := sort.Search(len(s)/2, func(i int) bool { return s[2*i+1] >= c })
	return 2*i < len(s) && s[2*i] <= c
}

// single is the set's only member, if it has just one.
func (s charSet) single() (rune, bool) {
	if len(s) == 2 && s[0] == s[1] {
		return s[0], true
	}
	return 0, false
}

// union puts sets together.
func union(sets ...charSet) charSet {
	var spans [][2]rune
	for _, s := range sets {
		for i := 0; i < len(s); i += 2 {
			spans = append(spans, [2]rune{s[i], s[i+1]})
		}
	}
	slices.SortFunc(spans, func(a, b [2]rune) int { return int(a[0] - b[0]) })
	var out charSet
	for _, span := range spans {
		if n := len(out); n > 0 && span[0] <= out[n-1]+1 {
			out[n-1] = max(out[n-1], span[1])
			continue
		}
		out = append(out, span[0], span[1])
	}
	return out
}

// not is the set's complement.
func (s charSet) not() charSet {
	var out charSet
	next := rune(0)
	for i := 0; i < len(s); i += 2 {
		if s[i] > next {
			out = append(out, next, s[i]-1)
		}
		next = s[i+1] + 1
	}
	if next <= maxRune {
		out = append(out, next, maxRune)
	}
	return out
}

// and is what both sets have.
func (s charSet) and(t charSet) charSet {
	var out charSet
	for i, j := 0, 0; i < len(s) && j < len(t); {
		lo, hi := max(s[i], t[j]), min(s[i+1], t[j+1])
		if lo <= hi {
			out = append(out, lo, hi)
		}
		if s[i+1] < t[j+1] {
			i += 2
		} else {
			j += 2
		}
	}
	return out
}

// minus is what the set has and the other hasn't.
func (s charSet) minus(t charSet) charSet { return s.and(t.not()) }

// The classes that have a letter.
var (
	digits     = setOf('0', '9')
	spaces     = setOf('\t', '\r', ' ', ' ', 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF)
	words      = setOf('0', '9', 'A', 'Z', '_', '_', 'a', 'z')
	foldWords  = setOf('0', '9', 'A', 'Z', '_', '_', 'a', 'z', 0x17F, 0x17F, 0x212A, 0x212A) // with i and u: what folds to one of them
	lineEnds   = setOf('\n', '\n', '\r', '\r', 0x2028, 0x2029)
	everything = setOf(0, maxRune)
)

func isLineEnd(c rune) bool { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029 }

// isWord is what \b asks; with i and u, two characters more are of a word.
func isWord(c rune, fold bool) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || fold && (c == 0x17F || c == 0x212A)
}
