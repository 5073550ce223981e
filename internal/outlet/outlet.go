// Package outlet stands between who writes lines and a reader that may be stuck:
// a pipe that nobody empties, a terminal that was stopped, a disk that hangs.
package outlet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
)

// An Outlet is an [io.Writer] that never waits. What is written is kept until
// somebody takes it; where there is no room for a line, it is lost and counted,
// and the next one that has room stands behind a line that says how many were
// lost. Its methods may be called from any goroutine.
type Outlet struct {
	to   io.Writer
	max  int
	said func(lost int64) []byte

	mu      sync.Mutex
	pending batch
	writing batch // what the goroutine writes
	lost    int64 // lines, since it was last said
	broken  bool  // the last write failed
	closed  bool

	wake chan struct{} // holds something while there may be something to write
	done chan struct{} // closed when the goroutine has ended
}

// A batch is what is written by one call.
type batch struct {
	text  []byte
	lines int64 // in it, and of those that it says are lost
}

// New makes one that keeps max bytes for to, which is written to by one goroutine.
// said makes the line, with its end, that tells how many were lost; nil: it isn't
// told. Each Write is taken or lost as a whole. Whoever made the Outlet calls Close.
func New(to io.Writer, max int, said func(lost int64) []byte) *Outlet {
	if said == nil {
		said = func(int64) []byte { return nil }
	}
	o := &Outlet{to: to, max: max, said: said, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go o.run()
	return o
}

// Write keeps a copy of p, or counts the lines of it as lost. It never fails: that
// a line is lost is nobody's error who writes one.
func (o *Outlet) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(p) == 0 {
		return 0, nil
	}
	var note []byte
	room := o.max - len(o.writing.text) - len(o.pending.text) - len(p)
	if o.lost > 0 && room >= 0 {
		note = o.said(o.lost)
	}
	if o.closed || room < len(note) {
		o.lost += linesOf(p)
		return len(p), nil
	}
	o.note(note)
	o.pending.text = append(o.pending.text, p...)
	o.pending.lines += linesOf(p)
	o.awake()
	return len(p), nil
}

// note puts the line about those that were lost where they would stand.
func (o *Outlet) note(text []byte) {
	o.pending.text = append(o.pending.text, text...)
	o.pending.lines += o.lost
	o.lost = 0
}

// linesOf counts the lines of a text, whose last may have no end.
func linesOf(p []byte) int64 {
	n := int64(bytes.Count(p, []byte{'\n'}))
	if p[len(p)-1] != '\n' {
		n++
	}
	return n
}

func (o *Outlet) awake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run writes until the Outlet is closed and empty.
func (o *Outlet) run() {
	defer close(o.done)
	for range o.wake {
		for o.next() {
			_, err := o.to.Write(o.writing.text)
			o.wrote(err)
		}
		if o.isOver() {
			return
		}
	}
}

// next takes what is to be written; false when there is nothing.
func (o *Outlet) next() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.pending.text) == 0 && o.lost > 0 && !o.broken {
		o.note(o.said(o.lost))
	}
	if len(o.pending.text) == 0 {
		return false
	}
	o.writing, o.pending = o.pending, batch{text: o.writing.text[:0]}
	return true
}

// wrote notes what became of a batch. What its reader didn't take is lost: asked
// again it would be late, and in pieces.
func (o *Outlet) wrote(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken = err != nil; o.broken {
		o.lost += o.writing.lines
	}
	o.writing.text, o.writing.lines = o.writing.text[:0], 0
}

func (o *Outlet) isOver() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed && len(o.pending.text) == 0
}

// Close waits until all is written, or ctx ends. Then it returns an error with how
// many lines are lost for good, and leaves the goroutine to the write that doesn't
// end. What is written later is lost.
func (o *Outlet) Close(ctx context.Context) error {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.awake()
	select {
	case <-o.done:
	case <-ctx.Done():
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if left := o.lost + o.pending.lines + o.writing.lines; left > 0 {
		return fmt.Errorf("%d lines are lost", left)
	}
	return nil
}
