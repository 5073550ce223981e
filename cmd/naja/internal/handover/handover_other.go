//go:build !unix

package handover

import "net"

// Available says that this system can't.
const Available = false

// A Successor is the new process, for the old one.
type Successor struct{ *Channel }

// Start says that there is no such thing here.
func Start(Offer) (*Successor, error) { return nil, ErrUnavailable }

// PID is none.
func (*Successor) PID() int { return 0 }

// Exited is never closed.
func (*Successor) Exited() <-chan struct{} { return nil }

// Exit says nothing.
func (*Successor) Exit() string { return "" }

// Kill does nothing.
func (*Successor) Kill() {}

// A Predecessor is the old process, for the new one.
type Predecessor struct {
	*Channel
	Sockets []Socket
}

// Inherit finds none.
func Inherit() (*Predecessor, error) {
	_ = isNew()
	return nil, nil
}

// Dial says that there is no such thing here.
func (*Channel) Dial(uint32) (net.Conn, error) { return nil, ErrUnavailable }

// Answer likewise.
func (*Channel) Answer() (uint32, net.Conn, error) { return 0, nil, ErrUnavailable }
