// Package samples makes random regular expressions and texts for them, for
// tests only: the same ones from the same seed.
package samples

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf16"
)

// Sample is a random expression and a text for it, in UTF-16.
type Sample struct {
	Pattern []uint16
	Flags   string
	Text    []uint16
}

func (s Sample) String() string {
	return fmt.Sprintf("/%s/%s on %s", string(utf16.Decode(s.Pattern)), s.Flags, Quoted(s.Text))
}

// generator makes one sample.
type generator struct {
	*rand.Rand
	out    strings.Builder
	depth  int
	height int // of quantifiers within each other, of the last term
	groups int
	names  []string
	u, v   bool
	fold   bool // v and i, where V8 has mistakes: see sets
}

// JSON is the sample as a line of JSON: pattern, flags, text.
func (s Sample) JSON() string {
	return fmt.Sprintf("[%s,%q,%s]", Quoted(s.Pattern), s.Flags, Quoted(s.Text))
}

// Quoted is a text as JSON, with half pairs as they are.
func Quoted(units []uint16) string {
	var out strings.Builder
	for _, c := range units {
		if c < 0x20 || c > 0x7E || c == '"' || c == '\\' {
			fmt.Fprintf(&out, `\u%04x`, c)
		} else {
			out.WriteByte(byte(c))
		}
	}
	return `"` + out.String() + `"`
}

// New makes sample number n of a seed.
func New(seed, n uint64) Sample {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, n))}
	flags := ""
	for _, f := range "gimsy" {
		if g.IntN(4) == 0 {
			flags += string(f)
		}
	}
	switch g.IntN(6) {
	case 0, 1:
		flags, g.u = flags+"u", true
	case 2:
		flags, g.u, g.v = flags+"v", true, true
	}
	g.fold = g.v && strings.Contains(flags, "i")
	g.disjunction()
	s := Sample{Pattern: utf16.Encode([]rune(g.out.String())), Flags: flags, Text: g.text()}
	if g.IntN(12) == 0 { // and one that is broken somewhere
		broken := g.broken(s.Pattern)
		if !strings.Contains(string(utf16.Decode(broken)), "(?-") { // Node 20 has no modifiers
			s.Pattern = broken
		}
	}
	return s
}

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *generator) write(list ...string) { g.out.WriteString(g.pick(list...)) }

// text is made of what the patterns are made of.
func (g *generator) text() []uint16 {
	var out []uint16
	for range g.IntN(12) {
		piece := g.pick("a", "a", "a", "b", "b", "c", "A", "B", "k", "K", "s", "1", "2", "_", " ", "-", "\n", "\r\n", "\r", "é", "É", "ß", "ſ", "\u212A", "\u2028", "😀", "💩", "\u0130", "ı", "σ", "ς", "Σ", "𐐀", "𐐨", "👍🏽", "1️⃣", "DE")
		out = append(out, utf16.Encode([]rune(piece))...)
		if g.IntN(25) == 0 {
			out = append(out, uint16(0xD83D+g.IntN(2)*(0xDE00-0xD83D)))
		}
	}
	return out
}

func (g *generator) broken(pattern []uint16) []uint16 {
	if len(pattern) == 0 {
		return pattern
	}
	at := g.IntN(len(pattern))
	switch g.IntN(3) {
	case 0:
		return append(pattern[:at:at], pattern[at+1:]...)
	case 1:
		return pattern[:at]
	}
	extra := utf16.Encode([]rune(g.pick("(", ")", "[", "]", "{", "}", "*", "?", "\\", "|", "^", "-", "\\c", "\\u", "\\x1", "\\k<", "(?<", "{1", "{2,1}", "\\8", "\\p", "&&")))
	return append(append(pattern[:at:at], extra...), pattern[at:]...)
}

func (g *generator) disjunction() {
	height := 0
	defer func() { g.height = height }()
	for n := 1 + g.IntN(8)/6; n > 0; n-- {
		for range g.IntN(4) {
			g.height = 0
			g.term()
			height = max(height, g.height)
		}
		if n > 1 {
			g.write("|")
		}
	}
}

func (g *generator) term() {
	g.depth++
	defer func() { g.depth-- }()
	if g.depth > 4 {
		g.literal()
		return
	}
	switch k := g.IntN(24); {
	case k < 6:
		g.literal()
	case k < 8:
		g.write("^", "$", `\b`, `\B`)
		return
	case k < 11:
		g.class()
	case k < 13:
		g.write(`\d`, `\D`, `\w`, `\W`, `\s`, `\S`, ".", ".", ".")
	case k < 14:
		g.property()
	case k < 15:
		g.reference()
	case k < 18:
		g.group("(?:", "(?:", "(?=", "(?!", "(?<=", "(?<!")
	default:
		g.capture()
	}
	g.quantifier()
}

func (g *generator) group(open ...string) {
	g.write(open...)
	g.disjunction()
	g.write(")")
}

func (g *generator) capture() {
	g.groups++
	if g.IntN(6) == 0 {
		name := fmt.Sprintf("%s%d", g.pick("n", "é", "$", "𝒜"), g.groups)
		g.names = append(g.names, name)
		g.group("(?<" + name + ">")
		return
	}
	g.group("(")
}

