//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// SIGHUP may come while the applications are being loaded: it ends nothing, and
// the settings are read again once the server listens.
func TestHangupWhileStarting(t *testing.T) {
	t.Parallel()
	site := t.TempDir()
	asa := "<script runat=server>function Application_OnStart() {\n" +
		`console.log("the site begins"); for (var until = Date.now() + 500; Date.now() < until;); }</script>`
	if err := os.WriteFile(filepath.Join(site, "global.asa"), []byte(asa), 0o600); err != nil {
		t.Fatal(err)
	}
	var said buffer
	cmd := exec.CommandContext(t.Context(), "naja", "serve", "--addr", "127.0.0.1:0", "--set", "preload=true", site)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	await := func(text string) {
		for {
			now, more := said.now()
			if strings.Contains(now, text) {
				return
			}
			select {
			case <-more:
			case err := <-ended:
				t.Fatalf("it ended with %v, without %q:\n%s", err, text, said.String())
			}
		}
	}
	await("the site begins")
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	await("listening on")
	await("settings read again")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v:\n%s", err, said.String())
	}
}

// TestStopWhileStarting: SIGTERM ends a server that starts, without waiting for the
// application's start, and nothing is left of it.
func TestStopWhileStarting(t *testing.T) {
	for _, isolation := range []string{"in-process", "process"} {
		t.Run(isolation, func(t *testing.T) {
			t.Parallel()
			site := t.TempDir()
			asa := "<script runat=server>function Application_OnStart() {\n" +
				`console.log("the site begins"); for (;;); }</script>`
			if err := os.WriteFile(filepath.Join(site, "global.asa"), []byte(asa), 0o600); err != nil {
				t.Fatal(err)
			}
			var said buffer
			cmd := exec.CommandContext(t.Context(), "naja", "serve", "--addr", "127.0.0.1:0", "--isolation", isolation,
				"--set", "preload=true", "--set", "script_timeout=9m", site)
			cmd.Stdout, cmd.Stderr = &said, &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			for {
				now, more := said.now()
				if strings.Contains(now, "the site begins") {
					break
				}
				select {
				case <-more:
				case err := <-ended:
					t.Fatalf("it ended with %v:\n%s", err, said.String())
				}
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if err := <-ended; err != nil || !strings.Contains(said.String(), "stopped before it listened") {
				t.Errorf("it ended with %v:\n%s", err, said.String())
			}
		})
	}
}
