package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/najahost/naja/store"
)

// A token says whose it is; the last number is no exception.
func TestTokensNameTheirHolders(t *testing.T) {
	for _, h := range []int64{0, 1, 7, maxHolder} {
		if token := newToken(h); token <= 0 || holderOf(token) != h {
			t.Errorf("a token of %d: %d is of %d", h, token, holderOf(token))
		}
	}
}

// Who closes gives up what it holds, and leaves no mark.
func TestCloseGivesUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	one := open(t, Config{Path: path, Application: "/one"})
	two := open(t, Config{Path: path, Application: "/one"})
	if _, err := one.Sessions().Create(t.Context(), "s", store.NewSession{Timeout: time.Hour, Lease: time.Hour}); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Application().Lock(t.Context(), "one", 0); err != nil {
		t.Fatal(err)
	}
	if _, err := two.Sessions().Acquire(t.Context(), "s", time.Hour); !errors.Is(err, store.ErrBusy) {
		t.Error(err)
	}
	if _, err := two.Application().Lock(t.Context(), "two", 0); !errors.Is(err, store.ErrLocked) {
		t.Error(err)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := two.Sessions().Acquire(t.Context(), "s", time.Hour); err != nil {
		t.Error(err)
	}
	if _, err := two.Application().Lock(t.Context(), "two", 0); err != nil {
		t.Error(err)
	}
	if err := two.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + marksSuffix); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of the marks: %v", err)
	}
}

// The file may have another name for each process; the marks are in one place.
func TestMarksFollowLinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	one := open(t, Config{Path: path})
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	two := open(t, Config{Path: link})
	if n := len(two.marks.names(holderMark)); n != 2 || one.marks != two.marks {
		t.Errorf("%d marks in %s and %s", n, one.marks.folder, two.marks.folder)
	}
}

// Where no mark can be made, everything works, by leases alone.
func TestWithoutMarks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := os.WriteFile(path+marksSuffix, []byte("in the way"), 0o644); err != nil {
		t.Fatal(err)
	}
	one, two := open(t, Config{Path: path}), open(t, Config{Path: path})
	if one.holder != 0 {
		t.Fatal(one.holder)
	}
	token, err := one.Sessions().Create(t.Context(), "s", store.NewSession{Timeout: time.Hour, Lease: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.Sessions().Acquire(t.Context(), "s", time.Hour); !errors.Is(err, store.ErrBusy) {
		t.Error(err)
	}
	if err := two.Close(); err != nil {
		t.Error(err)
	}
	if err := one.Sessions().Release(t.Context(), "s", token); err != nil {
		t.Error(err)
	}
	if _, err := one.Join("abc"); err == nil || one.Serving("abc") {
		t.Errorf("%v", err)
	}
}

// A mark is whose text it is, in which application of the file.
func TestCensus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	one := open(t, Config{Path: path, Application: "/one"})
	two := open(t, Config{Path: path, Application: "/two"})
	peer := open(t, Config{Path: path, Application: "/one"})
	leave, err := one.Join("abc1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := peer.Join("abc1")
	if err != nil {
		t.Fatal(err)
	}
	if !one.Serving("abc1") || !peer.Serving("abc1") || !one.Serving("") || two.Serving("") || one.Serving("abc") || one.Serving("abc12") || two.Serving("abc1") {
		t.Error("another text, or another application, is served")
	}
	leave()
	if !one.Serving("abc1") {
		t.Error("the other one still serves")
	}
	again()
	if one.Serving("abc1") || one.Serving("") {
		t.Error("nobody serves")
	}
}
