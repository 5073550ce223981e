package answer

import (
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// MaxOwn bounds a file that is a site's own answer.
const MaxOwn = 1 << 20

// OwnName is the file, by its name below the root, that is a site's own answer
// with a status: 503.html in the folder for them; "" without a folder.
func OwnName(folder string, status int) string {
	if folder = strings.Trim(folder, "/"); folder == "" {
		return ""
	}
	return path.Join(folder, strconv.Itoa(status)+".html")
}

// Own reads a site's own answer with a status, and nothing outside of its root;
// false where there is none that can be sent.
func Own(root, folder string, status int) (text string, ok bool) {
	name := OwnName(folder, status)
	if root == "" || name == "" {
		return "", false
	}
	dir, err := os.OpenRoot(root)
	if err != nil {
		return "", false
	}
	defer dir.Close()
	name = filepath.FromSlash(name)
	if info, err := dir.Stat(name); err != nil || !info.Mode().IsRegular() || info.Size() > MaxOwn {
		return "", false
	}
	f, err := dir.Open(name)
	if err != nil {
		return "", false
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, MaxOwn))
	return string(b), err == nil
}
