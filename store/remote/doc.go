// Package remote keeps an application's state in another process: a [Client]
// is a store.Backend whose stores are those of the backend that the other
// process serves with [Serve], over a Unix socket.
//
// It is how the memory of the server process outlives its workers: sessions
// and Application live as long as the server process, whichever worker asks
// for them. Everything that package session and package appstate promise of a
// store holds through it, since each call is a call of the same method there:
// tokens, leases, deadlines, the notice of changes (Wait), errors.
//
// A worker that ends without a word leaves its sessions under leases, and
// maybe Application's lock. [Serve] knows what was taken over its connections
// and gives it up when they end, so that a visitor of a worker that crashed
// doesn't wait for a lease to run out. What the worker had not committed is
// gone, and nothing else.
//
// # Calls
//
// A call has a connection of a pool for itself, and is one write and one read
// on each side. A caller whose context ends doesn't wait any longer if it only
// reads; a change is waited for, for a second, so that it can't take effect
// after the caller's next one.
package remote
