package ecmaregexp

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// The bounds of an expression. V8 has the same answer for one that is too
// deep: "Regular expression too large".
const (
	MaxLength  = 1 << 20 // units of a pattern
	MaxNesting = 1000    // levels of groups and classes
	maxGroups  = 1<<16 - 1
)

// Flags are the letters behind an expression.
type Flags uint8

// The flags, by their order in RegExp.prototype.flags.
const (
	HasIndices  Flags = 1 << iota // d
	Global                        // g
	IgnoreCase                    // i
	Multiline                     // m
	DotAll                        // s
	Unicode                       // u
	UnicodeSets                   // v
	Sticky                        // y
)

const flagLetters = "dgimsuvy"

// ParseFlags reads flags as they stand behind an expression; ok is false for a
// letter that is none or stands there twice, and for u beside v.
func ParseFlags(text string) (f Flags, ok bool) {
	for _, letter := range text {
		i := strings.IndexRune(flagLetters, letter)
		if i < 0 || f&(1<<i) != 0 {
			return 0, false
		}
		f |= 1 << i
	}
	return f, f&(Unicode|UnicodeSets) != Unicode|UnicodeSets
}

func (f Flags) String() string {
	var out strings.Builder
	for i, letter := range flagLetters {
		if f&(1<<i) != 0 {
			out.WriteRune(letter)
		}
	}
	return out.String()
}

// FullUnicode reports whether the expression sees code points instead of
// units.
func (f Flags) FullUnicode() bool { return f&(Unicode|UnicodeSets) != 0 }

// SyntaxError says what is wrong with a pattern, in V8's words.
type SyntaxError struct {
	Pattern string // as given, its first thousand units; half surrogate pairs are U+FFFD
	Flags   Flags
	Offset  int    // of the place, in units from the pattern's begin
	Reason  string // such as "Unterminated group"
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("Invalid regular expression: /%s/%s: %s", e.Pattern, e.Flags, e.Reason)
}

// Program is a compiled expression. It never changes: any number of goroutines
// may run it at the same time, each with a [Machine] of its own.
type Program struct {
	flags     Flags
	code      []inst
	groups    int      // with the whole match, group 0
	names     []string // by group, "" without one; nil when no group has a name
	registers int      // positions of groups first, then what loops count
	begin     begin
}

// Compile makes a program of a pattern in UTF-16. A pattern that isn't right,
// or passes a bound, is a *SyntaxError.
func Compile(pattern []uint16, flags Flags) (*Program, error) {
	p := &parser{flags: flags, mods: flags & (IgnoreCase | Multiline | DotAll), unicode: flags.FullUnicode()}
	root, err := p.parse(pattern)
	if err != nil {
		err.Pattern, err.Flags = shown(pattern), flags
		return nil, err
	}
	return emitProgram(p, root), nil
}

// maxShown is how much of a pattern an error shows; V8 shows all of it. A visitor
// may have sent megabytes, and the error goes into pages and logs.
const maxShown = 1000

// shown is a pattern as an error shows it.
func shown(pattern []uint16) string {
	if len(pattern) > maxShown {
		return string(utf16.Decode(pattern[:maxShown])) + "…"
	}
	return string(utf16.Decode(pattern))
}

// CompileString is Compile for a pattern in UTF-8.
func CompileString(pattern string, flags Flags) (*Program, error) {
	return Compile(utf16.Encode([]rune(pattern)), flags)
}

// Flags are those that the program was compiled with.
func (p *Program) Flags() Flags { return p.flags }

// Groups is the number of groups, the whole match among them.
func (p *Program) Groups() int { return p.groups }

// Names are the names of groups by number, "" where a group has none; nil when
// none has. The caller doesn't change them. In ECMAScript 2025 groups in
// different alternatives may have one name.
func (p *Program) Names() []string { return p.names }
