package storetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/najahost/naja/store"
)

func (s *suite) wantBusy(st store.Sessions, id string) {
	s.Helper()
	_, err := st.Acquire(s.ctx, id, s.unit)
	var busy *store.BusyError
	if !errors.Is(err, store.ErrBusy) || !errors.As(err, &busy) {
		s.Fatalf("Acquire of a taken session: %v, want a *BusyError", err)
	}
	if busy.Remaining <= 0 || busy.Remaining > s.unit {
		s.Errorf("the lease has %v left, want more than 0 and at most %v", busy.Remaining, s.unit)
	}
}

func testAcquireIsExclusive(s *suite) {
	created := s.createLeased("x", "0", longTime)
	s.wantBusy(s.a, "x")
	s.wantBusy(s.b, "x")
	s.commit(s.a, "x", created, "1")
	first := s.acquire(s.b, "x")
	s.wantBusy(s.a, "x")
	s.commit(s.b, "x", first.Token, "2")
	second := s.acquire(s.a, "x")
	if created == first.Token || first.Token == second.Token || created == second.Token {
		s.Errorf("tokens %d, %d, %d are not unique", created, first.Token, second.Token)
	}
	s.wantLost(s.b, "x", first.Token)
	s.wantBusy(s.b, "x")
	s.wantData("x", "2")
}

func testLoadSeesTheLastCommit(s *suite) {
	token := s.createLeased("x", "0", longTime)
	s.wantData("x", "0")
	if err := s.a.Commit(s.ctx, "x", token, store.Commit{Data: []byte("1"), Timeout: longTime, Lease: s.unit}); err != nil {
		s.Fatal(err)
	}
	s.wantData("x", "1")
	s.wantBusy(s.b, "x")
}

func testCommitKeepsTheLease(s *suite) {
	token := s.createLeased("x", "0", longTime)
	for range 3 {
		s.wait(s.unit * 3 / 4)
		if err := s.a.Commit(s.ctx, "x", token, store.Commit{Timeout: longTime, Lease: s.unit}); err != nil {
			s.Fatal(err)
		}
	}
	s.wantBusy(s.b, "x")
	s.commit(s.a, "x", token, "end")
	s.acquire(s.b, "x")
}

func testCommitWithoutData(s *suite) {
	token := s.createLeased("x", "kept", longTime)
	if err := s.a.Commit(s.ctx, "x", token, store.Commit{Timeout: longTime}); err != nil {
		s.Fatal(err)
	}
	s.wantData("x", "kept")
	s.acquire(s.b, "x")
}

func testRenewProlongs(s *suite) {
	token := s.createLeased("x", "0", longTime)
	for range 3 {
		s.wait(s.unit * 3 / 4)
		if err := s.a.Renew(s.ctx, "x", token, s.unit); err != nil {
			s.Fatal(err)
		}
	}
	s.wantBusy(s.b, "x")
	s.wait(s.unit * 5 / 4)
	s.acquire(s.b, "x")
	s.wantErr("Renew of a lost lease", s.a.Renew(s.ctx, "x", token, s.unit), store.ErrLost)
}

func testReleaseChangesNothing(s *suite) {
	token := s.createLeased("x", "0", longTime)
	s.wantErr("Release", s.a.Release(s.ctx, "x", token), nil)
	s.wantErr("Release again", s.a.Release(s.ctx, "x", token), nil)
	s.wantLost(s.a, "x", token)
	s.wantData("x", "0")
	s.acquire(s.b, "x")
}

func testStalledHolderIsRefused(s *suite) {
	stalled := s.createLeased("x", "0", longTime)
	s.wait(s.unit * 5 / 4)
	taken := s.acquire(s.b, "x")
	s.wantLost(s.a, "x", stalled)
	s.wantBusy(s.a, "x") // the stalled one's Release didn't free it
	s.commit(s.b, "x", taken.Token, "1")
	s.wantLost(s.a, "x", stalled)
	s.wantData("x", "1")
}

