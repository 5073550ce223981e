package isolate

import (
	"fmt"
	"os"
	goruntime "runtime"
	"runtime/debug"
	"syscall"
)

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
