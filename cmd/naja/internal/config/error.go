package config

import (
	"fmt"
	"strconv"
	"strings"
)

// An Error says what in the configuration can't be used. Its text is one line
// that never holds a password.
type Error struct {
	// Origin is where the value was given.
	Origin Origin
	// Key is the setting as the file spells it; empty for a syntax error.
	Key string
	// Problem says what is wrong and what would be right.
	Problem string
}

// Error gives the place first, as compilers do: naja.toml:3: addr: ….
func (e *Error) Error() string {
	key := e.Key
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		key = strconv.Quote(key)
	}
	switch {
	case e.Origin.Flag == "--set" && key != "":
		return fmt.Sprintf("--set %s: %s", key, e.Problem)
	case e.Origin.Flag != "" || key == "":
		return fmt.Sprintf("%s: %s", e.Origin, e.Problem)
	}
	return fmt.Sprintf("%s: %s: %s", e.Origin, key, e.Problem)
}

// An Origin is the place where a value was given: a line of a file or a flag.
// The zero Origin is that of a default.
type Origin struct {
	File string
	Line int
	Flag string
}

// String is FILE:LINE, the flag, or "default".
func (o Origin) String() string {
	switch {
	case o.Flag != "":
		return o.Flag
	case o.Line > 0:
		return fmt.Sprintf("%s:%d", o.File, o.Line)
	case o.File != "":
		return o.File
	}
	return "default"
}
