package page

import (
	"fmt"
	"sort"

	"github.com/najahost/naja/language"
)

// included is where a file is included, "FILE:LINE" from the page on; nil for the
// page itself. Of several places the first counts.
func (s *source) included() (chain []string) {
	if s.by == nil {
		return nil
	}
	return append(s.by.included(), fmt.Sprintf("%s:%d", s.by.name, s.by.position(s.byPos).Line))
}

// places are the files of a page, in the order of their first bytes.
type places []*source

// Position is [language.Places]. It takes logarithmic time.
func (p places) Position(at language.Pos) Position {
	i := sort.Search(len(p), func(i int) bool { return p[i].base > int(at) }) - 1
	s := p[max(i, 0)]
	return s.position(int(at) - s.base)
}

// Included is [language.Places].
func (p places) Included(file string) []string {
	for _, s := range p {
		if s.name == file {
			return s.included()
		}
	}
	return nil
}

// at is the language.Pos of an offset.
func (s *source) at(offset int) language.Pos { return language.Pos(s.base + offset) }
