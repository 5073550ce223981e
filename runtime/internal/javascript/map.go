package javascript

import (
	"sort"
	"strings"

	"github.com/najahost/naja/language"
)

// A Map leads from a program text back to the page. It is immutable and may be
// used by any number of goroutines.
type Map struct {
	runs   []run // sorted by out, without gaps; never empty
	length int
}

// run says where the program text from out up to the next run's out came from.
type run struct {
	out       uint32 // offset in the program text
	pos       uint32 // place in the page
	generated bool   // text that was made, all of which stands for pos
}

// Pos is where the byte at offset of a program text came from. Text that was
// generated belongs to the markup it was generated for. An offset outside the
// text is taken for its nearest end. It takes logarithmic time.
func (m *Map) Pos(offset int) language.Pos {
	offset = min(offset, m.length)
	i := sort.Search(len(m.runs), func(i int) bool { return int(m.runs[i].out) > offset }) - 1
	r := m.runs[max(i, 0)]
	if r.generated || i < 0 {
		return language.Pos(r.pos)
	}
	return language.Pos(int(r.pos) + offset - int(r.out))
}

// Lines holds where the lines of a program text start, as the script engine
// counts lines: CR, LF, CRLF, U+2028 and U+2029 end one. It is immutable.
type Lines struct {
	starts []uint32
	size   int
}

// NewLines reads the lines of text.
func NewLines(text string) Lines {
	starts := make([]uint32, 1, 1+strings.Count(text, "\n"))
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
		case '\n':
		case 0xE2:
			if !strings.HasPrefix(text[i:], "\u2028") && !strings.HasPrefix(text[i:], "\u2029") {
				continue
			}
			i += 2
		default:
			continue
		}
		starts = append(starts, uint32(i+1))
	}
	return Lines{starts, len(text)}
}

// Offset is the byte that the engine's line and column name. Both count from
// 1; its columns are bytes, not characters. A place outside the text is taken
// for the nearest one inside.
func (l Lines) Offset(line, column int) int {
	switch {
	case line < 1 || len(l.starts) == 0:
		return 0
	case line > len(l.starts):
		return l.size
	}
	end := l.size
	if line < len(l.starts) {
		end = int(l.starts[line]) - 1
	}
	return min(int(l.starts[line-1])+max(column, 1)-1, end)
}
