// Package linked is a doubly linked list whose members have their place in
// themselves, so that joining and leaving it take constant time and no memory.
// It has no lock: whoever owns a list guards it and the nodes of its members.
package linked

import "iter"

// A List is a list of T, in the order in which they were put into it. The zero
// List is empty. A List may be moved, by assigning it and giving up the old one;
// two that have the same members are of no use.
type List[T any] struct {
	first, last *Node[T]
	len         int
}

// A Node is a member's place, a field of its type. The zero Node is in no list.
type Node[T any] struct {
	prev, next *Node[T]
	member     *T // nil: in no list
}

// PushBack puts member, which is in no list by its node n, behind the last.
func (l *List[T]) PushBack(n *Node[T], member *T) {
	*n = Node[T]{prev: l.last, member: member}
	if l.last == nil {
		l.first = n
	} else {
		l.last.next = n
	}
	l.last = n
	l.len++
}

// PushFront is PushBack before the first.
func (l *List[T]) PushFront(n *Node[T], member *T) {
	*n = Node[T]{next: l.first, member: member}
	if l.first == nil {
		l.last = n
	} else {
		l.first.prev = n
	}
	l.first = n
	l.len++
}

// Remove takes the member with the node n out of l, and says whether it was in it.
// A node that is in another list must not be given.
func (l *List[T]) Remove(n *Node[T]) bool {
	if n.member == nil {
		return false
	}
	if n.prev == nil {
		l.first = n.next
	} else {
		n.prev.next = n.next
	}
	if n.next == nil {
		l.last = n.prev
	} else {
		n.next.prev = n.prev
	}
	*n = Node[T]{}
	l.len--
	return true
}

// First is the first member, nil if there is none.
func (l *List[T]) First() *T {
	if l.first == nil {
		return nil
	}
	return l.first.member
}

// Len is how many members there are.
func (l *List[T]) Len() int { return l.len }

// All are the members in order. The one at hand may be removed meanwhile.
func (l *List[T]) All() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for n := l.first; n != nil; {
			next := n.next
			if !yield(n.member) {
				return
			}
			n = next
		}
	}
}

// In says whether the node's member is in a list.
func (n *Node[T]) In() bool { return n.member != nil }
