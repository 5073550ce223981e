package sqlite

import (
	"fmt"
	"strconv"
	"strings"
)

// servingMark begins the marks of those who serve an application; then come
// the application's number, the text that they serve, and a number of their own.
const servingMark = "s"

// maxServing tells those apart who serve the same.
const maxServing = 1 << 31

// Join says that a text of the application's global.asa, named by hexadecimal
// digits, is being served here until leave is called or the process ends,
// however it does. The error says that this can't be told to others.
func (db *DB) Join(text string) (leave func(), err error) {
	k, _, err := db.marks.hold(db.cfg.Path, db.servingPrefix(text), maxServing)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %s: %w", db.cfg.Path, err)
	}
	return func() { db.marks.giveUp(k) }, nil
}

// Serving says whether a text is being served, in this process or another, or
// whether any is, for "".
func (db *DB) Serving(text string) bool {
	prefix := db.servingPrefix(text)
	if text == "" {
		prefix = db.anyServing()
	}
	for _, name := range db.marks.names(prefix) {
		if !db.marks.dead(name) {
			return true
		}
	}
	return false
}

// anyServing is what the marks of those who serve the application begin with.
func (db *DB) anyServing() string { return servingMark + strconv.FormatInt(db.app, 16) + "-" }

// servingPrefix is what the marks of those who serve a text begin with.
func (db *DB) servingPrefix(text string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789abcdef", r) {
			return r
		}
		return -1
	}, text)
	return db.anyServing() + digits[:min(len(digits), 32)] + "-"
}
