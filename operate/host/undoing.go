package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
)

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
