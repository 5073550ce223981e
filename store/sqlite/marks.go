package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Who uses the file is told by marks in a folder beside it: files that their
// makers hold until they end, however they end. The system lets go of what a
// dead process held, and of nothing else: one that is stopped or slow holds on.
// A process number would not do: containers that share a file may each have a
// process 7, and can't see each other's. A mark that isn't there, or can't be
// looked at, says nothing: its maker then counts as alive.

// marksSuffix is what the folder's name has more than the file's.
const marksSuffix = "-alive"

// errNoMarks: this system has nothing that a mark could be held by.
var errNoMarks = errors.New("files can't be held here")

// marks is the folder of a database's marks.
type marks struct{ folder string }

// marksOf is the folder of the file at path, whatever name it was given here.
func marksOf(path string) marks {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return marks{path + marksSuffix}
}

// A mark is one that this process holds.
type mark struct {
	path string
	file *os.File
}

// makeTries is how often a name may be taken, or the folder gone, before there
// is no mark.
const makeTries = 20

// hold makes a mark whose name is prefix and a number from 1 to numbers.
func (m marks) hold(database, prefix string, numbers int64) (made *mark, number int64, err error) {
	info, err := os.Stat(database) // who may open it may look at its marks
	if err != nil {
		return nil, 0, err
	}
	mode := info.Mode().Perm() & 0o666
	for range makeTries {
		if err = os.Mkdir(m.folder, mode|mode>>2&0o111); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, 0, err
		}
		number = 1 + rand.Int64N(numbers)
		path := filepath.Join(m.folder, prefix+strconv.FormatInt(number, 16))
		var file *os.File
		if file, err = holdFile(path, mode); err == nil {
			return &mark{path, file}, number, nil
		}
		if errors.Is(err, errNoMarks) {
			break
		}
	}
	return nil, 0, fmt.Errorf("making a mark: %w", err)
}

// giveUp removes a mark of this process's, and the folder after the last.
func (m marks) giveUp(k *mark) {
	if k == nil {
		return
	}
	dropFile(k.path, k.file)
	_ = os.Remove(m.folder) // refused while there are others
}

// names lists the marks with a prefix, held or not.
func (m marks) names(prefix string) (names []string) {
	entries, err := os.ReadDir(m.folder)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			names = append(names, e.Name())
		}
	}
	return names
}

// dead says that a mark is there whose maker has ended.
func (m marks) dead(name string) bool {
	held, err := isHeld(filepath.Join(m.folder, name))
	return err == nil && !held
}

// bury removes a dead one's mark.
func (m marks) bury(name string) {
	removeUnheld(filepath.Join(m.folder, name))
	_ = os.Remove(m.folder)
}
