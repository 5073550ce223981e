//go:build unix

package isolate

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// available says that this system has worker processes.
const available = true

// The files that a worker inherits beside standard input, output and error.
const (
	controlFile = 3 + iota // a socket: the control channel
	requestFile            // a socket that listens for requests
	logFile                // a pipe for its log
	boxFile                // memory shared with the parent: which pages run
)

// A child are the parent's ends of what a worker inherits, and the process.
type child struct {
	cmd      *exec.Cmd
	control  net.Conn
	out, err *os.File // what it writes to standard output and error
	log      *os.File
	box      *blackBox
	socket   string // where it listens
	group    *cgroup
	groupDir *os.File // the group's folder
}

// startChild starts a worker. Its listener is made here, so that the worker
// needs no right to the folder, and is inherited. The calling goroutine keeps
// its thread for as long as the process lives (see tie).
func (s *Supervisor) startChild(number int64, program string) (_ *child, err error) {
	c := &child{socket: filepath.Join(s.folder.path, strconv.FormatInt(number, 10))}
	var theirs []*os.File
	defer func() {
		for _, f := range theirs {
			f.Close()
		}
		if err != nil {
			c.close()
		}
	}()
	inherit := func(f *os.File, err error) *os.File {
		if err == nil {
			theirs = append(theirs, f)
		}
		return f
	}
	control, err := c.openControl(inherit)
	if err != nil {
		return nil, err
	}
	listener, err := listenFor(c.socket, s.owner)
	if err != nil {
		return nil, err
	}
	inherit(listener, nil)
	pipe := func(ours **os.File) (*os.File, error) {
		r, w, err := os.Pipe()
		*ours = r
		return inherit(w, err), err
	}
	log, err1 := pipe(&c.log)
	stdout, err2 := pipe(&c.out)
	stderr, err3 := pipe(&c.err)
	box, err4 := s.folder.unnamedFile(boxSize(s.slots()))
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, fmt.Errorf("making what the worker inherits: %w", err)
	}
	inherit(box, nil)
	if c.box, err = openBox(box, s.slots()); err != nil {
		return nil, err
	}
	c.cmd = s.command(program)
	c.cmd.ExtraFiles = []*os.File{control, listener, log, box}
	c.cmd.Stdout, c.cmd.Stderr = stdout, stderr
	c.enclose(s, number)
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.cmd.Path, err)
	}
	return c, nil
}

// command is what is run.
func (s *Supervisor) command(program string) *exec.Cmd {
	cmd := exec.Command(program, s.cfg.Args...)
	cmd.Args[0] = "naja"
	cmd.Dir = s.cfg.Folder
	cmd.Env = append(os.Environ(), s.cfg.Environment...)
	// A group of its own: the terminal's Ctrl-C is for the parent, which ends
	// its workers in their order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if s.owner != nil {
		cmd.SysProcAttr.Credential = s.owner.credential
	}
	tie(cmd.SysProcAttr)
	return cmd
}

// openControl makes the control channel and returns the worker's end.
func (c *child) openControl(inherit func(*os.File, error) *os.File) (*os.File, error) {
	syscall.ForkLock.RLock()
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(pair[0])
		syscall.CloseOnExec(pair[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, fmt.Errorf("making the control channel: %w", err)
	}
	theirs := inherit(os.NewFile(uintptr(pair[1]), "control"), nil)
	ours := os.NewFile(uintptr(pair[0]), "control")
	defer ours.Close()
	c.control, err = net.FileConn(ours)
	if err != nil {
		return nil, fmt.Errorf("making the control channel: %w", err)
	}
	return theirs, nil
}

// listenFor makes a socket that only owner may connect to.
func listenFor(path string, owner *account) (*os.File, error) {
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("making the worker's socket: %w", err)
	}
	l.SetUnlinkOnClose(false) // the worker's copy goes on
	defer l.Close()
	if err := errors.Join(os.Chmod(path, 0o600), owner.own(path)); err != nil {
		return nil, fmt.Errorf("making the worker's socket: %w", err)
	}
	f, err := l.File()
	if err != nil {
		return nil, fmt.Errorf("making the worker's socket: %w", err)
	}
	return f, nil
}

