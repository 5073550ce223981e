package session

import (
	"context"
	"net/http"
	"time"

	"github.com/najahost/naja/internal/turn"
)

// A Mode is what a page does with its session: EnableSessionState.
type Mode int

const (
	Off       Mode = iota // no session at all
	ReadOnly              // the last commit, no waiting, no writes
	ReadWrite             // one request at a time
)

// String gives the directive's word for m.
func (m Mode) String() string {
	switch m {
	case Off:
		return "False"
	case ReadOnly:
		return "ReadOnly"
	default:
		return "True"
	}
}

// A Provider finds the session of a request: naja's own, or
// another library's that a Go program uses beside its pages. It is safe for
// any goroutine.
type Provider interface {
	// Key gives by what the request is put in line: one at a time for each key; ok is
	// false for one that brings no session, which needs no turn. It is called
	// before the session is loaded and is cheap.
	Key(r *http.Request) (key string, ok bool)

	// Open finds the request's session, whose turn the caller holds unless
	// mode is ReadOnly. A request without one gets a handle whose session
	// doesn't exist yet. Open waits, until ctx ends, for a session that is
	// in use elsewhere. Whoever gets a handle closes or discards it. ctx has
	// the turn that the request holds, see [MoveTurn].
	Open(ctx context.Context, r *http.Request, mode Mode) (Handle, error)
}

// MoveTurn brings the turn that the request of ctx holds, and all that wait
// behind it, to another key: a [Provider] calls it when a session is found by
// another key from now on. Who comes with the former one stands in the same line
// for grace. Without a turn it does nothing.
func MoveTurn(ctx context.Context, key string, grace time.Duration) {
	if t := turn.In(ctx); t != nil {
		t.Move(key, grace)
	}
}

// A Handle is one request's session. Its methods are safe for any goroutine,
// because a request that is given up has its handle discarded while its
// script may still run; apart from that one goroutine uses it at a time.
//
// Values are encoded items of package value: whoever gives or gets one may not
// modify it. Keys are found without regard to case.
type Handle interface {
	// Exists reports whether there is a session, found or created.
	Exists() bool
	// IsNew reports whether this request created it.
	IsNew() bool
	// Create makes the session exist; it does nothing where it does already.
	// The error wraps ErrFull when session_max is reached (ASP 0246), or is
	// ErrTooLate. A ReadOnly handle can be written to after it created the
	// session, until Freeze.
	Create(ctx context.Context) error
	// Freeze makes every later write fail with ErrReadOnly. What was written
	// before is committed.
	Freeze()

	// ID names the session to operators: the same for the life of the session, and of no
	// use to somebody who wants to pass for its owner. Empty where there is no
	// session.
	ID() string
	// Key is the session's key in Turns. A request that created its session
	// or changed its token enters the turn of the new key, which is free, when
	// it flushes before its end. Empty where there is no session.
	Key() string

	// Get gives the value of key.
	Get(key string) (raw []byte, ok bool)
	// Set keeps raw under key. ErrReadOnly, ErrClosed, ErrNoSession, or an
	// error that wraps ErrTooLarge.
	Set(key string, raw []byte) error
	// Remove forgets key, RemoveAll all keys. Errors as of Set.
	Remove(key string) error
	RemoveAll() error
	// Keys gives the keys in the order in which they were first set, spelled
	// as they were then.
	Keys() []string

	// Timeout, LCID and CodePage are the session's own or else the
	// application's. Errors of the setters as of Set, and for a value that
	// can't be meant.
	Timeout() time.Duration
	SetTimeout(d time.Duration) error
	LCID() int
	SetLCID(n int) error
	CodePage() int
	SetCodePage(n int) error

	// Abandon ends the session when the request closes it; until then it goes
	// on as before. Errors as of Set.
	Abandon() error
	Abandoned() bool
	// Renew gives the session a new token and keeps everything else, with the
	// next Commit or Close: to be called where the visitor's rights change.
	// Requests that stand in line by then find the session all the same, and
	// so does, for a short grace, who comes with the former token: they see
	// and write what there is and are never told a token.
	//
	// A Renew in such a request is another thing. Somebody else was told the
	// new token, and which of the two is the visitor can't be known. So the
	// request goes on at once in a new session that has nothing but what the
	// request wrote, and which nobody else knows; the other keeps what it had
	// before. Errors as of Set and Create, and ErrTooLate.
	Renew() error

	// Commit stores what changed and keeps the session. A w that is not nil
	// are the headers of the response, just before they are sent: they get
	// the cookie, once, where one is due. It goes its own way with time: the
	// end of ctx doesn't stop it, as a visitor who leaves loses nothing; it is
	// bounded by a timeout of its own. ErrLost: nothing was stored, and w has
	// no cookie. After another error, a failure of the store, it may be called
	// again.
	Commit(ctx context.Context, w http.Header) error
	// Close is Commit and gives the session up, in one step. Afterwards writes
	// fail with ErrClosed, reads go on, and another Commit or Close only puts
	// a cookie that is still due into w.
	Close(ctx context.Context, w http.Header) error
	// Discard gives the session up and stores nothing more, but that it was
	// abandoned. A session that its visitor hasn't been told of ends. It does
	// nothing after Close, and waits for no goroutine that uses the handle.
	Discard()
	// Lost gives a channel that is closed when the session turned out to be
	// in other hands, or was held for so long that it may be any moment:
	// nothing that this request writes can be stored.
	Lost() <-chan struct{}
}
