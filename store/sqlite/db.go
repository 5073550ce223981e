package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
)

// A DB is one application's state in one file. All its methods are safe for
// any goroutine. Whoever opened it closes it.
type DB struct {
	cfg   Config
	pool  *sql.DB
	clock *clock
	marks marks

	app    int64 // this application's number in the file
	holder int64 // the number of this DB's mark; 0 without one
	mark   *mark
	opened bool // by Open, before any other goroutine knows of it

	sessions    sessions
	application application

	writes, reads chan *job
	quit          chan struct{} // closed: nothing is begun any more
	closing       sync.Once
	closed        error
	running       sync.WaitGroup
	wrote, looked health
	commits       atomic.Int64 // transactions that were written
	syncs         atomic.Int64 // of them, those that waited for the disk
}

// closePatience bounds the giving up of what is held at the end.
const closePatience = 2 * time.Second

// openPatience is how long other processes may be in the way of an opening.
const openPatience = 30 * time.Second

// Open opens the file, makes it where there is none, and brings its schema up
// to date. The error says what is in the way: a folder that doesn't exist or
// can't be written to, a file that is damaged, of another program or of a
// newer version (*[VersionError]). ctx bounds the opening alone.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	connector, err := sqlite.NewConnector(cfg.dsn())
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	db := &DB{
		cfg: cfg, pool: sql.OpenDB(connector), clock: newClock(hostClock()),
		writes: make(chan *job), reads: make(chan *job), quit: make(chan struct{}),
	}
	db.sessions.db, db.application.db = db, db
	db.pool.SetMaxIdleConns(0)
	w := &writer{db: db}
	w.line = line{db: db, setup: func(c *conn) error { return c.pragma("busy_timeout=0") }}
	if err := db.begin(ctx, w); err != nil {
		w.line.close()
		return nil, errors.Join(explain(cfg.Path, "opening", err), db.pool.Close())
	}
	db.opened = true
	db.running.Go(w.run)
	db.running.Go(db.watch)
	for range cfg.Readers {
		r := &reader{db: db, line: line{db: db, setup: func(c *conn) error { return c.pragma("query_only=1") }}}
		db.running.Go(r.run)
	}
	db.buryDead(ctx)
	return db, nil
}

// begin makes the writer's connection, for as long as ctx allows where other
// processes are in the way, and looks the file over.
func (db *DB) begin(ctx context.Context, w *writer) error {
	for end := time.Now().Add(openPatience); ; {
		err := w.line.open()
		if err == nil {
			break
		}
		if !isBusy(err) || ctx.Err() != nil || time.Now().After(end) {
			return err
		}
	}
	if err := check(w.line.c, w.line.file.Size()); err != nil {
		return err
	}
	var known int64
	if err := w.line.c.scan("SELECT now FROM clock", nil, &known); err != nil {
		return err
	}
	db.clock.atLeast(known)
	db.app, db.marks = w.line.app, marksOf(db.cfg.Path)
	// Without a mark leases are as long as they are: nobody finds out earlier.
	db.mark, db.holder, _ = db.marks.hold(db.cfg.Path, holderMark, maxHolder)
	return nil
}

// Close gives up what was taken here and ends the DB's goroutines; it waits for
// them and for what they are doing. Whoever waits for an answer then gets it or
// [ErrClosed].
func (db *DB) Close() error {
	db.closing.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closePatience)
		_ = db.release(ctx, db.holder) // else it is free when its leases are over
		cancel()
		close(db.quit)
		db.running.Wait()
		db.marks.giveUp(db.mark)
		db.settle()
		if err := db.pool.Close(); err != nil {
			db.closed = explain(db.cfg.Path, "closing", err)
		}
	})
	return db.closed
}

// settle waits until no connection is in use. database/sql gives back that of a
// cancelled query behind its caller's back, and closes it after Close has
// returned; whoever closes the last one removes the write-ahead log.
func (db *DB) settle() {
	for patience := time.Now().Add(closePatience); db.pool.Stats().InUse > 0 && time.Now().Before(patience); {
		time.Sleep(time.Millisecond)
	}
}

// Err says why the last write, or the last read, went wrong; nil when it
// didn't.
func (db *DB) Err() error {
	if err := cmp.Or(db.wrote.err(), db.looked.err()); err != nil {
		return explain(db.cfg.Path, "using", err)
	}
	return nil
}

// A health is what became of the last try. Any goroutine may use it.
type health struct{ failure atomic.Pointer[error] }

func (h *health) note(err error) {
	switch {
	case err == nil && h.failure.Load() != nil:
		h.failure.Store(nil)
	case err != nil && !errors.Is(err, ErrClosed):
		h.failure.Store(&err)
	}
}

func (h *health) err() error {
	if p := h.failure.Load(); p != nil {
		return *p
	}
	return nil
}

// Path is the file, as an absolute path.
func (db *DB) Path() string { return db.cfg.Path }

// moment is the time of the clock's.
func moment(ms int64) time.Time { return time.UnixMilli(ms) }
