package store

import "context"

// A Backend keeps an application's sessions and its Application where they
// outlive an engine; other engines, in other processes too, may use the same.
// Its methods may be called from any goroutine.
type Backend interface {
	// Sessions and Application are the stores, the same values at each call.
	Sessions() Sessions
	Application() Application
	// FinishWith removes a claimed session and makes changes of Application
	// under its lock, which is given up: all of it, or nothing. lock is 0 where
	// there are no changes. It answers as Finish of [Sessions] and Commit of
	// [Application] do.
	FinishWith(ctx context.Context, id string, claim, lock int64, c Changes) (version int64, err error)
	// Err says why the last use failed, nil when it didn't.
	Err() error
}

// A Census is a [Backend] that knows which texts of global.asa are being served
// by whatever process. Where none does, it can't be told, and each process is
// taken for one of several while it starts, and for the last when it ends.
type Census interface {
	// Join says that a text is being served here until leave is called or the
	// process ends.
	Join(text string) (leave func(), err error)
	// Serving says whether a text is being served, here or elsewhere, or any is,
	// for "".
	Serving(text string) bool
}
