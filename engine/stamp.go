package engine

import (
	"io/fs"
	"time"
)

// A fileStamp tells one state of a file from another by what the system says
// about it: the time of its last change and its size. A file system without
// times (an embed.FS) counts as one that doesn't change.
type fileStamp struct {
	name    string
	modTime time.Time
	size    int64
	young   bool
	empty   bool // there was nothing in it when it was read
}

// clockTick is how much later than a change a file must have been looked at
// for its time to be trusted. Systems stamp files with a clock that moves in
// steps of some milliseconds, so two changes within a step have one time.
const clockTick = 20 * time.Millisecond

// newStamp makes the stamp of a file that was looked at not before looked.
func newStamp(name string, info fs.FileInfo, looked time.Time) fileStamp {
	modTime := info.ModTime()
	return fileStamp{
		name:    name,
		modTime: modTime,
		size:    info.Size(),
		young:   !modTime.IsZero() && looked.Sub(modTime) < clockTick,
	}
}

// same reports whether the file that info describes is certainly the one
// whose stamp it is. It isn't certain of a file that was changed just before
// it was stamped.
func (st fileStamp) same(info fs.FileInfo) bool {
	return !st.young && st.size == info.Size() && st.modTime.Equal(info.ModTime())
}

// unchanged reports whether all the files are as they were when stamped.
func (s *site) unchanged(stamps []fileStamp) bool {
	for _, st := range stamps {
		info, err := s.stat(st.name)
		if err != nil || !info.Mode().IsRegular() || !st.same(info) {
			return false
		}
	}
	return true
}
