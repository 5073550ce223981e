package turn

// A turnQueue is a doubly linked list of waiting turns, so that one in the
// middle leaves in constant time. The zero queue is empty.
type queue struct {
	head, tail *Turn
	len        int
}

func (q *queue) push(t *Turn) {
	t.prev = q.tail
	if q.tail == nil {
		q.head = t
	} else {
		q.tail.next = t
	}
	q.tail = t
	q.len++
}

// remove takes t out, which must be in q.
func (q *queue) remove(t *Turn) {
	if t.prev == nil {
		q.head = t.next
	} else {
		t.prev.next = t.next
	}
	if t.next == nil {
		q.tail = t.prev
	} else {
		t.next.prev = t.prev
	}
	t.prev, t.next = nil, nil
	q.len--
}

// merge takes all of other in, in order of arrival.
func (q *queue) merge(other *queue) {
	a, b := q.head, other.head
	*q, *other = queue{}, queue{}
	for a != nil || b != nil {
		next := &a
		if a == nil || b != nil && b.since < a.since {
			next = &b
		}
		t := *next
		*next = t.next
		t.prev, t.next = nil, nil
		q.push(t)
	}
}
