package storetest

import (
	"fmt"
	"sync"

	"github.com/najahost/naja/store"
)

func testCommitEnds(s *suite) {
	token := s.createLeased("x", "0", longTime)
	err := s.a.Commit(s.ctx, "x", token, store.Commit{
		Data: []byte("last"), Timeout: longTime, Lease: s.unit, End: store.ReasonAbandon,
	})
	if err != nil {
		s.Fatal(err)
	}
	s.wantNotFound("x")
	s.wantLost(s.a, "x", token)
	c := s.claimOne(s.b)
	if c.ID != "x" || c.Reason != store.ReasonAbandon || c.Attempt != 1 || string(c.Data) != "last" {
		s.Errorf("claimed %+v", c)
	}
	err = s.b.Commit(s.ctx, "x", c.Token, store.Commit{Data: []byte("again"), Timeout: longTime})
	s.wantErr("Commit with a claim's token", err, store.ErrLost)
	if err := s.b.Finish(s.ctx, "x", c.Token); err != nil {
		s.Fatal(err)
	}
	s.wantErr("Finish again", s.b.Finish(s.ctx, "x", c.Token), store.ErrLost)
	if n, err := s.a.Count(s.ctx); err != nil || n != (store.Counts{}) {
		s.Errorf("%+v are left, %v", n, err)
	}
}

func testEndWhileLeased(s *suite) {
	token := s.createLeased("x", "committed", longTime)
	if err := s.b.End(s.ctx, "x", "because"); err != nil {
		s.Fatal(err)
	}
	s.wantNotFound("x")
	s.wantLost(s.a, "x", token)
	c := s.claimOne(s.b)
	if c.Reason != "because" || string(c.Data) != "committed" {
		s.Errorf("claimed %+v", c)
	}
	s.wantLost(s.a, "x", token)
}

func testEndedIDIsTaken(s *suite) {
	s.create("x", "0", longTime)
	if err := s.a.End(s.ctx, "x", store.ReasonEvicted); err != nil {
		s.Fatal(err)
	}
	create := func() error {
		_, err := s.b.Create(s.ctx, "x", store.NewSession{Data: []byte("1"), Timeout: longTime, Lease: s.unit})
		return err
	}
	s.wantErr("Create of an id that waits for its end", create(), store.ErrExists)
	c := s.claimOne(s.a)
	s.wantErr("Create of an id that is claimed", create(), store.ErrExists)
	if err := s.a.Finish(s.ctx, "x", c.Token); err != nil {
		s.Fatal(err)
	}
	s.wantErr("Create of an id that is free again", create(), nil)
	s.wantData("x", "1")
}

func (s *suite) endAll(n int) {
	s.Helper()
	for i := range n {
		id := fmt.Sprint("s", i)
		s.create(id, "x", longTime)
		if err := s.a.End(s.ctx, id, store.ReasonShutdown); err != nil {
			s.Fatal(err)
		}
	}
}

func testClaimsAreBounded(s *suite) {
	s.endAll(25)
	seen := map[string]bool{}
	for _, want := range []int{10, 10, 5, 0} {
		got := s.claim(s.a, 10)
		if len(got) != want {
			s.Errorf("%d were claimed, want %d", len(got), want)
		}
		for _, c := range got {
			if seen[c.ID] {
				s.Errorf("%s was claimed twice", c.ID)
			}
			seen[c.ID] = true
		}
	}
}

// A claimant dies: another takes over when the claim has run out.
func testClaimKillReclaim(s *suite) {
	s.endAll(1)
	first := s.claimOne(s.a)
	s.wait(s.unit * 3 / 4)
	s.wantNoClaim()
	s.wait(s.unit / 2)
	second := s.claimOne(s.b)
	if second.ID != first.ID || second.Attempt != 2 || second.Reason != store.ReasonShutdown || second.Token == first.Token {
		s.Errorf("claimed %+v after %+v", second, first)
	}
	s.wantErr("Finish by the first", s.a.Finish(s.ctx, first.ID, first.Token), store.ErrLost)
	s.wantErr("Renew by the first", s.a.Renew(s.ctx, first.ID, first.Token, s.unit), store.ErrLost)
	s.wantErr("Release by the first", s.a.Release(s.ctx, first.ID, first.Token), nil)
	s.wantNoClaim()
	s.wantErr("Finish by the second", s.b.Finish(s.ctx, second.ID, second.Token), nil)
	s.wait(2 * s.unit)
	s.wantNoClaim()
}

func testLateFinishNobodyTookOver(s *suite) {
	s.endAll(1)
	c := s.claimOne(s.a)
	s.wait(s.unit * 5 / 4)
	s.wantErr("a late Finish", s.a.Finish(s.ctx, c.ID, c.Token), nil)
	s.wantNoClaim()
}

