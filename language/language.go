// Package language is what a language of pages is to the host that runs them:
// how it gets a page, what it makes of it, and what both ask of each other while
// that runs. It knows neither a language nor HTTP.
//
//	page        a Page: blocks in the order in which they run, with their places
//	Language    compiles it, once
//	Code        the program, shared by all requests
//	Machine     one run of it, with a clean state
//	Host        what the run asks of the page's host
//
// A place in a page and in what it includes is one number, a [Pos]. A language
// adds to it the bytes that it has read of a piece of script, and needs no map of
// its own as long as it reads the script as it is written. One that makes another
// text of it keeps the way back (package javascript does).
package language

import (
	"context"

	"github.com/najahost/naja/variant"
)

// A Language turns pages into programs. Any goroutine may call it.
type Language interface {
	// Name is what people call it.
	Name() string
	// Speaks says whether a name in a page's directive, in a LANGUAGE attribute
	// or in the configuration is this language's; it may come in any case.
	Speaks(name string) bool
	// Compile makes a page's program. It keeps what it wants of the page, which
	// nobody changes any more. An error of the page is an [*asp.Error] with the
	// place that p.Position gives.
	//
	// [*asp.Error]: https://pkg.go.dev/github.com/najahost/naja/asp#Error
	Compile(p *Page) (Code, error)
}

// Code is a compiled page. It is immutable; any goroutine may use it.
type Code interface {
	// Declares says whether the program has a procedure of that name at its top
	// level: which events a global.asa handles.
	Declares(procedure string) bool
	// Mentions says whether the program may use one of the host's globals. It errs
	// on that side.
	Mentions(global string) bool
	// Start makes a machine for one run. It runs nothing.
	Start(h Host) Machine
}

// A Machine runs a program once. One goroutine uses it, but for Stop and Where.
//
// An error that the script made, or that stopped it, is an *asp.Error with its
// place in the page. An end that the script asked for (Response.End) is none.
type Machine interface {
	// Run runs the top level.
	Run() error
	// Call calls a procedure that the program declares. Without such a procedure
	// it does nothing.
	Call(procedure string, args ...variant.Value) error
	// Finish runs what the program has left to be done, such as timers. It is
	// called when Run and Call gave no error.
	Finish() error
	// Close ends the run, whatever became of it: what the script has made is
	// ended, what it has changed is stored unless it failed.
	Close(failed bool) error
	// Stop ends the script as soon as it can be, before its next statement at the
	// latest. Nothing in the page hinders it. Any goroutine may call it, before Run
	// and after Close too; the first reason counts.
	Stop(reason error)
	// Where is about where the script is. Any goroutine may ask, at any time.
	Where() (at Pos, ok bool)
}

// Host is what a machine asks for. Its methods are for the machine's goroutine.
// An error is to end the script with it, unless the page may catch it.
type Host interface {
	// Text sends the literal text of that number.
	Text(k int) error
	// Write sends a text, encoded for HTML or as it is.
	Write(text string, encode bool) error
	// Waits is the context of calls that wait. It ends with the request, and when
	// the script is stopped.
	Waits() context.Context
}
