// Package scsstore lets a Go program and the pages that it serves share the
// sessions of github.com/alexedwards/scs: a handler puts "user" and a page
// reads Session("user"), and the other way round.
//
//	provider, err := scsstore.New(scsstore.Config{Manager: manager})
//	pages, err := engine.New(engine.Config{Root: "site", Sessions: provider})
//	mux.Handle("/api/", provider.Serialize(api)) // in the place of manager.LoadAndSave
//	mux.Handle("/", pages)
//
// # What is promised
//
// Turn first, load second. The requests of one session run one at a time in
// this process, those of pages and those inside [Provider.Serialize] alike, so
// that fifty parallel increments are fifty. Pages without a session don't
// wait, read-only ones neither.
//
// A page writes back the keys that it assigned or changed in place, and no
// others. A number that a handler put as int64 is an int64 again after a page
// assigned another whole number to it, so that GetInt64 finds it; the same
// with every type that the page's value fits into without a loss. A new key
// has the natural type: string, bool, int for whole numbers, float64,
// time.Time in UTC, []byte, map[string]any, []any, *big.Int, and value.Opaque
// for what Go has no type for. Inside an object or a list types are the
// natural ones, an object's keys are sorted and undefined is null.
//
// What a handler put and the page has no type for, a struct or a map of its
// own, the page sees as a copy: an object of the exported fields by their json
// names. It is left alone unless the page assigns to it.
//
// A page finds a key as it is spelled, or else without regard to case; what it
// writes keeps the spelling that is there. scs's own keys are hidden.
//
// The session is stored before the first byte of the answer leaves, whether
// the visitor waits for it or not, and its cookie is set once. What a flushed
// page or a handler puts later is stored at its end. No session is made, and
// no cookie sent, until a page touches Session or a handler puts something. A
// token that isn't the store's gets a new session.
//
// Session.Renew is RenewToken; the old record goes when the new one is stored.
// Session.Abandon is Destroy. A session that was ended can't be brought back
// by a slower request of this process, not even by one that runs outside of
// Serialize: its commit fails, and that of such a handler answers as the
// manager's ErrorFunc does.
//
// Session.Timeout is the IdleTimeout, or else the Lifetime, of the manager; a
// page may set the session's own, up to scs's deadline. That, LCID and
// CodePage are kept in a text under the key "__naja".
//
// # Changing the token
//
// Session.Renew of a page and SessionManager.RenewToken inside Serialize keep
// the visitor's requests that stand in line, pages and handlers alike; see
// [session.Handle] for what becomes of them. After Session.Renew late ones with
// the former token are known too, for [Config.RenewGrace], in other processes
// where the sessions are in a [Store]. RenewToken promises that the former token
// is worth nothing, and so it is for who comes later.
//
// # When the store fails
//
// A commit that failed isn't tried again behind the answer that says so:
// whoever is told 500 or 503 may try again and counts once. Pages and handlers
// that only read go on when the store takes nothing, a replica for instance;
// the log says so, once a minute. What the store won't take while it takes
// other things, a value too large for its column mostly, is the error of the
// page that put it, with the key, and [session.ErrRefused]; so is what it cuts
// off in silence. Where the store can't be reached the engine answers 503.
//
// A session whose deadline is over when it is committed ends, and never
// reaches the store: some stores keep what has no age left for ever. One that
// a store kept beyond its deadline is none.
//
// # Our backends as a store of scs
//
// [NewStore] keeps the sessions of scs in memory or in an SQLite file, for
// pages and for programs without pages: a [Store] is a scs.CtxStore and a
// scs.IterableCtxStore. With one a request takes its session under a lease as
// well as its turn, so that the requests of several processes that share a file
// are kept apart too, and who logged out in one isn't brought back by another.
//
// # Session_OnEnd
//
// It runs once for each session that ends: by its time, by Session.Abandon, by
// Destroy in a handler, by an operator; not for one whose token changes. What
// it does to Application and the end itself are one step where the [Store] is
// over the engine's own Backend.
//
// Any other store forgets silently. For it the guard in front of the store
// notes each session that is stored, in memory or in [Config.Ends], and when
// its time is over asks the store whether it has gone. Where there is a
// Session_OnEnd, a store that can list its sessions has those noted that are
// there, beside the first requests; a list that breaks off counts as far as it
// came. What such notes
// can't know: sessions that ended while nothing ran and weren't noted in
// something that lasts; and that another process, with notes of its own, has
// run Session_OnEnd already. Give all processes one Config.Ends.
//
// A handler outside of [Provider.Serialize] that changes its token ends the
// session, as far as Session_OnEnd goes.
//
// # What isn't
//
// With another store than a [Store], requests of one session in different
// processes aren't kept apart: scs's stores have no leases. Neither are ended
// sessions known to other processes.
//
// With an IdleTimeout scs stores the whole session at every request. That is
// its way; only the turn makes it safe.
//
// A handler inside manager.LoadAndSave without Serialize around it loads its
// session before its turn, and may undo what a page stored. That is noticed when
// such a handler of a http.Server loads or stores a session: an error with
// [Config].Dev, at the first request, and one line in the log otherwise.
//
// [CBOR] is a codec for the manager that reads what gob left and is faster.
//
// scs.New starts a goroutine that can't be ended reliably, by way of its
// default store. A program that minds makes the SessionManager by itself: the
// struct's zero contextKey works as long as a request has one manager.
package scsstore
