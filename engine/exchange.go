package engine

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/engine/internal/wire"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// An exchange is one request on its way through the engine and its answer on
// the way back. The handler's goroutine owns it; the script's goroutine uses
// what run hands to it.
type exchange struct {
	e   *Engine
	w   http.ResponseWriter
	r   *http.Request
	log access

	began time.Time
	id    int64 // see number

	place   place
	reading atomic.Bool  // the request's body
	app     *application // in force when the request came in
	where   site.Route
	prog    *runtime.Program
	status  string // what the response begins with: 404 for the page of missing files; "" is 200
	unfit   error  // why the page doesn't compile, when its error page runs
	mode    session.Mode
	in      *asp.Body
	hasBody bool // it is counted in Engine.bodies
	hop     *turn.Turn
	handle  session.Handle
	home    *apartment.Apartment
	hops    int       // requests of the session that the apartment served in a row
	kept    time.Time // since when

	wire      *wire.Wire
	request   *asp.Request
	res       *asp.Response
	view      *shared.View
	sess      *sessionView
	names     bool // a page of the request names Session
	state     *runtime.State
	failure   error // of the page, unless its error page made a whole answer
	orphan    bool
	given     atomic.Bool // the script ended, or was given up
	storeDown atomic.Bool // the store failed while the page ran
	scripts   scripts
	abort     bool // the connection must not look as if the answer were whole
	code      int  // the answer's status and header, once they are fixed
	header    http.Header
	answer    wire.Waiting // its bytes of sending_max
	flight    flight       // what the status shows
	seen      observed
}

// begin makes the exchange of a request.
func (e *Engine) begin(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{e: e, w: w, r: r, began: time.Now()}
	x.place.x = x
	return x
}

// end writes the access log, and ends an answer that isn't whole so that the
// client can tell.
func (x *exchange) end() {
	if p := recover(); p != nil && p != http.ErrAbortHandler {
		x.logged()
		panic(p) // a mistake of the engine's own: net/http reports it
	}
	x.logged()
	if x.abort {
		panic(http.ErrAbortHandler)
	}
}

func (x *exchange) logged() {
	x.log.took = time.Since(x.began)
	if x.wire != nil {
		x.log.status, x.log.bytes = x.wire.Status, x.wire.Bytes
	}
	x.e.counts.add(&x.log, x.began.Add(x.log.took))
	x.observe()
	x.log.log(x.e.cfg.Logger, x.r)
}

// refuse answers without a page.
func (x *exchange) refuse(rf refusal) bool {
	x.log.sent = sentRefused
	x.log.status = rf.status
	x.log.bytes = rf.send(x.w, x.r, x.tagged(rf.status, rf.pageFor(x.r)))
	return false
}

// detached is a context that outlives the request: what is stored is stored
// whether the client waits or not.
func (x *exchange) detached() context.Context { return context.WithoutCancel(x.r.Context()) }
