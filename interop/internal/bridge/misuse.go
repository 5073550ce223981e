package bridge

import "github.com/najahost/naja/session"

// A Misuse is an error of the program and not of its store: trying again is of
// no use. It is a [session.ErrRefused].
type Misuse string

// Error says what the program does wrong.
func (m Misuse) Error() string { return string(m) }

// Is tells errors.Is.
func (m Misuse) Is(target error) bool { return target == session.ErrRefused }
