package sqlite

import (
	"os"
	"time"
)

// fileChecks is how often a connection looks whether the file that it has open
// is still the one at its path.
const fileChecks = time.Second

// A line is a goroutine's connection, made anew after an error that may be the
// connection's: so a file that was put right, or put back, needs no restart.
type line struct {
	db      *DB
	c       *conn
	app     int64       // this application's number in the file
	file    os.FileInfo // what the connection has open
	checked time.Time
	setup   func(*conn) error // for this kind of connection
}

// conn is the connection, opened if there is none.
func (l *line) conn() (*conn, error) {
	if l.c != nil && time.Since(l.checked) >= fileChecks {
		l.checked = time.Now()
		if now, err := os.Stat(l.db.cfg.Path); err != nil || !os.SameFile(now, l.file) {
			return nil, l.failed(errMoved)
		}
	}
	if l.c == nil {
		if err := l.open(); err != nil {
			return nil, err
		}
	}
	return l.c, nil
}

// open makes the connection. The file is made where there is none by Open alone:
// one that is away while the DB is in use is about to be put back, or restored,
// and nothing that belongs to another may lie beside it then.
func (l *line) open() error {
	before, err := prepareFile(l.db.cfg.Path, l.db.cfg.Existing || l.db.opened)
	if err != nil {
		return err
	}
	c, app, err := connect(l.db.pool, l.db.cfg)
	if err == nil {
		err = l.setup(c)
	}
	if err == nil {
		l.file, err = os.Stat(l.db.cfg.Path)
	}
	if err == nil && !os.SameFile(before, l.file) {
		err = errMoved // which of the two the connection has isn't known
	}
	if err != nil {
		if c != nil {
			_ = c.close()
		}
		return err
	}
	l.c, l.app, l.checked = c, app, time.Now()
	return nil
}

// failed takes note of an error, and returns it.
func (l *line) failed(err error) error {
	if breaks(err) {
		l.close()
	}
	return err
}

func (l *line) close() {
	if l.c != nil {
		_ = l.c.close()
		l.c = nil
	}
}
