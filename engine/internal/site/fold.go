package site

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"
)

// Find is stat for a name whose case may differ from the file's, as it does
// in links and includes written on Windows: the exact name comes first, and
// only if it is missing are the folders on the way searched without regard to
// case. It returns the name that the file really has.
func (s *Site) Find(name string) (string, fs.FileInfo, error) {
	info, err := s.stat(name)
	if err == nil || !errors.Is(err, fs.ErrNotExist) || !validName(name) {
		return name, info, err
	}
	real, ok := s.foldName(name)
	if !ok || real == name {
		return name, nil, err
	}
	info, err = s.stat(real)
	return real, info, err
}

// foldName replaces each part of a name by the spelling found on disk.
func (s *Site) foldName(name string) (string, bool) {
	dir := "."
	for part := range strings.SplitSeq(name, "/") {
		spelling, ok := s.fold.spelling(s.fsys, dir, part)
		if !ok {
			return "", false
		}
		dir = path.Join(dir, spelling)
	}
	return dir, true
}

// A foldIndex remembers what folders hold, so that requests for what isn't there
// don't read a folder each time. A folder's own time tells when it changed.
type foldIndex struct {
	mu       sync.Mutex
	listings map[string]*listing // by folder
	names    int                 // in all listings
}

// Bounds on what a foldIndex remembers, and on how large a folder it reads at
// all: in a larger one names count as they are.
const (
	maxFoldedNames   = 100_000
	maxFoldedListing = 20_000
)

// A listing is the content of one folder. It isn't changed once made.
type listing struct {
	stamp Stamp
	// names leads from the exact and from the lower-case spelling to the
	// exact one. Where several differ by case alone, the first by order has
	// the lower-case spelling.
	names map[string]string
}

// spelling returns the name that a file or folder in dir has on disk.
func (f *foldIndex) spelling(fsys fs.FS, dir, name string) (string, bool) {
	l := f.listing(fsys, dir)
	if l == nil {
		return "", false
	}
	if exact, ok := l.names[name]; ok {
		return exact, true
	}
	exact, ok := l.names[strings.ToLower(name)]
	return exact, ok
}

// listing returns nil if dir can't be listed.
func (f *foldIndex) listing(fsys fs.FS, dir string) *listing {
	looked := time.Now()
	info, err := fs.Stat(fsys, dir)
	if err != nil || !info.IsDir() {
		return nil
	}
	f.mu.Lock()
	l := f.listings[dir]
	f.mu.Unlock()
	if l != nil && l.stamp.same(info) {
		return l
	}
	l = &listing{stamp: newStamp(dir, info, looked), names: readNames(fsys, dir)}
	// Folders of an embed.FS have no time; they are read each time, which
	// costs nothing there, instead of being trusted never to change.
	if l.names != nil && !info.ModTime().IsZero() {
		f.remember(dir, l)
	}
	return l
}

func (f *foldIndex) remember(dir string, l *listing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if old := f.listings[dir]; old != nil {
		f.names -= len(old.names)
	}
	f.names += len(l.names)
	if f.listings == nil || f.names > maxFoldedNames {
		f.listings, f.names = make(map[string]*listing), len(l.names)
	}
	f.listings[dir] = l
}

// readNames returns nil if the folder can't be read or is too large.
func readNames(fsys fs.FS, dir string) map[string]string {
	file, err := fsys.Open(dir)
	if err != nil {
		return nil
	}
	defer file.Close()
	d, ok := file.(fs.ReadDirFile)
	if !ok {
		return nil
	}
	entries, err := d.ReadDir(maxFoldedListing + 1)
	if err != nil && err != io.EOF || len(entries) > maxFoldedListing {
		return nil
	}
	names := make(map[string]string, 2*len(entries))
	for _, entry := range entries {
		names[entry.Name()] = entry.Name()
	}
	for _, entry := range entries {
		addFolded(names, entry.Name())
	}
	return names
}

func addFolded(names map[string]string, name string) {
	lower := strings.ToLower(name)
	if lower == name {
		return
	}
	// A file that is spelled in lower case keeps its own name.
	if other, taken := names[lower]; !taken || other != lower && name < other {
		names[lower] = name
	}
}
