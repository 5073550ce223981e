//go:build unix

package isolate

import (
	"context"
	"os"
	"syscall"
)

// deadly is the component Test.Worker of the tests' workers: Go code of the
// application that does what no bound within a process holds.
type deadly struct{}

// Fill takes memory, 16 MiB at a time and 1 GiB at most, and keeps it.
func (deadly) Fill(ctx context.Context) {
	var kept [][]byte
	for range 64 {
		b := make([]byte, 16<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		kept = append(kept, b)
	}
	<-ctx.Done()
	_ = kept
}

// Recurse calls itself until the worker's stack is used up.
func (d deadly) Recurse(n int) int {
	if n < 0 {
		return 0
	}
	return d.Recurse(n+1) + 1
}

// Panic panics where nobody recovers.
func (deadly) Panic() {
	go panic("in a goroutine of a component")
	select {}
}

// Signal sends the worker a signal.
func (deadly) Signal(n int) {
	_ = syscall.Kill(os.Getpid(), syscall.Signal(n))
	select {}
}

// Exit ends the worker.
func (deadly) Exit() { os.Exit(7) }

// Block doesn't return.
func (deadly) Block() { select {} }
