package memory

// A dueHeap orders entries by the time at which they must be looked at. Each
// entry knows its place in it.
type dueHeap []dueEntry

// A dueEntry holds the time itself, so that sifting touches no entry.
type dueEntry struct {
	at    instant
	entry *entry
}

// first is the entry that is due first, if it is due now.
func (h dueHeap) first(now instant) (*entry, bool) {
	if len(h) == 0 || h[0].at > now {
		return nil, false
	}
	return h[0].entry, true
}

// at is the time at which e, which must be in h, will be looked at.
func (h dueHeap) at(e *entry) instant { return h[e.place-1].at }

func (h *dueHeap) push(e *entry, at instant) {
	*h = append(*h, dueEntry{at, e})
	h.up(len(*h) - 1)
}

// move changes the time of e, which must be in h.
func (h dueHeap) move(e *entry, at instant) {
	i := int(e.place) - 1
	earlier := at < h[i].at
	h[i].at = at
	if earlier {
		h.up(i)
	} else {
		h.down(i)
	}
}

// remove takes e out, which must be in h.
func (h *dueHeap) remove(e *entry) {
	i, last := int(e.place)-1, len(*h)-1
	e.place = 0
	moved := (*h)[last]
	(*h)[last] = dueEntry{}
	*h = (*h)[:last]
	if i < last {
		(*h)[i] = moved
		moved.entry.place = int32(i + 1)
		h.up(i)
		h.down(int(moved.entry.place) - 1)
	}
	h.shrink()
}

// shrink gives memory back after a crowd has left.
func (h *dueHeap) shrink() {
	if cap(*h) > 1024 && len(*h) < cap(*h)/4 {
		*h = append(make(dueHeap, 0, len(*h)*2), *h...)
	}
}

func (h dueHeap) up(i int) {
	x := h[i]
	for i > 0 {
		parent := (i - 1) / 2
		if h[parent].at <= x.at {
			break
		}
		h.set(i, h[parent])
		i = parent
	}
	h.set(i, x)
}

func (h dueHeap) down(i int) {
	x := h[i]
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if right := child + 1; right < len(h) && h[right].at < h[child].at {
			child = right
		}
		if x.at <= h[child].at {
			break
		}
		h.set(i, h[child])
		i = child
	}
	h.set(i, x)
}

func (h dueHeap) set(i int, x dueEntry) {
	h[i] = x
	x.entry.place = int32(i + 1)
}
