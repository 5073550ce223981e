// Package appstate has the errors that a write to Application or its lock can
// end with, for programs that look at a page's error with errors.Is and
// errors.AsType. What keeps Application isn't a program's concern: a store says
// what it promises in package store, and the engine does the rest.
package appstate
