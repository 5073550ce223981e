package page

import "github.com/najahost/naja/asp"

// File is one file's text cut into segments, its includes not followed.
type File struct {
	Name     string
	Text     string
	Segments []Segment // without gaps from the start of Text, to its end when there was no error
}

// Parse cuts a page's text into segments. After a mistake in the text the File
// holds what lies before it, and the error is an *asp.Error with the place.
func Parse(text, name string) (*File, error) {
	f := &File{Name: name, Text: text}
	l := newLexer(text, inText)
	for {
		seg, ok := l.next()
		if !ok {
			break
		}
		f.Segments = append(f.Segments, seg)
	}
	if l.err != nil {
		return f, newSource(name, text).error(l.err)
	}
	return f, nil
}

// error ties a fault to its place.
func (s *source) error(f *fault) *asp.Error {
	e := asp.New(f.code, f.detail)
	at := s.position(f.pos)
	e.File, e.Line, e.Column, e.Source, e.Included = at.File, at.Line, at.Column, at.Source, s.included()
	return e
}
