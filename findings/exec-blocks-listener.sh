#!/usr/bin/env bash
# Guess: a listener whose File is given to another process, in ExtraFiles of
# exec.Cmd, goes on here as it was; File's documentation says that it is a copy, and
# that closing one doesn't affect the other. os/exec takes the copy's number by Fd,
# which makes a file that comes from net block, and blocking is a property of the
# socket, which both share. From then on Accept of the listener holds a thread, and
# Close waits until somebody else connects, with whatever waits for it: the end of a
# server that another process was to take over from. With a copy that was made by
# dup(2) and os.NewFile the socket stays as it is.
# (cmd/naja/internal/handover, copyOf; cmd/naja TestRestartFails hung without it.)
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
case $(uname -s) in Linux) ;; *) echo "needs Linux"; exit 2 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// file is the listener's own copy.
func file(l *net.TCPListener) *os.File {
	f, err := l.File()
	check(err)
	return f
}

// dup is a copy made by hand.
func dup(l *net.TCPListener) (f *os.File) {
	raw, err := l.SyscallConn()
	check(err)
	check(raw.Control(func(fd uintptr) {
		copied, err := syscall.Dup(int(fd))
		check(err)
		f = os.NewFile(uintptr(copied), "copy")
	}))
	return f
}

func try(name string, copyOf func(*net.TCPListener) *os.File) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go func() {
		for {
			if _, err := l.Accept(); err != nil {
				return
			}
		}
	}()
	f := copyOf(l.(*net.TCPListener))
	child := exec.Command("true")
	child.ExtraFiles = []*os.File{f}
	check(child.Run())
	check(f.Close())
	conn, err := net.Dial("tcp", l.Addr().String()) // Accept is asked again after this
	check(err)
	defer conn.Close()
	time.Sleep(time.Second)
	closed := make(chan struct{})
	go func() {
		check(l.Close())
		close(closed)
	}()
	select {
	case <-closed:
		fmt.Println(name+":", "Close returns")
	case <-time.After(5 * time.Second):
		fmt.Println(name+":", "Close waits")
	}
}

func main() {
	try("File", file)
	try("dup", dup)
}
GO
go mod init finding >/dev/null 2>&1
go build -o finding .
seen=$(./finding)
found='File: Close waits
dup: Close returns'
go version
echo "guess: Close returns, twice"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
