// Package wire is an HTTP/1 client that sees what a client library hides: when
// the first and the last byte came, in how many chunks, how many bytes were on
// the wire, and whether the connection lived on. It can read as slowly as a
// slow line does.
//
// It asks for one page over and over and is lean, because it shares the
// machine's processors with the server that it measures.
package wire
