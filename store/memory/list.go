package memory

// A list holds sessions to be claimed, first come, first served. One that is
// no longer waiting is skipped when its turn comes: nothing is taken out of
// the middle.
type list struct {
	entries []*entry
}

func (l *list) push(e *entry) { l.entries = append(l.entries, e) }

// pop gives the next entry that is waiting, or nil.
func (l *list) pop() *entry {
	for len(l.entries) > 0 {
		e := l.entries[0]
		l.entries[0] = nil
		l.entries = l.entries[1:]
		if e.state == waiting {
			return e
		}
	}
	l.entries = nil
	return nil
}
