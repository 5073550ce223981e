package page

import "fmt"

// included is where a file is included, "FILE:LINE" from the page on; nil for the
// page itself. Of several places the first counts.
func (s *source) included() (chain []string) {
	if s.by == nil {
		return nil
	}
	return append(s.by.included(), fmt.Sprintf("%s:%d", s.by.name, s.by.position(s.byPos).Line))
}

// Included is where a file of the program is included, "FILE:LINE" from the page
// on; nil for the page itself, and for a file that isn't part of it.
func (m *Map) Included(file string) []string {
	for _, s := range m.sources {
		if s.name == file {
			return s.included()
		}
	}
	return nil
}