// wait waits until the process has ended.
func (c *child) wait() (*os.ProcessState, error) {
	err := c.cmd.Wait()
	if _, ended := errors.AsType[*exec.ExitError](err); ended {
		err = nil
	}
	return c.cmd.ProcessState, err
}

// close gives back what the parent has of a worker that has ended.
func (c *child) close() {
	if c.control != nil {
		c.control.Close()
	}
	for _, f := range []*os.File{c.out, c.err, c.log, c.groupDir} {
		if f != nil {
			f.Close()
		}
	}
	c.box.close()
	c.group.remove()
	_ = os.Remove(c.socket)
}

// outOfMemory says that the kernel ended the worker for its memory.
func (c *child) outOfMemory() bool { return c.group.killed() }

// kill ends the process and whatever it started.
func (c *child) kill() {
	_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
	_ = c.cmd.Process.Kill()
}

// dump asks for the stacks of all goroutines, on standard error; a stopped
// process is woken for it. Go ends the process with it.
func (c *child) dump() {
	_ = c.cmd.Process.Signal(syscall.SIGQUIT)
	_ = c.cmd.Process.Signal(syscall.SIGCONT)
}

// renice makes the worker nicer, all threads of it.
func (c *child) renice(nice int) error {
	if nice == 0 {
		return nil
	}
	own, err := niceness(0)
	if err != nil {
		return err
	}
	return syscall.Setpriority(syscall.PRIO_PGRP, c.cmd.Process.Pid, own+nice)
}

// exit describes how a process ended.
func exit(state *os.ProcessState) string {
	if state == nil {
		return "it could not be waited for"
	}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return fmt.Sprintf("signal %d: %s", int(status.Signal()), status.Signal())
	}
	return fmt.Sprintf("exit code %d", state.ExitCode())
}

// An account is whom a worker runs as, if not as the parent. A nil one is
// nobody else.
type account struct {
	uid, gid   int
	credential *syscall.Credential
}

// own gives a file to the account.
func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// admit lets the account, but for us the only one, pass through a folder of
// ours. It stays ours: whoever may write into a folder can put a link in the
// place of a socket that is about to be given to him.
func (a *account) admit(path string) error {
	if a == nil {
		return nil
	}
	return errors.Join(os.Lchown(path, -1, a.gid), os.Chmod(path, homeMode(a)))
}

// lookupAccount finds a user by name or number; nil for "".
func lookupAccount(name string) (*account, error) {
	if name == "" {
		return nil, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		u, err = user.LookupId(name)
	}
	if err != nil {
		return nil, bad("worker_user", "there is no user %q", name)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2); err != nil {
		return nil, bad("worker_user", "%q: %v", name, err)
	}
	if uid == os.Getuid() {
		return nil, nil
	}
	if os.Getuid() != 0 {
		return nil, bad("worker_user", "only root can run a worker as somebody else, %q", name)
	}
	a := &account{uid: uid, gid: gid, credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	ids, err := u.GroupIds()
	if err != nil {
		return nil, bad("worker_user", "the groups of %q: %v", name, err)
	}
	for _, id := range ids {
		if n, err := strconv.ParseUint(id, 10, 32); err == nil && int(n) != gid {
			a.credential.Groups = append(a.credential.Groups, uint32(n))
		}
	}
	slices.Sort(a.credential.Groups)
	return a, nil
}

// mapFile makes size bytes of the file memory that is shared with everybody
// who does the same.
func mapFile(file *os.File, size int) ([]byte, error) {
	return syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
}

func unmapFile(memory []byte) { _ = syscall.Munmap(memory) }
