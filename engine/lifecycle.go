package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/pages"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/runtime"
)

// globalFile is the application's own file, below the root.
const globalFile = "global.asa"

// endPatience bounds the wait for running pages when global.asa changed.
const endPatience = 30 * time.Second

// A lifecycle starts and ends an application: Application_OnStart before its
// first page, Application_OnEnd after its last session, and both again when
// global.asa changes.
type lifecycle struct {
	e *Engine

	current atomic.Pointer[application]
	next    atomic.Int64 // when global.asa is looked at again, Unix nanoseconds

	broken   atomic.Pointer[error] // of a global.asa that doesn't compile, beside the one in force
	patience time.Duration         // with running pages, when global.asa changed

	news    chan struct{} // another process has changed Application; for watchNews
	watched chan struct{} // closed when watchNews has ended
	unwatch func()        // ends it
	parting func()        // says that what is served here isn't any more; nil for nothing

	changing chan struct{} // holds something while somebody looks at global.asa or changes the application
	over     chan struct{} // closed when the application ends
	stamps   []site.Stamp
	saving   bool              // one of its files is just being saved
	sum      [sha256.Size]byte // of what was read
	late     pages.Slow        // a compilation that took too long, and goes on
}

func (l *lifecycle) init(e *Engine) error {
	l.e, l.patience, l.changing, l.over = e, endPatience, make(chan struct{}, 1), make(chan struct{})
	l.news, l.watched = make(chan struct{}, 1), make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	l.unwatch = cancel
	app, err := l.fresh(ctx)
	l.current.Store(app)
	if err != nil || e.backend == nil {
		cancel()
		close(l.watched)
		return err
	}
	go l.watchNews(ctx)
	return nil
}

// app is the application in force.
func (l *lifecycle) app() *application { return l.current.Load() }

// problem is what is wrong with global.asa.
func (l *lifecycle) problem() string {
	if a := l.app(); a.failed != nil {
		return a.failed.Error()
	}
	if err := l.broken.Load(); err != nil {
		return (*err).Error()
	}
	return ""
}

