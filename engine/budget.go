package engine

import "sync/atomic"

// A sendBudget bounds the bytes of finished pages that wait for slow readers
// and hold no apartment any more: sending_max. Any goroutine may use it.
type sendBudget struct {
	limit int64 // negative: nothing
	used  atomic.Int64
}

// tryReserve takes n bytes if they are left. The caller releases them when
// they are sent. If they aren't left, the caller keeps its apartment while it
// sends: then as many slow readers as there are apartments stop the site, but
// never its memory.
func (b *sendBudget) tryReserve(n int64) bool {
	if b.used.Add(n) > b.limit {
		b.used.Add(-n)
		return false
	}
	return true
}

func (b *sendBudget) release(n int64) { b.used.Add(-n) }
