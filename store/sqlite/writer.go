package sqlite

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// maxBatch is how many writes share one transaction at the most.
const maxBatch = 256

// Times between two tries to write while another process does.
const (
	busyFirst = 100 * time.Microsecond
	busyLast  = 5 * time.Millisecond
)

// The clock's row is written and read this often at the most, in ms, with
// transactions that take place anyway.
const (
	clockWrites = 1000
	clockReads  = 200
)

// A writer is the one goroutine of a DB that writes.
type writer struct {
	db   *DB
	line line

	clockWritten, clockRead int64
}

// run is the goroutine's life. What waits when it is free is written together:
// first what needs no fsync, so that it doesn't wait for one, then the rest.
func (w *writer) run() {
	defer w.line.close()
	for {
		select {
		case <-w.db.quit:
			return
		case j := <-w.db.writes:
			quick, slow := w.gather(j)
			w.write(quick, false)
			w.write(slow, !w.db.cfg.Relaxed)
		}
	}
}

// gather takes all jobs that wait.
func (w *writer) gather(j *job) (quick, slow []*job) {
	for n := 1; ; n++ {
		switch {
		case j.ctx.Err() != nil:
			j.answer(j.ctx.Err())
		case j.sync:
			slow = append(slow, j)
		default:
			quick = append(quick, j)
		}
		if n == maxBatch {
			return quick, slow
		}
		select {
		case j = <-w.db.writes:
		default:
			return quick, slow
		}
	}
}

// write makes the changes in one transaction and answers for them. When that
// goes wrong each is tried alone: it may be one of them that can't be stored,
// and only that one is told so.
func (w *writer) write(jobs []*job, full bool) {
	if len(jobs) == 0 {
		return
	}
	err := w.transact(jobs, full)
	w.db.wrote.note(err)
	if err == nil || len(jobs) == 1 || isBusy(err) {
		w.finish(jobs, err, full)
		return
	}
	for _, j := range jobs {
		one := []*job{j}
		err := w.transact(one, full)
		w.db.wrote.note(err)
		w.finish(one, err, full)
	}
}

// finish answers for a transaction. Those jobs that turned out to need the
// disk get it first. What a caller that has left would have got is given back.
func (w *writer) finish(jobs []*job, failed error, full bool) {
	late := slices.DeleteFunc(slices.Clone(jobs), func(j *job) bool { return !j.late })
	var flushed error
	if failed == nil && !full && len(late) > 0 && !w.db.cfg.Relaxed {
		flushed = w.flush(late)
		w.db.wrote.note(flushed)
	}
	var left []*job
	for _, j := range jobs {
		err := cmp.Or(failed, j.err)
		if err == nil && j.late {
			err = flushed
		}
		if !j.answer(err) && err == nil && j.undo != nil {
			left = append(left, &job{ctx: j.ctx, run: j.undo, done: make(chan struct{})})
		}
	}
	if len(left) > 0 {
		_ = w.transact(left, false) // else it runs out by itself
	}
}

// transact runs the jobs in one transaction. An error means that nothing
// happened, or, of a COMMIT, that it isn't known.
func (w *writer) transact(jobs []*job, full bool) error {
	c, err := w.line.conn()
	if err != nil {
		return err
	}
	if err := c.synchronous(full); err != nil {
		return w.line.failed(err)
	}
	if err := w.begin(c, jobs); err != nil {
		return w.line.failed(err)
	}
	t := &tx{conn: c, db: w.db, app: w.line.app}
	err = w.tick(t)
	for _, j := range jobs {
		if err != nil {
			break
		}
		t.sync = false
		if j.err = j.run(t); !isAnswer(j.err) {
			err = j.err
		}
		j.late = t.sync
	}
	if err == nil {
		_, err = c.exec("COMMIT")
	}
	if err != nil {
		_, _ = c.exec("ROLLBACK") // there may be none any more
		return w.line.failed(err)
	}
	w.db.commits.Add(1)
	if full {
		w.db.syncs.Add(1)
	}
	return nil
}

// begin waits for another process's transaction. SQLite's own waiting is made
// for seldom and long ones: it soon sleeps for a hundred milliseconds.
func (w *writer) begin(c *conn, jobs []*job) error {
	end := time.Now().Add(w.db.cfg.BusyTimeout)
	for pause := busyFirst; ; pause = min(2*pause, busyLast) {
		_, err := c.exec("BEGIN IMMEDIATE")
		if !isBusy(err) || time.Now().After(end) || abandoned(jobs) {
			return err
		}
		timer := time.NewTimer(pause/2 + rand.N(pause))
		select {
		case <-timer.C:
		case <-w.db.quit:
			timer.Stop()
			return ErrClosed
		}
	}
}

// abandoned says that nobody waits for the jobs.
func abandoned(jobs []*job) bool {
	for _, j := range jobs {
		if j.ctx.Err() == nil {
			return false
		}
	}
	return true
}

// tick tells the transaction the time.
func (w *writer) tick(t *tx) error {
	clock := w.db.clock
	t.now = clock.now()
	if t.now-w.clockRead >= clockReads {
		var known int64
		if err := t.scan("SELECT now FROM clock", nil, &known); err != nil {
			return err
		}
		clock.atLeast(known)
		t.now = clock.now()
		w.clockRead = t.now
	}
	if t.now-w.clockWritten < clockWrites {
		return nil
	}
	w.clockWritten = t.now
	_, err := t.exec("UPDATE clock SET now = ? WHERE now < ?", t.now, t.now)
	return err
}

// flush has the disk keep what transactions before wrote without waiting for
// it: a commit syncs all that is in the log.
func (w *writer) flush(jobs []*job) error {
	c, err := w.line.conn()
	if err == nil {
		err = c.synchronous(true)
	}
	if err == nil {
		err = w.begin(c, jobs)
	}
	if err != nil {
		return w.line.failed(err)
	}
	_, err = c.exec("UPDATE clock SET now = max(now, ?)", w.db.clock.now())
	if err == nil {
		_, err = c.exec("COMMIT")
	}
	if err != nil {
		_, _ = c.exec("ROLLBACK")
	} else {
		w.db.syncs.Add(1)
	}
	return w.line.failed(err)
}
