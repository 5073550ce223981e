package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// A conn is one connection with its prepared statements. It is used by one
// goroutine. No context ends a statement: whoever doesn't want to wait leaves
// the goroutine to it.
type conn struct {
	c     *sql.Conn
	stmts map[string]*sql.Stmt
	full  int // PRAGMA synchronous as it was last set: 1 NORMAL, 2 FULL
}

func newConn(db *sql.DB) (*conn, error) {
	c, err := db.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	return &conn{c: c, stmts: make(map[string]*sql.Stmt)}, nil
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	// The pool must not hand it to anybody: it may be what is wrong.
	_ = c.c.Raw(func(any) error { return driver.ErrBadConn })
	if err := c.c.Close(); !errors.Is(err, sql.ErrConnDone) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// prepared is the statement of a text that is one of this package's.
func (c *conn) prepared(query string) (*sql.Stmt, error) {
	if s := c.stmts[query]; s != nil {
		return s, nil
	}
	s, err := c.c.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

// exec makes a change and says how many rows it touched.
func (c *conn) exec(query string, args ...any) (int64, error) {
	s, err := c.prepared(query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// scan reads the one row that query gives; sql.ErrNoRows where there is none.
func (c *conn) scan(query string, args []any, into ...any) error {
	s, err := c.prepared(query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(context.Background(), args...).Scan(into...)
}

// each calls row for every row that query gives.
func (c *conn) each(query string, args []any, row func(scan func(into ...any) error) error) (err error) {
	s, err := c.prepared(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(context.Background(), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// pragma sets or asks for one; it isn't kept prepared, because some act when
// they are.
func (c *conn) pragma(text string) error {
	_, err := c.c.ExecContext(context.Background(), "PRAGMA "+text)
	return err
}

// ask gives the value of a pragma or another query without a parameter.
func (c *conn) ask(query string, into any) error {
	return c.c.QueryRowContext(context.Background(), query).Scan(into)
}

// synchronous sets whether a commit waits for the disk.
func (c *conn) synchronous(full bool) error {
	level, text := 1, "synchronous=NORMAL"
	if full {
		level, text = 2, "synchronous=FULL"
	}
	if c.full == level {
		return nil
	}
	c.full = 0
	if err := c.pragma(text); err != nil {
		return err
	}
	c.full = level
	return nil
}

// script runs several statements.
func (c *conn) script(text string) error {
	_, err := c.c.ExecContext(context.Background(), text)
	return err
}
