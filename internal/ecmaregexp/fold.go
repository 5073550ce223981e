package ecmaregexp

import (
	"slices"
	"sync"
)

// caseClasses are characters that an expression with i takes for each other
// (Canonicalize of ECMA-262).
type caseClasses struct {
	of      map[rune]int // the number of a character's class
	members [][]rune
}

func readCases(name string) *caseClasses {
	c := &caseClasses{of: make(map[rune]int)}
	list, _ := unicodeStrings(name)
	for _, members := range list {
		for _, r := range members {
			c.of[r] = len(c.members)
		}
		c.members = append(c.members, members)
	}
	return c
}

// unitCases are those without u and v, by toUpperCase of single units;
// foldCases those with one of them, by simple case folding.
var (
	unitCases = sync.OnceValue(func() *caseClasses { return readCases("case:") })
	foldCases = sync.OnceValue(func() *caseClasses { return readCases("case:u") })
)

func cases(unicode bool) *caseClasses {
	if unicode {
		return foldCases()
	}
	return unitCases()
}

// closed is the set with all characters that i makes equal to one of its.
func (s charSet) closed(unicode bool) charSet {
	if len(s) == 0 || len(s) == 2 && s[0] == 0 && s[1] == maxRune {
		return s
	}
	if s[len(s)-1] < 0x80 {
		return s.closedASCII(unicode)
	}
	if c, single := s.single(); single {
		all := cases(unicode)
		i, ok := all.of[c]
		if !ok {
			return s
		}
		out := charSet{}
		for _, r := range all.members[i] {
			out = append(out, r, r)
		}
		return union(out)
	}
	extra := charSet{}
	for _, members := range cases(unicode).members {
		if !slices.ContainsFunc(members, s.contains) {
			continue
		}
		for _, r := range members {
			extra = append(extra, r, r)
		}
	}
	return union(s, extra)
}

// closedASCII is closed for what needs no tables.
func (s charSet) closedASCII(unicode bool) charSet {
	upper, lower := s.and(setOf('A', 'Z')), s.and(setOf('a', 'z'))
	out := []charSet{s, upper.shifted('a' - 'A'), lower.shifted('A' - 'a')}
	all := union(out...)
	if unicode && all.contains('k') {
		all = union(all, setOf(0x212A, 0x212A))
	}
	if unicode && all.contains('s') {
		all = union(all, setOf(0x17F, 0x17F))
	}
	return all
}

func (s charSet) shifted(by rune) charSet {
	out := slices.Clone(s)
	for i := range out {
		out[i] += by
	}
	return out
}

// canonical is a character that stands for all that are equal to c.
func canonical(c rune, unicode bool) rune {
	if c < 0x80 && !(unicode && (c|0x20 == 'k' || c|0x20 == 's')) {
		if c >= 'a' && c <= 'z' {
			return c - ('a' - 'A')
		}
		return c
	}
	all := cases(unicode)
	if i, ok := all.of[c]; ok {
		if first := all.members[i][0]; first != c {
			return canonicalASCII(first)
		}
	}
	return canonicalASCII(c)
}

// canonicalASCII keeps what the two ways of canonical give for ASCII the same.
func canonicalASCII(c rune) rune {
	if c >= 'a' && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}
