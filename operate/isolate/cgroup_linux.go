package isolate

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A cgroup is the control group (version 2) of one worker, in which the
// kernel itself holds it to its memory. Where this process may make none (it
// isn't root, or its service wasn't given its part of the tree: Delegate=yes
// of systemd) the parent looks at the worker's memory instead.
type cgroup struct{ path string }

// ownGroup is the folder below which this process may make groups with a
// limit of memory: its own, or the one around it; "" for none.
func ownGroup(mounts, own string) string {
	root := mountOf(mounts)
	if root == "" {
		return ""
	}
	var group string
	for line := range strings.Lines(own) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok {
			group = rest
		}
	}
	if group == "" {
		return ""
	}
	for _, dir := range []string{filepath.Join(root, group), filepath.Join(root, filepath.Dir(group))} {
		if holdsMemory(dir) {
			return dir
		}
	}
	return ""
}

// mountOf is where the tree of version 2 is.
func mountOf(mounts string) string {
	lines := bufio.NewScanner(strings.NewReader(mounts))
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) > 2 && fields[2] == "cgroup2" {
			return fields[1]
		}
	}
	return ""
}

// holdsMemory says that groups in dir have a limit of memory, if need be once
// they are given it.
func holdsMemory(dir string) bool {
	const control = "cgroup.subtree_control"
	has := func(name string) bool {
		text, err := os.ReadFile(filepath.Join(dir, name))
		return err == nil && bytes.Contains(append(append([]byte(" "), bytes.TrimSpace(text)...), ' '), []byte(" memory "))
	}
	if has(control) {
		return writable(dir)
	}
	return has("cgroup.controllers") && writable(dir) &&
		os.WriteFile(filepath.Join(dir, control), []byte("+memory"), 0o644) == nil
}

// writable says that a group can be made in dir, by making one.
func writable(dir string) bool {
	probe, err := os.MkdirTemp(dir, "naja-probe-")
	return err == nil && os.Remove(probe) == nil
}

// makeGroup makes the group of one worker.
func makeGroup(dir string, number, limit int64) (*cgroup, error) {
	g := &cgroup{filepath.Join(dir, fmt.Sprintf("naja-%d-%d", os.Getpid(), number))}
	if err := os.Mkdir(g.path, 0o755); err != nil {
		return nil, err
	}
	err := g.set("memory.max", strconv.FormatInt(limit, 10))
	if err == nil {
		_ = g.set("memory.swap.max", "0") // a kernel without swap has none
		_ = g.set("memory.oom.group", "1")
		return g, nil
	}
	return nil, errors.Join(err, os.Remove(g.path))
}

func (g *cgroup) set(name, value string) error {
	return os.WriteFile(filepath.Join(g.path, name), []byte(value), 0o644)
}

// killed says that the kernel ended the worker for its memory.
func (g *cgroup) killed() bool {
	if g == nil {
		return false
	}
	text, err := os.ReadFile(filepath.Join(g.path, "memory.events"))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(text)) {
		if name, n, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name == "oom_kill" && n != "0" {
			return true
		}
	}
	return false
}

// remove takes the group away, once the worker has ended.
func (g *cgroup) remove() {
	if g != nil {
		_ = os.Remove(g.path)
	}
}

// findGroup is where this process may make groups for its workers.
func findGroup() string {
	mounts, err1 := os.ReadFile("/proc/self/mounts")
	own, err2 := os.ReadFile("/proc/self/cgroup")
	if err1 != nil || err2 != nil {
		return ""
	}
	return ownGroup(string(mounts), string(own))
}

// enclose starts a worker in a group of its own, where there can be one.
func (c *child) enclose(s *Supervisor, number int64) {
	if s.groups == "" || s.cfg.MemoryLimit == 0 {
		return
	}
	group, err := makeGroup(s.groups, number, s.cfg.MemoryLimit)
	if err != nil {
		s.log.Warn("no control group for the worker: its memory is looked at instead", "error", err.Error())
		return
	}
	dir, err := os.Open(group.path)
	if err != nil {
		group.remove()
		return
	}
	c.group, c.groupDir = group, dir
	c.cmd.SysProcAttr.UseCgroupFD, c.cmd.SysProcAttr.CgroupFD = true, int(dir.Fd())
}
