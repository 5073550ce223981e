package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/store"
)

// hold keeps the writer busy until the function that it returns is called.
func hold(t *testing.T, db *DB) (release func()) {
	t.Helper()
	begun, end, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		_, err := write(context.Background(), db, "holding", change[nothing]{do: func(*tx) (nothing, error) {
			close(begun)
			<-end
			return nothing{}, nil
		}})
		if err != nil {
			t.Error(err)
		}
	}()
	<-begun
	return func() { close(end); <-done }
}

// All that wait are written by two transactions: what needs no fsync, and what
// does.
func TestGroupCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := fresh(t)
		token := mustCreate(t, db, "taken", "")
		release := hold(t, db)
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				switch i {
				case 50: // an answer that isn't success is one caller's alone
					if _, err := db.Sessions().Create(t.Context(), "taken", store.NewSession{Timeout: time.Hour}); !errors.Is(err, store.ErrExists) {
						t.Errorf("an id that is taken: %v", err)
					}
				case 51:
					if err := db.Sessions().Renew(t.Context(), "taken", token, time.Hour); err != nil {
						t.Error(err)
					}
				default:
					mustCreate(t, db, fmt.Sprint(i), "x")
				}
			})
		}
		synctest.Wait()
		before := db.commits.Load()
		release()
		wg.Wait()
		if n := db.commits.Load() - before; n != 3 { // with the one that held
			t.Errorf("%d transactions for 100 writes", n)
		}
		if n, err := db.Sessions().Count(t.Context()); err != nil || n.Live != 99 {
			t.Errorf("%+v, %v", n, err)
		}
	})
}

// One that can't be stored is told so; those that share its transaction are
// stored.
func TestOneOfABatchFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := fresh(t)
		release := hold(t, db)
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() { mustCreate(t, db, fmt.Sprint(i), "x") })
		}
		var bad error
		wg.Go(func() {
			_, bad = write(t.Context(), db, "testing", change[nothing]{sync: true, do: func(t *tx) (nothing, error) {
				if _, err := t.exec("DELETE FROM sessions"); err != nil {
					return nothing{}, err
				}
				_, err := t.exec("INSERT INTO contents VALUES (1, NULL)")
				return nothing{}, err
			}})
		})
		synctest.Wait()
		release()
		wg.Wait()
		if bad == nil || !strings.Contains(bad.Error(), "testing "+db.Path()) {
			t.Errorf("the bad one: %v", bad)
		}
		if n, err := db.Sessions().Count(t.Context()); err != nil || n.Live != 10 {
			t.Errorf("%+v, %v", n, err)
		}
		for i := range 10 {
			if _, err := db.Sessions().Load(t.Context(), fmt.Sprint(i)); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
	})
}

// A caller that leaves in the middle doesn't keep what it came for.
func TestCallerLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := fresh(t)
		s := db.Sessions()
		if err := s.Release(t.Context(), "x", mustCreate(t, db, "x", "")); err != nil {
			t.Fatal(err)
		}
		release := hold(t, db)
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error, 3)
		go func() {
			_, err := s.Acquire(ctx, "x", time.Hour)
			left <- err
		}()
		synctest.Wait()
		go func() {
			_, err := db.Application().Lock(ctx, "me", 0)
			left <- err
		}()
		synctest.Wait()
		second := make(chan func())
		go func() { second <- hold(t, db) }() // in one transaction with the two
		synctest.Wait()
		release()
		releaseSecond := <-second
		leave()
		for range 2 {
			if err := <-left; !errors.Is(err, context.Canceled) {
				t.Errorf("left with %v", err)
			}
		}
		releaseSecond()
		synctest.Wait()
		if _, err := s.Acquire(t.Context(), "x", time.Hour); err != nil {
			t.Errorf("the session is taken: %v", err)
		}
		if _, err := db.Application().Lock(t.Context(), "me", 0); err != nil {
			t.Errorf("the lock is taken: %v", err)
		}

		// One that left before its turn isn't even tried.
		release = hold(t, db)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Create(ctx, "late", store.NewSession{Timeout: time.Hour}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a caller in a hurry: %v", err)
		}
		release()
		if _, err := s.Load(t.Context(), "late"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("what nobody waited for: %v", err)
		}
	})
}

// While another process is in the middle of a write, writes wait, bounded, and
// reads don't.
func TestBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := fresh(t)
		mustCreate(t, db, "x", "1")
		other := again(t, db)
		release := hold(t, other)
		begin := time.Now()
		_, err := db.Sessions().Create(t.Context(), "y", store.NewSession{Timeout: time.Hour})
		if err == nil || !strings.Contains(err.Error(), "another process keeps it locked") || time.Since(begin) > 6*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		if db.Err() == nil {
			t.Error("nothing is said of it")
		}
		if got, err := db.Sessions().Load(t.Context(), "x"); err != nil || string(got.Data) != "1" {
			t.Errorf("a read: %v, %v", got, err)
		}
		done := make(chan error, 1)
		go func() {
			_, err := db.Sessions().Create(t.Context(), "y", store.NewSession{Timeout: time.Hour})
			done <- err
		}()
		pass(time.Second)
		begin = time.Now()
		release()
		if err := <-done; err != nil || time.Since(begin) > 50*time.Millisecond {
			t.Errorf("a write that waited: %v after %v", err, time.Since(begin))
		}
		if err := db.Err(); err != nil {
			t.Errorf("it is still said: %v", err)
		}
	})
}

