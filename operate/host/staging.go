package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// updateFolder is where an update is prepared: below the site's root, so that
// its files can be renamed into their places, and hidden like every name that
// begins with a dot.
const (
	updateFolder  = ".naja-update"
	newFolder     = updateFolder + "/new"   // files that are to come
	oldFolder     = updateFolder + "/old"   // files that were there
	checkFolder   = updateFolder + "/check" // the site as it will be
	journalFile   = updateFolder + "/journal"
	journalUnsure = journalFile + ".tmp"
)

// An update is one of the site's files on its way; a nil one has nothing to do.
// One goroutine uses it.
type update struct {
	site, source *os.Root
	siteFolder   string
	remove       bool // what the source lacks
	plan         plan
	seen         map[string]fs.FileInfo // the source's files
}

// stageSite copies what differs from the site, and checks the site as it will
// be. It is nil where nothing differs, or no files come from anywhere; the
// caller closes it.
func stageSite(ctx context.Context, cfg *Config, res *UpdateResult) (_ *update, err error) {
	if cfg.UpdateSource == "" || cfg.Root == "" {
		return nil, nil
	}
	u, err := openUpdate(cfg)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			u.close()
		}
	}()
	if err := u.stage(ctx, res); err != nil {
		return nil, fmt.Errorf("copying the new site: %w", err)
	}
	if len(u.plan.Changes) == 0 {
		u.close()
		return nil, nil
	}
	if cfg.Check != nil {
		if err := u.check(ctx, cfg.Check); err != nil {
			return nil, fmt.Errorf("checking the new site: %w", err)
		}
	}
	return u, u.writable()
}

// openUpdate looks whether an update is possible at all. The caller closes it.
func openUpdate(cfg *Config) (_ *update, err error) {
	if err := apart(cfg.Root, cfg.UpdateSource); err != nil {
		return nil, err
	}
	u := &update{siteFolder: cfg.Root, remove: cfg.UpdateDelete, seen: map[string]fs.FileInfo{}}
	if u.source, err = os.OpenRoot(cfg.UpdateSource); err != nil {
		return nil, fmt.Errorf("the folder that updates come from can't be read: %w", err)
	}
	if u.site, err = os.OpenRoot(cfg.Root); err != nil {
		u.source.Close()
		return nil, fmt.Errorf("the site can't be read: %w", err)
	}
	defer func() {
		if err != nil {
			u.close()
		}
	}()
	if err := undo(u.site); err != nil {
		return nil, fmt.Errorf("undoing an update that was broken off: %w", err)
	}
	if err := u.site.MkdirAll(newFolder, 0o700); err != nil {
		return nil, fmt.Errorf("the site can't be written to: %w", err)
	}
	return u, nil
}

// close removes what is left of an update.
func (u *update) close() {
	if u == nil {
		return
	}
	if _, err := u.site.Lstat(journalFile); errors.Is(err, fs.ErrNotExist) {
		_ = u.site.RemoveAll(updateFolder) // what stays is removed by the next one
	}
	u.source.Close()
	u.site.Close()
}

// apart refuses two folders of which one is in the other.
func apart(root, source string) error {
	var real [2]string
	for i, folder := range []string{root, source} {
		absolute, err := filepath.Abs(folder)
		if err == nil {
			real[i], err = filepath.EvalSymlinks(absolute)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
	}
	for i, inner := range real {
		if rel, err := filepath.Rel(real[1-i], inner); err == nil && filepath.IsLocal(rel) {
			return fmt.Errorf("%s and %s are in each other; updates have to come from a folder of their own", root, source)
		}
	}
	return nil
}

// skipped says that a name has no part in updates: hidden ones, which nobody is
// served, but for those of RFC 8615.
func skipped(name string) bool {
	return strings.HasPrefix(path.Base(name), ".") && name != "." && path.Base(name) != ".well-known"
}

// walk visits what has a part in updates, a folder before what is in it.
func walk(ctx context.Context, root *os.Root, visit func(name string, entry fs.DirEntry) error) error {
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case skipped(name) && entry.IsDir():
			return fs.SkipDir
		case skipped(name):
			return nil
		}
		return visit(name, entry)
	})
}

