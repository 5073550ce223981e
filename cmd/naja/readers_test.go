//go:build unix

package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
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
