package cborvalue

import "time"

// Meta is what a session remembers beside its contents. A zero field means
// that the application's setting counts.
type Meta struct {
	Timeout  time.Duration // Session.Timeout, in whole milliseconds
	LCID     int           // Session.LCID
	CodePage int           // Session.CodePage
}

// The keys of the metadata map. A later version may add more; they are kept
// as they are when a record is changed.
const (
	metaTimeout  = 1
	metaLCID     = 2
	metaCodePage = 3
)

// parseMeta reads the metadata map at off and returns the offset after it.
func (r *Record) parseMeta(off int) (int, error) {
	h, err := readHead(r.b, off)
	if err != nil {
		return 0, err
	}
	if h.major != majorMap || h.n > uint64(len(r.b)-h.end)/2 {
		return 0, &FormatError{off, "not a map"}
	}
	off = h.end
	for range int(h.n) {
		start := off
		k, err := readHead(r.b, off)
		if err != nil {
			return 0, err
		}
		if k.major != majorUint {
			return 0, &FormatError{off, "a key is not a number"}
		}
		if off, err = itemEnd(r.b, k.end); err != nil {
			return 0, err
		}
		v, _ := readHead(r.b, k.end)
		if !r.meta.set(k.n, v) {
			r.more = append(r.more, r.b[start:off]...)
		}
	}
	return off, nil
}

// set takes one number; false leaves it to be kept as it is.
func (m *Meta) set(key uint64, v head) bool {
	if v.major != majorUint || v.n > 1<<31-1 && key != metaTimeout || v.n > 1<<40 {
		return false
	}
	switch key {
	case metaTimeout:
		m.Timeout = time.Duration(v.n) * time.Millisecond
	case metaLCID:
		m.LCID = int(v.n)
	case metaCodePage:
		m.CodePage = int(v.n)
	default:
		return false
	}
	return true
}

// appendMeta writes the metadata map; more are pairs of a later version. It
// writes nothing when there is nothing to say.
func appendMeta(b []byte, m Meta, more []byte) []byte {
	fields := [...]struct {
		key uint64
		n   int64
	}{
		{metaTimeout, m.Timeout.Milliseconds()},
		{metaLCID, int64(m.LCID)},
		{metaCodePage, int64(m.CodePage)},
	}
	n := countPairs(more)
	for _, f := range fields {
		if f.n > 0 {
			n++
		}
	}
	if n == 0 {
		return b
	}
	b = appendHead(b, majorMap, uint64(n))
	for _, f := range fields {
		if f.n > 0 {
			b = appendHead(b, majorUint, f.key)
			b = appendHead(b, majorUint, uint64(f.n))
		}
	}
	return append(b, more...)
}

// countPairs is the number of pairs in b, which were read before.
func countPairs(b []byte) (n int) {
	for off := 0; off < len(b); n++ {
		k, err := itemEnd(b, off)
		if err != nil {
			return n
		}
		if off, err = itemEnd(b, k); err != nil {
			return n
		}
	}
	return n
}
