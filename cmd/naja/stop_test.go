//go:build unix

package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestStopHasAnEnd: a stop ends although the state's file is locked by another program,
// a page doesn't stop, and nobody reads the log.
func TestStopHasAnEnd(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("needs Python 3, as another program with the state's file")
	}
	for _, isolation := range []string{"in-process", "process"} {
		t.Run(isolation, func(t *testing.T) {
			t.Parallel()
			site := pageOf(t, `<% Session("n") = 1; Application("n") = 1 %>hello`)
			busy := `<%@ EnableSessionState=False %><% console.log("it is busy"); var text = "x".repeat(1 << 20); for (;;) text.split("") %>`
			if err := os.WriteFile(filepath.Join(site, "busy.asp"), []byte(busy), 0o600); err != nil {
				t.Fatal(err)
			}
			state := filepath.Join(t.TempDir(), "state.db")
			reader, writer, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			cmd := exec.CommandContext(t.Context(), "naja", "serve", "--addr", "127.0.0.1:0", "--isolation", isolation, "--state", "sqlite:"+state,
				"--set", "shutdown_timeout=1s", "--set", "end_timeout=1s", site)
			cmd.Stderr = writer
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			writer.Close()
			line, _ := bufio.NewReader(stdout).ReadString('\n')
			url := strings.TrimPrefix(strings.TrimSpace(line), "listening on ")
			if got := <-get(url); got != "hello" {
				t.Fatalf("%q says %q", url, got)
			}
			answer := get(url + "/busy.asp")
			for log := bufio.NewScanner(reader); log.Scan() && !strings.Contains(log.Text(), "it is busy"); {
			}
			locker := exec.CommandContext(t.Context(), python, "-c",
				"import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('begin immediate'); print('locked', flush=True); sys.stdin.read()", state)
			hold, err := locker.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			locked, err := locker.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := locker.Start(); err != nil {
				t.Fatal(err)
			}
			if said, err := bufio.NewReader(locked).ReadString('\n'); said != "locked\n" {
				t.Fatalf("%q, %v", said, err)
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the file is locked all the while
			if code := cmd.ProcessState.ExitCode(); code != exitCut {
				t.Errorf("it ended with %d", code)
			}
			if got := <-answer; strings.Contains(got, "hello") {
				t.Errorf("the busy page says %q", got)
			}
			hold.Close()
			if err := locker.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}
