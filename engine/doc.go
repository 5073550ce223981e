// Package engine serves one application: a folder of .asp pages with their
// sessions, their Application and their global.asa, as an [http.Handler].
//
//	eng, err := engine.New(engine.Config{Root: "site"})
//	if err != nil { … }
//	defer eng.Shutdown(context.Background())
//	http.Handle("/", eng)
//
// A process may hold any number of engines. They share nothing, and nothing
// happens on import.
//
// # The life of a request
//
// [Engine.ServeHTTP] reads as the story it is. Everything taken is given back
// by a defer, in reverse, on every path: error, timeout, End, Redirect, panic,
// client gone.
//
//  1. admit (admit.go): global.asa is looked at, and the gate is open or the
//     request waits a bounded time for it (gate.go, lifecycle.go).
//  2. route (internal/site): one reading of the URL decides what is done with a
//     file and opens it; static files leave here.
//  3. page (internal/pages): the compiled program, or its last good version. The
//     body of the request is read (run.go), so that no apartment waits for
//     it and net/http notices a client that leaves.
//  4. turn (line.go): the request's place in its session, FIFO and bounded. The
//     turn comes before the apartment, so that one session's queue never holds
//     workers that others need. The session is loaded under it.
//  5. apartment (line.go, internal/apartment): a worker: the one that came with
//     the turn, the one the session is pinned to, or any.
//  6. start events and 7. run (run.go): on the apartment's goroutine, in a
//     clean script state, under a deadline (deadline.go). A page that flushes
//     reaches the wire while it runs (internal/wire).
//  8. commit (reply.go): what the page left in its session is stored, and the
//     turn passes on, before the client can know the page's answer.
//  9. send (reply.go): the apartment is given back, then the answer is sent:
//     whole and with its length when the page never flushed.
//
// A page that failed is followed by its error page in the same apartment
// (errorpage.go). A script that doesn't stop a second after it was told to is
// an orphan: its client is answered, and everything it held is taken from it.
//
// # Goroutines
//
// Each apartment has one, made at its first job and ended by Shutdown
// (internal/apartment); one that an orphan occupies is replaced at once and ends by
// itself, if ever. The sessions have those of [sessions.Manager], which Shutdown
// ends too, and a store on disk has its own (store/sqlite), closed after them.
// ServeHTTP itself starts none.
package engine
