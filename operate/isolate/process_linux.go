package isolate

import (
	"bytes"
	"fmt"
	"os"
	goruntime "runtime"
	"runtime/debug"
	"strconv"
	"syscall"
)

// tie makes the process end with the parent, however that ends. It is the end
// of the thread that started the process which counts: the goroutine that
// calls startChild keeps its thread while the process lives.
func tie(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }

// ownProgram is the running program, even when its file was replaced: worker
// and parent speak the same version.
func ownProgram() (string, error) { return "/proc/self/exe", nil }

// checkSystem: all there is, Linux has.
func (c *Config) checkSystem() error { return nil }

// residentMemory is how much of a process is in memory, in bytes.
func residentMemory(pid int) (int64, error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0, fmt.Errorf("reading the memory of process %d: %q", pid, text)
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize()), err
}

// niceness is a process's; 0 is this one. Linux's call gives 20 minus it.
func niceness(pid int) (int, error) {
	n, err := syscall.Getpriority(syscall.PRIO_PROCESS, pid)
	return 20 - n, err
}

// apply sets the limits of this process.
func (l limits) apply() error {
	if l.Processors > 0 {
		goruntime.GOMAXPROCS(l.Processors)
	}
	if l.Files > 0 {
		n := &syscall.Rlimit{Cur: uint64(l.Files), Max: uint64(l.Files)}
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, n); err != nil {
			return bad("worker_files", "%d can't be set: %v", l.Files, err)
		}
	}
	if l.Memory == 0 {
		return nil
	}
	limitHeap(l.Memory)
	if raceDetector {
		return nil // which needs address space without end
	}
	n := &syscall.Rlimit{Cur: uint64(l.Memory + addressSlack), Max: uint64(l.Memory + addressSlack)}
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, n); err != nil {
		return fmt.Errorf("limiting the address space: %w", err)
	}
	return nil
}

// limitHeap has the collector work harder before the limit is reached, and
// lets a stack that grows without end be known as that, and not for the
// memory it uses.
func limitHeap(limit int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit / 10 * 9)
	}
	debug.SetMaxStack(int(max(limit/4, 32<<20)))
}
