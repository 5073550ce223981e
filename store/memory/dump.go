package memory

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/najahost/naja/internal/packet"
	"github.com/najahost/naja/store"
)

// dumpVersion is of the records of Dump: another program has another one where it
// means something else by them.
const dumpVersion = 1

// The kinds of records, in the order in which they come.
const (
	ofHead    byte = iota + 1 // the version, the last tokens and numbers, Application's lock
	ofSession                 // one session
	ofFormer                  // a former id
	ofItem                    // one value of Application
	ofEnd                     // how many of these there were
)

// errDump is that records don't make a DB.
var errDump = errors.New("memory: the records of a state are damaged")

// Dump gives everything to put as records, from which Restore makes the same again:
// contents, times that are left, leases, claims and locks with their tokens, ids that
// lead to sessions. Nobody uses the DB meanwhile, or the dump has some of what changes
// and not the rest. put may keep a record. Dump ends with put's error.
func (db *DB) Dump(put func(record []byte) error) error {
	s, a := db.sessions, db.application
	now := s.now()
	head := packet.AppendNumber([]byte{ofHead}, dumpVersion)
	head = packet.AppendInt(head, s.tokens.Load())
	if err := put(a.appendHead(head)); err != nil {
		return err
	}
	counts := map[byte]uint64{}
	counted := func(record []byte) error {
		counts[record[0]]++
		return put(record)
	}
	for i := range s.shards {
		if err := s.shards[i].dump(now, counted); err != nil {
			return err
		}
	}
	for i := range s.shards {
		if err := s.shards[i].dumpFormer(now, counted); err != nil {
			return err
		}
	}
	if err := a.dump(counted); err != nil {
		return err
	}
	end := []byte{ofEnd}
	for _, kind := range []byte{ofSession, ofFormer, ofItem} {
		end = packet.AppendNumber(end, counts[kind])
	}
	return put(end)
}

// left is what is left of a time, or how long it has been over.
func (i instant) left(now instant) int64 { return int64(i - now) }

func (sh *shard) dump(now instant, put func([]byte) error) error {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for _, e := range sh.byID {
		b := packet.AppendText([]byte{ofSession, byte(e.state)}, e.id)
		b = packet.AppendText(packet.AppendText(b, e.data), string(e.reason))
		for _, n := range []int64{e.serial, e.created.left(now), e.expires.left(now), e.token, e.until.left(now), int64(e.attempts)} {
			b = packet.AppendInt(b, n)
		}
		if err := put(b); err != nil {
			return err
		}
	}
	return nil
}

func (sh *shard) dumpFormer(now instant, put func([]byte) error) error {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for id, f := range sh.former {
		b := packet.AppendText(packet.AppendText([]byte{ofFormer}, id), f.id)
		if err := put(packet.AppendInt(b, f.until.left(now))); err != nil {
			return err
		}
	}
	return nil
}

func (a *Application) appendHead(b []byte) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	b = packet.AppendInt(packet.AppendInt(packet.AppendInt(b, a.version), a.seq), a.tokens)
	b = packet.AppendText(packet.AppendInt(b, a.lock.token), a.lock.owner)
	b = packet.AppendBool(b, a.lock.until.IsZero())
	return packet.AppendInt(b, int64(time.Until(a.lock.until)))
}

func (a *Application) dump(put func([]byte) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, it := range a.items {
		b := packet.AppendText(packet.AppendText(packet.AppendInt([]byte{ofItem}, it.seq), it.ID), it.Key)
		if err := put(packet.AppendText(b, it.Raw)); err != nil {
			return err
		}
	}
	return nil
}

