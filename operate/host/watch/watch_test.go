package watch

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// watched watches a new folder with a file in it; told gets one for each call
// of Changed.
func watched(t *testing.T, pause time.Duration) (root string, told chan struct{}) {
	t.Helper()
	root, told = t.TempDir(), make(chan struct{}, 1000)
	write(t, filepath.Join(root, "sub", "a.asp"), "a")
	w, err := New(Config{Root: root, Changed: func() { told <- struct{}{} }, Settle: 5 * time.Millisecond, Pause: pause, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Skip("the system doesn't tell:", err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return root, told
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func wait(t *testing.T, what string, told <-chan struct{}) {
	t.Helper()
	select {
	case <-told:
	case <-time.After(20 * time.Second):
		t.Fatalf("nobody told of %s", what)
	}
}

func TestChangesAreTold(t *testing.T) {
	root, told := watched(t, time.Millisecond)
	page := filepath.Join(root, "sub", "a.asp")
	write(t, page, "b")
	wait(t, "a change", told)
	write(t, filepath.Join(root, "new", "deep", "b.asp"), "b")
	wait(t, "a new folder", told)
	// The folder is watched once it was told of, if not before.
	for len(told) > 0 {
		<-told
	}
	write(t, filepath.Join(root, "new", "deep", "b.asp"), "c")
	wait(t, "a change in it", told)
	write(t, filepath.Join(root, ".well-known", "a.asp"), "d")
	wait(t, "a change in what is well known", told)
	if err := os.Rename(page, filepath.Join(root, "b.asp")); err != nil {
		t.Fatal(err)
	}
	wait(t, "a new name", told)
	if err := os.Remove(filepath.Join(root, "b.asp")); err != nil {
		t.Fatal(err)
	}
	wait(t, "a file that went", told)
}

// A change is told soon after it, many at once seldom, and what nobody is
// served not at all.
func TestChangesAreToldTogether(t *testing.T) {
	root, told := watched(t, time.Hour)
	write(t, filepath.Join(root, ".git", "index"), "x")
	write(t, filepath.Join(root, ".naja-update", "new", "a.asp"), "x")
	if err := os.Chmod(filepath.Join(root, "sub", "a.asp"), 0o600); err != nil {
		t.Fatal(err)
	}
	if len(told) != 0 {
		t.Error("told of what nobody sees")
	}
	for range 200 {
		write(t, filepath.Join(root, "sub", "a.asp"), "b")
	}
	wait(t, "many changes", told)
	for range 200 {
		write(t, filepath.Join(root, "sub", "a.asp"), "c")
	}
	if len(told) != 0 {
		t.Error("told again within the pause")
	}
}

func TestWhatCannotBeWatched(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		write(t, filepath.Join(root, name, "x"), "x")
	}
	if _, err := New(Config{Root: root, MaxFolders: 3, Changed: func() {}}); !errors.Is(err, ErrTooMany) {
		t.Error(err)
	}
	if _, err := New(Config{Root: filepath.Join(root, "none"), Changed: func() {}}); err == nil {
		t.Error("a folder that isn't there is watched")
	}
}
