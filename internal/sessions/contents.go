package sessions

import (
	"bytes"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/session"
)

// contents are a session's record with one request's changes on top. It isn't
// safe for two goroutines.
type contents struct {
	record  cborvalue.Record
	clear   bool               // the request removed all there was before its changes
	changes []cborvalue.Change // in order; the last one of a key counts
	meta    cborvalue.Meta
	newMeta bool // meta differs from the record's
	folded  bool // the record has changes in it that were not committed
	size    int  // bytes that the record would have now, or a few more
}

const (
	maxChanges  = 2048 // that are kept one by one
	recordExtra = 32   // bytes that a record's head and metadata may grow by
)

// errNotAnItem is answered to a raw value that is not one encoded item.
var errNotAnItem = errors.New("session: the value is not one encoded item")

// reset makes c the contents of a stored record.
func (c *contents) reset(data []byte) error {
	record, err := cborvalue.ParseRecord(data)
	if err != nil {
		return err
	}
	*c = contents{record: record, meta: record.Meta(), size: len(data) + recordExtra}
	return nil
}

// since gives what was set since the record was data.
func (c *contents) since(data []byte) (own contents, err error) {
	before, err := cborvalue.ParseRecord(data)
	if err != nil {
		return own, err
	}
	if err := own.reset(nil); err != nil {
		return own, err
	}
	for _, key := range c.Keys() {
		raw, _ := c.Get(key)
		if old, ok := before.Get(key); !ok || !bytes.Equal(old, raw) {
			own.append(cborvalue.Change{Key: key, Raw: raw})
			own.size += len(key) + 9 + len(raw)
		}
	}
	if c.newMeta {
		own.setMeta(c.meta)
	}
	return own, nil
}

// dirty reports whether there is something to store.
func (c *contents) dirty() bool {
	return c.folded || c.clear || c.newMeta || len(c.changes) > 0
}

// encode gives the record with the changes made.
func (c *contents) encode() ([]byte, error) {
	ch := cborvalue.Changes{Clear: c.clear, Items: c.changes}
	if c.newMeta {
		ch.Meta = &c.meta
	}
	return c.record.Apply(ch)
}

// fold makes the changes part of the record.
func (c *contents) fold() {
	if !c.clear && len(c.changes) == 0 {
		return
	}
	data, err := c.encode()
	if err != nil {
		return // can't be: set has checked each change
	}
	meta, newMeta := c.meta, c.newMeta
	if c.reset(data) == nil {
		c.meta, c.newMeta, c.folded = meta, newMeta, true
	}
}

// change is the last change of key, or nil.
func (c *contents) change(key string) *cborvalue.Change {
	for i := len(c.changes) - 1; i >= 0; i-- {
		if cborvalue.SameKey(c.changes[i].Key, key) {
			return &c.changes[i]
		}
	}
	return nil
}

// Get gives the value of key, in any spelling.
func (c *contents) Get(key string) (raw []byte, ok bool) {
	if ch := c.change(key); ch != nil {
		return ch.Raw, ch.Raw != nil
	}
	if c.clear {
		return nil, false
	}
	return c.record.Get(key)
}

// set keeps raw under key, unless the record would pass limit bytes.
func (c *contents) set(key string, raw []byte, limit int) error {
	if item, err := cborvalue.NewDecoder(raw).Skip(); err != nil || len(item) != len(raw) {
		return errNotAnItem
	}
	if !utf8.ValidString(key) {
		return cborvalue.ErrUTF8
	}
	old, ok := c.Get(key)
	if ok && bytes.Equal(old, raw) {
		return nil
	}
	size := c.size + len(raw) - len(old)
	if !ok {
		size += len(key) + 9 // the key's head, at its longest
	}
	if size > limit && size > c.size {
		return fmt.Errorf("%w: %q would make it %d bytes, at most %d are allowed", session.ErrTooLarge, key, size, limit)
	}
	c.size = size
	if ch := c.change(key); ch != nil && ch.Raw != nil {
		ch.Raw = raw
		return nil
	}
	// A removed key that is set again gets a new place and spelling, so that
	// the removal stays in the list.
	c.append(cborvalue.Change{Key: key, Raw: raw})
	return nil
}

func (c *contents) append(ch cborvalue.Change) {
	if len(c.changes) >= min(256+c.record.Len(), maxChanges) {
		c.fold()
	}
	c.changes = append(c.changes, ch)
}

func (c *contents) remove(key string) {
	old, ok := c.Get(key)
	if !ok {
		return
	}
	c.size -= len(old) + len(key)
	if ch := c.change(key); ch != nil {
		ch.Raw = nil
		return
	}
	c.append(cborvalue.Change{Key: key})
}

func (c *contents) removeAll() {
	if c.record.Len() == 0 && len(c.changes) == 0 {
		return
	}
	c.clear, c.changes, c.size = true, nil, recordExtra
}

// Keys gives the keys in the order in which they were first set, as they were
// spelled then.
func (c *contents) Keys() []string {
	c.fold()
	return c.record.Keys()
}

func (c *contents) setMeta(m cborvalue.Meta) {
	c.newMeta = c.newMeta || m != c.meta
	c.meta = m
}

// timeout is the session's own timeout or else def.
func (c *contents) timeout(def time.Duration) time.Duration {
	if c.meta.Timeout > 0 {
		return c.meta.Timeout
	}
	return def
}

// The longest timeout and the largest LCID or code page that is stored.
const (
	maxTimeout = 366 * 24 * time.Hour
	maxNumber  = 1<<31 - 1
)

func (c *contents) setTimeout(d time.Duration) error {
	if d < time.Millisecond || d > maxTimeout {
		return fmt.Errorf("session: a timeout of %v is not between 1ms and %v", d, maxTimeout)
	}
	m := c.meta
	m.Timeout = d.Round(time.Millisecond)
	c.setMeta(m)
	return nil
}

func (c *contents) setLCID(n int) error {
	if n < 0 || n > maxNumber {
		return fmt.Errorf("session: %d is no locale identifier", n)
	}
	m := c.meta
	m.LCID = n
	c.setMeta(m)
	return nil
}

func (c *contents) setCodePage(n int) error {
	if n < 0 || n > maxNumber {
		return fmt.Errorf("session: %d is no code page", n)
	}
	m := c.meta
	m.CodePage = n
	c.setMeta(m)
	return nil
}
