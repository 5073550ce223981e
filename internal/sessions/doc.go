// Package sessions is naja's own session.Provider: it keeps what a visitor's
// pages remember between requests, and sees to it that each session ends once.
//
// # Rules
//
// A session is known by a token: 192 random bits in a cookie. The store never
// sees it but a hash of it, so that a copy of the store is no bunch of keys; a
// page's Session.SessionID is a number that has nothing to do with either. A
// token that this package did not make is never adopted: its sender gets a new
// session. A session begun over TLS lives in another cookie than one begun
// without, and neither token is good for the other.
//
// A session comes into being when a page first touches it or when global.asa
// has a Session_OnStart; until then there is no cookie and no record.
//
// Its contents are one record of package cborvalue, values by copy. A request
// writes back the keys that it changed and no others.
//
// # Turn first, lease second, load third
//
// Whose turn it is (package turn) opens the session: that takes its lease from
// the [store.Sessions] together with its contents, in one step. The lease
// carries a token that is unique to this taking and every commit is compared
// against it, so that a holder who stalled past its lease is refused and can't
// undo what came after it. Within one process the turn alone keeps requests
// apart; the lease does it between processes, and is there from the start so
// that a store for one process and a store for many are the same to everything
// above.
//
// A read-only request takes neither turn nor lease and sees the last commit.
//
// # The end of a session
//
// A session ends by its timeout, by Abandon, by an operator or at shutdown. It
// is then no longer found, its visitor gets a new one, and its record waits to
// be claimed by the [Manager] of some process, which runs Session_OnEnd and
// removes it. Every step that can die half-way leaves a record that another
// claims when the claim's lease is over: see [Ended] for what that promises.
//
// # Goroutines
//
// [NewManager] starts the ones that Session_OnEnd runs in and one that renews
// leases; [Manager.Close] ends them all. [Manager.EndAll] starts as many again
// for as long as it runs. Nothing else here starts any.
package sessions
