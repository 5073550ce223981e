package sqlite

import (
	"os"
	"syscall"
	"testing"
)

// A process in a namespace of its own, as in a container, has a number that
// means another one here, or none: it is told alive from dead all the same.
func TestHoldersOfOtherContainers(t *testing.T) {
	t.Parallel()
	path, p := heldFile(t, &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	})
	db := open(t, Config{Path: path})
	wantsHeld(t, db)
	p.kill()
	wantsFree(t, db)
}
