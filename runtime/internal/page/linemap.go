package page

import (
	"sort"
	"sync"
)

// A Map leads from a program text back to the pages it was made of. It is
// immutable and may be used by any number of goroutines.
type Map struct {
	sources []*source
	runs    []run // sorted by out, without gaps; never empty
	lines   func() Lines
}

// run says where the program text from out up to the next run's out came from.
type run struct {
	out   uint32 // offset in the program text
	pos   uint32 // offset in the source
	where uint32 // index into sources, times two; plus one for generated text, all of which stands for pos
}

func newMap(script string, sources []*source, runs []run) *Map {
	return &Map{sources: sources, runs: runs, lines: sync.OnceValue(func() Lines { return NewLines(script) })}
}

// Position is where the byte at offset of Unit.Script came from. Text that was
// generated belongs to the markup it was generated for. An offset outside the
// text is taken for its nearest end. It takes logarithmic time.
func (m *Map) Position(offset int) Position {
	i := sort.Search(len(m.runs), func(i int) bool { return int(m.runs[i].out) > offset }) - 1
	r := m.runs[max(i, 0)]
	pos := int(r.pos)
	if r.where&1 == 0 && i >= 0 {
		pos += offset - int(r.out)
	}
	return m.sources[r.where>>1].position(pos)
}

// PositionAt is Position for a line and column of Unit.Script as the script
// engine counts them (see Lines).
func (m *Map) PositionAt(line, column int) Position {
	return m.Position(m.lines().Offset(line, column))
}

// Lines holds where the lines of a program text start, as the script engine
// counts lines: CR, LF, CRLF, U+2028 and U+2029 end one. It is immutable.
type Lines struct {
	starts []uint32
	size   int
}

// NewLines reads the lines of text.
func NewLines(text string) Lines { return Lines{lineStarts(text, true), len(text)} }

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
