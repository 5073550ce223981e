package shared

import (
	"bytes"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/najahost/naja/store"
)

// snapshotShards is how many parts a snapshot has. A write copies the one part
// that it changes, not the whole.
const snapshotShards = 32

// A snapshot is the contents at one moment; it never changes. Each shard is
// sorted by ID.
type snapshot struct {
	version int64
	n       int   // keys
	bytes   int64 // of keys and values
	seq     int64 // the highest of any entry
	shards  [snapshotShards][]*entry
	listed  atomic.Pointer[[]string] // keys, made when first asked for
}

// An entry is a key and its value; it never changes. obj is a component kept
// by reference in this process; raw then stands for it in the store.
type entry struct {
	id, key string
	raw     []byte
	obj     any
	seq     int64 // order of insertion
}

func (e *entry) size() int64 { return int64(len(e.key) + len(e.raw)) }

// shardOf spreads IDs over the shards (FNV-1a).
func shardOf(id string) int {
	h := uint32(2166136261)
	for i := range len(id) {
		h = (h ^ uint32(id[i])) * 16777619
	}
	return int(h % snapshotShards)
}

func search(shard []*entry, id string) (int, bool) {
	return slices.BinarySearchFunc(shard, id, func(e *entry, id string) int { return strings.Compare(e.id, id) })
}

// get is the entry with the ID, or nil.
func (s *snapshot) get(id string) *entry {
	shard := s.shards[shardOf(id)]
	if i, ok := search(shard, id); ok {
		return shard[i]
	}
	return nil
}

// raw is the value of an ID, nil where there is none.
func (s *snapshot) raw(id string) []byte {
	if e := s.get(id); e != nil {
		return e.raw
	}
	return nil
}

// copy is a snapshot that shares all shards with s.
func (s *snapshot) copy() *snapshot {
	return &snapshot{version: s.version, n: s.n, bytes: s.bytes, seq: s.seq, shards: s.shards}
}

// with is s with one item set, or removed when it has no Raw.
func (s *snapshot) with(item store.Item, obj any) *snapshot {
	at := shardOf(item.ID)
	shard := s.shards[at]
	i, found := search(shard, item.ID)
	if !found && item.Raw == nil {
		return s
	}
	next := s.copy()
	rest := shard[i:]
	var put []*entry
	e := &entry{id: item.ID, key: item.Key, raw: item.Raw, obj: obj}
	if found {
		old := shard[i]
		e.id, e.key, e.seq = old.id, old.key, old.seq
		next.n--
		next.bytes -= old.size()
		rest = shard[i+1:]
	} else {
		next.seq++
		e.seq = next.seq
	}
	if item.Raw != nil {
		next.n++
		next.bytes += e.size()
		put = []*entry{e}
	}
	next.shards[at] = slices.Concat(shard[:i], put, rest)
	return next
}

// empty is a snapshot without keys that follows s.
func (s *snapshot) empty() *snapshot { return &snapshot{version: s.version, seq: s.seq} }

// entries are all entries in the order of insertion.
func (s *snapshot) entries() []*entry {
	all := make([]*entry, 0, s.n)
	for i := range s.shards {
		all = append(all, s.shards[i]...)
	}
	slices.SortFunc(all, bySeq)
	return all
}

func bySeq(a, b *entry) int { return int(a.seq - b.seq) }

// keys are the keys that pages may see, in the order of insertion. The slice
// is shared.
func (s *snapshot) keys() []string {
	if p := s.listed.Load(); p != nil {
		return *p
	}
	keys := make([]string, 0, s.n)
	for _, e := range s.entries() {
		if !reserved(e.key) {
			keys = append(keys, e.key)
		}
	}
	s.listed.Store(&keys)
	return keys
}

// snapshotOf is what a store gave; objects are taken over from old where the
// value that stands for them is still there.
func snapshotOf(c store.Contents, old *snapshot) *snapshot {
	s := &snapshot{version: c.Version, n: len(c.Items)}
	for _, item := range c.Items {
		s.seq++
		e := &entry{id: item.ID, key: item.Key, raw: item.Raw, seq: s.seq}
		if old != nil {
			if o := old.get(item.ID); o != nil && o.obj != nil && bytes.Equal(o.raw, item.Raw) {
				e.obj = o.obj
			}
		}
		s.bytes += e.size()
		at := shardOf(e.id)
		s.shards[at] = append(s.shards[at], e)
	}
	for i := range s.shards {
		slices.SortFunc(s.shards[i], func(a, b *entry) int { return strings.Compare(a.id, b.id) })
	}
	return s
}

// changes are what leads from base to s, which was made from it.
func (s *snapshot) changes(base *snapshot) store.Changes {
	var c store.Changes
	var set []*entry
	for i := range s.shards {
		was, is := base.shards[i], s.shards[i]
		if len(was) == len(is) && (len(is) == 0 || &was[0] == &is[0]) {
			continue // the shard was never copied
		}
		for _, e := range was {
			if k, ok := search(is, e.id); !ok || is[k].seq != e.seq {
				c.Items = append(c.Items, store.Item{ID: e.id, Key: e.key})
			}
		}
		for _, e := range is {
			k, ok := search(was, e.id)
			if !ok || was[k].seq != e.seq || !bytes.Equal(was[k].raw, e.raw) {
				set = append(set, e)
			}
		}
	}
	slices.SortFunc(set, bySeq)
	for _, e := range set {
		c.Items = append(c.Items, store.Item{ID: e.id, Key: e.key, Raw: e.raw})
	}
	return c
}
