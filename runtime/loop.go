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
// jobs and its timers are done, all within the script timeout.
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

// setTimer is setTimeout and, with repeat, setInterval.
func (sc *script) setTimer(call goja.FunctionCall, repeat bool) goja.Value {
	fn, ok := goja.AssertFunction(call.Argument(0))
	if !ok {
		sc.throwRuntime("TypeError", jsTypeError, "a timer needs a function")
	}
	if sc.loop == nil {
		sc.loop = &loop{byID: make(map[int64]*timer)}
	}
	l := sc.loop
	if len(l.byID) >= maxTimers {
		sc.throw(asp.New(asp.CodeNotAllowed, "too many timers"))
	}
	delay := time.Duration(max(call.Argument(1).ToInteger(), 0)) * time.Millisecond
	l.next++
	l.seq++
	t := &timer{id: l.next, seq: l.seq, due: time.Now().Add(delay), fn: fn, args: append([]goja.Value(nil), rest(call.Arguments, 2)...)}
	if repeat {
		t.every = max(delay, time.Millisecond)
	}
	l.byID[t.id] = t
	heap.Push(&l.queue, t)
	return sc.vm.ToValue(t.id)
}

// clearTimer is clearTimeout and clearInterval.
func (sc *script) clearTimer(call goja.FunctionCall) goja.Value {
	if sc.loop == nil {
		return goja.Undefined()
	}
	if t := sc.loop.byID[call.Argument(0).ToInteger()]; t != nil {
		delete(sc.loop.byID, t.id)
		if t.index >= 0 {
			heap.Remove(&sc.loop.queue, t.index)
		}
	}
	return goja.Undefined()
}

// finish runs what a page left to be done. Promise jobs run by themselves
// when a call into the engine returns.
func (sc *script) finish() error {
	for sc.loop != nil && sc.loop.queue.Len() > 0 && !sc.stopped() {
		t := heap.Pop(&sc.loop.queue).(*timer)
		if err := sc.wait(time.Until(t.due)); err != nil {
			return err
		}
		if t.every > 0 {
			sc.loop.seq++
			t.due, t.seq = time.Now().Add(t.every), sc.loop.seq
			heap.Push(&sc.loop.queue, t)
		} else {
			delete(sc.loop.byID, t.id)
		}
		if _, err := t.fn(goja.Undefined(), t.args...); err != nil {
			return err
		}
	}
	return sc.unhandled()
}

// wait sleeps until the next timer, or until the script is stopped.
func (sc *script) wait(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-sc.stopSignal():
		return sc.stoppedError()
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
