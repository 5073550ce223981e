package asphttp

import (
	"fmt"
	"io"
	"net/http"
	"os"
)

// fileChunk is the least that is written to a file at once.
const fileChunk = 32 << 10

// spool takes in bytes of unknown number: into memory first, past a bound into a temporary file.
type spool struct {
	memory int    // how many bytes may stay in memory
	dir    string // for the file
	data   []byte
	file   *os.File
	name   string
	size   int64
	err    error // why the file could not be written
}

// space is where the next bytes go; took says how many came. expected is the length that was announced, or -1: it
// keeps the last step small, and nothing is allocated on its word.
func (s *spool) space(expected int64) []byte {
	if s.file == nil && len(s.data) >= s.memory {
		s.spill()
	}
	if len(s.data) == cap(s.data) {
		next := max(firstRead, 2*cap(s.data))
		if rest := expected - s.size; expected > 0 && rest > 0 {
			next = min(next, len(s.data)+int(min(rest, int64(s.memory))))
		}
		next = max(min(next, s.memory), len(s.data)+1)
		grown := make([]byte, len(s.data), next)
		copy(grown, s.data)
		s.data = grown
	}
	return s.data[len(s.data):cap(s.data)]
}

func (s *spool) took(n int) {
	s.data = s.data[:len(s.data)+n]
	s.size += int64(n)
	if s.file != nil && len(s.data) == cap(s.data) {
		s.drain()
	}
}

// spill begins the file.
func (s *spool) spill() {
	f, err := os.CreateTemp(s.dir, "naja-body-*")
	if err != nil {
		s.fail(err)
		return
	}
	s.file, s.name = f, f.Name()
	if os.Remove(s.name) == nil {
		s.name = "" // a crash leaves nothing behind
	}
	s.drain()
	if cap(s.data) < fileChunk {
		s.data = make([]byte, 0, fileChunk)
	}
}

func (s *spool) drain() {
	if _, err := s.file.Write(s.data); err != nil {
		s.fail(err)
	}
	s.data = s.data[:0]
}

func (s *spool) fail(err error) {
	s.data = s.data[:0]
	if s.err == nil {
		s.err = &BodyError{Status: http.StatusInternalServerError, Err: fmt.Errorf("keeping it: %w", err)}
	}
}

// readFrom takes in all of r.
func (s *spool) readFrom(r io.Reader) error {
	for s.err == nil {
		n, err := r.Read(s.space(-1))
		s.took(n)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return s.err
}

// body ends the intake.
func (s *spool) body() (*Body, error) {
	if s.file != nil && len(s.data) > 0 {
		s.drain()
	}
	if s.err != nil {
		s.drop()
		return nil, s.err
	}
	if s.file == nil {
		return &Body{data: s.data, size: s.size}, nil
	}
	return &Body{file: s.file, name: s.name, size: s.size}, nil
}

// drop forgets everything.
func (s *spool) drop() {
	if s.file != nil {
		b := Body{file: s.file, name: s.name}
		b.Close() // there is nobody to tell: the request failed already
	}
	s.file, s.data = nil, nil
}
