//go:build unix

package handover

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
)

// Available says that this system can.
const Available = true

// The files that a new process inherits beside standard input, output and error.
const (
	wordsFile = 3 + iota
	linesFile
	firstSocket
)

// A Successor is the new process, for the old one.
type Successor struct {
	*Channel
	cmd    *exec.Cmd
	exited chan struct{}
}

// Start starts the new process and hands it the sockets, which the old one has as
// well. Whoever gets no error either calls Kill, or ends before it does.
func Start(o Offer) (_ *Successor, err error) {
	var theirs []*os.File
	defer func() {
		for _, f := range theirs {
			_ = f.Close()
		}
	}()
	words, theirWords, err := pair()
	if err != nil {
		return nil, err
	}
	theirs = append(theirs, theirWords)
	lines, theirLines, err := pair()
	if err != nil {
		_ = words.Close()
		return nil, err
	}
	theirs = append(theirs, theirLines)
	s := &Successor{Channel: newChannel(words, lines), exited: make(chan struct{})}
	for _, socket := range o.Sockets {
		f, err := copyOf(socket.Listener)
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("%s can't be handed over: %w", socket.Name, err)
		}
		theirs = append(theirs, f)
	}
	s.cmd = exec.Command(o.Program, o.Args...)
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	s.cmd.ExtraFiles = theirs
	s.cmd.Env = append(without(o.Environ, "LISTEN_", "WATCHDOG_PID="), environment+"=1")
	if err := s.cmd.Start(); err != nil {
		s.Close()
		return nil, fmt.Errorf("starting %s: %w", o.Program, err)
	}
	go func() {
		defer close(s.exited)
		_ = s.cmd.Wait()
	}()
	if err := s.Say("hello", hello{version, o.Sockets}); err != nil {
		s.Kill()
		return nil, fmt.Errorf("%s has ended at once: %s", o.Program, s.Exit())
	}
	return s, nil
}

// copyOf is another descriptor of a socket. It isn't the one that File of the listener
// gives: os/exec would have that block, and with it the socket, which both processes
// share, so that this one's Accept and Close would wait for the next connection.
func copyOf(l net.Listener) (*os.File, error) {
	conn, ok := l.(syscall.Conn)
	if !ok {
		return nil, fmt.Errorf("it is a %T", l)
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	var copied int
	var failed error
	err = raw.Control(func(fd uintptr) {
		syscall.ForkLock.RLock()
		defer syscall.ForkLock.RUnlock()
		if copied, failed = syscall.Dup(int(fd)); failed == nil {
			syscall.CloseOnExec(copied)
		}
	})
	if err = errors.Join(err, failed); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(copied), "socket"), nil
}

// without leaves out what is about the old process.
func without(environ []string, prefixes ...string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(v string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(v, p) })
	})
}

// PID is the process.
func (s *Successor) PID() int { return s.cmd.Process.Pid }

// Exited is closed when it has ended.
func (s *Successor) Exited() <-chan struct{} { return s.exited }

// Exit says how it has ended, once it has.
func (s *Successor) Exit() string {
	<-s.exited
	return s.cmd.ProcessState.String()
}

// Kill ends it, where it hasn't ended, and waits for that.
func (s *Successor) Kill() {
	s.Close()
	_ = s.cmd.Process.Kill()
	<-s.exited
}

// A Predecessor is the old process, for the new one.
type Predecessor struct {
	*Channel
	Sockets []Socket
}

// Inherit is the process whose place this one is to take; nil for none. A second
// call finds none.
func Inherit() (*Predecessor, error) {
	if !isNew() {
		return nil, nil
	}
	words, err1 := inherited(wordsFile)
	lines, err2 := inherited(linesFile)
	if err := errors.Join(err1, err2); err != nil {
		return nil, fmt.Errorf("taking the place of another process: %w", err)
	}
	p := &Predecessor{Channel: newChannel(words, lines)}
	var said hello
	m, err := p.Hear()
	if err == nil {
		err = m.Read(&said)
	}
	if err == nil && said.Version != version {
		err = fmt.Errorf("the process before speaks version %d of the hand-over, this one %d: end it and start this one", said.Version, version)
	}
	if err != nil {
		return nil, p.fail(err)
	}
	for i, socket := range said.Sockets {
		f := os.NewFile(uintptr(firstSocket+i), socket.Name)
		socket.Listener, err = net.FileListener(f)
		_ = f.Close()
		if err != nil {
			for _, before := range p.Sockets {
				_ = before.Close()
			}
			return nil, p.fail(fmt.Errorf("taking the socket of %s: %w", socket.Name, err))
		}
		p.Sockets = append(p.Sockets, socket)
	}
	return p, nil
}

// fail tells the old process why there will be no new one.
func (p *Predecessor) fail(err error) error {
	_ = p.Say("failed", err.Error())
	p.Close()
	return err
}

func inherited(fd uintptr) (*net.UnixConn, error) {
	f := os.NewFile(fd, "handover")
	defer f.Close()
	return asConn(f)
}

func asConn(f *os.File) (*net.UnixConn, error) {
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, err
	}
	unix, ok := conn.(*net.UnixConn)
	if !ok {
		_ = conn.Close()
		return nil, errors.New("it is no socket between processes")
	}
	return unix, nil
}

// pair makes two ends of a connection, of which the other process gets one.
func pair() (ours *net.UnixConn, theirs *os.File, err error) {
	syscall.ForkLock.RLock()
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, fmt.Errorf("making a connection: %w", err)
	}
	theirs = os.NewFile(uintptr(fds[1]), "theirs")
	f := os.NewFile(uintptr(fds[0]), "ours")
	defer f.Close()
	if ours, err = asConn(f); err != nil {
		_ = theirs.Close()
		return nil, nil, fmt.Errorf("making a connection: %w", err)
	}
	return ours, theirs, nil
}

// Dial makes a connection to the other process, which gets it from Answer, with a
// number that says what it is for.
func (c *Channel) Dial(number uint32) (net.Conn, error) {
	ours, theirs, err := pair()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	rights := syscall.UnixRights(int(theirs.Fd()))
	if _, _, err := c.lines.WriteMsgUnix(binary.BigEndian.AppendUint32(nil, number), rights, nil); err != nil {
		_ = ours.Close()
		return nil, fmt.Errorf("handing a connection to the other process: %w", err)
	}
	return ours, nil
}

// Answer waits for a connection that the other process makes.
func (c *Channel) Answer() (number uint32, conn net.Conn, err error) {
	text, rights := make([]byte, 4), make([]byte, syscall.CmsgSpace(4))
	n, m, _, _, err := c.lines.ReadMsgUnix(text, rights)
	if err != nil {
		return 0, nil, err
	}
	messages, err := syscall.ParseSocketControlMessage(rights[:m])
	if err != nil || n != len(text) || len(messages) != 1 {
		return 0, nil, errors.New("what came is no connection")
	}
	fds, err := syscall.ParseUnixRights(&messages[0])
	if err != nil {
		return 0, nil, err
	}
	syscall.CloseOnExec(fds[0])
	f := os.NewFile(uintptr(fds[0]), "answered")
	defer f.Close()
	conn, err = asConn(f)
	return binary.BigEndian.Uint32(text), conn, err
}
