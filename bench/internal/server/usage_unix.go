//go:build unix

package server

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that this process has used, ok if the system
// tells.
func cpuTime() (used time.Duration, ok bool) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, false
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), true
}
