package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/najahost/naja/store"
	"modernc.org/sqlite"
)

// ErrClosed: the DB was closed.
var ErrClosed = errors.New("sqlite: the store is closed")

// A VersionError says that a file was written by a newer program, which this
// one leaves alone.
type VersionError struct {
	Path         string
	Found, Known int // the schema's versions
}

// Error names both versions.
func (e *VersionError) Error() string {
	return fmt.Sprintf("sqlite: %s was written by a newer version of naja: its schema is %d, this version knows up to %d", e.Path, e.Found, e.Known)
}

// SQLite's primary result codes that are told apart.
const (
	codePerm     = 3
	codeBusy     = 5
	codeLocked   = 6
	codeReadonly = 8
	codeIO       = 10
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeNotADB   = 26
)

// codeOf is the primary result code of an error of SQLite's, 0 for any other.
func codeOf(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func isBusy(err error) bool { code := codeOf(err); return code == codeBusy || code == codeLocked }

// breaks says that after such an error the connection is made anew: what is
// wrong may be the file it has open.
func breaks(err error) bool {
	switch codeOf(err) {
	case codeIO, codeCorrupt, codeCantOpen, codeNotADB, codeReadonly:
		return true
	}
	return errors.Is(err, errMoved)
}

var (
	errMoved  = errors.New("it was removed or replaced while it was in use")
	errNoFile = errors.New("there is no such file")
)

// explain says what was being done to which file, and what the matter is.
func explain(path, doing string, err error) error {
	var version *VersionError
	if errors.As(err, &version) || errors.Is(err, errForeign) {
		return err
	}
	what := ""
	switch codeOf(err) {
	case codeBusy, codeLocked:
		what = "another process keeps it locked: "
	case codeFull:
		what = "there is no room for it on the disk: "
	case codeCorrupt:
		what = "the file is damaged: "
	case codeNotADB:
		what = "the file is no SQLite database: "
	case codeReadonly, codePerm:
		what = "the file can't be written to: "
	case codeCantOpen:
		what = "the file or those beside it can't be opened or made: "
	}
	return fmt.Errorf("sqlite: %s %s: %s%w", doing, path, what, err)
}

// isAnswer says that an operation came to an end and this is what it says; it
// then has changed nothing that others must not see.
func isAnswer(err error) bool {
	for _, answer := range []error{
		nil, store.ErrNotFound, store.ErrBusy, store.ErrLost, store.ErrExists, store.ErrFull,
		store.ErrLocked, store.ErrLockLost, store.ErrChanged,
		context.Canceled, context.DeadlineExceeded,
	} {
		if errors.Is(err, answer) {
			return true
		}
	}
	return false
}
