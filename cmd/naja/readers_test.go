//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestNobodyReadsTheLog: the server and its workers go on when the reader of
// standard output and error is gone, and a stop is a stop.
func TestNobodyReadsTheLog(t *testing.T) {
	for _, isolation := range []string{"in-process", "process"} {
		t.Run(isolation, func(t *testing.T) {
			t.Parallel()
			site := t.TempDir()
			if err := os.WriteFile(filepath.Join(site, "default.asp"), []byte(`<% console.log("a line") %><%= 6 * 7 %>`), 0o600); err != nil {
				t.Fatal(err)
			}
			reader, writer, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "naja", "serve", "--addr", "127.0.0.1:0", "--isolation", isolation, site)
			cmd.Stdout, cmd.Stderr = writer, writer
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			writer.Close()
			url := ""
			for lines := bufio.NewScanner(reader); url == "" && lines.Scan(); {
				url, _ = strings.CutPrefix(lines.Text(), "listening on ")
				if !strings.HasPrefix(url, "http://") {
					url = ""
				}
			}
			reader.Close()
			for range 5 {
				r, err := http.Get(url)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(r.Body)
				r.Body.Close()
				if err != nil || string(body) != "42" {
					t.Errorf("%q, %v", body, err)
				}
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("it ended with %v", err)
			}
		})
	}
}

// TestStuckLog: a reader of standard error that takes nothing holds up neither a
// request nor the stop. When it reads on, it learns how many lines are missing.
func TestStuckLog(t *testing.T) {
	for _, isolation := range []string{"in-process", "process"} {
		for _, reads := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/reads=%v", isolation, reads), func(t *testing.T) {
				t.Parallel()
				stuckLog(t, isolation, reads)
			})
		}
	}
}

func stuckLog(t *testing.T, isolation string, reads bool) {
	site := t.TempDir()
	if err := os.WriteFile(filepath.Join(site, "default.asp"), []byte(`<% console.log("x".repeat(4000)) %><%= 6 * 7 %>`), 0o600); err != nil {
		t.Fatal(err)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	cmd := exec.CommandContext(t.Context(), "naja", "serve", "--addr", "127.0.0.1:0", "--isolation", isolation, "--set", "log_buffer=65536", site)
	cmd.Stderr = writer
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		t.Fatalf("%q, %v", line, err)
	}
	for range 100 { // 400 KB; a pipe holds 64
		r, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || string(body) != "42" {
			t.Fatalf("%q, %v", body, err)
		}
	}
	if reads {
		lines := bufio.NewReader(reader)
		for lost := 0; lost < 50; { // of two hundred
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if _, n, ok := strings.Cut(line, `msg="lines of the log were lost, for nobody took them" lines=`); ok {
				more, _ := strconv.Atoi(strings.TrimSpace(n))
				lost += more
			}
		}
		go func() { _, _ = io.Copy(io.Discard, lines) }()
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
