package isolate

import (
	"os"
	"path/filepath"
	"testing"
)

// TestGroups looks for a place for groups in a tree made of plain files: a
// real one with the controller of memory is rarely where tests run.
func TestGroups(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mounts := "proc /proc proc rw 0 0\ncgroup2 " + root + " cgroup2 rw 0 0\n"
	own := "3:cpu:/old\n0::/naja.service/server\n"
	if dir := ownGroup(mounts, own); dir != "" {
		t.Errorf("%s is no place for groups", dir)
	}
	write("naja.service/server/cgroup.controllers", "cpu pids")
	write("naja.service/cgroup.controllers", "cpu memory pids\n")
	service := filepath.Join(root, "naja.service")
	if dir := ownGroup(mounts, own); dir != service {
		t.Errorf("%q", dir)
	}
	if text, _ := os.ReadFile(filepath.Join(service, "cgroup.subtree_control")); string(text) != "+memory" {
		t.Errorf("the controller wasn't asked for: %q", text)
	}
	g, err := makeGroup(service, 7, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(filepath.Join(g.path, "memory.max")); string(text) != "1048576" || g.killed() {
		t.Errorf("memory.max is %q", text)
	}
	if err := g.set("memory.events", "low 0\noom 1\noom_kill 1\n"); err != nil || !g.killed() {
		t.Errorf("nobody knows that the kernel killed it: %v", err)
	}
	if ownGroup("proc /proc proc rw 0 0\n", own) != "" || ownGroup(mounts, "3:cpu:/old\n") != "" {
		t.Error("a place in no tree")
	}
}
