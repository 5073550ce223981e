package sqlite

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// prepareFile makes an empty file that only its owner can read: it will hold
// what visitors entrust to a site. It says which file is there then.
func prepareFile(path string, existing bool) (os.FileInfo, error) {
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("its folder %s doesn't exist", folder)
	}
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return nil, errors.New("it is a folder")
		}
		return info, nil
	}
	if existing {
		return nil, errNoFile
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return os.Stat(path) // another process was faster
	}
	if err != nil {
		var reason *os.PathError
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return nil, fmt.Errorf("the file can't be made: %w", err)
	}
	defer f.Close()
	return f.Stat()
}

// connect opens the file on a connection of its own.
func connect(pool *sql.DB, cfg Config) (_ *conn, app int64, err error) {
	c, err := newConn(pool)
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err != nil {
			_ = c.close()
		}
	}()
	if err := c.pragma(fmt.Sprintf("busy_timeout=%d", cfg.BusyTimeout.Milliseconds())); err != nil {
		return nil, 0, err
	}
	version, err := look(c, cfg.Path, len(migrations())) // before anything of it is changed
	if err != nil {
		return nil, 0, err
	}
	var mode string
	if err := c.ask("PRAGMA journal_mode=WAL", &mode); err != nil {
		return nil, 0, err
	}
	if mode != "wal" {
		return nil, 0, fmt.Errorf("it can't keep a write-ahead log (journal mode %s); is it on a disk of this host?", mode)
	}
	if err := c.pragma("journal_size_limit=67108864"); err != nil {
		return nil, 0, err
	}
	if version < len(migrations()) {
		if err := migrate(c, cfg.Path, migrations()); err != nil {
			return nil, 0, err
		}
	}
	app, err = applicationOf(c, cfg)
	return c, app, err
}

// applicationOf is the number of an application in the file.
func applicationOf(c *conn, cfg Config) (app int64, err error) {
	const query = "SELECT app FROM applications WHERE path = ?"
	path := cfg.Application
	err = c.scan(query, []any{path}, &app)
	if !errors.Is(err, sql.ErrNoRows) {
		return app, err
	}
	if cfg.Existing {
		var all string
		err := c.scan("SELECT coalesce(group_concat(path, ', '), 'none') FROM applications", nil, &all)
		return 0, cmp.Or(err, fmt.Errorf("it has no application %s; there is %s", path, all))
	}
	if _, err := c.exec("INSERT INTO applications (path) VALUES (?) ON CONFLICT DO NOTHING", path); err != nil {
		return 0, err
	}
	return app, c.scan(query, []any{path}, &app)
}

// checkedSize is up to which size a file is read through when it is opened:
// that takes a fraction of a second. Damage to a larger one shows when it is
// met.
const checkedSize = 64 << 20

// check looks whether the file is damaged.
func check(c *conn, size int64) error {
	if size > checkedSize {
		return nil
	}
	var said string
	if err := c.ask("PRAGMA quick_check(1)", &said); err != nil {
		return err
	}
	if said != "ok" {
		return fmt.Errorf("the file is damaged: %s", said)
	}
	return nil
}