// stage finds out what changes, and copies what is new.
func (u *update) stage(ctx context.Context, res *UpdateResult) error {
	err := walk(ctx, u.source, func(name string, entry fs.DirEntry) error {
		if entry.IsDir() {
			return u.stageFolder(name)
		}
		return u.stageFile(name, res)
	})
	if err == nil && u.remove {
		err = u.stageRemovals(ctx, res)
	}
	if err == nil {
		err = u.steady()
	}
	return err
}

// stageFolder notes a folder that the site lacks.
func (u *update) stageFolder(name string) error {
	info, err := u.site.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		u.plan.Folders = append(u.plan.Folders, name)
		return u.site.MkdirAll(path.Join(newFolder, name), 0o700)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is a folder in the update and a file in the site", name)
	}
	return nil
}

// stageFile copies a file that the site lacks, or has otherwise.
func (u *update) stageFile(name string, res *UpdateResult) error {
	info, err := u.source.Stat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file, nor a folder of its own", name)
	}
	u.seen[name] = info
	kind := changeReplace
	switch old, err := u.site.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
		kind = changeAdd
	case err != nil:
		return err
	case !old.Mode().IsRegular():
		return fmt.Errorf("%s is a file in the update and none in the site", name)
	case old.Size() == info.Size():
		if same, err := u.same(name); same || err != nil {
			res.Unchanged++
			return err
		}
	}
	if err := u.copy(name, info.Mode().Perm()); err != nil {
		return err
	}
	u.plan.add(kind, name, res)
	return nil
}

// stageRemovals notes what the source doesn't have.
func (u *update) stageRemovals(ctx context.Context, res *UpdateResult) error {
	return walk(ctx, u.site, func(name string, entry fs.DirEntry) error {
		if !entry.IsDir() && !kept(name) && u.seen[name] == nil {
			u.plan.add(changeRemove, name, res)
		}
		return nil
	})
}

// kept says that no update takes a file away: it may be state that lies in the
// site, or what another program puts there for others to find, such as a
// client of a certificate authority.
func kept(name string) bool {
	if strings.HasPrefix(name, ".well-known/") {
		return true
	}
	base := strings.ToLower(path.Base(name))
	for _, part := range []string{".db", ".sqlite", ".mdb", ".ldb"} {
		if strings.Contains(base, part) {
			return true
		}
	}
	return base == "naja.toml"
}

// steady refuses a source that was changed while it was copied.
func (u *update) steady() error {
	for name, before := range u.seen {
		now, err := u.source.Stat(name)
		if err != nil || now.Size() != before.Size() || !now.ModTime().Equal(before.ModTime()) {
			return fmt.Errorf("%s changed while it was copied", name)
		}
	}
	return nil
}

// same compares a file of the update with the site's.
func (u *update) same(name string) (bool, error) {
	a, err := u.source.Open(name)
	if err != nil {
		return false, err
	}
	defer a.Close()
	b, err := u.site.Open(name)
	if err != nil {
		return false, err
	}
	defer b.Close()
	return sameBytes(a, b)
}

func sameBytes(a, b io.Reader) (bool, error) {
	x, y := make([]byte, 32<<10), make([]byte, 32<<10)
	for {
		n, err := io.ReadFull(a, x)
		m, err2 := io.ReadFull(b, y)
		if n != m || string(x[:n]) != string(y[:m]) {
			return false, nil
		}
		if err != nil || err2 != nil {
			over := (err == io.EOF || err == io.ErrUnexpectedEOF) && (err2 == io.EOF || err2 == io.ErrUnexpectedEOF)
			if over {
				return true, nil
			}
			return false, errors.Join(err, err2)
		}
	}
}

// copy copies a file of the update into the site's file system, with a time of
// its own: the engine tells a changed file by time and size.
func (u *update) copy(name string, mode fs.FileMode) (err error) {
	from, err := u.source.Open(name)
	if err != nil {
		return err
	}
	defer from.Close()
	target := path.Join(newFolder, name)
	if err := u.site.MkdirAll(path.Dir(target), 0o700); err != nil {
		return err
	}
	to, err := u.site.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	if err := to.Chmod(mode); err != nil { // whatever the umask is
		return err
	}
	return to.Sync()
}
