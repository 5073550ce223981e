package main

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// newSite is the site that naja new makes.
//
//go:embed newsite
var newSite embed.FS

// newCommand makes a small site to start from: a page with a form, an include
// layout, a global.asa and a style sheet. It never touches a file that is
// there already.
func newCommand(_ context.Context, out *console, args []string) error {
	fs := newFlags(out, "new")
	dir, err := fs.parse(args, 1, 1)
	if err != nil {
		return err
	}
	if entries, err := os.ReadDir(dir[0]); err == nil && len(entries) > 0 {
		return usageErrorf("new: %s isn't empty; name a folder that is new", dir[0])
	}
	if err := copyNewSite(dir[0]); err != nil {
		return fmt.Errorf("making the site: %w", err)
	}
	_, err = fmt.Fprintf(out.stdout, "made %s; look at it with: naja serve --dev %s\n", dir[0], dir[0])
	return err
}

func copyNewSite(dir string) error {
	site, err := fs.Sub(newSite, "newsite")
	if err != nil {
		return err
	}
	return fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		content, err := fs.ReadFile(site, name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, content, 0o644)
	})
}
