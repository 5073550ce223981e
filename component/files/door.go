// Package files is the one door to the files of a machine for the components of
// pages: what they may read and write, and by which names. Each folder is an
// os.Root, which no name and no link leads out of.
package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A Config says which folders pages reach.
type Config struct {
	// Root is the site's folder: pages may read what is below it.
	Root string
	// Folders are others, or parts of the site's, by names of the program's own.
	Folders map[string]Folder
}

// A Folder is one that pages reach by its path.
type Folder struct {
	Path  string // absolute, or below the root
	Write bool   // pages may write there
}

// The errors of a door; none tells a path of the machine.
var (
	ErrPath       = errors.New("path not found")
	ErrPermission = errors.New("permission denied")
)

// A Door opens files by the names that pages give. Any goroutine may use it.
type Door struct {
	places []place // the longest path first
}

// A place is a folder.
type place struct {
	path  string // absolute
	root  *os.Root
	write bool
}

// Open opens the folders. Whoever opened the door closes it. The error names the
// folder that is missing.
func Open(cfg Config) (_ *Door, err error) {
	d := &Door{}
	defer func() {
		if err != nil {
			_ = d.Close()
		}
	}()
	if err := d.add(cfg.Root, cfg.Root, false); err != nil {
		return nil, fmt.Errorf("files: the root: %w", err)
	}
	for name, f := range cfg.Folders {
		if err := d.add(cfg.Root, f.Path, f.Write); err != nil {
			return nil, fmt.Errorf("files: %s: %w", name, err)
		}
	}
	slices.SortFunc(d.places, func(a, b place) int { return len(b.path) - len(a.path) })
	return d, nil
}

func (d *Door) add(root, at string, write bool) error {
	if !filepath.IsAbs(at) && at != root {
		at = filepath.Join(root, at)
	}
	at, err := filepath.Abs(at)
	if err != nil {
		return err
	}
	r, err := os.OpenRoot(at)
	if err != nil {
		return err
	}
	d.places = append(d.places, place{at, r, write})
	return nil
}

// Close closes the folders. Files that are open stay so.
func (d *Door) Close() error {
	var errs []error
	for _, p := range d.places {
		errs = append(errs, p.root.Close())
	}
	return errors.Join(errs...)
}

// A Spot is a name that leads into one of the folders.
type Spot struct {
	place *place
	name  string // below it, with slashes; "." is the folder itself
}