func testLateHolderNobodyTookOver(s *suite) {
	late := s.createLeased("x", "0", longTime)
	s.wait(s.unit * 5 / 4)
	s.commit(s.a, "x", late, "1")
	s.wantData("x", "1")
}

func testResurrectedTokenIsRefused(s *suite) {
	old := s.createLeased("x", "0", longTime)
	if err := s.b.End(s.ctx, "x", store.ReasonEvicted); err != nil {
		s.Fatal(err)
	}
	claimed := s.claimOne(s.b)
	if err := s.b.Finish(s.ctx, "x", claimed.Token); err != nil {
		s.Fatal(err)
	}
	s.wantLost(s.a, "x", old)
	s.wantNotFound("x")
	fresh := s.createLeased("x", "new", longTime)
	if fresh == old || fresh == claimed.Token {
		s.Errorf("a token was given out twice: %d, %d, %d", old, claimed.Token, fresh)
	}
	s.wantLost(s.a, "x", old)
	s.wantLost(s.a, "x", claimed.Token)
	s.wantErr("Finish of a live one", s.a.Finish(s.ctx, "x", claimed.Token), store.ErrLost)
	s.wantData("x", "new")
}

// A commit under a context that is over does everything or nothing.
func testCancelledCommit(s *suite) {
	token := s.createLeased("x", "0", longTime)
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	err := s.a.Commit(ctx, "x", token, store.Commit{Data: []byte("1"), Timeout: longTime, Lease: s.unit})
	if err != nil {
		s.wantErr("Commit under a context that is over", err, context.Canceled)
		s.wantData("x", "0")
	} else {
		s.wantData("x", "1")
	}
	s.commit(s.a, "x", token, "2") // the lease was not harmed
	s.wantData("x", "2")
}

// increment adds 1 to a session's number and reports whether it was accepted.
// Between load and commit it does what stall does.
func (s *suite) increment(st store.Sessions, id string, stall func()) bool {
	for {
		got, err := st.Acquire(s.ctx, id, s.unit)
		if errors.Is(err, store.ErrBusy) {
			s.wait(s.unit / 100)
			continue
		}
		if err != nil {
			s.Errorf("Acquire: %v", err)
			return false
		}
		n, _ := strconv.Atoi(string(got.Data))
		stall()
		err = st.Commit(s.ctx, id, got.Token, store.Commit{Data: []byte(strconv.Itoa(n + 1)), Timeout: longTime})
		if err != nil && !errors.Is(err, store.ErrLost) {
			s.Errorf("Commit: %v", err)
		}
		return err == nil
	}
}

func testIncrements(s *suite) {
	s.create("n", "0", longTime)
	var wg sync.WaitGroup
	for i := range 50 {
		st := []store.Sessions{s.a, s.b}[i%2]
		wg.Go(func() {
			if !s.increment(st, "n", func() {}) {
				s.Error("an increment in time was refused")
			}
		})
	}
	wg.Wait()
	s.wantData("n", "50")
}

// Holders who stall past their lease are refused: as many increments are
// stored as were accepted.
func testStallingIncrements(s *suite) {
	s.create("n", "0", longTime)
	var accepted, refused atomic.Int64
	var wg sync.WaitGroup
	for i := range 8 {
		st := []store.Sessions{s.a, s.b}[i%2]
		random := rand.New(rand.NewPCG(uint64(i), 1))
		wg.Go(func() {
			for range 15 {
				stall := func() {
					if random.IntN(8) == 0 {
						s.wait(s.unit * 3 / 2)
					}
				}
				if s.increment(st, "n", stall) {
					accepted.Add(1)
				} else {
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	s.Logf("%d accepted, %d refused", accepted.Load(), refused.Load())
	s.wantData("n", strconv.FormatInt(accepted.Load(), 10))
	if refused.Load() == 0 {
		s.Error("no holder was refused: the test shows nothing")
	}
}
