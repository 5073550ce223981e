// Package session says what a visitor's session is to pages: a [Handle] for one
// request, which a [Provider] finds. naja's own provider keeps sessions in a
// store.Sessions and needs no line of Go; interop/scs and interop/gorilla have
// providers for the sessions of a Go program. Whoever has another one writes a
// Provider, and hands it over as engine.Config.Sessions.
//
// # What the engine does
//
// Turn first, session second. The requests of one key run one at a time, in the
// order in which they came; whose turn it is opens the session. A request
// without a key stands in no line, and a read-only one neither: it sees the
// session as last committed.
//
// What a handle is given is stored by Commit or Close, before the answer is
// sent or before the rest of it; Discard is for requests that end any other
// way. A session that comes into being says so in a cookie, so it can't once
// the headers are away.
package session
