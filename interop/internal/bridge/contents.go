package bridge

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/session"
)

// errNotAnItem is answered to a raw value that is not one encoded item.
var errNotAnItem = errors.New("session: the value is not one encoded item")

// A Change is what a page did to one key.
type Change struct {
	Key    string // as Go code spells it
	Value  any    // nil where it is removed
	Remove bool

	raw []byte
}

// contents are a library's values with one request's changes on top. A key is
// looked up as it is spelled, then without regard to case. It isn't safe for
// two goroutines.
type contents struct {
	values  map[string]any // ours alone; the values themselves are the library's
	hidden  func(key string) bool
	raws    map[string][]byte // of values, once they were asked for
	changes map[string]*Change
	order   []string            // keys of values, sorted; then new ones as they came; removed ones stay
	folds   map[string][]string // order by folded keys, once one was asked for
	size    int                 // bytes that the record has, about
	limit   int
	unfit   func(key string, v any) // told of values that can't be shown
}

func newContents(values map[string]any, o *Options) contents {
	c := contents{values: values, hidden: o.hides, limit: o.MaxSize, size: o.Size, unfit: o.Unfit}
	for key := range values {
		if !c.hidden(key) {
			c.order = append(c.order, key)
		}
	}
	slices.Sort(c.order)
	return c
}

// dirty reports whether there is something to store.
func (c *contents) dirty() bool { return len(c.changes) > 0 }

func (c *contents) get(key string) ([]byte, bool) {
	k, ok := c.find(key)
	if !ok {
		return nil, false
	}
	return c.raw(k), true
}

// raw is the page's copy of the value under the exact key, made once.
func (c *contents) raw(key string) []byte {
	if ch := c.changes[key]; ch != nil {
		return ch.raw
	}
	if raw, ok := c.raws[key]; ok {
		return raw
	}
	raw, ok := FromGo(c.values[key])
	if !ok && c.unfit != nil {
		c.unfit(key, c.values[key])
	}
	if c.raws == nil {
		c.raws = make(map[string][]byte)
	}
	c.raws[key] = raw
	return raw
}

// set keeps raw under key. fits has the last word on the Go value.
func (c *contents) set(key string, raw []byte, fits func(key string, v any, all func() map[string]any) error) error {
	if item, err := cborvalue.NewDecoder(raw).Skip(); err != nil || len(item) != len(raw) {
		return errNotAnItem
	}
	if !utf8.ValidString(key) {
		return cborvalue.ErrUTF8
	}
	if c.hidden(key) {
		return fmt.Errorf("session: the key %q is reserved", key)
	}
	k, ok := c.find(key)
	size := c.size + len(raw) + len(key)
	if ok {
		old := c.raw(k)
		if bytes.Equal(old, raw) {
			return nil // left alone
		}
		size -= len(old) + len(k)
	} else {
		k = key
	}
	if size > c.limit && size > c.size {
		return fmt.Errorf("%w: %q would make it %d bytes, at most %d are allowed", session.ErrTooLarge, key, size, c.limit)
	}
	v, err := ToGo(raw, c.values[k])
	if err != nil {
		return err
	}
	all := func() map[string]any { return c.with(k, v) }
	if err := fits(k, v, all); err != nil {
		return fmt.Errorf("session: keeping %q: %w", key, err)
	}
	c.size = size
	c.change(&Change{Key: k, Value: v, raw: raw})
	return nil
}

func (c *contents) change(ch *Change) {
	if c.changes == nil {
		c.changes = make(map[string]*Change)
	}
	c.changes[ch.Key] = ch
	if same := c.spellings(ch.Key); !slices.Contains(same, ch.Key) {
		c.order = append(c.order, ch.Key)
		c.folds[cborvalue.Fold(ch.Key)] = append(same, ch.Key)
	}
}

func (c *contents) remove(key string) {
	k, ok := c.find(key)
	if !ok {
		return
	}
	c.size -= len(c.raw(k)) + len(k)
	if _, stored := c.values[k]; stored {
		c.change(&Change{Key: k, Remove: true})
		return
	}
	delete(c.changes, k)
}

func (c *contents) removeAll() {
	for _, k := range c.keys() {
		c.remove(k)
	}
}

// with gives all values as they would be with v under the exact key, hidden
// ones included.
func (c *contents) with(key string, v any) map[string]any {
	all := maps.Clone(c.values)
	if all == nil {
		all = make(map[string]any)
	}
	for k, ch := range c.changes {
		if all[k] = ch.Value; ch.Remove {
			delete(all, k)
		}
	}
	all[key] = v
	return all
}

// list gives the changes, in an order that is always the same.
func (c *contents) list() []Change {
	list := make([]Change, 0, len(c.changes))
	for _, ch := range c.changes {
		list = append(list, *ch)
	}
	slices.SortFunc(list, func(a, b Change) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// stored makes the changes part of the values.
func (c *contents) stored() {
	for k, ch := range c.changes {
		delete(c.raws, k)
		if ch.Remove {
			delete(c.values, k)
			continue
		}
		c.values[k] = ch.Value
		if c.raws == nil {
			c.raws = make(map[string][]byte)
		}
		c.raws[k] = ch.raw
	}
	c.changes = nil
}
