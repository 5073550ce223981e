package session

import "errors"

// What a [Handle] answers besides.
var (
	// ErrReadOnly: the page has EnableSessionState=ReadOnly.
	ErrReadOnly = errors.New("session: the page may only read its session (EnableSessionState=ReadOnly)")
	// ErrClosed: the request gave its session up before, by Session.Close
	// or because it was stopped.
	ErrClosed = errors.New("session: closed by this request")
	// ErrNoSession: the session doesn't exist; [Handle.Create] comes first.
	ErrNoSession = errors.New("session: there is no session")
	// ErrTooLate: the response's headers are away, so that no cookie can be
	// sent any more: no session can start and no token can change.
	ErrTooLate = errors.New("session: the response's headers were already sent")
	// ErrTooLarge: the session would pass the most that one may have.
	ErrTooLarge = errors.New("session: the session is too large")
	// ErrRefused: the store of another library can be reached and won't keep
	// what the request put into the session, too large a value mostly; or that
	// library is used in a way that can't work. It is the same at each further
	// try: the engine answers with a page's error, not with 503.
	ErrRefused = errors.New("session: refused for good")
)
