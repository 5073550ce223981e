package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScript runs testdata/script/*.txtar: the command as its user sees it.
// Besides testscript's own commands, a script has
//
//	exits CODE PROGRAM ARG...   run a program that must end with this exit code
//	oneline FILE                the file (or stdout, stderr) is exactly one line
//	serving ARG...              start naja serve ARG... --addr 127.0.0.1:0; sets $URL and $ADDR,
//	                            with --admin-addr $NAJA_ADMIN_URL too
//	get PATH                    GET $URL/PATH: status and body are stdout
//	raw FILE                    send the lines of FILE as they are, CR LF at their
//	                            ends: what comes back until the end is stdout
//	begin PATH                  GET $URL/PATH until its header has come
//	finish                      wait for the rest: status and body are stdout
//	signal NAME                 send TERM or INT to the server
//	insist NAME                 send it again and again until the server has ended
//	logged TEXT                 wait until the server's stderr has this text
//	served CODE                 the server ends with this code; its output is stdout, stderr
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   scriptExits,
			"oneline": scriptOneLine,
			"serving": scriptServing,
			"get":     scriptGet,
			"raw":     scriptRaw,
			"comes":   scriptComes,
			"begin":   scriptBegin,
			"finish":  scriptFinish,
			"signal":  scriptSignal,
			"insist":  scriptInsist,
			"logged":  scriptLogged,
			"served":  scriptServed,
		},
		Setup: func(env *testscript.Env) error {
			env.Values[servedKey{}] = new(served)
			// The race detector makes each process wait a second at its end.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
	})
}

func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	requireCode(ts, ts.Exec(args[1], args[2:]...), args[0])
}

func requireCode(ts *testscript.TestScript, err error, want string) {
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

func scriptOneLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: oneline FILE")
	}
	text := ts.ReadFile(args[0])
	if strings.Count(text, "\n") != 1 || !strings.HasSuffix(text, "\n") {
		ts.Fatalf("%s is not one line: %q", args[0], text)
	}
}

// served is the server of one script.
type served struct {
	cmd            *exec.Cmd
	stdout, stderr buffer
	ended          chan error
	begun          *http.Response
}

type servedKey struct{}

// buffer is a bytes.Buffer that a process writes while a test reads.
type buffer struct {
	mu      sync.Mutex
	text    bytes.Buffer
	written chan struct{} // closed and made anew at each write
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.written != nil {
		close(b.written)
		b.written = nil
	}
	return b.text.Write(p)
}

// String is what has been written, and next is closed when there is more.
func (b *buffer) String() string { text, _ := b.now(); return text }

func (b *buffer) now() (text string, next <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.written == nil {
		b.written = make(chan struct{})
	}
	return b.text.String(), b.written
}

func scriptServing(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(servedKey{}).(*served)
	if neg || s.cmd != nil {
		ts.Fatalf("usage: serving ARG..., once in a script")
	}
	path, err := exec.LookPath("naja")
	ts.Check(err)
	s.cmd = exec.Command(path, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	s.cmd.Dir = ts.MkAbs(".")
	s.cmd.Env = append(os.Environ(), "GORACE="+ts.Getenv("GORACE"))
	s.cmd.Stderr = &s.stderr
	reader, writer := io.Pipe()
	s.cmd.Stdout = io.MultiWriter(&s.stdout, writer)
	ts.Check(s.cmd.Start())
	s.ended = make(chan error, 1)
	go func() {
		s.ended <- s.cmd.Wait()
		writer.Close()
	}()
	ts.Defer(func() {
		if s.cmd.ProcessState == nil {
			s.cmd.Process.Kill()
			<-s.ended
		}
	})
	said := bufio.NewReader(reader)
	line, err := said.ReadString('\n')
	if slices.Contains(args, "--admin-addr") && err == nil {
		second, err := said.ReadString('\n')
		console, ok := strings.CutPrefix(strings.TrimSuffix(second, "\n"), "admin on ")
		if err != nil || !ok {
			ts.Fatalf("the server said %q (%v) and\n%s", second, err, s.stderr.String())
		}
		ts.Setenv("NAJA_ADMIN_URL", console)
	}
	go io.Copy(io.Discard, reader)
	url, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "listening on ")
	if err != nil || !ok {
		ts.Fatalf("the server said %q (%v) and\n%s", line, err, s.stderr.String())
	}
	ts.Setenv("URL", url)
	_, addr, _ := strings.Cut(url, "//")
	ts.Setenv("ADDR", addr)
}

func scriptServed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: served CODE")
	}
	s := ts.Value(servedKey{}).(*served)
	err := <-s.ended
	io.WriteString(ts.Stdout(), s.stdout.String())
	io.WriteString(ts.Stderr(), s.stderr.String())
	requireCode(ts, err, args[0])
}