// Without room the old value stays, and smaller ones can be stored; with room
// again nothing else is needed.
func TestDiskFull(t *testing.T) {
	db := fresh(t)
	s := db.Sessions()
	token := mustCreate(t, db, "x", "old")
	limit := func(text string) {
		t.Helper()
		_, err := write(t.Context(), db, "testing", change[nothing]{do: func(t *tx) (nothing, error) { return nothing{}, t.pragma(text) }})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit("max_page_count=40")
	big := store.Commit{Data: make([]byte, 1<<20), Timeout: time.Hour, Lease: time.Hour}
	err := s.Commit(t.Context(), "x", token, big)
	if err == nil || !strings.Contains(err.Error(), "there is no room for it") || db.Err() == nil {
		t.Errorf("a value without room: %v, %v", err, db.Err())
	}
	got, err := s.Load(t.Context(), "x")
	if err != nil || string(got.Data) != "old" {
		t.Errorf("the old value: %q, %v", got.Data, err)
	}
	if err := s.Commit(t.Context(), "x", token, store.Commit{Data: []byte("small"), Timeout: time.Hour, Lease: time.Hour}); err != nil {
		t.Errorf("a small value: %v", err)
	}
	limit("max_page_count=100000")
	if err := s.Commit(t.Context(), "x", token, big); err != nil || db.Err() != nil {
		t.Errorf("with room again: %v, %v", err, db.Err())
	}
}

// A file that is taken away and put back is used again.
func TestFileIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := fresh(t)
		mustCreate(t, db, "x", "1")
		away := filepath.Join(t.TempDir(), "away.db")
		if err := os.Rename(db.Path(), away); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(db.Path(), 0o755); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Second)
		for range 3 {
			if _, err := db.Sessions().Create(t.Context(), "y", store.NewSession{Timeout: time.Hour}); err == nil {
				t.Error("written to a file that isn't there")
			}
			if _, err := db.Sessions().Load(t.Context(), "x"); err == nil {
				t.Error("read from a file that isn't there")
			}
		}
		if err := errors.Join(os.Remove(db.Path()), os.Rename(away, db.Path())); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Sessions().Load(t.Context(), "x"); err != nil || string(got.Data) != "1" {
			t.Errorf("put back: %q, %v", got.Data, err)
		}
		mustCreate(t, db, "y", "2")
		if err := db.Err(); err != nil {
			t.Error(err)
		}

		// Removed for good: nothing is made in its place before somebody opens it.
		for _, end := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(db.Path() + end); err != nil {
				t.Fatal(err)
			}
		}
		pass(2 * time.Second)
		for range 2 * db.cfg.Readers { // each notices for itself
			if _, err := db.Sessions().Load(t.Context(), "x"); err == nil {
				t.Error("read from a file that was removed")
			}
			if _, err := db.Sessions().Create(t.Context(), "z", store.NewSession{Timeout: time.Hour}); err == nil {
				t.Error("written to a file that was removed")
			}
		}
		if err := db.Err(); !errors.Is(err, errNoFile) {
			t.Errorf("removed: %v", err)
		}
		if left, _ := filepath.Glob(db.Path() + "*"); slices.Contains(left, db.Path()) || slices.Contains(left, db.Path()+"-wal") {
			t.Errorf("made anew: %v", left)
		}
		open(t, db.cfg)
		if _, err := db.Sessions().Load(t.Context(), "x"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("made anew: %v", err)
		}
		mustCreate(t, db, "z", "3")
	})
}

// After Close every call says so.
func TestClosed(t *testing.T) {
	db := fresh(t)
	mustCreate(t, db, "x", "1")
	if err := errors.Join(db.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"read":  func() error { _, err := db.Sessions().Load(t.Context(), "x"); return err },
		"write": func() error { return db.Sessions().End(t.Context(), "x", "y") },
		"wait":  func() error { _, err := db.Application().Wait(t.Context(), 0); return err },
	} {
		if err := call(); err != ErrClosed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if db.Err() != nil {
		t.Errorf("to be closed is no failure: %v", db.Err())
	}
	if _, err := os.Stat(db.Path() + "-wal"); !os.IsNotExist(err) {
		t.Errorf("the log is left: %v", err)
	}
}

// Relaxed changes nothing but when the disk is waited for.
func TestRelaxed(t *testing.T) {
	cfg := Config{Path: filepath.Join(t.TempDir(), "state.db"), Relaxed: true}
	db := open(t, cfg)
	mustCreate(t, db, "x", "1")
	db.Close()
	if got, err := open(t, cfg).Sessions().Load(t.Context(), "x"); err != nil || string(got.Data) != "1" {
		t.Errorf("%q, %v", got.Data, err)
	}
}

func TestCompact(t *testing.T) {
	db := fresh(t)
	for i := range 50 {
		token := mustCreate(t, db, fmt.Sprint(i), strings.Repeat("x", 20_000))
		if i > 0 {
			if err := db.Sessions().Commit(t.Context(), fmt.Sprint(i), token, store.Commit{End: "x"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for claims := []store.Claimed(nil); ; {
		claims, _ = db.Sessions().Claim(t.Context(), "me", time.Hour, 100)
		if len(claims) == 0 {
			break
		}
		for _, c := range claims {
			if err := db.Sessions().Finish(t.Context(), c.ID, c.Token); err != nil {
				t.Fatal(err)
			}
		}
	}
	s, err := db.Compact(t.Context())
	if err != nil || s.Before < 1_000_000 || s.After > 150_000 {
		t.Errorf("%+v, %v", s, err)
	}
	if got, err := db.Sessions().Load(t.Context(), "0"); err != nil || len(got.Data) != 20_000 {
		t.Errorf("what is left: %v", err)
	}
	mustCreate(t, db, "new", "x")
}
