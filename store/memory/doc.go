// Package memory keeps state in the process: it is fast, and gone when the
// process ends. It is the default of the library and of naja serve.
//
// It starts no goroutine. Nothing it does holds a lock for longer than a
// bounded number of steps, however many sessions there are or expire at once.
package memory
