package runtime

import (
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// A signal is Request.Signal (ours): what the DOM calls an AbortSignal, as the
// signal of a Fetch Request and of a service worker's is. It is aborted when
// nobody waits for the page any more: the client has gone, or the application
// ends. Listeners are called between what else the page does; like those of
// Node they don't keep the page alive, but wait does, and so does a top level
// that awaits what a listener is to settle.
type signal struct {
	fired     bool // listeners have been called
	reason    goja.Value
	onabort   goja.Value
	listeners []*goja.Object
	waiting   []*signalWait
}

// A signalWait is a promise that Request.Signal.wait has given.
type signalWait struct {
	resolve func(any) error
	timer   *timer // nil: there is no other end
}

// signalClass is Request.Signal's members.
var signalClass = newClass("Signal",
	readOnly("aborted", func(h *host) goja.Value { return h.vm.ToValue(h.signalRings() != "") }),
	readOnly("reason", func(h *host) goja.Value { return h.abortReason() }),
	property("onabort",
		func(h *host) goja.Value { return h.signal.onabort },
		func(h *host, v goja.Value) { h.signal.onabort = callableOr(v, goja.Null()) }),
	method("throwIfAborted", func(h *host, _ []goja.Value) goja.Value {
		if reason := h.abortReason(); !goja.IsUndefined(reason) {
			panic(reason)
		}
		return nil
	}),
	method("addEventListener", func(h *host, args []goja.Value) goja.Value { return h.listen(args) }),
	method("removeEventListener", func(h *host, args []goja.Value) goja.Value { return h.unlisten(args) }),
	method("wait", func(h *host, args []goja.Value) goja.Value { return h.waitForSignal(arg(args, 0)) }),
)

// signalObject makes Request.Signal, or finds it.
func (sc *script) signalObject() goja.Value {
	if sc.signal == nil {
		sc.signal = &signal{reason: goja.Undefined(), onabort: goja.Null()}
		sc.signalHost = sc.newHost(signalClass, nil)
	}
	return sc.signalHost
}

func callableOr(v, other goja.Value) goja.Value {
	if _, ok := goja.AssertFunction(v); ok {
		return v
	}
	return other
}

// signalRings says why nobody waits for the page any more, "" as long as
// somebody does.
func (sc *script) signalRings() string {
	select {
	case <-sc.env.Leave:
		return "the application ends"
	default:
	}
	if sc.ctx.Err() != nil {
		return "the client has gone"
	}
	return ""
}

// signalChannels are closed when the signal rings; nil for a page that doesn't
// want to know, or knows.
func (sc *script) signalChannels() (leave, gone <-chan struct{}) {
	if sc.signal == nil || sc.signal.fired {
		return nil, nil
	}
	return sc.env.Leave, sc.ctx.Done()
}

// signalDue says that the signal rings and its listeners haven't heard.
func (sc *script) signalDue() bool {
	return sc.signal != nil && !sc.signal.fired && sc.signalRings() != ""
}

// awaitsSignal says that nothing but the signal lets the page go on.
func (sc *script) awaitsSignal() bool {
	s := sc.signal
	if s == nil || s.fired {
		return false
	}
	listened := len(s.listeners) > 0 || !goja.IsNull(s.onabort)
	return len(s.waiting) > 0 || listened && sc.top != nil && sc.top.State() == goja.PromiseStatePending
}

// abortReason is why the signal is aborted, as an AbortError; undefined while it
// isn't.
func (sc *script) abortReason() goja.Value {
	s := sc.signal
	if why := sc.signalRings(); why != "" && goja.IsUndefined(s.reason) {
		e := sc.newError("Error", why)
		_ = e.Set("name", "AbortError")
		s.reason = e
	}
	return s.reason
}

// listen is addEventListener. A listener is there once, however often it is
// added, and one that comes too late is never called.
func (sc *script) listen(args []goja.Value) goja.Value {
	s := sc.signal
	fn, ok := sc.listener(args)
	if !ok || s.fired {
		return nil
	}
	for _, l := range s.listeners {
		if l == fn {
			return nil
		}
	}
	sc.roomForOne()
	s.listeners = append(s.listeners, fn)
	return nil
}

// unlisten is removeEventListener.
func (sc *script) unlisten(args []goja.Value) goja.Value {
	s := sc.signal
	fn, ok := sc.listener(args)
	if !ok {
		return nil
	}
	for i, l := range s.listeners {
		if l == fn {
			s.listeners = append(s.listeners[:i:i], s.listeners[i+1:]...)
			break
		}
	}
	return nil
}

// listener is the function of the two, for the one event that there is.
func (sc *script) listener(args []goja.Value) (*goja.Object, bool) {
	if _, ok := goja.AssertFunction(arg(args, 1)); !ok {
		sc.throwRuntime("TypeError", jsTypeError, "a listener has to be a function")
	}
	return arg(args, 1).(*goja.Object), sc.text(arg(args, 0)) == "abort"
}

// roomForOne throws where as many wait for the signal as may.
func (sc *script) roomForOne() {
	if len(sc.signal.listeners)+len(sc.signal.waiting) >= maxTimers {
		sc.throw(asp.New(asp.CodeNotAllowed, "too many wait for Request.Signal"))
	}
}

// waitForSignal is wait: a promise of true, as soon as the signal is aborted, or
// of false, after so many milliseconds.
func (sc *script) waitForSignal(ms goja.Value) goja.Value {
	s := sc.signal
	sc.roomForOne()
	promise, resolve, _ := sc.vm.NewPromise()
	if s.fired {
		_ = resolve(true)
		return sc.vm.ToValue(promise)
	}
	w := &signalWait{resolve: resolve}
	if !goja.IsUndefined(ms) {
		w.timer = sc.addTimer(milliseconds(ms), func(goja.Value, ...goja.Value) (goja.Value, error) {
			sc.signal.leave(w)
			return nil, resolve(false)
		}, nil)
	}
	s.waiting = append(s.waiting, w)
	return sc.vm.ToValue(promise)
}

func (s *signal) leave(w *signalWait) {
	for i, other := range s.waiting {
		if other == w {
			s.waiting = append(s.waiting[:i:i], s.waiting[i+1:]...)
			return
		}
	}
}

// fireSignal calls the listeners, in the order in which they came, and settles
// what wait has given. One that throws is the page's error, as a timer is.
func (sc *script) fireSignal() error {
	s := sc.signal
	s.fired = true
	sc.abortReason()
	event := sc.vm.NewObject()
	_ = event.Set("type", "abort")
	_ = event.Set("target", sc.signalHost)
	for _, w := range s.waiting {
		sc.loop.drop(w.timer)
	}
	waiting, listeners := s.waiting, s.listeners
	s.waiting, s.listeners = nil, nil
	for _, w := range waiting {
		if err := w.resolve(true); err != nil {
			return err
		}
	}
	call := func(v goja.Value) error {
		fn, ok := goja.AssertFunction(v)
		if !ok || sc.stopped() {
			return nil
		}
		_, err := fn(sc.signalHost, event)
		return err
	}
	if err := call(s.onabort); err != nil {
		return err
	}
	for _, fn := range listeners {
		if err := call(fn); err != nil {
			return err
		}
	}
	return nil
}

// milliseconds is a delay that a page gives.
func milliseconds(ms goja.Value) time.Duration {
	return time.Duration(max(ms.ToInteger(), 0)) * time.Millisecond
}
