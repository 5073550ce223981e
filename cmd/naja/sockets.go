package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/najahost/naja/cmd/naja/internal/handover"
	"github.com/najahost/naja/cmd/naja/internal/systemd"
)

// The settings that name what is listened on, by which sockets are handed over.
const (
	siteAddr  = "addr"
	adminAddr = "admin_addr"
)

// sockets are what the server listens on: sockets that were opened before this
// process began, or its own.
type sockets struct {
	before map[string]bequest // that nobody has taken yet
	taken  map[string]bequest
}

// A bequest is a socket that is listened on.
type bequest struct {
	net.Listener
	// of is the value of the setting for which it was opened; "": systemd opened
	// it, whatever the setting says.
	of string
}

// openSockets takes what the process before has, and what systemd has opened. Whoever
// gets no error calls close.
func openSockets(before *inheritance) (*sockets, error) {
	k := &sockets{before.sockets(), map[string]bequest{}}
	opened, err := systemd.Listeners(siteAddr, adminAddr)
	if err != nil {
		k.close()
		return nil, err
	}
	for name, l := range opened {
		k.before[name] = bequest{l, ""}
	}
	return k, nil
}

// listen gives the socket of a setting: the one that is there for it, or a new one.
// Whoever gets it closes it.
func (k *sockets) listen(ctx context.Context, name, addr string) (net.Listener, error) {
	b, ok := k.before[name]
	if ok && (b.of == "" || b.of == addr) {
		delete(k.before, name)
		k.taken[name] = b
		return b.Listener, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; choose another address with --%s", addr, cause(err), strings.ReplaceAll(name, "_", "-"))
	}
	k.taken[name] = bequest{l, addr}
	return l, nil
}

// has says that a socket was opened for a setting, whatever that says.
func (k *sockets) has(name string) bool {
	return k.before[name].Listener != nil && k.before[name].of == ""
}

// all are those that are listened on, to be handed over.
func (k *sockets) all() (list []handover.Socket) {
	for name, b := range k.taken {
		list = append(list, handover.Socket{Name: name, Of: b.of, Listener: b.Listener})
	}
	return list
}

// close closes what nobody has taken.
func (k *sockets) close() {
	for _, b := range k.before {
		_ = b.Close()
	}
	clear(k.before)
}

// cause is what the system says, without the names of calls around it.
func cause(err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return errors.New("the address is in use")
	}
	if sys, ok := errors.AsType[*os.SyscallError](err); ok {
		return sys.Err
	}
	return err
}
