// Package interop tests that pages and Go handlers share the sessions of other
// libraries, whatever keeps them and however an answer ends.
package interop
