// Package shared keeps ASP's Application: values that all requests of an
// application share, read far more often than written.
//
// # Reading
//
// A [State] holds the contents as one immutable snapshot behind an atomic
// pointer. A read follows the pointer, so it never waits, never sees half of a
// change, and always sees the latest commit.
//
// # Writing
//
// Each request has a [View]. A write outside the lock is one atomic change of
// one key: it waits for a holder of the lock, bounded, and is seen by everybody
// at once. Increment and CompareAndSet are such writes too, and need no lock.
//
// [View.Lock] is counted, so that included files may lock again. Waiters are
// served in the order in which they came; one that waits longer than
// [Config.LockTimeout] gets a [appstate.LockTimeoutError] that names the holder's page.
// What is written under the lock is staged: the holder sees it at once, all
// others see it together, at the last [View.Unlock] or the end of the request.
//
// # Ending
//
// [View.End] is called once for every request, whatever became of it, from
// whatever goroutine knows: with true after a page that ended normally, with
// false after an error, a timeout or a panic, which drops what was staged
// under the lock. It frees the lock or the place in the queue, and from then
// on the view refuses every call with [appstate.ErrEnded] and changes nothing. A script
// that can't be stopped therefore may keep its view: it is harmless.
//
// # Stores
//
// What outlives the snapshot is a [store.Application]. In memory there is one State for a
// store. Where several processes share a store ([Config.Shared]) the lock is a
// lease with a token: a process that was stopped for longer than its lease
// finds its commit refused, and a watcher brings the changes of the others.
//
//	state, err := shared.New(ctx, shared.Config{Store: memory.NewApplication()})
//	...
//	v := state.Begin(shared.Owner{Page: "/count.asp", URL: "/count.asp?x=1"})
//	committed := false
//	defer func() { v.End(committed) }()
//	if err := v.Lock(ctx); err != nil {
//		return err
//	}
//	...
//	committed = true
//
// Order of locks: a request that has a session has the session's turn first
// and takes this lock inside it, never the other way round.
package shared
