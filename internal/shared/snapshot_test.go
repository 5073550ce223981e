package shared

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/store"
)

// list is a snapshot as text, in order.
func list(s *snapshot) string {
	text := ""
	for _, e := range s.entries() {
		text += fmt.Sprintf("%s=%s ", e.key, e.raw)
	}
	return text
}

// plain is the naive form of contents.
type plain []store.Item

func (p plain) apply(c store.Changes) plain {
	p = slices.Clone(p)
	if c.Clear {
		p = nil
	}
	for _, it := range c.Items {
		i := slices.IndexFunc(p, func(x store.Item) bool { return x.ID == it.ID })
		switch {
		case it.Raw == nil && i >= 0:
			p = slices.Delete(p, i, i+1)
		case it.Raw == nil:
		case i >= 0:
			p[i].Raw = it.Raw
		default:
			p = append(p, it)
		}
	}
	return p
}

func (p plain) String() string {
	text := ""
	for _, it := range p {
		text += fmt.Sprintf("%s=%s ", it.Key, it.Raw)
	}
	return text
}

// Random writes on a snapshot do what they do on a plain list, the changes
// between two snapshots lead from one to the other, and no snapshot changes.
func TestSnapshotModel(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, keys := range []int{3, 40, 300} {
		base, model := &snapshot{}, plain(nil)
		for range 30 {
			own, next := base, model
			before := list(base)
			for range rnd.IntN(keys) {
				key := fmt.Sprintf("Key%d", rnd.IntN(keys))
				it := store.Item{ID: cborvalue.Fold(key), Key: key}
				if rnd.IntN(3) > 0 {
					it.Raw = fmt.Appendf(nil, "%d", rnd.IntN(100))
				}
				own, next = own.with(it, nil), next.apply(store.Changes{Items: []store.Item{it}})
			}
			if list(base) != before {
				t.Fatal("a snapshot changed")
			}
			if got := list(own); got != next.String() || own.n != len(next) {
				t.Fatalf("%d keys: %s; want %s", own.n, got, next)
			}
			if got := model.apply(own.changes(base)).String(); got != next.String() {
				t.Fatalf("the changes lead to %s; want %s", got, next)
			}
			size := int64(0)
			for _, it := range next {
				size += int64(len(it.Key) + len(it.Raw))
				if e := own.get(it.ID); e == nil || string(e.raw) != string(it.Raw) {
					t.Fatalf("%s is not found", it.Key)
				}
			}
			if size != own.bytes || own.get("none") != nil {
				t.Fatalf("%d bytes; want %d", own.bytes, size)
			}
			read := snapshotOf(store.Contents{Items: next}, own)
			if list(read) != next.String() || read.bytes != size || read.n != own.n {
				t.Fatalf("read: %s; want %s", list(read), next)
			}
			base, model = own, next
		}
	}
}
