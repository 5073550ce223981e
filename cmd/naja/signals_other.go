//go:build !unix

package main

import "os"

// renewalSignals have the server start anew in another process. There are none here;
// an empty list would be all signals there are, and SIGHUP is waited for anyway.
func renewalSignals() []os.Signal { return []os.Signal{noSignal{}} }

// noSignal is one that never comes.
type noSignal struct{}

func (noSignal) String() string { return "none" }
func (noSignal) Signal()        {}
