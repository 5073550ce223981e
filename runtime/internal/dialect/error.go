package dialect

import "fmt"

// Error reports JScript syntax that is known and refused. Everything else
// that is wrong with a source is left for the parser to report.
type Error struct {
	// Offset is the byte offset in the source of the first offending token.
	Offset int
	// Message says what was found and what to write instead.
	Message string
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("offset %d: %s", e.Offset, e.Message)
}
