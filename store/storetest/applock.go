package storetest

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/najahost/naja/store"
)

var oneItem = store.Changes{Items: []store.Item{put("a", "1")}}

func testAppLockIsExclusive(s *appSuite) {
	l := s.lock(s.a, "the holder")
	s.wantBusy("the holder")
	if err := s.b.Unlock(s.ctx, l.Token+1); err != nil {
		s.Errorf("Unlock with a foreign token: %v", err)
	}
	if err := s.b.Unlock(s.ctx, 0); err != nil {
		s.Errorf("Unlock with no token: %v", err)
	}
	s.wantBusy("the holder")
	if err := s.a.Unlock(s.ctx, l.Token); err != nil {
		s.Errorf("Unlock: %v", err)
	}
	s.wantLost(s.a, l.Token)
	s.wantLost(s.a, 0)
	if again := s.lock(s.b, "next"); again.Token == l.Token {
		s.Errorf("the token %d was given out twice", l.Token)
	}
	s.wantContents("")
}

func testAppWritesWaitForTheLock(s *appSuite) {
	l := s.lock(s.a, "h")
	for _, swap := range []store.Swap{{Item: put("x", "1")}, {Item: put("x", "1"), Compare: true, Old: []byte("?")}, {Item: drop("x")}} {
		if _, err := s.b.Swap(s.ctx, swap); !errors.Is(err, store.ErrLocked) {
			s.Errorf("a write beside the lock: %v", err)
		}
	}
	s.commit(s.a, l.Token, oneItem)
	s.wantContents("a=1")
	s.set(put("x", "1"))
}

func testAppCommitGivesUp(s *appSuite) {
	l := s.lock(s.a, "h")
	s.commit(s.b, l.Token, oneItem) // the token counts, not who brings it
	s.wantLost(s.a, l.Token)
	s.wantFree()
	s.wantContents("a=1")
}

func testAppStalledHolderIsRefused(s *appSuite) {
	stalled := s.lock(s.a, "stalled")
	s.wait(s.unit * 5 / 4)
	next := s.lock(s.b, "next")
	s.wantLost(s.a, stalled.Token)
	s.wantBusy("next") // the stalled one's Unlock didn't free it
	s.commit(s.b, next.Token, oneItem)
	s.wantLost(s.a, stalled.Token)
	s.wantContents("a=1")
}

// A write after the end of a lease makes its token worthless: the holder
// doesn't know of it.
func testAppStalledHolderAndWrite(s *appSuite) {
	stalled := s.lock(s.a, "stalled")
	s.wait(s.unit * 5 / 4)
	if _, err := s.b.Swap(s.ctx, store.Swap{Item: put("x", "1")}); err != nil {
		s.Errorf("a write after the lease: %v", err)
	}
	s.wantLost(s.a, stalled.Token)
	s.wantContents("x=1")
}

func testAppLateHolderNobodyTookOver(s *appSuite) {
	late := s.lock(s.a, "late")
	s.wait(s.unit * 5 / 4)
	s.commit(s.a, late.Token, oneItem)
	s.wantContents("a=1")
}

func testAppLeaseWithoutEnd(s *appSuite) {
	l, err := s.a.Lock(s.ctx, "for ever", 0)
	if err != nil {
		s.Fatal(err)
	}
	s.wait(1000 * s.unit)
	s.wantBusy("for ever")
	s.commit(s.a, l.Token, oneItem)
	s.wantFree()
}

func testAppRenewProlongs(s *appSuite) {
	l := s.lock(s.a, "h")
	for range 3 {
		s.wait(s.unit * 3 / 4)
		if err := s.a.Renew(s.ctx, l.Token, s.unit); err != nil {
			s.Fatalf("Renew: %v", err)
		}
		s.wantBusy("h")
	}
	s.wait(s.unit * 5 / 4)
	if err := s.b.Renew(s.ctx, l.Token, s.unit); err != nil {
		s.Errorf("Renew after the end, nobody took over: %v", err)
	}
	s.wantBusy("h")
}

func testAppBreak(s *appSuite) {
	if who, err := s.b.Break(s.ctx); who != "" || err != nil {
		s.Errorf("nobody holds the lock: %q, %v", who, err)
	}
	l := s.lock(s.a, "the holder")
	if who, err := s.b.Break(s.ctx); who != "the holder" || err != nil {
		s.Errorf("Break: %q, %v", who, err)
	}
	s.wantLost(s.a, l.Token)
	s.wantFree()
	s.wantContents("")
}

// A commit under a context that is over does everything or nothing.
func testAppCancelledCommit(s *appSuite) {
	l := s.lock(s.a, "h")
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	if _, err := s.a.Commit(ctx, l.Token, oneItem); err == nil {
		s.wantContents("a=1")
		s.wantFree()
		return
	} else if !errors.Is(err, context.Canceled) {
		s.Errorf("Commit under a context that is over: %v", err)
	}
	s.wantContents("")
	s.commit(s.a, l.Token, oneItem) // the lock was not harmed
	s.wantContents("a=1")
}

// number is what is kept under "n".
func (s *appSuite) number(st store.Application) (raw []byte, n int) {
	c, err := st.Read(s.ctx, -1)
	if err != nil {
		s.Errorf("Read: %v", err)
	}
	for _, it := range c.Items {
		if it.ID == "n" {
			n, _ = strconv.Atoi(string(it.Raw))
			return it.Raw, n
		}
	}
	return nil, 0
}

// both runs f 50 times at once, over both openings.
func (s *appSuite) both(f func(st store.Application) error) {
	s.Helper()
	var wg sync.WaitGroup
	for i := range 50 {
		st := []store.Application{s.a, s.b}[i%2]
		wg.Go(func() {
			for {
				err := f(st)
				if err == nil {
					return
				}
				if !errors.Is(err, store.ErrLocked) && !errors.Is(err, store.ErrChanged) {
					s.Error(err)
					return
				}
				s.wait(s.unit / 100)
			}
		})
	}
	wg.Wait()
	s.wantContents("n=50")
}

func testAppLockedIncrements(s *appSuite) {
	s.both(func(st store.Application) error {
		l, err := st.Lock(s.ctx, "counter", 1000*s.unit)
		if err != nil {
			return err
		}
		_, n := s.number(st)
		_, err = st.Commit(s.ctx, l.Token, store.Changes{Items: []store.Item{put("n", strconv.Itoa(n+1))}})
		return err
	})
}

func testAppSwappedIncrements(s *appSuite) {
	s.both(func(st store.Application) error {
		raw, n := s.number(st)
		_, err := st.Swap(s.ctx, store.Swap{Item: put("n", strconv.Itoa(n+1)), Compare: true, Old: raw})
		return err
	})
}
