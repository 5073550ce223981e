package sqlite

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"
)

// A token names who made it: its upper bits are the number of a DB's mark, so
// that of each lease, claim and lock it is known whether its holder lives.

const (
	holderMark  = "h" // what the marks of DBs are called, with their number
	holderShift = 40  // the bits below tell tokens of one holder apart
	maxHolder   = 1<<(63-holderShift) - 1
)

// newToken names a taking of a holder's; 0 is a holder without a mark. That
// two of one session are the same is as likely as guessing one.
func newToken(holder int64) int64 { return holder<<holderShift | (rand.Int64N(1<<holderShift-1) + 1) }

// holderOf is who made the token.
func holderOf(token int64) int64 { return token >> holderShift }

func holderName(holder int64) string { return holderMark + strconv.FormatInt(holder, 16) }

// watchHolders is how often the marks of the others are looked at.
const watchHolders = 500 * time.Millisecond

// isDead says that the maker of a token has ended without giving it back.
func (db *DB) isDead(token int64) bool {
	h := holderOf(token)
	return h != 0 && h != db.holder && db.marks.dead(holderName(h))
}

// watch frees what dead processes held, until Close.
func (db *DB) watch() {
	tick := time.NewTicker(watchHolders)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			db.buryDead(context.Background())
		case <-db.quit:
			return
		}
	}
}

// buryDead looks for processes that have ended without a word, and frees what
// they held. What goes wrong is tried again, or runs out by itself.
func (db *DB) buryDead(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, db.cfg.BusyTimeout)
	defer cancel()
	for _, name := range db.marks.names(holderMark) {
		holder, err := strconv.ParseInt(name[len(holderMark):], 16, 64)
		if err != nil || name != holderName(holder) || holder == db.holder || !db.marks.dead(name) {
			continue
		}
		if err := db.release(ctx, holder); err == nil {
			db.marks.bury(name)
		}
	}
	for _, name := range db.marks.names(servingMark) {
		if db.marks.dead(name) {
			db.marks.bury(name)
		}
	}
}

// release frees all that a holder has.
func (db *DB) release(ctx context.Context, holder int64) error {
	_, err := write(ctx, db, "freeing what a dead process held in", change[nothing]{
		do: func(t *tx) (nothing, error) { return nothing{}, t.freeAll(holder) },
	})
	return err
}

// freeAll makes leases, claims and locks of a holder's end now, in every
// application of the file. The attempt of a claim counts.
func (t *tx) freeAll(holder int64) error {
	if holder == 0 {
		return nil
	}
	least := holder << holderShift
	most := least | (1<<holderShift - 1)
	_, err := t.exec(`UPDATE sessions SET until = min(until, ?1), due = CASE WHEN ended = 1 THEN 0 ELSE min(due, expires) END
		WHERE token BETWEEN ?2 AND ?3`, t.now, least, most)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE applications SET token = 0, until = 0, owner = '' WHERE token BETWEEN ? AND ?`, least, most)
	return err
}

// freeIfDead is what a taking does before it says that somebody has the token:
// true when its holder is dead, and all that it held is free now.
func (t *tx) freeIfDead(token int64) (bool, error) {
	if !t.db.isDead(token) {
		return false, nil
	}
	return true, t.freeAll(holderOf(token))
}
