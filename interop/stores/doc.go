// Package stores tests naja with the stores of scs and of gorilla/sessions that
// programs use, over the servers that they are for. It is a module of its own,
// so that no program that imports naja hears of their modules.
//
// The tests start the servers themselves, on free ports; a server that isn't
// installed has its tests skipped. Run them by make test, or by go test in this
// folder.
package stores
