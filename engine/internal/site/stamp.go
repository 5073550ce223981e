package site

import (
	"crypto/sha256"
	"io/fs"
	"time"
)

// A Stamp tells one state of a file from another by what the system says
// about it: the time of its last change and its size. A file system without
// times (an embed.FS) counts as one that doesn't change.
type Stamp struct {
	name    string
	modTime time.Time
	size    int64
	Young   bool
	empty   bool // there was nothing in it when it was read
}

// clockTick is how much later than a change a file must have been looked at
// for its time to be trusted. Systems stamp files with a clock that moves in
// steps of some milliseconds, so two changes within a step have one time.
const clockTick = 20 * time.Millisecond

// newStamp makes the stamp of a file that was looked at not before looked.
func newStamp(name string, info fs.FileInfo, looked time.Time) Stamp {
	modTime := info.ModTime()
	return Stamp{
		name:    name,
		modTime: modTime,
		size:    info.Size(),
		Young:   !modTime.IsZero() && looked.Sub(modTime) < clockTick,
	}
}

// same reports whether the file that info describes is certainly the one
// whose stamp it is. It isn't certain of a file that was changed just before
// it was stamped.
func (st Stamp) same(info fs.FileInfo) bool {
	return !st.Young && st.size == info.Size() && st.modTime.Equal(info.ModTime())
}

// Unchanged reports whether all the files are as they were when stamped.
func (s *Site) Unchanged(stamps []Stamp) bool {
	for _, st := range stamps {
		info, err := s.stat(st.name)
		if err != nil || !info.Mode().IsRegular() || !st.same(info) {
			return false
		}
	}
	return true
}

// Many editors and copying programs save a file in place: it is empty for a
// moment, and then has its new text. A file that had something in it and is
// empty is taken for such a one until it has been empty for savePatience: what
// was made of its former text serves meanwhile. No request waits for it. A file
// that never had anything in it is taken as it is.
const (
	SavePatience = time.Second
	// SaveLook is the time between two looks whether it is saved.
	SaveLook = 50 * time.Millisecond
)

// BeingSaved says that one of the files that were read last had something in it
// before, and is empty only since a moment ago.
func BeingSaved(before, now []Stamp, read time.Time) bool {
	had := make(map[string]bool, len(before))
	for _, st := range before {
		had[st.name] = !st.empty
	}
	for _, st := range now {
		if had[st.name] && st.empty && st.emptyFor(read) < SavePatience {
			return true
		}
	}
	return false
}

// emptyFor is how long a file has been empty that was found so. Where it had
// something in it when it was opened, it has been so for no time at all, and
// where the file system knows no times it doesn't change.
func (st Stamp) emptyFor(read time.Time) time.Duration {
	switch {
	case st.size > 0:
		return 0
	case st.modTime.IsZero():
		return SavePatience
	}
	return max(read.Sub(st.modTime), 0)
}

// BeingSaved says the same of files that aren't read, but looked at.
func (s *Site) BeingSaved(stamps []Stamp) bool {
	looked := time.Now()
	var now []Stamp
	for _, st := range stamps {
		info, err := s.stat(st.name)
		if err != nil {
			continue
		}
		next := newStamp(st.name, info, looked)
		next.empty = info.Size() == 0
		now = append(now, next)
	}
	return BeingSaved(stamps, now, looked)
}

// MaxSourceFile bounds one page or include; larger is a mistake, not a page.
const MaxSourceFile = 4 << 20

// Reading reads a page's files and notes what they looked like.
type Reading struct {
	Site   *Site
	Stamps []Stamp
	Folded []Folded
	Summed bool              // Sum is to be made
	Sum    [sha256.Size]byte // of all contents in their order, to compare with another reading
}

// Folded is a file that was found only without regard to case.
type Folded struct{ Asked, Found string }

// ReadFile is [runtime.Files].
func (f *Reading) ReadFile(name string) ([]byte, error) {
	real, _, err := f.Site.Find(name)
	if err != nil {
		return nil, err
	}
	if real != name {
		f.Folded = append(f.Folded, Folded{name, real})
	}
	content, stamp, err := f.Site.Read(real, MaxSourceFile)
	if err != nil {
		return nil, err
	}
	f.Stamps = append(f.Stamps, stamp)
	if f.Summed {
		f.Sum = sha256.Sum256(append(f.Sum[:], content...))
	}
	return content, nil
}
