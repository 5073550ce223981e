package site

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Lookout tells the files of a site from what they were. Any goroutine may use
// it; it must not be copied.
type Lookout struct {
	site *Site

	mu    sync.Mutex
	print string // of the last look
	at    time.Time
	took  time.Duration
}

// NewLookout looks at a site.
func NewLookout(s *Site) *Lookout { return &Lookout{site: s} }

// lookEvery is how old a look may be that a browser is answered by. Where looking
// takes long, nine times as long pass until the next look.
const lookEvery = 200 * time.Millisecond

// maxWatched bounds the files that are looked at.
const maxWatched = 20000

// Now looks, and gives the fingerprint of what is there; "" if nothing can be
// seen.
func (l *Lookout) Now() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.look()
}

// Lately is now, as many browsers ask for it.
func (l *Lookout) Lately() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at.IsZero() || time.Since(l.at) >= max(lookEvery, 9*l.took) {
		return l.look()
	}
	return l.print
}

func (l *Lookout) look() string {
	began := time.Now()
	l.print = l.site.fingerprint()
	l.at = time.Now()
	l.took = l.at.Sub(began)
	return l.print
}

// fingerprint changes when a file of the site that its author writes comes, goes
// or changes.
func (s *Site) fingerprint() string {
	h := fnv.New64a()
	n := 0
	err := fs.WalkDir(s.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case name == ".":
			return err
		case err != nil:
			return nil // it went while we looked: the next look is another
		case unwritten(name):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if n++; n > maxWatched {
			return fs.SkipAll
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			fmt.Fprintf(h, "%q %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	if err != nil {
		return ""
	}
	return strconv.FormatUint(h.Sum64(), 16)
}

// unwritten says that a change of the file is none of its author's: what begins
// with a dot, packages, databases and logs, which pages write, and what editors
// leave beside a file.
func unwritten(name string) bool {
	base := strings.ToLower(path.Base(name))
	ext := path.Ext(base)
	source := ext == ".asp" || ext == ".asa" || ext == ".inc"
	return base[0] == '.' && !strings.EqualFold(name, WellKnown) || base == "node_modules" || ext == ".log" || strings.HasSuffix(base, "~") ||
		!source && slices.Contains(NeverSent(), ext)
}
