package sqlite

import (
	"context"
	"fmt"
	"sync/atomic"
)

// A job is something that a caller wants from one of the goroutines that have
// a connection. It is made by [write] or [read].
type job struct {
	ctx   context.Context
	run   func(*tx) error // may run twice, the first time in vain
	undo  func(*tx) error // gives back what nobody waits for any more; may be nil
	sync  bool            // must be on disk before it is answered
	late  bool            // run found out that it must
	err   error           // what run said
	done  chan struct{}   // closed when err is the answer
	state atomic.Int32
}

// The states of a job: whoever is first, the caller leaving or the answer.
const (
	jobOpen = iota
	jobLeft
	jobAnswered
)

// answer ends the job; false when the caller has left.
func (j *job) answer(err error) bool {
	j.err = err
	if !j.state.CompareAndSwap(jobOpen, jobAnswered) {
		return false
	}
	close(j.done)
	return true
}

// A tx is what a job sees of the transaction that it is part of.
type tx struct {
	*conn
	db   *DB
	app  int64
	now  int64
	sync bool // set by a job that finds out that it must be on disk
}

// A change is a write: what it does, and whether it must be on disk before it
// is answered.
type change[T any] struct {
	do   func(*tx) (T, error)
	undo func(*tx, T) error
	sync bool
}

// write has the writer make a change.
func write[T any](ctx context.Context, db *DB, doing string, c change[T]) (T, error) {
	var got T
	j := &job{ctx: ctx, sync: c.sync, done: make(chan struct{})}
	j.run = func(t *tx) (err error) {
		got, err = c.do(t)
		return err
	}
	if c.undo != nil {
		j.undo = func(t *tx) error { return c.undo(t, got) }
	}
	return wait(db, doing, j, db.writes, &got)
}

// read has a reader look something up. What do sees is one moment's state only
// within one statement.
func read[T any](ctx context.Context, db *DB, doing string, do func(*tx) (T, error)) (T, error) {
	var got T
	j := &job{ctx: ctx, done: make(chan struct{})}
	j.run = func(t *tx) (err error) {
		got, err = do(t)
		return err
	}
	return wait(db, doing, j, db.reads, &got)
}

// wait hands the job over and waits for its end or the context's. got belongs
// to the job until that ended.
func wait[T any](db *DB, doing string, j *job, to chan<- *job, got *T) (T, error) {
	var none T
	if err := j.ctx.Err(); err != nil {
		return none, err
	}
	select {
	case to <- j:
	case <-j.ctx.Done():
		return none, db.late(j.ctx, doing)
	case <-db.quit:
		return none, ErrClosed
	}
	select {
	case <-j.done:
	case <-j.ctx.Done():
		if j.state.CompareAndSwap(jobOpen, jobLeft) {
			return none, db.late(j.ctx, doing)
		}
		<-j.done
	}
	if j.err != nil && !isAnswer(j.err) && j.err != ErrClosed {
		return none, explain(db.cfg.Path, doing, j.err)
	}
	return *got, j.err
}

// late is the error of a caller that leaves: the context's, and why the store
// is slow where that is known.
func (db *DB) late(ctx context.Context, doing string) error {
	err := fmt.Errorf("sqlite: %s %s: %w", doing, db.cfg.Path, context.Cause(ctx))
	if why := db.Err(); why != nil {
		err = fmt.Errorf("%w (%w)", err, why)
	}
	return err
}
