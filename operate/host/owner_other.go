//go:build !unix

package host

import "io/fs"

// ownedByUs: there are no worker processes here, whose program it could be.
func ownedByUs(fs.FileInfo) bool { return false }