func (g *generator) reference() {
	switch {
	case len(g.names) > 0 && g.IntN(2) == 0:
		g.write(`\k<` + g.pick(g.names...) + ">")
	case g.groups > 0 && g.IntN(8) > 0:
		fmt.Fprintf(&g.out, `\%d`, 1+g.IntN(g.groups+1))
	default:
		g.write(`\1`, `\2`, `\0`)
	}
}

func (g *generator) quantifier() {
	if g.IntN(2) == 0 {
		return
	}
	if g.height++; g.height > 2 { // more would take long, here and there
		g.write("?", "{0}", "{0,1}", "??", "{1}")
		return
	}
	g.write("*", "+", "?", "*", "+", "?", "{2}", "{0}", "{1,}", "{0,2}", "{1,3}", "{2,}", "{0,1}", "{3,4}")
	if g.IntN(3) == 0 {
		g.write("?")
	}
}

func (g *generator) literal() {
	switch g.IntN(10) {
	case 0:
		g.write(`\n`, `\r`, `\t`, `\x61`, `\u0062`, `\cJ`, `\0`, `\/`, `\.`, `\^`, `\u00e9`, `\uD83D\uDE00`, `\uD83D`, `\uDE00`)
	case 1:
		g.write("é", "ß", "ſ", "\u212A", "😀", "💩", "σ", "ς", "İ", "ı", "𐐀", "k", "s", "K", "S", " ")
	case 2:
		if g.u {
			g.write(`\u{61}`, `\u{1F600}`, `\u{10400}`, `\-`[1:])
			return
		}
		g.write("]", "}", "{", `\a`, `\_`, `\8`, `\12`, `\101`, `\c`, `\c1`, `\x`, `\u`, `\-`, `{,1}`, `\u{2}`, `\p`, `\k`)
	default:
		g.write("a", "a", "a", "b", "b", "c", "ab", "1", "A", "-", "_", " ", "\n")
	}
}

func (g *generator) property() {
	if !g.u {
		g.literal()
		return
	}
	if g.fold {
		g.write(`\p{Alphabetic}`, `\p{Uppercase}`, `\P{Lu}`, `\p{Ll}`, `\P{Script=Greek}`)
		return
	}
	g.write(`\p{`, `\p{`, `\P{`)
	g.write("L", "Lu", "Ll", "Nd", "Script=Greek", "scx=Latn", "gc=P", "Alphabetic", "Lowercase", "Uppercase", "Emoji", "ASCII", "White_Space", "ID_Start", "Cased", "sc=Cyrl", "Changes_When_Lowercased")
	g.write("}")
}

func (g *generator) classAtom() {
	switch g.IntN(9) {
	case 0:
		g.write(`\d`, `\w`, `\s`, `\W`, `\S`, `\D`)
	case 1:
		g.write(`\n`, `\b`, `\x41`, `\u0061`, `\]`, `\\`, `\uD83D`, "\\uD83D\\uDE00", `\cA`, `\0`)
	case 2:
		g.write("é", "ß", "ſ", "\u212A", "😀", "σ", "𐐀", "İ")
	case 3:
		if g.u {
			g.property()
			return
		}
		g.write(`\c`, `\c_`, `\c1`, `\1`, `\8`, `\a`, `\12`, "[", "{", `\x`, `\u`, `\-`)
	case 4:
		g.write("a-c", "A-Z", "0-9", "a-k", " -~", "á-ž", "😀-😂")
	default:
		g.write("a", "b", "c", "A", "k", "s", "1", "_", "d", "D", "E")
	}
}

func (g *generator) class() {
	g.write("[", "[", "[^")
	if g.v {
		g.sets()
	} else {
		for range g.IntN(4) {
			g.classAtom()
		}
		if g.IntN(8) == 0 {
			g.write("-", "^", `\w-a`, "a-\\d")
		}
	}
	g.write("]")
}

// sets is the inside of a class with v. With i, V8 11 doesn't fold what isn't a
// class beside && and --, so that [a&&A] is nothing there, nor properties that
// are true or false in \P; ECMA-262 does, and so do we.
func (g *generator) sets() {
	g.depth++
	defer func() { g.depth-- }()
	operator := g.pick("", "", "", "&&", "--")
	for i := range 1 + g.IntN(3) {
		if i > 0 {
			g.write(operator)
		}
		k := g.IntN(9)
		if g.fold && operator != "" {
			g.write("[a]", "[b]", "[K]", `\w`, `\p{L}`, "[a-c]", "[A-Z]", `\d`, `[^\d]`)
			continue
		}
		switch {
		case k == 0 && g.depth < 6:
			g.class()
		case k == 1:
			g.write(`\q{ab|a}`, `\q{}`, `\q{AB|b|c}`, `\q{é}`, `\q{1️⃣}`, `\q{DE|d}`)
		case k == 2:
			g.write(`\p{RGI_Emoji}`, `\p{Emoji_Keycap_Sequence}`, `\p{L}`, `\P{Lu}`, `\p{Ll}`)
		case operator == "" || k == 3:
			g.classAtom()
		default:
			g.write("a", "b", "K", `\w`, `\p{L}`, "[a-c]", "[A-Z]", `\d`)
		}
	}
}
