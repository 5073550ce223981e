//go:build unix

package host

import (
	"io/fs"
	"os"
	"syscall"
)

// ownedByUs says that a file belongs to this process's user, or to root.
func ownedByUs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && (stat.Uid == 0 || int(stat.Uid) == os.Geteuid())
}
