package intrinsics

import (
	"context"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/variant"
)

// A Page is what the objects of one program run stand on. One goroutine uses it
// and them.
type Page struct {
	Request     *asphttp.Request
	Response    *asphttp.Response
	Session     Session
	Application Application
	Server      Host
	LastError   *asp.Error
	Program     Program

	request     *Request
	response    *Response
	server      *Server
	session     *SessionObject
	application *ApplicationObject
}

// Objects of the page: the same one each time.

// RequestObject is Request.
func (p *Page) RequestObject() *Request { return once(&p.request, p, newRequest) }

// ResponseObject is Response.
func (p *Page) ResponseObject() *Response {
	return once(&p.response, p, func(p *Page) *Response { return &Response{Page: p} })
}

// ServerObject is Server.
func (p *Page) ServerObject() *Server {
	return once(&p.server, p, func(p *Page) *Server { return &Server{p} })
}

// SessionObject is Session.
func (p *Page) SessionObject() *SessionObject {
	return once(&p.session, p, func(p *Page) *SessionObject { return &SessionObject{contents: contents{Page: p, scope: InSession}} })
}

// ApplicationObject is Application.
func (p *Page) ApplicationObject() *ApplicationObject {
	return once(&p.application, p, func(p *Page) *ApplicationObject {
		return &ApplicationObject{contents: contents{Page: p, scope: InApplication}}
	})
}

// once makes an object at its first use.
func once[T, F any](slot **T, from F, make func(F) *T) *T {
	if *slot == nil {
		*slot = make(from)
	}
	return *slot
}

// A Host is what Server asks of the engine.
type Host interface {
	ScriptTimeout() time.Duration
	SetScriptTimeout(time.Duration) error
	Once(token, scope string) (first bool, err error)
}

// A Scope is where values are kept.
type Scope int

// The scopes.
const (
	InSession Scope = iota
	InApplication
)

// String is the object's name.
func (s Scope) String() string {
	if s == InApplication {
		return "Application"
	}
	return "Session"
}

// A Program is what the objects ask of the program that uses them. Errors are
// thrown to the page at its line.
type Program interface {
	Language
	Keeper
	// Write writes text; Output looks at what another write came to. A client
	// that is gone ends the page without an error.
	Write(text string) error
	Output(err error) error
	// End ends the page, as soon as the member has returned.
	End()
	// Execute runs another page, Transfer goes on with it.
	Execute(path string) error
	Transfer(path string) error
	// MapPath is the physical path of a virtual one.
	MapPath(path string) (string, error)
	// CreateObject makes a component. Declared is the object that <object>
	// declares, and Declarations are their names in a scope.
	CreateObject(progID string) (variant.Value, error)
	Declared(id string) (variant.Value, error)
	Declarations(Scope) []string
	// Signal is Request.Signal, an object of the language's.
	Signal() variant.Value
	// Waits ends with the request, and when its script is stopped.
	Waits() context.Context
}

// A Language converts values as its programs do.
type Language interface {
	Text(variant.Value) (string, error)
	Number(variant.Value) (float64, error) // NaN for what is none
	Truth(variant.Value) (bool, error)
	Time(variant.Value) (time.Time, error)
	Moment(time.Time) variant.Value
	Bytes(variant.Value) ([]byte, error)
	// Index is a number as a place in a collection; false for what is no number.
	Index(variant.Value) (int, bool)
	// Call calls a function of the language's. The error for what is none names
	// what needs one.
	Call(what string, fn variant.Value, args ...variant.Value) (variant.Value, error)
}

// A Keeper knows in which form a language's values are kept, and which it has
// taken out.
type Keeper interface {
	// Store is the form in which a value is kept: one item of package cborvalue.
	Store(what string, v variant.Value) ([]byte, error)
	// Load is what is kept under a key: the same copy for the whole page. Copy
	// is a copy of its own.
	Load(s Scope, key string, raw []byte) (variant.Value, error)
	Copy(raw []byte) (variant.Value, error)
	// Keep makes what a page has assigned to a key of its session what is loaded
	// there; Release lets go of all of that.
	Keep(key string, raw []byte, v variant.Value)
	Release()
	// Forget drops what was loaded; Save stores what the page changed in it.
	Forget(s Scope, key string)
	ForgetAll(s Scope)
	Save(s Scope) error
	// Locked tells that Application.Lock was taken or given up.
	Locked()
	// LiveOf is the component that a value is, nil for none; Live is its value.
	// Kept is told of one that is kept from now on.
	LiveOf(variant.Value) *component.Live
	Kept(*component.Live)
	Live(*component.Live) variant.Value
}

// A Session is one request's view of its session. A raw value is one encoded
// item of package cborvalue; nobody changes one after it was made. Every call comes
// from the apartment's goroutine. Errors are thrown at the page's line.
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
	// Object and SetObject keep a component by reference (agile ones and pinned
	// ones); SetObject refuses what may not be kept. Object gives nil, true for
	// one that this request may not call: see ElsewhereText.
	Object(key string) (*component.Live, bool)
	SetObject(key string, o *component.Live) error
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

// An Application is one request's view of the application's state.
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
	Object(key string) (*component.Live, bool)
	SetObject(ctx context.Context, key string, o *component.Live) error
}
