package runtime

import (
	"context"
	"log/slog"
	"time"

	"github.com/najahost/naja/asp"
)

// Env is what one script may reach. The engine makes one for each request and
// for each event; it belongs to the [State] made from it until Run returned.
// A nil member means that the intrinsic isn't there, as in the events of
// global.asa: naming it throws ASP 0104 with Why as the reason.
type Env struct {
	Request     *asp.Request
	Response    *asp.Response
	Session     Session
	Application Application
	Host        Host
	Modules     *Modules     // what require gives; nil: there is no require
	Log         *slog.Logger // console.* goes here; nil discards

	// Leave is closed when the page should come to its end because the
	// application does: see Request.Signal. nil: never.
	Leave <-chan struct{}

	// NoSession says why Session is nil: the page has
	// EnableSessionState=False, or an event has none.
	NoSession string
	// LastError is what Server.GetLastError answers: set for an error page.
	LastError *asp.Error
	// Objects are the <object> declarations of global.asa; those of the page
	// come with its Program.
	Objects []ObjectDecl
	// Limits of one stored value.
	MaxValueSize int // bytes, 1 MiB where 0
}

// Session is one request's view of its session. A raw value is one encoded
// item of package value; nobody changes one after it was made. Every call
// comes from the apartment's goroutine. Errors are thrown at the page's line.
//
// A Session that has a method Touch() error is asked by it, before a page
// reads, to begin if it doesn't exist yet.
type Session interface {
	ID() string
	Get(key string) (raw []byte, ok bool)
	Set(key string, raw []byte) error
	Remove(key string) error
	RemoveAll() error
	Keys() []string
	Timeout() time.Duration
	SetTimeout(time.Duration) error
	LCID() int
	SetLCID(int) error
	CodePage() int
	SetCodePage(int) error
	Abandon() error
	Renew() error
	Close() error
	// Object and SetObject keep a component by reference (design: agile ones
	// and pinned ones); SetObject refuses what may not be kept. Object gives
	// nil, true for one that this request may not call: see ElsewhereText.
	Object(key string) (*Object, bool)
	SetObject(key string, o *Object) error
}

// An EndedSession is the Session of Session_OnEnd. EndID names this end, the
// same at every attempt, so that an effect outside can be made to happen once;
// EndAttempt counts the attempts from 1; EndReason is timeout, abandon, …
type EndedSession interface {
	EndID() string
	EndAttempt() int
	EndReason() string
}

// ElsewhereText says why a page can't have a component of its session.
const ElsewhereText = "the component may only be called in the apartment of the request that made it, which ran at the same time as this one"

// Application is one request's view of the application's state.
type Application interface {
	Get(key string) (raw []byte, ok bool)
	Keys() []string
	Set(ctx context.Context, key string, raw []byte) error
	Remove(ctx context.Context, key string) error
	RemoveAll(ctx context.Context) error
	Lock(ctx context.Context) error
	Unlock(ctx context.Context) error
	Locked() bool
	Increment(ctx context.Context, key string, n float64) (float64, error)
	CompareAndSet(ctx context.Context, key string, old, new []byte) (bool, error)
	Object(key string) (*Object, bool)
	SetObject(ctx context.Context, key string, o *Object) error
}

// Host is what Server and the object declarations ask of the engine.
type Host interface {
	// MapPath gives the physical path of a virtual one; from is the page that
	// asks.
	MapPath(from, path string) (string, error)
	// Program gives the page that Execute or Transfer names.
	Program(ctx context.Context, from, path string) (*Program, error)
	// CreateObject makes a component by its ProgID.
	CreateObject(ctx context.Context, progID string) (*Object, error)
	// StaticObject gives the object declared with <object>, made at its
	// first use in its scope.
	StaticObject(ctx context.Context, decl ObjectDecl) (*Object, error)
	// ScriptTimeout and SetScriptTimeout are Server.ScriptTimeout.
	ScriptTimeout() time.Duration
	SetScriptTimeout(time.Duration) error
}
