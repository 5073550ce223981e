// Package site is where an application's files come from: a folder that nothing
// leads out of, or a file system; what a URL and a path in a page lead to in it;
// and the files that are sent as they are.
package site

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// A Site is the folder or file system that an application's files come from.
// Nothing outside it can be reached, and nothing in it but regular files is
// opened. Names are slash-separated and relative to its root, as in io/fs.
// All methods may be called from any goroutine.
type Site struct {
	fsys fs.FS
	root *os.Root // nil if the site is a file system given by the caller
	fold foldIndex
}

// Open opens a folder, or takes fsys where that isn't nil. The caller
// closes it.
//
// A folder is held by its handle, so the site stays the same one when the
// folder is renamed or a symbolic link to it is turned elsewhere.
func Open(folder string, fsys fs.FS) (*Site, error) {
	if fsys != nil {
		return &Site{fsys: fsys}, nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("opening the site's root: %w", err)
	}
	return &Site{fsys: root.FS(), root: root}, nil
}

// Walk visits all that there is, from the root.
func (s *Site) Walk(visit fs.WalkDirFunc) error { return fs.WalkDir(s.fsys, ".", visit) }

// Close gives the folder up.
func (s *Site) Close() error {
	if s.root == nil {
		return nil
	}
	return s.root.Close()
}

// missing is the error for every name that can't be used, whatever the
// reason, so that callers have one question to ask: errors.Is(err,
// fs.ErrNotExist).
func missing(op, name string) error {
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// validName reports whether a file of a site can have the name. Backslash and
// colon are refused on every system: on Windows the one separates folders and
// the other names a stream of the file, which is how page sources used to be
// read from outside.
func validName(name string) bool {
	return fs.ValidPath(name) && !strings.ContainsAny(name, "\\:\x00")
}

// stat describes a regular file or a folder; anything else is missing. The
// name is taken as it is; see [Site.Find].
func (s *Site) stat(name string) (fs.FileInfo, error) {
	if !validName(name) {
		return nil, missing("stat", name)
	}
	info, err := fs.Lstat(s.fsys, name)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if !s.honestLink(name) {
			return nil, missing("stat", name)
		}
		info, err = fs.Stat(s.fsys, name)
	}
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() && !info.IsDir():
		return nil, missing("stat", name)
	}
	return info, nil
}

// honestLink reports whether a symbolic link has the extension of the file it
// leads to. A link page.txt to page.asp would send the page's source.
func (s *Site) honestLink(name string) bool {
	ext := path.Ext(name)
	for range 8 { // as many links as os.Root follows
		target, err := fs.ReadLink(s.fsys, name)
		if err != nil {
			return false
		}
		name = path.Join(path.Dir(name), strings.ReplaceAll(target, `\`, "/"))
		info, err := fs.Lstat(s.fsys, name)
		switch {
		case err != nil:
			return false
		case info.Mode()&fs.ModeSymlink == 0:
			return info.IsDir() || strings.EqualFold(path.Ext(name), ext)
		}
	}
	return false
}

// A siteFile is an open regular file. The caller closes it.
type siteFile struct {
	io.ReadSeeker
	file fs.File
	info fs.FileInfo // as it was when the file was opened
}

func (f *siteFile) Close() error { return f.file.Close() }

// open opens a regular file by its exact name. It never waits for a FIFO or a
// device: those aren't opened at all, and if one takes a file's place between
// the look and the opening, it is opened without waiting and closed again.
func (s *Site) open(name string) (*siteFile, error) {
	info, err := s.stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, missing("open", name)
	}
	file, err := s.openFile(name)
	if err != nil {
		return nil, err
	}
	f, err := newSiteFile(file, name)
	if err != nil {
		file.Close()
		return nil, err
	}
	return f, nil
}

func (s *Site) openFile(name string) (fs.File, error) {
	if s.root == nil {
		return s.fsys.Open(name)
	}
	return s.root.OpenFile(name, os.O_RDONLY|nonblock, 0)
}

// maxUnseekable is how much of a file that can't seek is taken into memory.
const maxUnseekable = 32 << 20

func newSiteFile(file fs.File, name string) (*siteFile, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, missing("open", name)
	}
	if seeker, ok := file.(io.ReadSeeker); ok {
		return &siteFile{ReadSeeker: seeker, file: file, info: info}, nil
	}
	content, err := readBounded(file, name, maxUnseekable)
	if err != nil {
		return nil, err
	}
	return &siteFile{ReadSeeker: bytes.NewReader(content), file: file, info: info}, nil
}

// errFileTooLarge is what reading a file past its bound ends with.
var errFileTooLarge = errors.New("file too large")

// Read returns the content of a file of at most limit bytes, and the stamp
// that the content had.
func (s *Site) Read(name string, limit int64) ([]byte, Stamp, error) {
	now := time.Now()
	f, err := s.open(name)
	if err != nil {
		return nil, Stamp{}, err
	}
	defer f.Close()
	content, err := readBounded(f, name, limit)
	if err != nil {
		return nil, Stamp{}, err
	}
	stamp := newStamp(name, f.info, now)
	stamp.empty = len(content) == 0
	return content, stamp, nil
}

func readBounded(r io.Reader, name string, limit int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > limit {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("%w: more than %d bytes", errFileTooLarge, limit)}
	}
	return content, nil
}

// EmbeddedFolder is the folder of an embed.FS in which the site lies deeper than
// its root, "" for none: //go:embed keeps the folder's name, and every page
// would be missing.
func EmbeddedFolder(fsys fs.FS, statics []string) string {
	switch fsys.(type) {
	case embed.FS, *embed.FS:
	default:
		return ""
	}
	folder := ""
	for {
		inner, ok := onlyFolder(fsys, path.Join(".", folder), statics)
		if !ok {
			return folder
		}
		folder = inner
	}
}

// onlyFolder is the one folder in a folder that holds nothing besides that
// anybody could be sent.
func onlyFolder(fsys fs.FS, folder string, statics []string) (inner string, ok bool) {
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		return "", false // who opens the site hears of it
	}
	for _, entry := range entries {
		name := entry.Name()
		ext := strings.ToLower(path.Ext(name))
		switch {
		case entry.IsDir() && (inner != "" || name == WellKnown):
			return "", false
		case entry.IsDir():
			inner = path.Join(folder, name)
		case ext == ".asp", ext == ".asa", slices.Contains(statics, ext):
			return "", false
		}
	}
	return inner, inner != ""
}
