package page

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/najahost/naja/language"
)

// A Position is a place in a page or in one of its includes.
type Position = language.Position

// stride is how many bytes lie between two remembered character counts.
const stride = 1 << 10

// source is one file's text and what is needed to find a line and column in it
// in logarithmic time, however long its lines are. It is immutable.
type source struct {
	name  string
	text  string
	base  int      // its first byte's language.Pos
	lines []uint32 // offset of the start of each line
	by    *source  // that includes it, where it is asked for first; nil for the page
	byPos int      // and where in by
	chars []uint32 // characters before each multiple of stride; nil when all are one byte long
}

func newSource(name, text string) *source {
	s := &source{name: name, text: text, lines: lineStarts(text)}
	if !isASCII(text) {
		s.chars = make([]uint32, 1, len(text)/stride+1)
		for i := stride; i <= len(text); i += stride {
			s.chars = append(s.chars, s.chars[len(s.chars)-1]+countChars(text[i-stride:i]))
		}
	}
	return s
}

// position is the place of the character that the byte at offset belongs to.
// Offsets outside the text are taken for its ends.
func (s *source) position(offset int) Position {
	offset = max(0, min(offset, len(s.text)))
	for offset > 0 && offset < len(s.text) && !utf8.RuneStart(s.text[offset]) {
		offset--
	}
	line := lineOf(s.lines, offset)
	start, end := int(s.lines[line]), len(s.text)
	if line+1 < len(s.lines) {
		end = int(s.lines[line+1])
	}
	return Position{
		File: s.name, Line: line + 1,
		Column: s.charsBefore(offset) - s.charsBefore(start) + 1,
		Source: strings.TrimRight(s.text[start:end], "\r\n"),
	}
}

func (s *source) charsBefore(offset int) int {
	if s.chars == nil {
		return offset
	}
	k := offset / stride
	return int(s.chars[k] + countChars(s.text[k*stride:offset]))
}

// countChars counts the bytes that begin a character.
func countChars(s string) (n uint32) {
	for i := range len(s) {
		if utf8.RuneStart(s[i]) {
			n++
		}
	}
	return n
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lineStarts lists where the lines of text start.
func lineStarts(text string) []uint32 {
	starts := make([]uint32, 1, 1+strings.Count(text, "\n"))
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
		case '\n':
		default:
			continue
		}
		starts = append(starts, uint32(i+1))
	}
	return starts
}

// lineOf is the index of the line that holds offset.
func lineOf(starts []uint32, offset int) int {
	return sort.Search(len(starts), func(i int) bool { return int(starts[i]) > offset }) - 1
}