// Find reads a name: a path as Server.MapPath gives it, or one from the site's root;
// slashes of both kinds are alike. ErrPath where it leads nowhere that pages reach:
// a drive, another host, above the root.
func (d *Door) Find(name string) (Spot, error) {
	slashed := strings.ReplaceAll(name, `\`, "/")
	if name == "" || len(name) > 4096 || strings.ContainsRune(name, 0) || strings.HasPrefix(slashed, "//") {
		return Spot{}, ErrPath
	}
	if clean := filepath.Clean(filepath.FromSlash(slashed)); filepath.IsAbs(clean) {
		for i := range d.places {
			p := &d.places[i]
			if rel, err := filepath.Rel(p.path, clean); err == nil && filepath.IsLocal(rel) {
				return Spot{p, filepath.ToSlash(rel)}, nil
			}
		}
	}
	if strings.ContainsRune(slashed, ':') {
		return Spot{}, ErrPath // a drive, or what Windows would take for another stream
	}
	rel := strings.TrimPrefix(slashed, "/")
	if rel = path.Clean(rel); !filepath.IsLocal(filepath.FromSlash(rel)) {
		return Spot{}, ErrPath
	}
	root := d.root()
	return d.Find(filepath.Join(root.path, filepath.FromSlash(rel)))
}

// root is the site's folder: the first that was opened.
func (d *Door) root() *place { return &d.places[len(d.places)-1] }

// Path is the spot as a path that Find leads back to.
func (s Spot) Path() string { return filepath.Join(s.place.path, filepath.FromSlash(s.name)) }

// Base is its last part.
func (s Spot) Base() string { return filepath.Base(s.Path()) }

// IsFolder says that it is one of the door's folders itself, which nobody removes.
func (s Spot) IsFolder() bool { return s.name == "." }

// Join is a spot below a folder.
func (s Spot) Join(name string) Spot { return Spot{s.place, path.Join(s.name, name)} }

// Parent is the folder around it; false at the folder that the door opened.
func (s Spot) Parent() (Spot, bool) {
	if s.name == "." {
		return s, false
	}
	return Spot{s.place, path.Dir(s.name)}, true
}

// readable refuses what pages have no business with: settings, and what has a dot
// before its name.
func (s Spot) readable() error {
	for _, part := range strings.Split(s.name, "/") {
		if part != "." && strings.HasPrefix(part, ".") {
			return ErrPath
		}
	}
	if strings.EqualFold(path.Base(s.name), "naja.toml") {
		return ErrPath
	}
	return nil
}

// writable refuses, besides, folders that are for reading, and what the server would
// run: a page that could write a page could do anything.
func (s Spot) writable() error {
	if err := s.readable(); err != nil {
		return err
	}
	if !s.place.write || slices.Contains([]string{".asp", ".asa", ".inc"}, strings.ToLower(path.Ext(strings.TrimRight(s.name, ". ")))) {
		return ErrPermission
	}
	return nil
}

func (s Spot) local() string { return filepath.FromSlash(s.name) }

// Stat says what is there.
func (s Spot) Stat() (fs.FileInfo, error) {
	if err := s.readable(); err != nil {
		return nil, fs.ErrNotExist
	}
	return s.place.root.Stat(s.local())
}

// Open opens a file for reading: what is no regular file is refused.
func (s Spot) Open() (*os.File, error) {
	info, err := s.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist
	}
	return s.place.root.Open(s.local())
}

// OpenFile opens one for writing, by os's flags.
func (s Spot) OpenFile(flag int) (*os.File, error) {
	if err := s.writable(); err != nil {
		return nil, err
	}
	if info, err := s.place.root.Stat(s.local()); err == nil && !info.Mode().IsRegular() {
		return nil, ErrPermission
	}
	return s.place.root.OpenFile(s.local(), flag, 0o644)
}

// List is what a folder has, but for what pages don't see.
func (s Spot) List() ([]fs.DirEntry, error) {
	if err := s.readable(); err != nil {
		return nil, fs.ErrNotExist
	}
	all, err := fs.ReadDir(s.place.root.FS(), s.name)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool { return s.Join(e.Name()).readable() != nil }), err
}

// Mkdir makes a folder.
func (s Spot) Mkdir() error {
	if err := s.writable(); err != nil {
		return err
	}
	return s.place.root.Mkdir(s.local(), 0o755)
}

// Remove removes a file, or with all a folder and what is in it.
func (s Spot) Remove(all bool) error {
	if err := s.writable(); err != nil {
		return err
	}
	if s.IsFolder() {
		return ErrPermission
	}
	if all {
		return s.place.root.RemoveAll(s.local())
	}
	return s.place.root.Remove(s.local())
}

// SetWritable sets or takes away the owner's permission to write, which is what
// read-only means.
func (s Spot) SetWritable(on bool) error {
	if err := s.writable(); err != nil {
		return err
	}
	info, err := s.Stat()
	if err != nil {
		return err
	}
	mode := info.Mode().Perm() &^ 0o222
	if on {
		mode |= 0o200
	}
	return s.place.root.Chmod(s.local(), mode)
}

// Rename moves it to another spot of the same folder of the door; false where they
// are in two, and have to be copied.
func (s Spot) Rename(to Spot) (ok bool, err error) {
	if err := errors.Join(s.writable(), to.writable()); err != nil {
		return true, ErrPermission
	}
	if s.place != to.place {
		return false, nil
	}
	return true, s.place.root.Rename(s.local(), to.local())
}
