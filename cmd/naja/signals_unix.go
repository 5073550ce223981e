//go:build unix

package main

import (
	"os"
	"syscall"
)

// renewalSignals have the server start anew in another process.
func renewalSignals() []os.Signal { return []os.Signal{syscall.SIGUSR2} }
