package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// sharingViolation is what opening a file says that somebody else has open for
// himself alone (ERROR_SHARING_VIOLATION).
const sharingViolation = syscall.Errno(32)

// holdFile makes a file that nobody else can open while it is open here.
func holdFile(path string, _ fs.FileMode) (*os.File, error) {
	return openAlone(path, syscall.CREATE_NEW)
}

func openAlone(path string, how uint32) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	const access, share = syscall.GENERIC_READ | syscall.GENERIC_WRITE, 0
	h, err := syscall.CreateFile(name, access, share, nil, how, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

// isHeld says whether somebody has the file open. Two who ask at once may take
// each other for a holder; they ask again.
func isHeld(path string) (bool, error) {
	f, err := openAlone(path, syscall.OPEN_EXISTING)
	if errors.Is(err, sharingViolation) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, f.Close()
}

// removeUnheld removes the file if nobody has it open.
func removeUnheld(path string) { _ = os.Remove(path) }

// dropFile ends a holding and removes the file, which can't be done the other
// way round. In between it looks like a dead one's, whose maker holds nothing
// any more.
func dropFile(path string, f *os.File) {
	_ = f.Close()
	_ = os.Remove(path)
}
