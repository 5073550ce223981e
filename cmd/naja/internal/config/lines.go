package config

import (
	"strconv"
	"strings"
)

// A statement is one `key = value` or one table header of a TOML text, with
// its line. A key inside [session] is "session.key", however it is written. The TOML library tells positions of keys only where it fails
// itself, and those of a repeated table not at all; a wrong value found later
// needs them too.
type statement struct {
	table int    // index of the [[application]] that it is in, or topLevel, or otherTable
	key   string // first part of the key; of a header, its name
	line  int
	head  bool // a table header
}

const (
	topLevel   = -1
	otherTable = -2 // inside a table that isn't an application
)

// statements lists the statements of text in order. It is made for text that
// the TOML library accepts; for any other text it returns something, and ends.
func statements(text string) []statement {
	s := lineScanner{text: text, line: 1}
	table, applications, prefix := topLevel, 0, ""
	var all []statement
	for s.skipBlank() {
		st := statement{table: table, line: s.line}
		if s.text[s.pos] == '[' {
			st.head = true
			double := strings.HasPrefix(s.text[s.pos:], "[[")
			s.pos++
			if double {
				s.pos++
			}
			st.key, prefix = s.key(), ""
			next := s.peekAfterSpace()
			switch {
			case double && st.key == "application" && next == ']':
				table = applications
				applications++
			case !double && isTable(st.key) && next == ']':
				table, prefix = topLevel, st.key+"."
			case st.key == "application" && next == '.' && applications > 0 && table != otherTable:
				// [application.x] is the key x of the application before it.
				s.pos++
				table, st.key = applications-1, s.key()
				if st.head = isTable(st.key) && s.peekAfterSpace() == ']'; st.head {
					prefix = st.key + "."
				}
			default:
				table = otherTable
			}
			st.table = table
		} else {
			st.key = prefix + s.keys()
		}
		s.skipStatement()
		all = append(all, st)
	}
	return all
}

// duplicate finds the first statement that says again what one before it in
// the same table said, and the line of that one.
func duplicate(all []statement) (again statement, first int, ok bool) {
	type place struct {
		table int
		key   string
	}
	seen := make(map[place]int)
	for _, st := range all {
		if st.head || st.table == otherTable {
			continue
		}
		at := place{st.table, st.key}
		if line, ok := seen[at]; ok {
			return st, line, true
		}
		seen[at] = st.line
	}
	return statement{}, 0, false
}

type lineScanner struct {
	text string
	pos  int
	line int
}

// skipBlank moves to the next statement; false at the end of the text.
func (s *lineScanner) skipBlank() bool {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case '\n':
			s.line++
			s.pos++
		case ' ', '\t', '\r':
			s.pos++
		case '#':
			s.skipComment()
		default:
			return true
		}
	}
	return false
}

func (s *lineScanner) skipComment() {
	if n := strings.IndexByte(s.text[s.pos:], '\n'); n >= 0 {
		s.pos += n
	} else {
		s.pos = len(s.text)
	}
}

// peekAfterSpace moves over blanks and tells the byte after them, 0 at the end.
func (s *lineScanner) peekAfterSpace() byte {
	for s.pos < len(s.text) && (s.text[s.pos] == ' ' || s.text[s.pos] == '\t') {
		s.pos++
	}
	if s.pos == len(s.text) {
		return 0
	}
	return s.text[s.pos]
}

// keys reads a key's first part, of session.x both.
func (s *lineScanner) keys() string {
	key := s.key()
	if isTable(key) && s.peekAfterSpace() == '.' {
		s.pos++
		key += "." + s.key()
	}
	return key
}

// key reads one part of a key, bare or quoted.
func (s *lineScanner) key() string {
	quote := s.peekAfterSpace()
	start := s.pos
	if quote == '"' || quote == '\'' {
		s.skipString()
		raw := s.text[start:s.pos]
		if unquoted, err := strconv.Unquote(raw); err == nil && quote == '"' {
			return unquoted
		}
		return strings.Trim(raw, string(quote))
	}
	if n := strings.IndexAny(s.text[start:], " \t\r\n.=]#"); n >= 0 {
		s.pos += n
	} else {
		s.pos = len(s.text)
	}
	return s.text[start:s.pos]
}

// skipStatement moves to the end of the statement: the first end of a line
// outside of strings and brackets.
func (s *lineScanner) skipStatement() {
	depth := 0
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case '\n':
			if depth <= 0 {
				return
			}
			s.line++
			s.pos++
		case '"', '\'':
			s.skipString()
		case '#':
			s.skipComment()
		case '[', '{':
			depth++
			s.pos++
		case ']', '}':
			depth--
			s.pos++
		default:
			s.pos++
		}
	}
}

// skipString moves over a string of any of TOML's four kinds, at whose first
// quote it stands.
func (s *lineScanner) skipString() {
	quote := s.text[s.pos : s.pos+1]
	end := quote
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s.text[s.pos:], triple) {
		end = triple
	}
	s.pos += len(end)
	for s.pos < len(s.text) {
		switch {
		case strings.HasPrefix(s.text[s.pos:], end):
			s.pos += len(end)
			// A long string may end in one or two quotes of its own.
			for len(end) == 3 && strings.HasPrefix(s.text[s.pos:], quote) {
				s.pos++
			}
			return
		case s.text[s.pos] == '\\' && quote == `"`:
			s.pos++ // the next byte is looked at below, or skipped
			if s.pos < len(s.text) && s.text[s.pos] != '\n' {
				s.pos++
			}
		case s.text[s.pos] == '\n':
			if len(end) == 1 {
				return // broken text
			}
			s.line++
			s.pos++
		default:
			s.pos++
		}
	}
}
