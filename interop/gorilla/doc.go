// Package gorillastore lets a Go program and the pages that it serves share
// the sessions of github.com/gorilla/sessions: a handler sets
// session.Values["user"] and saves, a page reads Session("user"), and the
// other way round.
//
//	provider, err := gorillastore.New(gorillastore.Config{Store: store, Name: "session"})
//	pages, err := engine.New(engine.Config{Root: "site", Sessions: provider})
//	mux.Handle("/api/", provider.Serialize(api))
//	mux.Handle("/", pages)
//
// # What is promised for stores that keep sessions on the server
//
// Turn first, load second. The requests of one session run one at a time in
// this process, those of pages and those inside [Provider.Serialize] alike, so
// that fifty parallel increments are fifty. Pages without a session don't
// wait, read-only ones neither.
//
// A page writes back the keys that it assigned or changed in place, and no
// others. A number that a handler put as int64 is an int64 again after a page
// assigned another whole number to it; the same with every type that the
// page's value fits into without a loss. A new key has the natural type:
// string, bool, int for whole numbers, float64, time.Time in UTC, []byte,
// map[string]any, []any, *big.Int, and value.Opaque for what Go has no type
// for. Inside an object or a list types are the natural ones, an object's keys
// are sorted and undefined is null.
//
// What a handler put and the page has no type for, a struct or a map of its
// own, the page sees as a copy: an object of the exported fields by their json
// names. It is left alone unless the page assigns to it.
//
// A page finds a key as it is spelled, or else without regard to case; what it
// writes keeps the spelling that is there. Flash messages and keys that aren't
// text are hidden and stay as they are.
//
// The session is saved before the first byte of the answer leaves, whether the
// visitor waits for it or not, and its cookie is set once. What a flushed page
// stores later is saved at its end. No session is made, and no cookie sent,
// until a page touches Session. A cookie that is forged, too old or whose
// session is gone is no error and gets a new session, with a new ID.
//
// Session.Renew gives the session a new ID; the old record goes when the new
// one is saved. Session.Abandon deletes the record. A session that a page
// ended, or a handler through [Provider.Store], can't be brought back by a
// slower page of this process, nor by a handler that uses [Provider.Store].
//
// A session's age counts from when it was saved last: it is saved again when
// half of it is over. Session.Timeout is the store's MaxAge; a page may set
// the session's own, which is the age of its cookie, the store's remaining the
// most. That, LCID and CodePage are kept in a text under the key "_naja".
//
// # Any store
//
// Stores tell by different things which session a Save is about: its ID, its
// IsNew, the cookie in the request. In what is handed to Save they agree: a
// session without an ID is new and its request has no cookie of the name, and
// afterwards it isn't new and the request, in which other handlers see it too,
// has the new cookie. So a store may insert by IsNew or look up by the cookie.
//
// That a session which was to end has ended is looked for; a store that has a
// Delete is asked by that, and what stays is emptied. What the store won't take
// while it takes other things, too large a value mostly, is the error of the
// page that put it, with the key, and [session.ErrRefused]: at the assignment
// where Config.Codecs tell, else when it is saved. Pages that only read go on
// when the store takes nothing. A store that ends or loses the session that it
// was to save, as some do with a MaxAge of 0, is told of once, and is an error
// with Config.Dev.
//
// [Provider.Session] tells a visitor that nobody knows from a store that failed.
// A session that came with a failure of the store can't be saved: it would take
// the place of the one that couldn't be loaded. A store that takes its own
// failures for a visitor without a session, as gormstore does, can't be helped.
//
// # Changing the ID
//
// Session.Renew of a page, and a handler inside Serialize that saves its session
// without its ID, keep the visitor's requests that stand in line, pages and
// handlers alike; see [session.Handle] for what becomes of them. After
// Session.Renew late ones with the former ID are known too, for
// [Config.RenewGrace], in other processes where the sessions are in a [Store];
// without Config.Codecs by the cookie that was renewed.
// After a handler the former ID is worth what the handler makes of its record.
//
// # What a CookieStore can't
//
// Its sessions travel with their visitor, so that nothing on this side is ever
// the latest. Of two parallel requests the one that answers last wins, and
// increments are lost: there are no turns, and Key gives none. Session.Renew
// and Session.Abandon replace or delete the visitor's cookie, and a copy of it
// is good until it is too old. After a flush nothing can be stored: assigning
// fails.
//
// A cookie has 4096 bytes, of which some 2,200 are left for the session; a
// value that doesn't fit is refused at its assignment. Browsers count name and
// attributes in, so that a CookieStore whose bound was raised loses sessions
// silently. Pages that only read their session are its best use.
//
// # Also to be known
//
// A FilesystemStore refuses sessions over 4096 bytes as well, unless
// MaxLength(0) is called on it; that too is found at the assignment. It never
// removes files that are too old, and a crash while it writes leaves half a
// file, which gets its visitor a new session.
//
// [NewStore] keeps the sessions of gorilla in memory or in an SQLite file, for
// pages and for programs without pages, without these bounds and with the
// expired ones removed. With such a [Store] a request takes its session under
// a lease as well as its turn, so that the requests of several processes that
// share a file are kept apart too. With any other they aren't, and ended
// sessions aren't known to other processes.
//
// A handler without Serialize around it loads its session before its turn, and
// may undo what a page stored. Serialize goes around all other middleware that
// uses sessions: gorilla's registry is then made once, and all handlers of a
// request see the same session.
//
// Session_OnEnd runs, once for each session that ends, with a [Store]. Other
// stores forget silently: it doesn't run, and the engine's log says so. A
// handler that empties a session's ID to renew it leaves the old record, which
// ends in its time; Session.Renew of a page moves it.
package gorillastore
