package cborvalue

import "unicode/utf8"

// A Change sets a key to a value, or removes it.
type Change struct {
	Key string
	Raw []byte // one CBOR item; nil removes the key
}

// Changes are what a request did to a session.
type Changes struct {
	Clear   bool     // first remove every key
	Items   []Change // then these, in order
	Meta    *Meta    // new metadata, nil to keep it
	MaxSize int      // bytes of the whole record, 0 for no bound
}

// An entry is a key with its value while a record is put together. The key is
// either text of the old record or a change's.
type entry struct {
	old []byte
	new string
	raw []byte // nil when removed
}

func (e *entry) is(key string) bool {
	if e.old != nil {
		return sameKey(e.old, key)
	}
	return sameKey(e.new, key)
}

func (e *entry) size() int {
	n := len(e.old) + len(e.new)
	return headSize(uint64(n)) + n + len(e.raw)
}

// Apply returns the bytes of a new record with the changes made; r stays as
// it is. A key that is set again keeps its place and first spelling, a new
// one comes last. The values are copied. Errors: ErrUTF8 for a key,
// *FormatError for a value that is not one item, *LimitError past MaxSize.
func (r *Record) Apply(c Changes) ([]byte, error) {
	var room [recordInline]entry
	d := draft{list: room[:0]}
	if n := r.n + len(c.Items); n > len(room) {
		d.list = make([]entry, 0, n)
	}
	if !c.Clear {
		for i := range r.n {
			d.list = append(d.list, entry{old: r.key(i), raw: r.raw(i)})
		}
	}
	if r.n+len(c.Items) > mapFrom && len(c.Items) > mapAfter {
		d.makeIndex()
	}
	for i := range c.Items {
		if err := d.change(&c.Items[i]); err != nil {
			return nil, err
		}
	}
	meta := r.meta
	if c.Meta != nil {
		meta = *c.Meta
	}
	return r.write(d.list, meta, c.MaxSize)
}

// A draft is a record while changes are made.
type draft struct {
	list  []entry
	index map[string]int // folded key to live entry; nil where it doesn't pay
}

func (d *draft) makeIndex() {
	d.index = make(map[string]int, cap(d.list))
	for i := len(d.list) - 1; i >= 0; i-- {
		d.index[Fold(string(d.list[i].old))] = i
	}
}

// find is the index of the live entry with the key, or -1.
func (d *draft) find(key string) int {
	if d.index != nil {
		if i, ok := d.index[Fold(key)]; ok && d.list[i].raw != nil {
			return i
		}
		return -1
	}
	for i := range d.list {
		if d.list[i].raw != nil && d.list[i].is(key) {
			return i
		}
	}
	return -1
}

// change makes one change.
func (d *draft) change(c *Change) error {
	if !utf8.ValidString(c.Key) {
		return ErrUTF8
	}
	if c.Raw != nil {
		if err := wellFormed(c.Raw); err != nil {
			return err
		}
	}
	if i := d.find(c.Key); i >= 0 {
		d.list[i].raw = c.Raw
	} else if c.Raw != nil {
		if d.index != nil {
			d.index[Fold(c.Key)] = len(d.list)
		}
		d.list = append(d.list, entry{new: c.Key, raw: c.Raw})
	}
	return nil
}

// write puts a record together in memory that is exactly large enough: many
// sessions lie in memory for long.
func (r *Record) write(list []entry, meta Meta, limit int) ([]byte, error) {
	var room [64]byte
	head := append(room[:0], recordMagic...)
	head = append(head, recordVersion, 0)
	head = appendMeta(head, meta, r.more)
	if len(head) > recordHeader {
		head[3] |= flagMeta
	}
	n, size := 0, len(head)
	for i := range list {
		if list[i].raw != nil {
			n++
			size += list[i].size()
		}
	}
	size += headSize(uint64(n))
	if limit > 0 && size > limit {
		return nil, &LimitError{"size", limit}
	}
	b := append(make([]byte, 0, size), head...)
	b = appendHead(b, majorMap, uint64(n))
	for i := range list {
		e := &list[i]
		if e.raw == nil {
			continue
		}
		b = appendHead(b, majorText, uint64(len(e.old)+len(e.new)))
		b = append(append(b, e.old...), e.new...)
		b = append(b, e.raw...)
	}
	return b, nil
}
