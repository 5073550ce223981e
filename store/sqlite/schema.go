package sqlite

import (
	"cmp"
	"errors"
	"fmt"
)

// applicationID marks a file as naja's in SQLite's header ("naja").
const applicationID = 0x6e616a61

var errForeign = errors.New("sqlite: the file is a database of another program")

// migrations lead from each version of the schema to the next: element i from
// version i to i+1. One that was released is never changed again; a new one is
// appended.
func migrations() []string { return []string{schema1, schema2} }

// schema1: times are milliseconds of the clock, tokens are random, 0 is nobody's.
//
// A session's contents are a table of their own, so that taking a session
// doesn't rewrite them. due is when its row has to be looked at, that is at
// its expiry, at the end of its claim, or at once, but never later: a session
// that lives longer than its due says is moved when that time comes, so that
// sliding the expiry at each request doesn't touch the index.
const schema1 = `
CREATE TABLE clock (one INTEGER PRIMARY KEY CHECK (one = 1), now INTEGER NOT NULL) STRICT;
INSERT INTO clock VALUES (1, 0);

CREATE TABLE applications (
	app     INTEGER PRIMARY KEY,
	path    TEXT NOT NULL UNIQUE,
	live    INTEGER NOT NULL DEFAULT 0, -- sessions
	ending  INTEGER NOT NULL DEFAULT 0,
	version INTEGER NOT NULL DEFAULT 0, -- of the items
	seq     INTEGER NOT NULL DEFAULT 0, -- the highest that an item ever had
	token   INTEGER NOT NULL DEFAULT 0, -- of the lock
	until   INTEGER NOT NULL DEFAULT 0, -- when its lease is over; 0: never
	owner   TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE items (
	app INTEGER NOT NULL,
	id  TEXT    NOT NULL, -- the key without regard to case
	key TEXT    NOT NULL,
	seq INTEGER NOT NULL, -- order of insertion
	raw BLOB    NOT NULL,
	PRIMARY KEY (app, id)
) STRICT;

CREATE TABLE sessions (
	n        INTEGER PRIMARY KEY,
	app      INTEGER NOT NULL,
	id       TEXT    NOT NULL,
	serial   INTEGER NOT NULL,
	created  INTEGER NOT NULL,
	expires  INTEGER NOT NULL,
	kept     INTEGER NOT NULL, -- the expiry that was last synced
	due      INTEGER NOT NULL,
	token    INTEGER NOT NULL, -- of the last lease or claim that was not given up
	until    INTEGER NOT NULL, -- when that runs out
	ended    INTEGER NOT NULL DEFAULT 0, -- 1: waits for its end, or is claimed
	reason   TEXT    NOT NULL DEFAULT '',
	attempts INTEGER NOT NULL DEFAULT 0, -- claims
	owner    TEXT    NOT NULL DEFAULT '', -- the last claimant
	UNIQUE (app, id)
) STRICT;
CREATE INDEX sessions_due ON sessions (app, due);

CREATE TABLE contents (n INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
`

// schema2: the id that a session had before leads to it until the end of its
// grace.
const schema2 = `
ALTER TABLE sessions ADD COLUMN former TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN grace INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_former ON sessions (app, former) WHERE former <> '';
`

// look is identify at one moment: another process may be making the schema.
func look(c *conn, path string, known int) (version int, err error) {
	if _, err := c.exec("BEGIN"); err != nil {
		return 0, err
	}
	version, err = identify(c, path, known)
	_, end := c.exec("ROLLBACK")
	return version, cmp.Or(err, end)
}

// identify tells the version of the schema, 0 for an empty file. It is called
// in a transaction.
func identify(c *conn, path string, known int) (version int, err error) {
	var id, tables int
	for query, into := range map[string]*int{
		"PRAGMA application_id": &id, "PRAGMA user_version": &version, "SELECT count(*) FROM sqlite_schema": &tables,
	} {
		if err := c.ask(query, into); err != nil {
			return 0, err
		}
	}
	switch {
	case id == 0 && version == 0 && tables == 0:
		return 0, nil
	case id != applicationID:
		return 0, fmt.Errorf("%w: %s", errForeign, path)
	case version > known:
		return 0, &VersionError{Path: path, Found: version, Known: known}
	}
	return version, nil
}

// migrate brings the schema to the last version, in one transaction. Of
// several processes one does it.
func migrate(c *conn, path string, steps []string) (err error) {
	if _, err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = c.exec("ROLLBACK")
		}
	}()
	version, err := identify(c, path, len(steps))
	if err != nil {
		return err
	}
	if version < len(steps) {
		for _, step := range steps[version:] {
			if err := c.script(step); err != nil {
				return err
			}
		}
		if err := c.pragma(fmt.Sprintf("application_id=%d", applicationID)); err != nil {
			return err
		}
		if err := c.pragma(fmt.Sprintf("user_version=%d", len(steps))); err != nil {
			return err
		}
	}
	_, err = c.exec("COMMIT")
	return err
}
