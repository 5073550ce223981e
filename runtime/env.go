package runtime

import (
	"context"
	"log/slog"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/runtime/internal/intrinsics"
)

// Env is what one script may reach. The engine makes one for each request and
// for each event; it belongs to the [State] made from it until Run returned.
// A nil member means that the intrinsic isn't there, as in the events of
// global.asa: naming it throws ASP 0104 with Why as the reason.
type Env struct {
	Request     *asphttp.Request
	Response    *asphttp.Response
	Session     Session
	Application Application
	Host        Host
	Modules     *Modules     // what require gives; nil: there is no require
	Log         *slog.Logger // console.* goes here; nil discards

	// Leave is closed when the page should come to its end because the
	// application does: see Request.Signal. nil: never.
	Leave <-chan struct{}

	// Stacks keeps the script's stack at each call into the host, for
	// [State.Stack].
	Stacks bool

	// NoSession says why Session is nil: the page has
	// EnableSessionState=False, or an event has none.
	NoSession string
	// LastError is what Server.GetLastError answers: set for an error page.
	LastError *asp.Error
	// Objects are the <object> declarations of global.asa; those of the page
	// come with its Program.
	Objects []ObjectDecl
	// Libraries are those that global.asa asks for, whose constants every page
	// has.
	Libraries TypeLibraries
	// Limits of one stored value.
	MaxValueSize int // bytes, 1 MiB where 0
}

// What a script has of its session and of the application: the engine
// implements them.
type (
	// Session is one request's view of its session.
	Session = intrinsics.Session
	// An EndedSession is the Session of Session_OnEnd.
	EndedSession = intrinsics.EndedSession
	// Application is one request's view of the application's state.
	Application = intrinsics.Application
)

// ElsewhereText says why a page can't have a component of its session.
const ElsewhereText = intrinsics.ElsewhereText

// Host is what Server and the object declarations ask of the engine.
type Host interface {
	// MapPath gives the physical path of a virtual one; from is the page that
	// asks.
	MapPath(from, path string) (string, error)
	// Program gives the page that Execute or Transfer names.
	Program(ctx context.Context, from, path string) (*Program, error)
	// CreateObject makes a component by its ProgID.
	CreateObject(env component.Env, progID string) (*Object, error)
	// StaticObject gives the object declared with <object>, made at its
	// first use in its scope.
	StaticObject(env component.Env, decl ObjectDecl) (*Object, error)
	// ScriptTimeout and SetScriptTimeout are Server.ScriptTimeout.
	ScriptTimeout() time.Duration
	SetScriptTimeout(time.Duration) error
	// Once is Request.Once: false where the answer is made already, and the
	// script is to end.
	Once(token, scope string) (first bool, err error)
}
