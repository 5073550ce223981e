package memory

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/najahost/naja/store"
)

// Application is an [store.Application] in memory. Its clock is monotonic, like
// that of [Sessions].
type Application struct {
	mu      sync.Mutex
	items   map[string]*item
	seq     int64 // the highest of any item
	version int64
	changed chan struct{} // closed at the next change; nil while nobody waits

	tokens int64 // the last token given out; none is ever repeated
	lock   appLock
}

// An item is a value and its place.
type item struct {
	store.Item
	seq int64
}

// An appLock is the lock as it was last taken; a zero token is nobody's.
type appLock struct {
	token int64
	owner string
	until time.Time // zero: no end
}

var _ store.Application = (*Application)(nil)

// NewApplication makes an empty store. There is nothing to close.
func NewApplication() *Application {
	return &Application{items: make(map[string]*item)}
}

// Read implements [store.Application].
func (a *Application) Read(ctx context.Context, have int64) (store.Contents, error) {
	if err := ctx.Err(); err != nil {
		return store.Contents{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c := store.Contents{Version: a.version}
	if have == a.version {
		return c, nil
	}
	all := make([]*item, 0, len(a.items))
	for _, it := range a.items {
		all = append(all, it)
	}
	slices.SortFunc(all, func(x, y *item) int { return cmp.Compare(x.seq, y.seq) })
	c.Items = make([]store.Item, len(all))
	for i, it := range all {
		c.Items[i] = it.Item
	}
	return c, nil
}

// commit makes all changes and gives the lock up.
func (a *Application) commit(c store.Changes) {
	a.lock = appLock{}
	did := c.Clear && len(a.items) > 0
	if did {
		clear(a.items)
	}
	for _, it := range c.Items {
		did = a.put(it) || did
	}
	a.done(did)
}

// put makes one change and says whether it was one.
func (a *Application) put(it store.Item) bool {
	old := a.items[it.ID]
	switch {
	case it.Raw == nil:
		delete(a.items, it.ID)
		return old != nil
	case old != nil:
		old.Raw = it.Raw
	default:
		a.seq++
		it.ID, it.Key = strings.Clone(it.ID), strings.Clone(it.Key)
		a.items[it.ID] = &item{Item: it, seq: a.seq}
	}
	return true
}

// done counts a call that changed something and wakes those who wait for it.
func (a *Application) done(changed bool) {
	if !changed {
		return
	}
	a.version++
	if a.changed != nil {
		close(a.changed)
		a.changed = nil
	}
}

// Swap implements [store.Application].
func (a *Application) Swap(ctx context.Context, s store.Swap) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.free(); err != nil {
		return 0, err
	}
	if s.Compare {
		old := a.items[s.Item.ID]
		if (old == nil) != (s.Old == nil) || old != nil && !bytes.Equal(old.Raw, s.Old) {
			return 0, store.ErrChanged
		}
	}
	a.done(a.put(s.Item))
	return a.version, nil
}

// Wait implements [store.Application].
func (a *Application) Wait(ctx context.Context, have int64) (int64, error) {
	for {
		version, changed := a.watch()
		if version != have {
			return version, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return version, ctx.Err()
		}
	}
}

// watch is the version now and a channel that is closed when it changes.
func (a *Application) watch() (int64, <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.changed == nil {
		a.changed = make(chan struct{})
	}
	return a.version, a.changed
}
