package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// The kinds of changes.
const (
	changeAdd     = "add"
	changeReplace = "replace"
	changeRemove  = "remove"
)

// A change is what happens to one file.
type change struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// A plan is what an update does: the journal, from which it can be undone
// wherever it was broken off.
type plan struct {
	Changes []change `json:"changes"`
	Folders []string `json:"folders"` // that the site lacks, an outer one before what is in it
}

// add notes a change.
func (p *plan) add(kind, name string, res *UpdateResult) {
	p.Changes = append(p.Changes, change{kind, name})
	list := map[string]*[]string{changeAdd: &res.Added, changeReplace: &res.Replaced, changeRemove: &res.Removed}[kind]
	*list = append(*list, name)
}

// changesGlobal says that the application ends with the update.
func (p *plan) changesGlobal() bool {
	return slices.ContainsFunc(p.Changes, func(c change) bool { return strings.EqualFold(c.Name, "global.asa") })
}

// check puts the site together as it will be, and has it checked. Its files are
// the very ones, by other names.
func (u *update) check(ctx context.Context, check func(context.Context, string) error) error {
	defer func() { _ = u.site.RemoveAll(checkFolder) }()
	gone := map[string]bool{}
	for _, c := range u.plan.Changes {
		gone[c.Name] = true
		if c.Kind == changeRemove {
			continue
		}
		if err := u.link(path.Join(newFolder, c.Name), path.Join(checkFolder, c.Name)); err != nil {
			return err
		}
	}
	err := walk(ctx, u.site, func(name string, entry fs.DirEntry) error {
		if entry.IsDir() || gone[name] {
			return nil
		}
		return u.link(name, path.Join(checkFolder, name))
	})
	if err != nil {
		return err
	}
	return check(ctx, filepath.Join(u.siteFolder, filepath.FromSlash(checkFolder)))
}

// link gives a file of the site another name, or copies it where the file
// system has no such thing.
func (u *update) link(from, to string) error {
	if err := u.site.MkdirAll(path.Dir(to), 0o700); err != nil {
		return err
	}
	if u.site.Link(from, to) == nil {
		return nil
	}
	content, err := u.site.ReadFile(from)
	if err != nil {
		return err
	}
	return u.site.WriteFile(to, content, 0o600)
}

// writable tries whether the folders can be written to in which something
// changes.
func (u *update) writable() error {
	tried := map[string]bool{}
	for _, c := range u.plan.Changes {
		folder := path.Dir(c.Name)
		if tried[folder] || slices.Contains(u.plan.Folders, folder) {
			continue
		}
		tried[folder] = true
		probe := path.Join(folder, ".naja-update-probe")
		err := u.site.WriteFile(probe, nil, 0o600)
		if err == nil {
			err = u.site.Remove(probe)
		}
		if err != nil {
			return fmt.Errorf("the site can't be written to: %w", err)
		}
	}
	return nil
}

// write puts the journal on the disk, whole or not at all.
func (u *update) write() error {
	if u == nil {
		return nil
	}
	text, err := json.Marshal(&u.plan)
	if err != nil {
		return err
	}
	f, err := u.site.Create(journalUnsure)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = u.site.Rename(journalUnsure, journalFile)
	}
	if err == nil {
		err = syncFolder(u.site, updateFolder)
	}
	return err
}

// syncFolder puts a folder's names on the disk, on systems that know how.
func syncFolder(root *os.Root, name string) error {
	folder, err := root.Open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	_ = folder.Sync() // not every system can
	return nil
}

// swap puts the new files into their places; ctx may end it in the middle.
// Each name leads to the old file or to the new one at every moment.
func (u *update) swap(ctx context.Context) error {
	if u == nil {
		return nil
	}
	for _, folder := range u.plan.Folders {
		info, err := u.source.Stat(folder)
		if err != nil {
			return err
		}
		if err := u.site.Mkdir(folder, info.Mode().Perm()|0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	for _, c := range u.plan.Changes {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := u.swapOne(c); err != nil {
			return err
		}
	}
	return nil
}

func (u *update) swapOne(c change) error {
	fresh, old := path.Join(newFolder, c.Name), path.Join(oldFolder, c.Name)
	if c.Kind != changeAdd {
		if err := u.site.MkdirAll(path.Dir(old), 0o700); err != nil {
			return err
		}
	}
	if c.Kind == changeRemove {
		return u.site.Rename(c.Name, old)
	}
	if c.Kind == changeReplace && u.site.Link(c.Name, old) != nil {
		if err := u.site.Rename(c.Name, old); err != nil {
			return err
		}
	}
	return u.site.Rename(fresh, c.Name)
}

// commit makes the update good: without its journal nothing is undone any more.
func (u *update) commit() error {
	if u == nil {
		return nil
	}
	if err := u.site.Remove(journalFile); err != nil {
		return err
	}
	return syncFolder(u.site, updateFolder)
}

// rollBack undoes the update, as far as it got.
func (u *update) rollBack() error {
	if u == nil {
		return nil
	}
	return undo(u.site)
}

// undo puts the files of an update that was broken off back into their places,
// and removes what else is left of it. It may be broken off itself and begun
// again. Without a journal nothing had begun, or all had ended.
func undo(site *os.Root) error {
	text, err := site.ReadFile(journalFile)
	if errors.Is(err, fs.ErrNotExist) {
		return site.RemoveAll(updateFolder)
	}
	var p plan
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", journalFile, err)
	}
	for _, c := range slices.Backward(p.Changes) {
		if err := undoOne(site, c); err != nil {
			return err
		}
	}
	for _, folder := range slices.Backward(p.Folders) {
		_ = site.Remove(folder) // unless somebody else has put something into it
	}
	if err := site.Remove(journalFile); err != nil {
		return err
	}
	return site.RemoveAll(updateFolder)
}

func undoOne(site *os.Root, c change) error {
	fresh, old := path.Join(newFolder, c.Name), path.Join(oldFolder, c.Name)
	if c.Kind != changeAdd {
		if err := site.Rename(old, c.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if _, err := site.Lstat(fresh); err == nil {
		return nil // it hadn't come yet
	}
	if err := site.Rename(c.Name, fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// mend undoes an update that a crash broke off.
func (a *Application) mend() error {
	if a.cfg.Root == "" {
		return nil
	}
	site, err := os.OpenRoot(a.cfg.Root)
	if err != nil {
		return nil // whoever opens the site says what is wrong
	}
	defer site.Close()
	if _, err := site.Lstat(updateFolder); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, unfinished := site.Lstat(journalFile)
	if a.cfg.UpdateProgram != "" && a.cfg.Program != "" {
		if err := mendProgram(a.cfg.Program, unfinished == nil); err != nil {
			return err
		}
	}
	if err := undo(site); err != nil {
		return fmt.Errorf("undoing an update that was broken off: %w", err)
	}
	if unfinished == nil {
		a.cfg.Logger.Warn("an update that was broken off has been undone")
	}
	return nil
}
