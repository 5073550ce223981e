// Package neighbours tests what proxies and clients make of naja's answers: the
// programs that people run, started on free ports, with the configurations that
// stand in docs/deploying.md. A tap between a proxy and naja counts connections and
// sees what is asked again. What comes of it is a table in that document: a test
// fails where the two differ, and go test ./engine/neighbours -update writes it.
//
// A program that isn't installed is skipped, with that as the reason, and its column
// stays as it is. make deps installs them on a Debian system, and make neighbours
// builds Caddy as well, which is a module of its own (the folder caddy).
package neighbours
