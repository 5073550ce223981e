package sqlite

// A reader is a goroutine of a DB that reads.
type reader struct {
	db   *DB
	line line
}

func (r *reader) run() {
	defer r.line.close()
	for {
		select {
		case <-r.db.quit:
			return
		case j := <-r.db.reads:
			j.answer(r.read(j))
		}
	}
}

func (r *reader) read(j *job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	c, err := r.line.conn()
	if err == nil {
		err = j.run(&tx{conn: c, db: r.db, app: r.line.app, now: r.db.clock.now()})
	}
	if isAnswer(err) {
		r.db.looked.note(nil)
		return err
	}
	r.db.looked.note(err)
	return r.line.failed(err)
}
