package asp

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/najahost/naja/internal/codepage"
)

// The HRESULTs that ASP itself hands to scripts. A script sees them as the signed number of the caught
// error: EFail is -2147467259.
const (
	EFail        int32 = -0x80000000 + 0x4005  // 0x80004005, every ASP error that has no number of its own
	EClassString int32 = -0x80000000 + 0x401F3 // 0x800401F3, Server.CreateObject met an unknown ProgID
)

// Error is an error in ASP's vocabulary: what a script catches, what the log says, and what Server.GetLastError
// shows on an error page. It is made by one goroutine and may be read by any number afterwards.
type Error struct {
	Code        int      // ASP's number: 113 is "ASP 0113"; 0 for an error of the script itself
	Number      int32    // HRESULT, the script's e.number
	Category    string   // who says so: "Response object", "Active Server Pages", "Microsoft JScript runtime"
	Short       string   // a few words: "Script timed out"
	Description string   // the sentence, with the detail of this case
	File        string   // page or include it happened in, as a URL path or a path below the root; "" when unknown
	Line        int      // from 1; 0 when unknown
	Column      int      // from 1, in characters; 0 when unknown
	Source      string   // the text of the line, where it is known
	Hint        string   // what may help, in one sentence; pages don't see it
	Included    []string // where File is included, "FILE:LINE" from the page on; nil for the page's own text
	Err         error    // the cause, where there is one
}

// New returns the error of ASP's table for code. Where the table's sentence has a place for a name (a file, a
// ProgID, a language) detail is put there, otherwise detail follows the sentence; an empty detail leaves the
// sentence as ASP prints it. A code that is not in the table is a mistake of the caller's: it becomes ASP 0101,
// with the number in the text.
func New(code int, detail string) *Error {
	row, ok := lookupCode(code)
	if !ok {
		row, _ = lookupCode(CodeUnexpected)
		detail = strings.TrimSpace(fmt.Sprintf("(ASP %04d) %s", code, detail))
		code = CodeUnexpected
	}
	e := &Error{Code: code, Number: EFail, Category: row.category, Short: row.short}
	if code == CodeCreateObject {
		e.Number = EClassString
	}
	e.Description = fillIn(row.long, detail)
	return e
}

// Errorf is New with a formatted detail. A %w verb makes its operand the cause.
func Errorf(code int, format string, args ...any) *Error {
	wrapped := fmt.Errorf(format, args...)
	e := New(code, wrapped.Error())
	e.Err = errors.Unwrap(wrapped)
	return e
}

// fillIn puts detail in the place the sentence keeps for it, or after the sentence.
func fillIn(long, detail string) string {
	if before, after, ok := strings.Cut(long, "|"); ok {
		return before + detail + after
	}
	if long == "" || detail == "" {
		return long + detail
	}
	return long + " " + detail
}

// Error says everything known on one line: "FILE:LINE:COL: ASP 0113: Script timed out: sentence".
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
		for _, n := range [...]int{e.Line, e.Column} {
			if n <= 0 {
				break
			}
			b.WriteByte(':')
			b.WriteString(strconv.Itoa(n))
		}
	}
	for _, part := range [...]string{e.ASPCode(), e.Short, e.Description} {
		if part == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(oneLine(part))
	}
	if b.Len() == 0 {
		return "error"
	}
	if e.Hint != "" {
		b.WriteString(" (" + oneLine(e.Hint) + ")")
	}
	return b.String()
}

// oneLine keeps text that came from a page or from the network on the log's line.
func oneLine(s string) string {
	if strings.IndexFunc(s, codepage.IsControl) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if codepage.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// At returns a copy of e that names a place, unless e already names one: the innermost place is the right one.
func (e *Error) At(file string, line, column int) *Error {
	if e.File != "" {
		return e
	}
	c := *e
	c.File, c.Line, c.Column = file, line, column
	return &c
}

// ASPCode is "ASP 0113", or "" for an error of the script itself.
func (e *Error) ASPCode() string {
	if e.Code == 0 {
		return ""
	}
	return fmt.Sprintf("ASP %04d", e.Code)
}

// COMDescription is the text a JScript page finds in e.description:
// "007~ASP 0105~Index out of range~An array index is out of range.". For ASP 0177 the last part is the HRESULT, as
// pages expect it; an error of the script itself has its plain sentence.
func (e *Error) COMDescription() string {
	if e.Code == 0 {
		return cmp.Or(e.Description, e.Short)
	}
	row, _ := lookupCode(e.Code)
	last := e.Description
	if e.Code == CodeCreateObject {
		last = strconv.FormatUint(uint64(uint32(e.Number)), 16)
	}
	return fmt.Sprintf("%s~%s~%s~%s", row.prefix(), e.ASPCode(), e.Short, last)
}

// ErrorObject holds the nine members of ASPError as a page reads them from Server.GetLastError.
type ErrorObject struct {
	ASPCode        string // "ASP 0113"; "" for an error of the script itself
	ASPDescription string // the sentence of an ASP error
	Category       string
	Column         int    // -1 when unknown
	Description    string // a few words for an ASP error, the message of a script's own
	File           string
	Line           int // 0 when unknown
	Number         int32
	Source         string
}

// Object derives the nine members. A nil error gives what GetLastError answers when nothing happened.
func (e *Error) Object() ErrorObject {
	if e == nil {
		return ErrorObject{Column: -1}
	}
	o := ErrorObject{
		ASPCode:  e.ASPCode(),
		Category: e.Category,
		Column:   e.Column,
		File:     e.File,
		Line:     max(e.Line, 0),
		Number:   e.Number,
		Source:   e.Source,
	}
	if o.Column <= 0 {
		o.Column = -1
	}
	if e.Code == 0 {
		o.Description = cmp.Or(e.Description, e.Short)
		return o
	}
	o.Description, o.ASPDescription = e.Short, e.Description
	return o
}

// CodeOf finds the ASP number in an error chain: 0 when there is none.
func CodeOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return 0
}