func testRenewClaim(s *suite) {
	s.endAll(1)
	c := s.claimOne(s.a)
	for range 3 {
		s.wait(s.unit * 3 / 4)
		s.wantErr("Renew", s.a.Renew(s.ctx, c.ID, c.Token, s.unit), nil)
		s.wantNoClaim()
	}
	s.wait(s.unit * 5 / 4)
	s.wantErr("a late Renew before anybody came", s.a.Renew(s.ctx, c.ID, c.Token, s.unit), nil)
	s.wantNoClaim()
	s.wait(s.unit * 5 / 4)
	if again := s.claimOne(s.b); again.Attempt != 2 {
		s.Errorf("claimed %+v, want attempt 2", again)
	}
	s.wantErr("Finish by the first", s.a.Finish(s.ctx, c.ID, c.Token), store.ErrLost)
}

// Claimants come back after their claims ran out, when a single one was taken
// over.
func testRenewLapsedClaims(s *suite) {
	s.endAll(200)
	first := s.claim(s.a, 200)
	s.wait(s.unit * 5 / 4)
	taken := s.claim(s.b, 1)
	if len(first) != 200 || len(taken) != 1 {
		s.Fatalf("%d were claimed, then %d", len(first), len(taken))
	}
	for _, c := range first {
		var want error
		if c.ID == taken[0].ID {
			want = store.ErrLost
		}
		s.wantErr("Renew "+c.ID, s.a.Renew(s.ctx, c.ID, c.Token, s.unit), want)
	}
	s.wantNoClaim()
	for _, c := range first {
		var want error
		if c.ID == taken[0].ID {
			want = store.ErrLost
		}
		s.wantErr("Finish "+c.ID, s.a.Finish(s.ctx, c.ID, c.Token), want)
	}
	s.wantNoClaim()
}

func testReleaseClaim(s *suite) {
	s.endAll(1)
	c := s.claimOne(s.a)
	s.wantErr("Release", s.a.Release(s.ctx, c.ID, c.Token), nil)
	s.wantErr("Finish after Release", s.a.Finish(s.ctx, c.ID, c.Token), store.ErrLost)
	again := s.claimOne(s.b)
	if again.ID != c.ID || again.Attempt != 1 {
		s.Errorf("claimed %+v, want attempt 1: the claim was given back", again)
	}
	s.wantNoClaim()
}

// Claimants that die, give back and finish, all at once: each session is
// finished exactly once.
func testClaimedOnceByMany(s *suite) {
	const sessions = 200
	s.endAll(sessions)
	var mu sync.Mutex
	finished := map[string]int{}
	var wg sync.WaitGroup
	for i := range 8 {
		st := []store.Sessions{s.a, s.b}[i%2]
		wg.Go(func() {
			for round := 0; ; round++ {
				got := s.claim(st, 7)
				mu.Lock()
				done := len(finished) == sessions
				mu.Unlock()
				if done {
					return
				}
				if len(got) == 0 {
					s.wait(s.unit / 4)
				}
				for j, c := range got {
					switch (round + j) % 5 {
					case 0: // dies
					case 1:
						s.wantErr("Release", st.Release(s.ctx, c.ID, c.Token), nil)
					default:
						if err := st.Finish(s.ctx, c.ID, c.Token); err == nil {
							mu.Lock()
							finished[c.ID]++
							mu.Unlock()
						}
					}
				}
			}
		})
	}
	wg.Wait()
	for id, n := range finished {
		if n != 1 {
			s.Errorf("%s was finished %d times", id, n)
		}
	}
}

func testMax(s *suite) {
	create := func(id string) error {
		token, err := s.a.Create(s.ctx, id, store.NewSession{Data: []byte("x"), Timeout: 4 * s.unit, Lease: s.unit, Max: 2})
		if err == nil {
			err = s.a.Release(s.ctx, id, token)
		}
		return err
	}
	s.wantErr("the first", create("1"), nil)
	s.wantErr("an id that exists", create("1"), store.ErrExists) // and doesn't count
	s.wantErr("the second", create("2"), nil)
	s.wantErr("the third", create("3"), store.ErrFull)
	s.wantNotFound("3")
	if err := s.a.End(s.ctx, "1", store.ReasonEvicted); err != nil {
		s.Fatal(err)
	}
	s.wantErr("one more after an end", create("4"), nil)
	s.wantErr("one too many", create("5"), store.ErrFull)
	s.wait(5 * s.unit)
	s.wantErr("one more after all expired", create("6"), nil)
}
