// Package watch tells of changed files as soon as the system does, so that
// nobody has to wait for the next look at them. Where the system doesn't tell
// (a network file system, too many folders) the looks go on as without it.
package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A Config says what is watched. Root and Changed have to be set; the zero value
// of every other field is its default.
type Config struct {
	// Root is the folder, with all that is in it but names that begin with a
	// dot and what links lead to.
	Root string
	// Changed is called when something has changed, by one goroutine, not more
	// often than Pause allows. What changes while it runs is told by another
	// call.
	Changed func()
	// Settle is how long there has to be silence after a change: a file is
	// often written in several steps. Default 50ms.
	Settle time.Duration
	// Pause is the least time between two calls of Changed. Default 500ms.
	Pause time.Duration
	// MaxFolders bounds how many folders are watched. Default 10000.
	MaxFolders int
	// Logger hears of what can't be watched. Default: slog.Default().
	Logger *slog.Logger
}

// A Watcher watches a folder until Close.
type Watcher struct {
	cfg     Config
	system  *fsnotify.Watcher
	folders int // that are watched; the goroutine's own once it runs
	done    sync.WaitGroup
	quit    chan struct{}
	once    sync.Once
}

// ErrTooMany is that there are more folders than MaxFolders.
var ErrTooMany = errors.New("too many folders")

// New watches a folder. The error says why the system doesn't.
func New(cfg Config) (*Watcher, error) {
	if cfg.Settle <= 0 {
		cfg.Settle = 50 * time.Millisecond
	}
	if cfg.Pause <= 0 {
		cfg.Pause = 500 * time.Millisecond
	}
	if cfg.MaxFolders <= 0 {
		cfg.MaxFolders = 10000
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	system, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	w := &Watcher{cfg: cfg, system: system, quit: make(chan struct{})}
	if err := w.add(cfg.Root); err != nil {
		system.Close()
		return nil, fmt.Errorf("watching %s: %w", cfg.Root, err)
	}
	w.done.Go(w.run)
	return w, nil
}

// Close ends the watching, and waits for a call of Changed that runs.
func (w *Watcher) Close() error {
	w.once.Do(func() { close(w.quit) })
	w.done.Wait()
	return w.system.Close()
}

// add watches a folder and those in it.
func (w *Watcher) add(root string) error {
	return filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name != w.cfg.Root:
			return nil // it has gone already
		case err != nil && name == w.cfg.Root:
			return err
		case err != nil:
			return nil // nor can it be served
		case !entry.IsDir() && name != w.cfg.Root:
			return nil
		case name != w.cfg.Root && hidden(name):
			return fs.SkipDir
		}
		if w.folders++; w.folders > w.cfg.MaxFolders {
			return ErrTooMany
		}
		err = w.system.Add(name)
		if errors.Is(err, fs.ErrNotExist) && name != w.cfg.Root {
			return nil
		}
		return err
	})
}

// hidden says that nobody is served a name, nor what is below it.
func hidden(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, ".") && base != ".well-known"
}

// run calls Changed once it has been quiet for a moment after a change.
func (w *Watcher) run() {
	settled := time.NewTimer(time.Hour)
	settled.Stop()
	defer settled.Stop()
	var first, last time.Time // of the changes that were not told; of the last call
	for {
		select {
		case <-w.quit:
			return
		case event := <-w.system.Events:
			if !w.counts(event) {
				continue
			}
		case err := <-w.system.Errors:
			w.cfg.Logger.Warn("watching files", "error", err) // it may have missed some
		case <-settled.C:
			first, last = time.Time{}, time.Now()
			w.cfg.Changed()
			continue
		}
		now := time.Now()
		if first.IsZero() {
			first = now
		}
		// Whoever never stops writing doesn't keep the others from being told.
		wait := min(w.cfg.Settle, first.Add(w.cfg.Pause).Sub(now))
		settled.Reset(max(wait, last.Add(w.cfg.Pause).Sub(now), 0))
	}
}

// counts says whether an event is of a file that somebody may see. A new folder
// is watched from now on.
func (w *Watcher) counts(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod || hidden(event.Name) {
		return false
	}
	if event.Has(fsnotify.Create) {
		if info, err := os.Lstat(event.Name); err == nil && info.IsDir() {
			if err := w.add(event.Name); err != nil {
				w.cfg.Logger.Warn("a folder isn't watched; it is looked at every check_interval", "folder", event.Name, "error", err)
			}
		}
	}
	return true
}
