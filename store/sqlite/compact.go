package sqlite

import (
	"context"
	"errors"
	"os"
)

// Sizes are the bytes that a file and its log take on the disk.
type Sizes struct{ Before, After int64 }

// Compact gives the disk back what removed sessions took. The file is written
// anew, which takes room for a second one for a moment; other processes go on
// reading meanwhile, and their writes wait for it.
func (db *DB) Compact(ctx context.Context) (Sizes, error) {
	s := Sizes{Before: db.size()}
	err := db.compact(ctx)
	s.After = db.size()
	if err != nil {
		err = explain(db.cfg.Path, "compacting", err)
	}
	return s, err
}

// compact uses a connection of its own: VACUUM is a transaction by itself.
func (db *DB) compact(ctx context.Context) (err error) {
	c, err := newConn(db.pool)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	for _, step := range []string{"PRAGMA busy_timeout=30000", "VACUUM", "PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := c.c.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) size() int64 {
	var n int64
	for _, name := range []string{db.cfg.Path, db.cfg.Path + "-wal"} {
		if info, err := os.Stat(name); err == nil {
			n += info.Size()
		}
	}
	return n
}
