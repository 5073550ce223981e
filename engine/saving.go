package engine

import "time"

// Many editors and copying programs save a file in place: it is empty for a
// moment, and then has its new text. A file that had something in it and is
// empty is taken for such a one until it has been empty for savePatience: what
// was made of its former text serves meanwhile. No request waits for it. A file
// that never had anything in it is taken as it is.
const (
	savePatience = time.Second
	// saveLook is the time between two looks whether it is saved.
	saveLook = 50 * time.Millisecond
)

// beingSaved says that one of the files that were read last had something in it
// before, and is empty only since a moment ago.
func beingSaved(before, now []fileStamp, read time.Time) bool {
	had := make(map[string]bool, len(before))
	for _, st := range before {
		had[st.name] = !st.empty
	}
	for _, st := range now {
		if had[st.name] && st.empty && st.emptyFor(read) < savePatience {
			return true
		}
	}
	return false
}

// emptyFor is how long a file has been empty that was found so. Where it had
// something in it when it was opened, it has been so for no time at all, and
// where the file system knows no times it doesn't change.
func (st fileStamp) emptyFor(read time.Time) time.Duration {
	switch {
	case st.size > 0:
		return 0
	case st.modTime.IsZero():
		return savePatience
	}
	return max(read.Sub(st.modTime), 0)
}

// beingSaved says the same of files that aren't read, but looked at.
func (s *site) beingSaved(stamps []fileStamp) bool {
	looked := time.Now()
	var now []fileStamp
	for _, st := range stamps {
		info, err := s.stat(st.name)
		if err != nil {
			continue
		}
		next := newStamp(st.name, info, looked)
		next.empty = info.Size() == 0
		now = append(now, next)
	}
	return beingSaved(stamps, now, looked)
}
