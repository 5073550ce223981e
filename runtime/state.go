package runtime

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime/internal/intrinsics"
	"github.com/najahost/naja/variant"
)

// maxCallDepth bounds recursion of scripts. goja's own default is no bound;
// unwinding an interrupt takes a fifth of a second at 2000 native frames.
const maxCallDepth = 2000

// parserOptions keep the parser from looking for source maps, for the text too
// that eval and Function are given, by whatever name a page calls them.
var parserOptions = []parser.Option{parser.WithDisableSourceMaps}

// maxExecuteDepth bounds Server.Execute within Server.Execute.
const maxExecuteDepth = 32

// State is the script state of one request: one goja runtime for its page and
// one for each page that it executes or transfers to. One goroutine uses it,
// except where a method says otherwise.
type State struct {
	env *Env
	ctx context.Context

	mu      sync.Mutex // guards the next seven
	reason  error
	ended   chan struct{}   // made by the first who waits, closed by the stop
	outside bool            // somebody else than the script stopped it
	running []*run          // the innermost last
	latest  *run            // the innermost, also when it is over
	first   run             // of the first, which most states have alone
	calls   context.Context // of calls that wait; made by the first one
	cancel  context.CancelCauseFunc

	halted    atomic.Bool
	gone      time.Time // when the page first wrote to a client that had left
	depth     int       // of Server.Execute
	transfers int
	log       *slog.Logger

	calling    atomic.Pointer[Object] // the component that the script is in
	made       []*Object              // components that end with the request, in the order of making
	lockPeriod int                    // counts the times that Application.Lock was taken or given up
}

// New makes the state of one request or event. ctx ends when nobody waits for
// the request's result any more; it reaches the components and the locks that
// the script waits for, and does not stop the script by itself.
func New(ctx context.Context, env *Env) *State {
	return &State{env: env, ctx: ctx, log: env.Log}
}

// script is one program on its own goja runtime.
type script struct {
	*State
	vm     *goja.Runtime
	runs   *Program
	prog   *code
	where  where
	over   bool // its run has ended, by itself or not
	broken bool // by a panic of the engine's

	global     globals
	errs       map[*goja.Object]*asp.Error // what a thrown host error was
	hosts      map[*goja.Object]*host      // callable hosts by their proxy
	objects    map[string]goja.Value       // <object> declarations, made
	operands   []goja.Value                // left sides of ** and << on their way
	session    stored                      // composites taken out of Session
	appl       stored                      // and out of Application
	guards     guards                      // of those out of Application
	loop       *loop                       // timers, made by the first one
	signal     *signal                     // Request.Signal, made when it is first named
	signalHost *goja.Object                // and what the page has of it
	target     *goja.Object                // what makes collections callable
	page       *intrinsics.Page            // what ASP's objects stand on
	known      map[any]*goja.Object        // the script's object of one of the host's
	giving     []variant.Value             // arguments of members that are being called
	from       *Object                     // the component whose values become the script's
	through    through
	recent     recent
	converter  *goja.Object  // what converts objects of the host
	fresh      bool          // an object that is given once was handed back to the host
	top        *goja.Promise // of a page that awaits at its top level

	applPeriod int // the lockPeriod that appl is from

	unknown    unknown // member of a host's that was asked for last
	collation  keptCollator
	rejected   map[*goja.Promise]rejected // and not handled (yet)
	rejections int                        // so far
	have       features
	delegated  uint                // yield* so far
	actions    map[goja.Value]bool // methods of host objects that need no argument
	looked     map[string]bool     // names of methods that were called by a value
	regexp     *matcher            // regular expressions, once the page may have some
	waiting    []func()            // what is set up then
}

// newScript makes the clean runtime that a program runs on.
func (s *State) newScript(program *Program, prog *code) *script {
	vm := goja.New()
	vm.SetMaxCallStackSize(maxCallDepth)
	vm.SetParserOptions(parserOptions...)
	sc := &script{State: s, vm: vm, runs: program, prog: prog}
	sc.global.script = sc
	vm.GlobalObject().SetPrototype(vm.NewDynamicObject(&sc.global))
	if !prog.needs.empty() {
		sc.extend(prog.needs)
	}
	return sc
}
