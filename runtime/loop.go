package runtime

import (
	"container/heap"
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// maxTimers bounds the timers of one page.
const maxTimers = 10000

// loop holds a page's timers. A page ends when its top level, its promise
// jobs and its timers are done, and nothing of it waits for Request.Signal, all
// within the script timeout.
type loop struct {
	queue timerQueue
	byID  map[int64]*timer
	next  int64
	seq   int64
}

type timer struct {
	id, seq int64
	due     time.Time
	every   time.Duration // of an interval, else 0
	fn      goja.Callable
	args    []goja.Value
	index   int // in the heap, -1 when taken out
}

func (sc *script) setTimeout(call goja.FunctionCall) goja.Value  { return sc.setTimer(call, false) }
func (sc *script) setInterval(call goja.FunctionCall) goja.Value { return sc.setTimer(call, true) }

func (sc *script) setImmediate(call goja.FunctionCall) goja.Value {
	args := append([]goja.Value{call.Argument(0), sc.vm.ToValue(0)}, rest(call.Arguments, 1)...)
	return sc.setTimer(goja.FunctionCall{Arguments: args}, false)
}

// setTimer is setTimeout and, with repeat, setInterval.
func (sc *script) setTimer(call goja.FunctionCall, repeat bool) goja.Value {
	fn, ok := goja.AssertFunction(call.Argument(0))
	if !ok {
		sc.throwRuntime("TypeError", jsTypeError, "a timer needs a function")
	}
	delay := milliseconds(call.Argument(1))
	t := sc.addTimer(delay, fn, append([]goja.Value(nil), rest(call.Arguments, 2)...))
	if repeat {
		t.every = max(delay, time.Millisecond)
	}
	return sc.vm.ToValue(t.id)
}

// addTimer has fn called after a while.
func (sc *script) addTimer(delay time.Duration, fn goja.Callable, args []goja.Value) *timer {
	if sc.loop == nil {
		sc.loop = &loop{byID: make(map[int64]*timer)}
	}
	l := sc.loop
	if len(l.byID) >= maxTimers {
		sc.throw(asp.New(asp.CodeNotAllowed, "too many timers"))
	}
	l.next++
	l.seq++
	t := &timer{id: l.next, seq: l.seq, due: time.Now().Add(delay), fn: fn, args: args}
	l.byID[t.id] = t
	heap.Push(&l.queue, t)
	return t
}

// clearTimer is clearTimeout and clearInterval.
func (sc *script) clearTimer(call goja.FunctionCall) goja.Value {
	if sc.loop == nil {
		return goja.Undefined()
	}
	sc.loop.drop(sc.loop.byID[call.Argument(0).ToInteger()])
	return goja.Undefined()
}

// drop takes a timer out; nil is none.
func (l *loop) drop(t *timer) {
	if t == nil {
		return
	}
	delete(l.byID, t.id)
	if t.index >= 0 {
		heap.Remove(&l.queue, t.index)
	}
}

// first is the timer that is due first; nil for none.
func (l *loop) first() *timer {
	if l == nil || l.queue.Len() == 0 {
		return nil
	}
	return l.queue[0]
}

// finish runs what a page left to be done. Promise jobs run by themselves
// when a call into the engine returns.
func (sc *script) finish() error {
	for !sc.stopped() {
		t := sc.loop.first()
		if t == nil && !sc.awaitsSignal() && !sc.signalDue() {
			break
		}
		rang, err := sc.wait(t)
		switch {
		case err != nil || sc.stopped():
		case rang:
			err = sc.fireSignal()
		default:
			err = sc.fire(t)
		}
		if err != nil {
			return err
		}
	}
	return sc.unhandled()
}

// fire calls the function of the timer that is due.
func (sc *script) fire(t *timer) error {
	heap.Pop(&sc.loop.queue)
	if t.every > 0 {
		sc.loop.seq++
		t.due, t.seq = time.Now().Add(t.every), sc.loop.seq
		heap.Push(&sc.loop.queue, t)
	} else {
		delete(sc.loop.byID, t.id)
	}
	_, err := t.fn(goja.Undefined(), t.args...)
	return err
}

// wait sleeps until a timer is due, nil for none, or until the page's signal
// rings, or the script is stopped.
func (sc *script) wait(t *timer) (rang bool, err error) {
	if sc.signalDue() {
		return true, nil
	}
	var due <-chan time.Time
	if t != nil {
		d := time.Until(t.due)
		if d <= 0 {
			return false, nil
		}
		timer := time.NewTimer(d)
		defer timer.Stop()
		due = timer.C
	}
	leave, gone := sc.signalChannels()
	select {
	case <-due:
		return false, nil
	case <-leave:
		return true, nil
	case <-gone:
		return true, nil
	case <-sc.stopSignal():
		return false, sc.stoppedError()
	}
}

type timerQueue []*timer

func (q timerQueue) Len() int { return len(q) }
func (q timerQueue) Less(i, j int) bool {
	if q[i].due.Equal(q[j].due) {
		return q[i].seq < q[j].seq
	}
	return q[i].due.Before(q[j].due)
}
func (q timerQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}
func (q *timerQueue) Push(x any) {
	t := x.(*timer)
	t.index = len(*q)
	*q = append(*q, t)
}
func (q *timerQueue) Pop() any {
	old := *q
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	t.index = -1
	return t
}
