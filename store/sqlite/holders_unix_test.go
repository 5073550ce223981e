//go:build unix

package sqlite

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/store"
)

// holderVariable tells a test binary that it is a process that holds something:
// the file.
const holderVariable = "NAJA_HOLDER"

// TestHoldingProcess is the process of the tests below: it takes a session, the
// claim of another and Application.Lock for an hour, and ends with its input.
func TestHoldingProcess(t *testing.T) {
	path := os.Getenv(holderVariable)
	if path == "" {
		t.Skip("it is for other tests to start")
	}
	ctx := context.Background()
	db, err := Open(ctx, Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	mine, err := db.Sessions().Acquire(ctx, "taken", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := db.Sessions().Claim(ctx, "the other", time.Hour, 1); err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if _, err := db.Application().Lock(ctx, "the other", 0); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Join("abc"); err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("holding\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := db.Sessions().Commit(ctx, "taken", mine.Token, store.Commit{Data: []byte("late"), Timeout: time.Hour}); err != nil {
		os.Stdout.WriteString("refused: " + err.Error() + "\n")
	}
	os.Stdout.WriteString("stored\n")
	os.Exit(0)
}

// A holding is a process that holds what there is in a file.
type holding struct {
	t     *testing.T
	cmd   *exec.Cmd
	input io.Closer
	said  *bufio.Reader
}

// heldFile makes a file, and a process that holds all that is in it.
func heldFile(t *testing.T, attr *syscall.SysProcAttr) (path string, p *holding) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "state.db")
	db := open(t, Config{Path: path})
	ctx := t.Context()
	for _, id := range []string{"taken", "ending"} {
		token, err := db.Sessions().Create(ctx, id, store.NewSession{Data: []byte("first"), Timeout: time.Hour, Lease: time.Hour})
		c := store.Commit{Timeout: time.Hour}
		if id == "ending" {
			c.End = store.ReasonEvicted
		}
		if err == nil {
			err = db.Sessions().Commit(ctx, id, token, c)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestHoldingProcess$")
	cmd.Env, cmd.Stderr, cmd.SysProcAttr = append(os.Environ(), holderVariable+"="+path), os.Stderr, attr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip(err) // only where attr may be refused
	}
	p = &holding{t, cmd, stdin, bufio.NewReader(stdout)}
	t.Cleanup(p.kill)
	p.wants("holding")
	return path, p
}

func (p *holding) wants(line string) {
	p.t.Helper()
	if got, err := p.said.ReadString('\n'); err != nil || strings.TrimSpace(got) != line {
		p.t.Errorf("the process said %q, %v, want %q", got, err, line)
	}
}

// kill is SIGKILL, and returns when the process is gone.
func (p *holding) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// wantsHeld checks that everything is in the other's hands.
func wantsHeld(t *testing.T, db *DB) {
	t.Helper()
	_, err := db.Sessions().Acquire(t.Context(), "taken", time.Hour)
	if !errors.Is(err, store.ErrBusy) {
		t.Errorf("taking the session: %v", err)
	}
	if _, err := db.Application().Lock(t.Context(), "me", time.Hour); !errors.Is(err, store.ErrLocked) {
		t.Errorf("taking the lock: %v", err)
	}
	if got, err := db.Sessions().Claim(t.Context(), "me", time.Hour, 1); len(got) != 0 || err != nil {
		t.Errorf("claiming: %v, %v", got, err)
	}
	if !db.Serving("abc") {
		t.Error("it isn't served any more")
	}
}

// wantsFree checks that everything can be had; the claim was an attempt.
func wantsFree(t *testing.T, db *DB) {
	t.Helper()
	got, err := db.Sessions().Acquire(t.Context(), "taken", time.Hour)
	if err != nil || string(got.Data) != "first" {
		t.Errorf("taking the session: %q, %v", got.Data, err)
	}
	if _, err := db.Application().Lock(t.Context(), "me", time.Hour); err != nil {
		t.Errorf("taking the lock: %v", err)
	}
	if db.Serving("abc") {
		t.Error("a dead process serves")
	}
	claimed, err := db.Sessions().Claim(t.Context(), "me", time.Hour, 1)
	for end := time.Now().Add(20 * time.Second); len(claimed) == 0 && err == nil && time.Now().Before(end); {
		<-time.After(10 * time.Millisecond)
		claimed, err = db.Sessions().Claim(t.Context(), "me", time.Hour, 1)
	}
	if err != nil || len(claimed) != 1 || claimed[0].ID != "ending" || claimed[0].Attempt != 2 {
		t.Errorf("claiming: %+v, %v", claimed, err)
	}
}

// What a process held that was killed is free for who comes next, though its
// leases have an hour to go.
func TestTheDeadHoldNothing(t *testing.T) {
	t.Parallel()
	for name, reopen := range map[string]bool{"while others run": false, "at the next start": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, p := heldFile(t, nil)
			db := open(t, Config{Path: path})
			wantsHeld(t, db)
			if reopen {
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
			p.kill()
			if reopen {
				db = open(t, Config{Path: path})
			}
			wantsFree(t, db)
			db.buryDead(t.Context())
			if left := db.marks.names(""); len(left) != 1 {
				t.Errorf("marks that are left: %v", left)
			}
		})
	}
}

// Who stands still lives, however long; so does who ends in good order without
// having given up, until then.
func TestTheStoppedHoldOn(t *testing.T) {
	t.Parallel()
	path, p := heldFile(t, nil)
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	db := open(t, Config{Path: path})
	for range 3 {
		db.buryDead(t.Context())
		wantsHeld(t, db)
	}
	if err := p.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	p.input.Close()
	p.wants("stored")
}

// A mark that is gone says nothing about its maker.
func TestNobodyIsDeadByALostMark(t *testing.T) {
	t.Parallel()
	path, p := heldFile(t, nil)
	db := open(t, Config{Path: path})
	if err := os.RemoveAll(path + marksSuffix); err != nil {
		t.Fatal(err)
	}
	for _, killed := range []bool{false, true} {
		if killed {
			p.kill()
		}
		db.buryDead(t.Context())
		if _, err := db.Sessions().Acquire(t.Context(), "taken", time.Hour); !errors.Is(err, store.ErrBusy) {
			t.Errorf("killed %v: %v", killed, err)
		}
	}
	if err := db.Sessions().End(t.Context(), "taken", store.ReasonEvicted); err != nil {
		t.Error(err)
	}
	open(t, Config{Path: path}) // makes the folder again
}