// Restore makes a DB of the records of Dump, which next gives one after the other.
// It reads the last one and no further. The error is next's, or says that the
// records are another version's, damaged, or not all of them.
func Restore(next func() (record []byte, err error)) (*DB, error) {
	r := &restoring{db: New()}
	for kind := ofHead; kind != ofEnd; {
		record, err := next()
		if err != nil {
			return nil, err
		}
		c := packet.Read(record)
		got := c.Byte()
		if got < kind || kind == ofHead && got != ofHead {
			return nil, errDump
		}
		kind = got
		err = r.take(kind, &c)
		if err == nil && c.Err() != nil {
			err = errDump
		}
		if err != nil {
			return nil, err
		}
		if kind == ofHead {
			kind = ofSession // there is one head
		}
	}
	return r.db, nil
}

// A restoring is a DB that is being made, and how many records there were.
type restoring struct {
	db     *DB
	counts [ofEnd]uint64
}

func (r *restoring) take(kind byte, c *packet.Cursor[[]byte]) error {
	switch kind {
	case ofHead:
		return r.head(c)
	case ofSession:
		return r.session(c)
	case ofFormer:
		return r.former(c)
	case ofItem:
		return r.item(c)
	case ofEnd:
		for _, kind := range []byte{ofSession, ofFormer, ofItem} {
			if c.Number() != r.counts[kind] {
				return errDump
			}
		}
		return nil
	}
	return errDump
}

func (r *restoring) head(c *packet.Cursor[[]byte]) error {
	if v := c.Number(); v != dumpVersion && !c.Bad() {
		return fmt.Errorf("memory: the records of the state are of version %d; this program knows %d", v, dumpVersion)
	}
	r.db.sessions.tokens.Store(c.Int())
	a := r.db.application
	a.version, a.seq, a.tokens = c.Int(), c.Int(), c.Int()
	a.lock.token, a.lock.owner = c.Int(), string(c.Text())
	endless, left := c.Bool(), time.Duration(c.Int())
	if !endless {
		a.lock.until = time.Now().Add(left)
	}
	return nil
}

func (r *restoring) session(c *packet.Cursor[[]byte]) error {
	r.counts[ofSession]++
	s := r.db.sessions
	now := s.now()
	e := &entry{state: state(c.Byte()), id: string(c.Text())}
	e.data, e.reason = bytes.Clone(c.Text()), store.Reason(c.Text()) // not all of the record is kept
	e.serial, e.created, e.expires = c.Int(), now+instant(c.Int()), now+instant(c.Int())
	e.token, e.until, e.attempts = c.Int(), now+instant(c.Int()), uint16(c.Int())
	sh := s.lock(e.id)
	defer sh.mu.Unlock()
	if e.state >= gone || sh.byID[e.id] != nil || c.Bad() {
		return errDump
	}
	sh.byID[e.id] = e
	switch e.state {
	case live:
		s.live.Add(1)
		sh.due.push(e, e.nextLook(now))
	case waiting:
		s.ending.Add(1)
		sh.ending.push(e)
	case claimed:
		s.ending.Add(1)
		sh.due.push(e, e.until)
	}
	return nil
}

func (r *restoring) former(c *packet.Cursor[[]byte]) error {
	r.counts[ofFormer]++
	s := r.db.sessions
	id, of, left := string(c.Text()), string(c.Text()), c.Int()
	sh := s.lock(of)
	e := sh.byID[of]
	sh.mu.Unlock()
	if e == nil {
		return nil // it led nowhere any more
	}
	sh = s.lock(id)
	defer sh.mu.Unlock()
	if sh.former == nil {
		sh.former = make(map[string]former)
	}
	sh.former[id] = former{e, e.id, s.now() + instant(left)}
	return nil
}

func (r *restoring) item(c *packet.Cursor[[]byte]) error {
	r.counts[ofItem]++
	seq, id, key, raw := c.Int(), string(c.Text()), string(c.Text()), bytes.Clone(c.Text())
	a := r.db.application
	if a.items[id] != nil || c.Bad() {
		return errDump
	}
	a.items[id] = &item{Item: store.Item{ID: id, Key: key, Raw: raw}, seq: seq}
	return nil
}
