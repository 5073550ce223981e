//go:build unix

package site

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// A plain open of a FIFO waits for ever for somebody who writes.
func TestFIFOsAreNeverOpened(t *testing.T) {
	s, dir := newSite(t, nil)
	name := filepath.Join(dir, "x.asp")
	if err := syscall.Mkfifo(name, 0o644); err != nil {
		t.Skip(err)
	}
	asptest.Within(t, 5*time.Second, func() {
		if _, err := s.open("x.asp"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open: %v", err)
		}
		// As if it had taken the place of a file after the look.
		file, err := s.openFile("x.asp")
		if err != nil {
			t.Error(err)
			return
		}
		defer file.Close()
		if _, err := newSiteFile(file, "x.asp"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("newSiteFile: %v", err)
		}
	})
}
