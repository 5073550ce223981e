//go:build unix && !linux

package isolate

import (
	"errors"
	"os"
	goruntime "runtime"
	"syscall"
)

// tie: here a worker ends with its parent because the control channel does.
func tie(*syscall.SysProcAttr) {}

func ownProgram() (string, error) { return os.Executable() }

// checkSystem refuses what can't be done here.
func (c *Config) checkSystem() error {
	if c.MemoryLimit > 0 {
		return bad("worker_memory_limit", "is not available on this system; want 0")
	}
	if c.Files > 0 {
		return bad("worker_files", "is not available on this system; want 0")
	}
	if c.RecycleMemory > 0 {
		return bad("recycle_memory", "is not available on this system; want 0")
	}
	return nil
}

func residentMemory(int) (int64, error) { return 0, errors.ErrUnsupported }

func niceness(pid int) (int, error) { return syscall.Getpriority(syscall.PRIO_PROCESS, pid) }

// A cgroup is Linux's.
type cgroup struct{}

func (g *cgroup) killed() bool { return false }
func (g *cgroup) remove()      {}

func findGroup() string { return "" }

func (c *child) enclose(*Supervisor, int64) {}

// apply sets the limits of this process that there are here.
func (l limits) apply() error {
	if l.Processors > 0 {
		goruntime.GOMAXPROCS(l.Processors)
	}
	return nil
}
