package turn

import "github.com/najahost/naja/internal/linked"

// A queue holds waiting turns in order of arrival. The zero queue is empty.
type queue struct{ linked.List[Turn] }

func (q *queue) push(t *Turn) { q.PushBack(&t.place, t) }

// remove takes t out, which must be in q.
func (q *queue) remove(t *Turn) { q.Remove(&t.place) }

// merge takes all of other in, in order of arrival.
func (q *queue) merge(other *queue) {
	own := *q
	*q = queue{}
	for {
		from, t, o := &own, own.First(), other.First()
		if t == nil || o != nil && o.since < t.since {
			from, t = other, o
		}
		if t == nil {
			return
		}
		from.remove(t)
		q.push(t)
	}
}