// begin waits until nobody else changes the application, as long as requests
// wait for it to be ready. Whoever gets nil calls done.
func (l *lifecycle) begin(ctx context.Context) error {
	select {
	case l.changing <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(patience(l.e.live()))
	defer timer.Stop()
	select {
	case l.changing <- struct{}{}:
		return nil
	case <-timer.C:
		return errParked
	case <-l.over:
		return errShutdown
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l *lifecycle) done() { <-l.changing }

// look is lookNow when the time for it has come.
func (l *lifecycle) look(ctx context.Context) error {
	if time.Now().UnixNano() < l.next.Load() {
		return nil
	}
	return l.lookNow(ctx, false)
}

// lookNow starts the application before its first page, and again when
// global.asa changed: new requests wait meanwhile, running ones finish. It looks
// when the time for it has come, or whether or not it has. The error says that it
// took too long; what has begun goes on by itself then.
func (l *lifecycle) lookNow(ctx context.Context, anyway bool) error {
	if err := l.begin(ctx); err != nil {
		return err
	}
	changed := l.lookApart(context.WithoutCancel(ctx), anyway)
	if changed == nil {
		return nil
	}
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// isDue looks, when the time for it has come or anyway, and says whether the
// application has to be changed; then looked is to be called.
func (l *lifecycle) isDue(anyway bool) bool {
	if !anyway && time.Now().UnixNano() < l.next.Load() || l.e.closed.Load() {
		return false
	}
	if !l.app().started || l.changed() {
		return true
	}
	l.looked()
	return false
}

// looked notes when global.asa is to be looked at again.
func (l *lifecycle) looked() {
	again := l.interval()
	if l.saving {
		again = min(again, site.SaveLook)
	}
	l.next.Store(time.Now().Add(again).UnixNano())
}

// lookApart is lookNow for who has l.changing already and may think better of
// waiting: a change that is due goes on by itself, and changed is closed when it is
// done; nil when there is nothing to change.
func (l *lifecycle) lookApart(ctx context.Context, anyway bool) (changed <-chan struct{}) {
	if !l.isDue(anyway) {
		l.done()
		return nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer l.done()
		defer l.looked()
		defer func() {
			if p := recover(); p != nil { // a mistake of ours must not end the process
				l.e.cfg.Logger.Error("internal error", "error", fmt.Sprint(p), "stack", string(debug.Stack()))
			}
		}()
		l.change(ctx)
	}()
	return done
}

// interval is how long global.asa isn't looked at again.
func (l *lifecycle) interval() time.Duration {
	if l.e.cfg.Dev {
		return 0
	}
	return max(l.e.live().CheckInterval, 0)
}

// change reads global.asa and puts the application made of it in the place
// of the old one. One that doesn't compile changes nothing, unless there is
// no old one.
func (l *lifecycle) change(ctx context.Context) {
	old, before := l.app(), l.sum
	prog, stamps, err := l.compile()
	if l.saving = old.started && old.failed == nil && site.BeingSaved(l.stamps, stamps, time.Now()); l.saving {
		l.sum = before
		return
	}
	l.stamps = stamps
	if err != nil {
		l.doesNotCompile(err)
		if !old.started || old.failed != nil {
			l.current.Store(&application{state: old.state, manager: old.manager, started: true, failed: err})
		}
		return
	}
	l.broken.Store(nil)
	ended := false
	if old.started {
		defer l.e.gate.open()
		ended = l.replace(ctx, old)
	}
	l.start(ctx, &application{prog: prog, mark: l.mark(prog), state: old.state, manager: old.manager, started: true}, old, ended)
}

// mark names the text that prog was made of, which was read last.
func (l *lifecycle) mark(prog *runtime.Program) string {
	if prog == nil {
		return strings.Repeat("0", 2*sha256.Size) // no file
	}
	return hex.EncodeToString(l.sum[:])
}

// doesNotCompile says so, once.
func (l *lifecycle) doesNotCompile(err error) {
	if before := l.broken.Swap(&err); before == nil || (*before).Error() != err.Error() {
		l.e.cfg.Logger.Error("global.asa does not compile", errorAttrs(globalFile, err)...)
	}
}

// changed says that global.asa, or what it includes, isn't what was read.
func (l *lifecycle) changed() bool {
	if err := l.broken.Load(); err != nil && pages.MissesFile(*err) {
		return true // what it misses may be there now
	}
	if len(l.stamps) == 0 {
		_, _, err := l.e.site.Find(globalFile)
		return err == nil
	}
	if l.e.site.Unchanged(l.stamps) {
		return false
	}
	old := slices.Clone(l.stamps)
	for i := range old {
		old[i].Young = false
	}
	if !l.e.site.Unchanged(old) {
		return true
	}
	// All that makes it suspect is that it was read right after it was
	// written. To end every session for that would be too much: is it the
	// same?
	before := l.sum
	_, stamps, _ := l.compile()
	if l.sum != before {
		l.sum = before // change reads it
		return true
	}
	l.stamps = stamps
	return false
}

// compile reads global.asa; a site without one has no program. It waits as
// long as for a page, and doesn't begin a second time before the first has
// ended.
func (l *lifecycle) compile() (*runtime.Program, []site.Stamp, error) {
	files := &site.Reading{Site: l.e.site, Summed: true}
	name, _, err := l.e.site.Find(globalFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading global.asa: %w", err)
	}
	c := l.e.pages.Compile(&l.late, name, files, func() (*runtime.Program, error) { return l.e.compiler.CompileGlobal(name, files) })
	if c.Files != nil {
		l.sum = c.Files.Sum
	}
	return l.orWithout(c)
}

// orWithout leaves a global.asa out that is VBScript, where the application is to
// start all the same.
func (l *lifecycle) orWithout(c pages.Compiled) (*runtime.Program, []site.Stamp, error) {
	e, ok := errors.AsType[*asp.Error](c.Err)
	if !ok || !l.e.cfg.IgnoreVBScriptGlobal || e.Code != asp.CodeLanguage && !runtime.IsVBScript(e) {
		return c.Prog, c.Stamps(), c.Err
	}
	l.e.cfg.Logger.Error("global.asa is VBScript and is left out (ignore_vbscript_global_asa): its events don't run, its objects aren't there",
		errorAttrs(globalFile, c.Err)...)
	return nil, c.Stamps(), nil
}
