// Package server is the other process of the benchmark: a naja engine and
// plain Go handlers that write the same bytes, behind one http.Server, and the
// counters that can only be read from inside: processor time, apartments in
// use, handlers running.
//
// [Start] runs this same program again as the server ([IsChild] tells it so);
// the two talk over the child's standard input and output, a line of JSON each
// way (control.go). When the parent ends, however it ends, the input does too,
// and the child with it.
package server
