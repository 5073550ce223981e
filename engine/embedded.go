package engine

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// checkEmbedded refuses an embed.FS in which the site lies one folder deeper
// than its root: //go:embed keeps the folder's name, and every page would be
// missing. Who wants that name in front of the pages has it in Path.
func checkEmbedded(c Config) error {
	switch c.FS.(type) {
	case embed.FS, *embed.FS:
	default:
		return nil
	}
	folder := "."
	for {
		inner, ok := onlyFolder(c, folder)
		if !ok {
			break
		}
		folder = inner
	}
	if folder == "." {
		return nil
	}
	return badSetting("root", "the embed.FS has the site in its folder %q; give the folder alone: fs.Sub(files, %q)", folder, folder)
}

// onlyFolder is the one folder in a folder that holds nothing besides that
// anybody could be sent.
func onlyFolder(c Config, folder string) (inner string, ok bool) {
	entries, err := fs.ReadDir(c.FS, folder)
	if err != nil {
		return "", false // who opens the site hears of it
	}
	for _, entry := range entries {
		name := entry.Name()
		ext := strings.ToLower(path.Ext(name))
		switch {
		case entry.IsDir() && (inner != "" || name == wellKnown):
			return "", false
		case entry.IsDir():
			inner = path.Join(folder, name)
		case ext == ".asp", ext == ".asa", slices.Contains(c.StaticExtensions, ext):
			return "", false
		}
	}
	return inner, inner != ""
}
