package main

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/najahost/naja/engine"
)

// lacks says what a folder needs to be a site, "" if it has that.
func lacks(cfg engine.Config) string {
	found, begins := false, false
	err := fs.WalkDir(os.DirFS(cfg.Root), ".", func(name string, d fs.DirEntry, err error) error {
		base := strings.ToLower(path.Base(name))
		switch {
		case err != nil || name == ".":
			return err
		case base[0] == '.' && d.IsDir():
			return fs.SkipDir
		case base[0] == '.' || d.IsDir():
			return nil
		}
		ext := path.Ext(base)
		if ext == ".asp" || slices.Contains(cfg.StaticExtensions, ext) {
			found = true
		}
		begins = begins || path.Dir(name) == "." && slices.ContainsFunc(cfg.DefaultDocuments, func(d string) bool { return strings.EqualFold(d, base) })
		if found && begins {
			return fs.SkipAll
		}
		return nil
	})
	documents := strings.Join(cfg.DefaultDocuments, ", ")
	switch {
	case err != nil || begins:
		return ""
	case !found:
		return "the folder is empty: there is no page and no file to send; put a default.asp into it, or let naja new make a site"
	case documents == "":
		return ""
	}
	return "the folder has none of " + documents + ", so that / is not found"
}
